"""Which classes are taken for which: a confusion matrix, as shares, in an order that shows its blocks."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.metrics import MOST_CONFUSED
from dataimp_gui.core.model import Codes, Rows

Counts = npt.NDArray[np.int64]
Shares = npt.NDArray[np.float64]
Order = npt.NDArray[np.int64]

MOST_ORDERED: Final = 400
"""More classes than this are ordered by their errors, not by likeness: the best order of leaves takes too long."""


@dataclass(frozen=True, slots=True)
class Confusion:
    """``counts`` int64 (m, m) by label, then predicted; ``codes`` int32 (m,) the classes, ascending.

    At most `MOST_CONFUSED` classes, the most frequent ones; ``left_out`` examples are of other classes.
    """

    codes: Codes
    counts: Counts
    left_out: int

    @property
    def total(self) -> int:
        return int(self.counts.sum())

    @property
    def errors(self) -> int:
        return self.total - int(np.trace(self.counts))

    def recall(self) -> Shares:
        """Of each label, the share that was predicted right; NaN without examples."""
        return _ratio(np.diagonal(self.counts), self.counts.sum(axis=1))

    def precision(self) -> Shares:
        """Of each prediction, the share that is right; NaN without predictions."""
        return _ratio(np.diagonal(self.counts), self.counts.sum(axis=0))


def confusion(labels: Codes, predicted: Codes, classes: int, rows: Rows | None = None) -> Confusion:
    """Of the examples that have a label and a prediction, among ``rows`` when given. Codes are below ``classes``."""
    truth, said = (labels, predicted) if rows is None else (labels[rows], predicted[rows])
    both = (truth >= 0) & (said >= 0)
    truth, said = truth[both], said[both]
    often = np.bincount(truth, minlength=classes) + np.bincount(said, minlength=classes)
    present = np.flatnonzero(often)
    if len(present) > MOST_CONFUSED:
        present = np.sort(present[np.argsort(-often[present], kind="stable")[:MOST_CONFUSED]])
    m = len(present)
    place = np.full(max(1, classes), m, dtype=np.int64)
    place[present] = np.arange(m)
    table = np.bincount(place[truth] * (m + 1) + place[said], minlength=(m + 1) ** 2).reshape(m + 1, m + 1)
    counts = table[:m, :m].astype(np.int64)
    return Confusion(present.astype(np.int32), counts, len(truth) - int(counts.sum()))


def aligned(found: Confusion, codes: Codes) -> Counts:
    """The counts of another confusion over exactly these classes, 0 where it has none of them."""
    k = 1 + int(max(codes.max(initial=-1), found.codes.max(initial=-1)))
    place = np.full(max(1, k), -1, dtype=np.int64)
    place[found.codes] = np.arange(len(found.codes))
    at = place[codes]
    here = np.flatnonzero(at >= 0)
    counts = np.zeros((len(codes), len(codes)), dtype=np.int64)
    counts[np.ix_(here, here)] = found.counts[np.ix_(at[here], at[here])]
    return counts


def shares(counts: Counts, axis: int) -> Shares:
    """Each cell by the sum of its row (``axis`` 1) or of its column (0); 0 where that is empty."""
    return np.nan_to_num(_ratio(counts, counts.sum(axis=axis, keepdims=True)))


def by_errors(counts: Counts) -> Order:
    """Classes with the most wrong examples, as label or as prediction, first."""
    wrong = counts.sum(axis=0) + counts.sum(axis=1) - 2 * np.diagonal(counts)
    return np.argsort(-wrong, kind="stable")


def by_likeness(counts: Counts) -> Order:
    """Classes that are taken for each other beside each other.

    Average linkage over one minus the mean of both row shares, leaves in the best order (Bar-Joseph et al. 2001).
    """
    m = len(counts)
    if m < 3 or m > MOST_ORDERED:
        return np.arange(m) if m < 3 else by_errors(counts)
    from scipy.cluster.hierarchy import leaves_list, linkage, optimal_leaf_ordering
    from scipy.spatial.distance import squareform

    row = shares(counts, 1)
    distance = 1 - (row + row.T) / 2
    np.fill_diagonal(distance, 0)
    condensed = squareform(np.maximum(distance, 0), checks=False)
    tree = optimal_leaf_ordering(linkage(condensed, "average"), condensed)
    return np.asarray(leaves_list(tree), dtype=np.int64)


def _ratio(part: Counts, whole: Counts) -> Shares:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(part / whole, dtype=np.float64)
