"""Whether a run's probabilities look in-sample: of examples that the model had learned, wrong labels and all.

Such a model repeats wrong labels instead of contradicting them. So it is asked about the labels that the neighbours and
the built-in models firmly contradict, which had not seen them: one that had not seen them either sides with most of the
contradictions, since a wrong label is not in the picture. Where nobody else can be asked, a model is suspected that
hardly ever misses a label although its own confidence admits that it should.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from dataimp_gui.core.issues.findings import Floats
from dataimp_gui.core.model import Mask

FIRM: Final = 0.9  # the chance of being wrong from which the others contradict a label
REPEATING: Final = 0.4  # of contradicted labels, at most what an honest model repeats: 0 to 0.1 in most trials
FALSE_ALARM: Final = 5e-3  # the chance that one that repeats so many is suspected
FLAWLESS: Final = 0.002  # share of labels that a model misses which looks flawless ...
ADMITTED: Final = 20.0  # ... and errors that its confidence admits, for one that there is


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
    count, errors = len(repeats), int(np.count_nonzero(~repeats))
    admitted = float((1 - confidence).sum(dtype=np.float64))
    if wrong is None:
        flawless = errors <= FLAWLESS * count and max(errors, 1) * ADMITTED < admitted
        return Memory(flawless, count, errors, admitted, 0, 0)
    from scipy.stats import binom

    firm = wrong >= FIRM
    contradicted, repeated = int(np.count_nonzero(firm)), int(np.count_nonzero(firm & repeats))
    found = contradicted > 0 and bool(binom.sf(repeated - 1, contradicted, REPEATING) < FALSE_ALARM)
    return Memory(found, count, errors, admitted, contradicted, repeated)
