"""Pairs of examples that are closer than unlike ones come by chance, by their vectors and signatures together."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.features.neighbours import Neighbours
from dataimp_gui.core.issues.near_signatures import Signatures, different
from dataimp_gui.core.model import Mask, Rows
from dataimp_gui.progress import Progress

Values = npt.NDArray[np.float64]

REACH: Final = 10  # the neighbour whose distance is the usual one of a place
FEWEST: Final = 300  # pairs of neighbours, below which nothing can be said of chance
APART: Final = 1.3  # times the usual distance, beyond which the vectors speak against a likeness of signatures

_SAMPLE: Final = 50_000
_BLOCK: Final = 100_000
_UPPER, _LOWER = 0.2, 0.01  # shares of pairs of neighbours from which the tail of chance is read
_FLATTEST, _STEEPEST = 0.45, 1.0


@dataclass(frozen=True, slots=True)
class Chance:
    """How close unlike examples come in this dataset, read from pairs of neighbours, nearly all of which are unlike.

    ``scale`` (n,): the usual distance at each example, that of its last neighbour, but no less than half the median of
    all, or a dozen copies would make each other unremarkable. A pair at ``ratio`` times that distance is as close by
    chance with probability (ratio / ``median``) ** ``power`` / 2: in a small ball, points lie evenly in so many
    dimensions (E. Levina and P. Bickel, Maximum likelihood estimation of intrinsic dimension, 2004).
    Their signatures differ in ``bits`` bits, give or take ``bits_deviation``.
    ``anchor`` and ``slope`` correct both for what they share: the logarithm of the share of pairs below a statistic t
    is log(`_UPPER`) + slope * (t - anchor).
    """

    scale: Values
    median: float
    power: float
    bits: float
    bits_deviation: float
    anchor: float = 0.0
    slope: float = 1.0

    def statistic(
        self, one: Rows, other: Rows, distance: Values, signatures: Signatures | None, has: Mask | None
    ) -> Values:
        """The logarithm of the probability that an unlike pair is as close in both: (m,), 0 or less."""
        from scipy.stats import norm

        ratio = distance / np.minimum(self.scale[one], self.scale[other])
        closer = np.log(0.5) + self.power * np.log(np.maximum(ratio, 1e-9) / self.median)
        total: Values = np.clip(closer, -40, 0)
        if signatures is not None and has is not None:
            bits = different(signatures[one], signatures[other])
            alike = np.maximum(norm.logcdf((bits + 0.5 - self.bits) / self.bits_deviation), -16)
            total = total + np.where(has[one] & has[other], alike, 0)
        return np.where(ratio <= APART, total, 0)

    def likely(self, statistic: Values, pairs: int) -> npt.NDArray[np.float32]:
        """The chance that each pair is no accident: (m,), 0.99 at most.

        It is 1 - the pairs that chance makes near its statistic, of ``pairs`` pairs of neighbours, over those there.
        """
        ordered = np.sort(statistic)
        there = np.searchsorted(ordered, statistic + 1, "right") - np.searchsorted(ordered, statistic - 1, "left")
        expected = pairs * (self._share(statistic + 1) - self._share(statistic - 1))
        order = np.argsort(statistic, kind="stable")
        real = np.empty(len(statistic), np.float32)
        real[order] = np.minimum.accumulate(np.clip(1 - expected / np.maximum(there, 1), 0, 0.99)[order])
        real[statistic >= 0] = 0
        return real

    def _share(self, statistic: Values) -> Values:
        return np.asarray(_UPPER * np.exp(np.minimum(self.slope * (statistic - self.anchor), 0)))


def distances(similarity: npt.NDArray[np.floating]) -> Values:
    """Between vectors of length 1, from their cosine."""
    with np.errstate(invalid="ignore"):
        return np.sqrt(np.clip(2 - 2 * similarity.astype(np.float64), 0, None))


def chance(neighbours: Neighbours, signatures: Signatures | None, has: Mask | None) -> Chance | None:
    """None when the vectors tell nothing apart: too few of them, or more than half of them equal to others."""
    reach = min(REACH, neighbours.rows.shape[1])
    known = np.flatnonzero(neighbours.rows[:, reach - 1] >= 0) if reach > 2 else np.zeros(0, np.int64)
    if len(known) * (reach - 1) < FEWEST:
        return None
    last = distances(neighbours.similarity[:, reach - 1])
    usual = float(np.median(last[known]))
    if usual < 1e-3:
        return None
    scale = np.maximum(np.where(np.isfinite(last), last, usual), usual / 2)
    drawn = known if len(known) <= _SAMPLE else np.random.default_rng(0).choice(known, _SAMPLE, replace=False)
    others = neighbours.rows[drawn, : reach - 1]
    apart = distances(neighbours.similarity[drawn, : reach - 1])
    ratio = apart / np.maximum(last[drawn], 1e-9)[:, None]
    median, low = np.quantile(ratio, [0.5, 0.05])
    power = float(np.clip(np.log(10) / np.log(median / max(low, 1e-6)), 2, 40)) if median > low else 40.0
    bits, deviation = 32.0, 4.0
    if signatures is not None and has is not None:
        far = others[:, (reach - 1) // 2 :]
        both = has[drawn][:, None] & has[far]
        if both.any():
            differ = different(np.broadcast_to(signatures[drawn][:, None], far.shape)[both], signatures[far][both])
            bits = float(np.median(differ))
            deviation = max(1.0, bits - float(np.quantile(differ, 0.16)))
    found = Chance(scale, float(median), power, bits, deviation)
    statistic = found.statistic(np.repeat(drawn, reach - 1), others.ravel(), apart.ravel(), signatures, has)
    upper, lower = np.quantile(statistic, [_UPPER, _LOWER])
    slope = np.clip(np.log(_UPPER / _LOWER) / max(upper - lower, 1e-9), _FLATTEST, _STEEPEST)
    return Chance(scale, float(median), power, bits, deviation, float(upper), float(slope))


def close_pairs(
    found: Chance, neighbours: Neighbours, signatures: Signatures | None, has: Mask | None, progress: Progress
) -> tuple[Rows, Rows, Values, int]:
    """The neighbours below the anchor of ``found``, from both sides: first, second, statistic; and how many in all."""
    reach = min(REACH, neighbours.rows.shape[1])
    kept: list[tuple[Rows, Rows, Values]] = []
    pairs = 0
    for start in progress.track(range(0, len(neighbours.rows), _BLOCK), "Comparing neighbours"):
        others = neighbours.rows[start : start + _BLOCK, : reach - 1]
        one = np.repeat(np.arange(start, start + len(others)), reach - 1)
        other = others.ravel()
        there = other >= 0
        one, other = one[there], other[there]
        apart = distances(neighbours.similarity[start : start + _BLOCK, : reach - 1].ravel()[there])
        statistic = found.statistic(one, other, apart, signatures, has)
        close = statistic < found.anchor
        kept.append((one[close], other[close], statistic[close]))
        pairs += len(one)
    first, second = (np.concatenate([each[at] for each in kept]) if kept else np.zeros(0, np.int64) for at in (0, 1))
    values = np.concatenate([each[2] for each in kept]) if kept else np.zeros(0)
    return first, second, values, pairs
