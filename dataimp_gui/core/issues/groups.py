"""Near-duplicates as groups, and which member of a group is the one to keep."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.issues.findings import Evidence, Floats, Pairs
from dataimp_gui.core.model import Rows

NAMED: Final = 12  # a finding names at most so many of the others
HELD_OUT: Final = ("test", "eval", "val", "valid", "validation", "dev", "holdout")
_TESTS: Final = ("test", "eval", "hold")
_SIZES: Final = (("width", "height"), ("duration",), ("characters",))


@dataclass(frozen=True, slots=True)
class Groups:
    """``rows`` (m,) group after group, the one to keep first; group i is ``rows[starts[i]:starts[i + 1]]``.

    ``number`` (m,) is the group of each; ``likely`` (m,) and ``why`` (m,) are those of its surest pair.
    """

    rows: Rows
    starts: npt.NDArray[np.int64]
    number: npt.NDArray[np.int64]
    likely: Floats
    why: npt.NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.starts) - 1

    def sizes(self) -> npt.NDArray[np.int64]:
        return np.diff(self.starts)

    def others(self, places: npt.NDArray[np.int64]) -> list[Rows]:
        """The others of the group of each of ``places`` in ``rows``, the one to keep first, `NAMED` at most."""
        named = []
        for place in places.tolist():
            start, end = self.starts[self.number[place]], self.starts[self.number[place] + 1]
            members = self.rows[start : min(end, start + NAMED + 1)]
            named.append(members[members != self.rows[place]][:NAMED])
        return named


def groups(pairs: Pairs, evidence: Evidence, *, least: float = 0.5) -> Groups:
    """What hangs together by pairs that are at least ``least`` likely."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    sure = pairs.likely >= least
    ends = np.concatenate([pairs.first[sure], pairs.second[sure]])
    rows, places = np.unique(ends, return_inverse=True)
    half = len(places) // 2
    likely = np.zeros(len(rows), np.float32)
    np.maximum.at(likely, places, np.tile(pairs.likely[sure], 2))
    why = np.full(len(rows), 255, np.uint8)
    np.minimum.at(why, places, np.tile(pairs.why[sure], 2))
    if not len(rows):
        empty = np.zeros(0, np.int64)
        return Groups(empty, np.zeros(1, np.int64), empty, likely, why)
    links = coo_matrix((np.ones(half, np.bool_), (places[:half], places[half:])), shape=(len(rows), len(rows)))
    number = connected_components(links, directed=False)[1].astype(np.int64)
    order = np.lexsort((*_worth(evidence, rows), number))
    number = number[order]
    starts = np.concatenate([np.flatnonzero(np.diff(number, prepend=-1)), [len(rows)]]).astype(np.int64)
    return Groups(rows[order], starts, number, likely[order], why[order])


def held_out(evidence: Evidence) -> npt.NDArray[np.int64]:
    """How far the split of each example is from what a model learns from: 0 for that, more for a test set."""
    ranks = [rank_of(name) for name in evidence.split_names]
    return np.array([*ranks, 0], np.int64)[evidence.splits]  # without a split: the last


def rank_of(split: str) -> int:
    """The same for the name of a split."""
    name = split.lower()
    return 0 if not name.startswith(HELD_OUT) else 2 if name.startswith(_TESTS) else 1


def is_test(split: str) -> bool:
    return rank_of(split) == 2


def _worth(evidence: Evidence, rows: Rows) -> tuple[npt.NDArray[np.float64], ...]:
    """Keys for `numpy.lexsort`, the last counts most: reviewed, labelled, held out, larger, earlier."""
    reviewed = evidence.reviewed[rows] if evidence.reviewed is not None else np.zeros(len(rows), np.bool_)
    keys = (rows, -_size(evidence)[rows], -held_out(evidence)[rows], evidence.labels[rows] < 0, ~reviewed)
    return tuple(np.asarray(key, np.float64) for key in keys)


def _size(evidence: Evidence) -> npt.NDArray[np.float64]:
    for names in _SIZES:
        if all(name in evidence.statistics for name in names):
            sizes = np.ones(evidence.count)
            for name in names:
                sizes = sizes * np.nan_to_num(np.asarray(evidence.statistics[name], np.float64))
            return sizes
    return np.zeros(evidence.count)
