"""Two ways of training, judged on the same examples: their difference overall and on each subset, with its interval.

An interval speaks of other examples and of other seeds. The examples are drawn anew by a paired bootstrap; of seeds
there are too few to draw from, so the interval is widened by what they differ beyond what chance explains.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.metrics import BINS, Interval, confidence_bins
from dataimp_gui.core.model import Mask
from dataimp_gui.core.slices.honesty import adjusted

Floats = npt.NDArray[np.float64]

DRAWS: Final = 4000
_UNSEEN: Final = 1 / (2**0.5 - 1)
"""How many times what a bootstrap adds to the mean of a noisy absolute value its noise had added to that already."""
COVERED: Final = (2.5, 97.5)  # percent


@dataclass(frozen=True, eq=False)
class Judged:
    """Of one seed: which of the examples were ``right``, bool (n,), and with what ``confidence`` (n,), NaN where there
    is no prediction."""

    right: npt.NDArray[np.bool_]
    confidence: Floats


@dataclass(frozen=True, slots=True)
class Compared:
    """Mean scores of the ``n`` examples of a subset: ``before``, ``after`` and their ``difference`` with its interval.

    All four are None where ``n`` is 0. ``p`` is McNemar's, two-sided, None for scores that are not right or wrong;
    ``p_adjusted`` after Benjamini and Hochberg over the subsets that were compared together.
    """

    name: str
    n: int
    before: float | None
    after: float | None
    difference: float | None
    ci: Interval | None
    p: float | None = None
    p_adjusted: float | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "n": self.n,
            "before": self.before,
            "after": self.after,
            "difference": self.difference,
            "ci": list(self.ci) if self.ci else None,
            "p": self.p,
            "p_adjusted": self.p_adjusted,
        }


def compare(
    before: npt.ArrayLike, after: npt.ArrayLike, subsets: Sequence[tuple[str, Mask]], *, seed: int = 0
) -> tuple[Compared, ...]:
    """Whether each of the examples was right, bool (seeds, n), before and after; a subset is its name and a mask (n,).

    Column j of both is about the same example, and row i about the same seed.
    """
    a, b = np.asarray(before, np.bool_), np.asarray(after, np.bool_)
    found = [
        _compared(name, a[:, mask].astype(np.float64), b[:, mask].astype(np.float64), seed) for name, mask in subsets
    ]
    p = np.array([mcnemar(a[:, mask], b[:, mask]) for _, mask in subsets], dtype=np.float64)
    return tuple(
        Compared(each.name, each.n, each.before, each.after, each.difference, each.ci, float(one), float(over_all))
        for each, one, over_all in zip(found, p, adjusted(p), strict=True)
    )


def compare_costs(before: Floats, after: Floats, name: str = "cost", *, seed: int = 0) -> Compared:
    """The same of what each prediction cost, float64 (seeds, n); less is better."""
    return _compared(name, before, after, seed)


def compare_calibration(
    before: Sequence[Judged], after: Sequence[Judged], name: str = "calibration", *, seed: int = 0
) -> Compared:
    """The same of the expected calibration error (`metrics.calibration_error`), a `Judged` for each seed.

    The sums of the gaps in each bin are drawn as a paired bootstrap would draw them, from the normal distribution that
    they have for many examples. Noise makes small errors look larger, so the interval also reaches to where the change
    would be without it, and is widened by what the seeds differ.
    """
    every = [*before, *after]
    n = len(every[0].right)
    bins = [confidence_bins(np.nan_to_num(each.confidence)) for each in every]
    gaps = [np.nan_to_num(each.right - each.confidence) for each in every]
    counts = np.array([max(1, np.count_nonzero(~np.isnan(each.confidence))) for each in every])

    def errors(sums: Floats) -> Floats:
        """(…, 2, seeds)"""
        found: Floats = np.abs(sums.reshape(*sums.shape[:-1], len(every), BINS)).sum(axis=-1) / counts
        return found.reshape(*found.shape[:-1], 2, len(before))

    sums = np.concatenate([np.bincount(a, x, minlength=BINS) for a, x in zip(bins, gaps, strict=True)])
    squares = np.block(
        [
            [
                np.bincount(a * BINS + b, x * y, minlength=BINS**2).reshape(BINS, BINS)
                for b, y in zip(bins, gaps, strict=True)
            ]
            for a, x in zip(bins, gaps, strict=True)
        ]
    )
    spread = squares - np.outer(sums, sums) / max(n, 1)
    draws = np.random.default_rng(seed).multivariate_normal(
        sums, spread, size=DRAWS, check_valid="ignore", method="eigh"
    )
    by_seed = np.diff(errors(sums), axis=0)[0]
    drawn = np.diff(errors(draws).mean(axis=-1), axis=-1)[:, 0]
    wider = 1.0
    if len(by_seed) > 1 and drawn.var() > 0:
        wider = float((1 + by_seed.var(ddof=1) / len(by_seed) / drawn.var()) ** 0.5)
    low, high = (np.percentile(drawn, COVERED) - drawn.mean()) * wider + by_seed.mean()
    excess = _UNSEEN * (drawn.mean() - by_seed.mean())
    low, high = min(low, low - excess), max(high, high - excess)
    was, now = errors(sums).mean(axis=-1)
    return Compared(name, n, float(was), float(now), float(now - was), (float(low), float(high)))


def mcnemar(before: npt.NDArray[np.bool_], after: npt.NDArray[np.bool_]) -> float:
    """The mid-p value, two-sided, of the exact test on the examples that one has right and the other has not.

    Of several seeds (seeds, n), an example is right when most of them are. 1 where the two never differ (Fagerland,
    Lydersen and Laake 2013).
    """
    from scipy.stats import binom

    a, b = (2 * right.sum(axis=0) > len(right) for right in (before, after))
    lost, won = int(np.count_nonzero(a & ~b)), int(np.count_nonzero(b & ~a))
    if lost == won:
        return 1.0
    fewer, discordant = min(lost, won), lost + won
    return float(min(1.0, 2 * binom.cdf(fewer, discordant, 0.5) - binom.pmf(fewer, discordant, 0.5)))


def _compared(name: str, before: Floats, after: Floats, seed: int) -> Compared:
    n = before.shape[1]
    if not n:
        return Compared(name, 0, None, None, None, None)
    differs = after - before
    return Compared(
        name, n, float(before.mean()), float(after.mean()), float(differs.mean()), interval(differs, seed=seed)
    )


def interval(differs: Floats, *, seed: int = 0) -> Interval:
    """Covers the mean of ``differs`` (seeds, n) in 95 of 100 repetitions with other examples and other seeds.

    An example counts by its mean over the seeds, of which there are few different ones: how often each is drawn is
    one multinomial draw, however many examples there are.
    """
    n, mean = differs.shape[1], float(differs.mean())
    values, counts = np.unique(differs.mean(axis=0).round(12), return_counts=True)
    drawn = np.random.default_rng(seed).multinomial(n, counts / n, size=DRAWS) @ values / n
    low, high = (np.percentile(drawn, COVERED) - mean) * _widening(differs) + mean
    return float(low), float(high)


def _widening(differs: Floats) -> float:
    """How much wider than over examples alone an interval is that is over the few seeds, too; 1 for a single seed.

    From the mean squares of the two-way layout, with Satterthwaite's (1946) degrees of freedom. Errs on the wide side:
    where seeds make no difference, 95 becomes up to 98 in 100.
    """
    from scipy.stats import norm, t

    seeds, n = differs.shape
    if seeds < 2 or n < 2:
        return 1.0
    of_seed, of_example, mean = differs.mean(axis=1), differs.mean(axis=0), differs.mean()
    rest = differs - of_seed[:, None] - of_example + mean
    by_rest = float((rest**2).sum()) / ((seeds - 1) * (n - 1))
    by_seed, by_example = n * float(of_seed.var(ddof=1)), seeds * float(of_example.var(ddof=1))
    if by_example <= 0:
        return 1.0
    total = by_example + max(0.0, by_seed - by_rest)
    freedom = total**2 / (by_example**2 / (n - 1) + by_seed**2 / (seeds - 1))
    return float((total / by_example) ** 0.5 * t.ppf(0.975, freedom) / norm.ppf(0.975))
