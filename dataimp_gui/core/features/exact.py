"""The nearest neighbours by comparing everything with everything, one block of products at a time."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from dataimp_gui.core.features.embedding import Floats
from dataimp_gui.core.model import Mask, Rows
from dataimp_gui.progress import Progress

QUERIES: Final = 1024  # a block of products is 16 MiB: large enough for the matrix product, small enough for the caches
COLUMNS: Final = 4096
EQUAL: Final = 2.0**-20  # cosines nearer than this are equal: the order of a sum in float32 changes them as much
CROWD: Final = 4  # times k candidates of one query in a block are worth a partial sort


def nearest(base: Floats, asked: Floats, k: int, progress: Progress, *, others: bool) -> Rows:
    """Positions (m, k) in ``base`` (n, d) of the nearest to each of ``asked`` (m, d), all of length 1; nearest first.

    ``others``: ``asked`` is ``base``, and nothing is its own neighbour. Among equals those that stand first. -1 where
    there are fewer. Memory beyond the answer is one block. Raises Cancelled.
    """
    found = np.empty((len(asked), k), np.int64)
    products = np.empty((min(QUERIES, len(asked)), min(COLUMNS, len(base))), np.float32)
    progress.phase("Comparing examples", len(asked))
    for start in range(0, len(asked), QUERIES):
        queries = asked[start : start + QUERIES]
        best = _Best.empty(len(queries), k)
        for column in range(0, len(base), COLUMNS):
            progress.check()
            part = base[column : column + COLUMNS]
            block = products[: len(queries), : len(part)]
            np.matmul(queries, part.T, out=block)
            if others:
                _leave_out(block, start - column)
            best.see(block, column)
        found[start : start + QUERIES] = best.rows
        progress.advance(len(queries))
    return found


def _leave_out(block: Floats, offset: int) -> None:
    """The product of query i with itself stands in column i + ``offset``, if anywhere."""
    own = np.arange(max(0, -offset), min(len(block), block.shape[1] - offset))
    block[own, own + offset] = -np.inf


@dataclass(slots=True)
class _Best:
    """The best so far: ``rows`` and ``cosines`` (queries, k), nearest first, -1 and -inf where there is none yet."""

    rows: Rows
    cosines: Floats

    @classmethod
    def empty(cls, queries: int, k: int) -> "_Best":
        return cls(np.full((queries, k), -1, np.int64), np.full((queries, k), -np.inf, np.float32))

    def see(self, block: Floats, column: int) -> None:
        """Take over what is better in a block of products, whose first column is row ``column``."""
        k = self.rows.shape[1]
        better = block > (self.cosines[:, -1] + np.float32(EQUAL))[:, None]
        _thin_out(better, block, k)
        query, place = np.divmod(np.flatnonzero(better), block.shape[1])
        if not len(query):
            return
        touched, first, counts = np.unique(query, return_index=True, return_counts=True)
        line = np.repeat(np.arange(len(touched)), counts)
        slot = k + np.arange(len(query)) - np.repeat(first, counts)
        cosines = np.full((len(touched), k + counts.max()), -np.inf, np.float32)
        rows = np.full(cosines.shape, -1, np.int64)
        cosines[:, :k], rows[:, :k] = self.cosines[touched], self.rows[touched]
        cosines[line, slot], rows[line, slot] = block[query, place], place + column
        # stable, and rows grow from left to right among equals: the first ones win
        order = np.argsort(-np.rint(cosines / np.float32(EQUAL)), axis=1, kind="stable")[:, :k]
        self.cosines[touched] = np.take_along_axis(cosines, order, axis=1)
        self.rows[touched] = np.take_along_axis(rows, order, axis=1)


def _thin_out(better: Mask, block: Floats, k: int) -> None:
    """Leave to each query of ``better`` about k candidates: those above the k-th best, and the first of its equals."""
    crowded = np.flatnonzero(np.count_nonzero(better, axis=1) > CROWD * k)
    if not len(crowded):
        return
    crowd = block[crowded]
    kth = np.partition(crowd, crowd.shape[1] - k, axis=1)[:, -k, None]
    above = crowd > kth + np.float32(EQUAL)
    equal = (crowd >= kth - np.float32(EQUAL)) & ~above
    if np.count_nonzero(equal) > CROWD * k * len(crowded):
        equal &= np.cumsum(equal, axis=1, dtype=np.int32) <= k
    better[crowded] &= above | equal
