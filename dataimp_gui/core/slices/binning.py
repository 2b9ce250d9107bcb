"""Columns in few bins, and the conditions that are runs of bins: numbers between two cuts, one word, missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.model import NONE
from dataimp_gui.core.slices.halves import Half
from dataimp_gui.core.slices.material import Column, Condition

Small = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

FINE: Final = 64  # bins of about equal size, whose edges are all the cuts there can be
QUANTILES: Final = 8
SCANNED: Final = 3  # runs of fine bins with a surprising rate of errors, whose edges become cuts
WORDS: Final = 40
_SAMPLE: Final = 50_000


@dataclass(frozen=True, eq=False)
class Binned:
    """A column over the searched rows: ``bins`` uint8 (m,), ``count`` of them, and conditions that are runs of bins,
    each from bin ``first`` up to, but without, bin ``stop`` (int64 (c,))."""

    column: Column
    bins: Small
    count: int
    conditions: Sequence[Condition]
    first: Counts
    stop: Counts


def binned(column: Column, half: Half, least: int) -> Binned | None:
    """None where no condition splits the examples into two parts of at least ``least``."""
    made = _numbers(column, half) if column.codes is None else _words(column, half, least)
    if made is None:
        return None
    sizes = np.concatenate([[0], np.cumsum(np.bincount(made.bins, minlength=made.count))])
    n = sizes[made.stop] - sizes[made.first]
    kept = np.flatnonzero((n >= least) & (n <= half.n - least))
    conditions = [made.conditions[i] for i in kept.tolist()]
    if not conditions:
        return None
    return Binned(column, made.bins, made.count, conditions, made.first[kept], made.stop[kept])


def cuts_between(values: Floats, most: int) -> Floats:
    """At most ``most - 1`` cuts that deal sorted ``values`` out evenly; each is the shortest number that separates."""
    different = np.flatnonzero(values[1:] > values[:-1]) + 1  # a cut before each of these places
    if len(different) >= most:
        wanted = np.arange(1, most) * len(values) / most
        right = np.clip(np.searchsorted(different, wanted), 1, len(different) - 1)
        nearer_left = wanted - different[right - 1] < different[right] - wanted
        different = np.unique(different[right - nearer_left])
    return np.array([_short(values[place - 1], values[place]) for place in different.tolist()])


def runs(first: int, stop: int) -> tuple[Counts, Counts]:
    """Every run of bins within ``first`` to ``stop``, the whole left out."""
    low, high = np.triu_indices(stop - first)
    some = high - low < stop - first - 1
    return low[some] + first, high[some] + first + 1


def _numbers(column: Column, half: Half) -> Binned | None:
    assert column.numbers is not None
    numbers = column.numbers[half.rows]
    missing = np.isnan(numbers)
    known = numbers[np.isfinite(numbers)]
    sample = known[np.linspace(0, len(known) - 1, min(_SAMPLE, len(known))).astype(np.int64)] if len(known) else known
    fine_cuts = cuts_between(np.sort(sample), FINE)
    fine = np.searchsorted(fine_cuts, numbers, side="right").astype(np.uint8)
    fine[missing] = len(fine_cuts) + 1
    chosen = _chosen(fine, len(fine_cuts) + 1, half)
    if not len(chosen) and not missing.any():
        return None
    cuts = fine_cuts[chosen]
    table = np.searchsorted(chosen, np.arange(len(fine_cuts) + 1), side="left").astype(np.uint8)
    last = len(cuts) + 1
    bins = np.append(table, np.uint8(last))[fine]
    first, stop = runs(0, last)
    edges = np.concatenate([[-np.inf], cuts, [np.inf]]).tolist()
    conditions = [Condition(column.name, edges[a], edges[b]) for a, b in zip(first, stop, strict=True)]
    if missing.any():
        conditions.append(Condition(column.name, missing=True))
        first, stop = np.append(first, last), np.append(stop, last + 1)
    return Binned(column, bins, last + 1, conditions, first, stop)


def _chosen(fine: Small, count: int, half: Half) -> Counts:
    """Which of the fine cuts become cuts: every so many, and those around runs with a surprising rate of errors."""
    every = np.round(np.arange(1, QUANTILES) * count / QUANTILES).astype(np.int64) - 1
    n, lost = (np.concatenate([[0], np.cumsum(each[:count])]) for each in half.sums(fine, count))
    first, stop = runs(0, count)
    scores = half.surprise(n[stop] - n[first], lost[stop] - lost[first])
    found: list[int] = []
    for _ in range(SCANNED):
        if not len(scores) or scores.max() <= 0:
            break
        best = int(scores.argmax())
        a, b = int(first[best]), int(stop[best])
        found += [a - 1, b - 1]
        scores[(first < b) & (stop > a)] = 0
    cuts = np.unique(np.concatenate([every, np.array(found, dtype=np.int64)]))
    return cuts[(cuts >= 0) & (cuts < count - 1)]


def _words(column: Column, half: Half, least: int) -> Binned | None:
    """The words that are frequent enough, at most `WORDS` of them; all others share a bin without a condition."""
    assert column.codes is not None
    codes = column.codes[half.rows]
    often = np.bincount(codes + 1, minlength=len(column.words) + 1)
    frequent = np.flatnonzero(often >= least)
    frequent = np.sort(frequent[np.argsort(-often[frequent], kind="stable")[:WORDS]])
    if not len(frequent):
        return None
    table = np.full(len(often), len(frequent), dtype=np.uint8)
    table[frequent] = np.arange(len(frequent))
    conditions = [
        Condition(column.name, missing=True) if code == NONE else Condition(column.name, code=code)
        for code in (frequent - 1).tolist()
    ]
    first = np.arange(len(frequent))
    return Binned(column, table[codes + 1], len(frequent) + 1, conditions, first, first + 1)


def _short(low: float, high: float) -> float:
    """The number of fewest digits in (low, high]."""
    for digits in range(1, 17):
        for value in (float(f"{high:.{digits}g}"), float(f"{(low + high) / 2:.{digits}g}")):
            if low < value <= high:
                return value
    return float(high)
