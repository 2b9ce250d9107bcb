"""All rules of one and two conditions, counted exactly over the bins of columns and of pairs of columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.slices.binning import Binned
from dataimp_gui.core.slices.halves import Half
from dataimp_gui.core.slices.material import LARGEST, Proposal, Rule
from dataimp_gui.core.slices.slice import Source
from dataimp_gui.progress import Progress

Counts = npt.NDArray[np.int64]
Sums = npt.NDArray[Any]

KEPT: Final = 4
"""Proposals of one column, or of one pair: the best, the best that does not overlap it, and so on."""

OUTCOME: Final = frozenset({"label", "predicted"})
"""Not in one rule: a label together with another prediction is an error by definition."""


@dataclass(frozen=True, slots=True)
class _Axis:
    """Runs of bins of one column, or the one run that is everything."""

    count: int
    first: Counts
    stop: Counts


_WHOLE: Final = _Axis(1, np.array([0]), np.array([1]))


def propose(columns: Sequence[Binned], half: Half, least: int, conditions: int, progress: Progress) -> list[Proposal]:
    """The best rules of one and (from 2 ``conditions``) two conditions with at least ``least`` examples each."""
    axes = [_Axis(column.count, column.first, column.stop) for column in columns]
    tried = 0
    rules: list[Rule] = []
    for column, axis in zip(columns, axes, strict=True):
        number, best = _best(column.bins, _WHOLE, axis, half, least)
        tried += number
        rules += [(column.conditions[j],) for _, j in best]
    found = _proposals(rules, tried)
    if conditions < 2:
        return found
    tried, rules = 0, []
    for a, b in progress.track(list(combinations(range(len(columns)), 2)), "Counting rules of two conditions"):
        first, second = columns[a], columns[b]
        if {first.column.name, second.column.name} >= OUTCOME:
            continue
        keys = first.bins * np.uint16(second.count) + second.bins
        number, best = _best(keys, axes[a], axes[b], half, least)
        tried += number
        rules += [(first.conditions[i], second.conditions[j]) for i, j in best]
    return found + _proposals(rules, tried)


def _proposals(rules: Sequence[Rule], tried: int) -> list[Proposal]:
    return [Proposal(Source.RULES, tried, rule) for rule in rules]


def _best(
    keys: npt.NDArray[np.integer], rows: _Axis, columns: _Axis, half: Half, least: int
) -> tuple[int, list[tuple[int, int]]]:
    """How many pairs of runs are large enough, and the places of the best ones that do not overlap.

    ``keys`` (m,) are bin of the row axis and bin of the column axis, in mixed radix.
    """
    n, lost = (_within(each, rows, columns) for each in half.sums(keys, rows.count * columns.count))
    scores = half.surprise(n, lost)
    scores[(n < least) | (n > LARGEST * half.n)] = 0
    found: list[tuple[int, int]] = []
    while len(found) < KEPT:
        i, j = np.unravel_index(scores.argmax(), scores.shape)
        if scores[i, j] <= 0:
            break
        found.append((int(i), int(j)))
        across = np.flatnonzero((rows.first < rows.stop[i]) & (rows.stop > rows.first[i]))
        along = np.flatnonzero((columns.first < columns.stop[j]) & (columns.stop > columns.first[j]))
        scores[np.ix_(across, along)] = 0
    return int(np.count_nonzero(n >= least)), found


def _within(counts: Sums, rows: _Axis, columns: _Axis) -> Sums:
    """Sums of ``counts`` over each run of rows and each run of columns, by differences of running sums."""
    sums = np.zeros((rows.count + 1, columns.count + 1), dtype=counts.dtype)
    sums[1:, 1:] = counts.reshape(rows.count, columns.count).cumsum(axis=0).cumsum(axis=1)
    tall = sums[rows.stop] - sums[rows.first]
    inside: Sums = tall[:, columns.stop] - tall[:, columns.first]
    return inside
