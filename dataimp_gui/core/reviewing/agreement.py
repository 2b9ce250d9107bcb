"""How far answers agree: raw and beyond chance, between two people, or of one with what was hidden from them."""

from dataclasses import dataclass

import numpy as np

from dataimp_gui.core.metrics import Interval, wilson
from dataimp_gui.core.model import NONE, Codes, Rows


@dataclass(frozen=True, slots=True, eq=False)
class Agreement:
    """Of two reviewers on the ``compared`` examples that both gave an answer to.

    ``raw`` is the share of equal answers with its 95 % Wilson interval, ``kappa`` Cohen's; both None where they are
    not defined. ``disagreed`` are the rows with different answers.
    """

    first: str
    second: str
    compared: int
    agreed: int
    raw: float | None
    interval: Interval | None
    kappa: float | None
    disagreed: Rows


@dataclass(frozen=True, slots=True)
class Blind:
    """How many of ``n`` blind answers are the label that was hidden, or what the model said; None without."""

    n: int
    label: int | None
    predicted_n: int
    predicted: int | None


def kappa(first: Codes, second: Codes) -> float | None:
    """Cohen's kappa of two answers (n,) to the same questions: agreement beyond what chance gives.

    (p_o - p_e) / (1 - p_e), where p_o is the share of equal answers and p_e the sum over all answers k of
    share_first(k) * share_second(k). 1 is perfect, 0 is chance, below is worse than chance. None without answers, and
    when both always give the same one answer: chance explains everything then. Cohen, A coefficient of agreement for
    nominal scales, Educational and Psychological Measurement 20 (1960).
    """
    n = len(first)
    if not n:
        return None
    _, codes = np.unique(np.concatenate([first, second]), return_inverse=True)
    shares = [np.bincount(part, minlength=int(codes.max()) + 1) / n for part in (codes[:n], codes[n:])]
    by_chance = float(shares[0] @ shares[1])
    observed = float((first == second).mean())
    return None if by_chance >= 1 - 1e-12 else (observed - by_chance) / (1 - by_chance)


def agreement(first: str, one: tuple[Rows, Codes], second: str, other: tuple[Rows, Codes]) -> Agreement:
    """``one`` and ``other`` are rows, ascending, and the answer to each."""
    rows, at_one, at_other = np.intersect1d(one[0], other[0], assume_unique=True, return_indices=True)
    said, replied = one[1][at_one], other[1][at_other]
    same = said == replied
    n, agreed = len(rows), int(same.sum())
    raw = agreed / n if n else None
    return Agreement(first, second, n, agreed, raw, wilson(agreed, n), kappa(said, replied), rows[~same])


def blind(answered: Codes, labels: Codes, predicted: Codes | None) -> Blind:
    """Of blind answers (n,), with the labels that were hidden and what the model says, each -1 where there is none."""
    known = labels != NONE
    agreed = int((answered == labels)[known].sum()) if known.any() else None
    if predicted is None or not (said := predicted != NONE).any():
        return Blind(len(answered), agreed, 0, None)
    return Blind(len(answered), agreed, int(said.sum()), int((answered == predicted)[said].sum()))
