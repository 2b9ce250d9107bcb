"""Whether a run's probabilities look in-sample: of examples that the model had learned, wrong labels and all.

Such a model repeats wrong labels instead of contradicting them. Two things give it away: (1) it agrees with nearly all
of the labels that the neighbours and the built-in models, which had not seen them, firmly contradict; a model that had
not seen them either sides with the contradiction where that is right. (2) It errs on the given labels far less often
than its own confidence admits (or never), while models that had not seen their examples err as often or more.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from dataimp_gui.core.issues.findings import Floats
from dataimp_gui.core.model import Mask

FIRM: Final = 0.9  # the chance of being wrong from which the others contradict a label
FEWEST: Final = 8  # contradicted labels from which (1) says anything
AGREEING: Final = 0.8  # of contradicted labels; honest models agreed with fewer in every trial
LESS: Final = 0.5  # errors for one that its confidence admits
FLAWLESS: Final = 0.002  # share of errors that counts as none
SURE: Final = 1e-3  # the chance of a false alarm that each of the two tests allows itself


@dataclass(frozen=True, slots=True)
class Memory:
    """What was seen: ``errors`` of ``count``, where the run's confidence admits ``admitted``; of ``contradicted``
    labels it repeats ``repeated`` (both 0 when nobody else could be asked). ``found`` is the verdict."""

    found: bool
    count: int
    errors: int
    admitted: float
    contradicted: int
    repeated: int


def memory(repeats: Mask, confidence: Floats, wrong: Floats | None) -> Memory:
    """``repeats`` (n,): whether the run's likeliest class is the given label; ``confidence`` (n,) its probability;
    ``wrong`` (n,): the chance, to those who did not see the label, that it is wrong; None when there is nobody."""
    from scipy.stats import binom, poisson

    count, errors = len(repeats), int(np.count_nonzero(~repeats))
    admitted = float((1 - confidence).sum(dtype=np.float64))
    fewer = errors < LESS * admitted and poisson.cdf(errors, LESS * admitted) < SURE
    if wrong is None:
        return Memory(bool(fewer), count, errors, admitted, 0, 0)
    firm = wrong >= FIRM
    contradicted, repeated = int(np.count_nonzero(firm)), int(np.count_nonzero(firm & repeats))
    agrees = contradicted >= FEWEST and binom.sf(repeated - 1, contradicted, AGREEING) < SURE ** (1 / 2)
    return Memory(
        bool(agrees and (fewer or errors <= FLAWLESS * count)), count, errors, admitted, contradicted, repeated
    )
