"""The nearest neighbours by comparing everything with everything, one block of products at a time."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Lock
from typing import Any, Final, TypeVar

import numpy as np

from dataimp_gui.core.compute.pool import available
from dataimp_gui.core.features.embedding import Floats
from dataimp_gui.core.model import Rows
from dataimp_gui.progress import Progress

T = TypeVar("T")
R = TypeVar("R")

QUERIES: Final = 1024  # a block of products is 16 MiB: large enough for the product to be fast, and memory is bounded
COLUMNS: Final = 4096
GROUP: Final = 16  # columns of a block that are looked at together: most groups have nothing, and are done with at once
MANY: Final = 4  # times k candidates a query are worth thinning out
EQUAL: Final = np.float32(2.0**-20)  # cosines no further apart are equal: the order of a sum in float32 changes them


def nearest(base: Floats, asked: Floats, k: int, progress: Progress, *, own: Rows | None = None) -> Rows:
    """Positions (m, k) in ``base`` (n, d) of the nearest to each of ``asked`` (m, d), all of length 1; in any order.

    ``own`` (m,) are the positions that the asked ones themselves have, to be left out. Among equals those that stand
    first. -1 where there are fewer. Memory beyond the answer is one block a processor. Raises Cancelled.
    """
    found = np.empty((len(asked), k), np.int64)

    def search(start: int) -> int:
        queries = asked[start : start + QUERIES]
        best = Best(queries, k)
        for column in range(0, len(base), COLUMNS):
            progress.check()
            part = base[column : column + COLUMNS]
            left_out = None if own is None else own[start : start + QUERIES] - column
            best.see(part, np.arange(column, column + len(part)), left_out)
        found[start : start + QUERIES] = best.rows
        return len(queries)

    progress.phase("Comparing examples", len(asked))
    in_threads(search, range(0, len(asked), QUERIES), progress.advance)
    return found


class Best:
    """The best that was seen for some queries (q, d): ``rows`` and ``cosines`` (q, k), nearest first.

    -1 and -inf where there is none yet.
    """

    def __init__(self, queries: Floats, k: int) -> None:
        self.rows = np.full((len(queries), k), -1, np.int64)
        self.cosines = np.full((len(queries), k), -np.inf, np.float32)
        self._queries = queries
        self._products = np.empty((len(queries), 0), np.float32)

    def see(self, part: Floats, names: Rows, left_out: Rows | None = None) -> None:
        """Compare with ``part`` (c, d), whose rows have ``names`` (c,); among equals those further left win.

        ``left_out`` (q,): the place in ``part`` that a query shall not find; any other number for none.
        """
        k, width = self.rows.shape[1], len(part) + -len(part) % GROUP
        if width > self._products.shape[1]:
            self._products = np.empty((len(self._queries), width), np.float32)
        block = self._products[:, :width]
        np.matmul(self._queries, part.T, out=block[:, : len(part)])
        block[:, len(part) :] = -np.inf
        if left_out is not None:
            there = np.flatnonzero((left_out >= 0) & (left_out < len(part)))
            block[there, left_out[there]] = -np.inf
        query, place = _above(block, self.cosines[:, -1] + EQUAL, k)
        if not len(query):
            return
        touched, first, counts = np.unique(query, return_index=True, return_counts=True)
        line = np.repeat(np.arange(len(touched)), counts)
        slot = k + np.arange(len(query)) - np.repeat(first, counts)
        cosines = np.full((len(touched), k + counts.max()), -np.inf, np.float32)
        rows = np.full(cosines.shape, -1, np.int64)
        cosines[:, :k], rows[:, :k] = self.cosines[touched], self.rows[touched]
        cosines[line, slot], rows[line, slot] = block[query, place], names[place]
        # stable: of equals, those seen first stay left
        order = np.argsort(-np.rint(cosines / EQUAL), axis=1, kind="stable")[:, :k]
        self.cosines[touched] = np.take_along_axis(cosines, order, axis=1)
        self.rows[touched] = np.take_along_axis(rows, order, axis=1)


def _above(block: Floats, floor: Floats, k: int) -> tuple[Rows, Rows]:
    """Where a product is above the floor of its query, without most of those that k others are better than."""
    groups = block.reshape(len(block), GROUP, -1)
    tops = groups.max(axis=1)
    if tops.shape[1] > k:
        crowded = np.flatnonzero(np.count_nonzero(tops > floor[:, None], axis=1) > k)
        kth = np.partition(tops[crowded], tops.shape[1] - k, axis=1)[:, -k]
        floor[crowded] = np.maximum(floor[crowded], kth - EQUAL)
    query, group = np.divmod(np.flatnonzero(tops > floor[:, None]), tops.shape[1])
    many = MANY * k * len(block)
    if len(query) > many and len(block) > 32:  # whole blocks of equals: less of them at a time
        half = len(block) // 2
        (one, left), (other, right) = _above(block[:half], floor[:half], k), _above(block[half:], floor[half:], k)
        return np.concatenate([one, other + half]), np.concatenate([left, right])
    which, within = np.nonzero(groups[query, :, group] > floor[query, None])
    cells = np.sort(query[which] * block.shape[1] + within * tops.shape[1] + group[which])
    query, place = np.divmod(cells, block.shape[1])
    if len(query) > many:  # the first k equals of each query are enough
        surely = block[query, place] > floor[query] + 2 * EQUAL
        equals = np.cumsum(~surely)
        before = np.searchsorted(query, np.arange(len(block)))
        wanted = surely | (equals - np.concatenate([[0], equals])[before[query]] <= k)
        query, place = query[wanted], place[wanted]
    return query, place


_limited: list[Any] = []
_users: list[int] = []
_lock = Lock()


def in_threads(work: Callable[[T], R], items: Iterable[T], then: Callable[[R], object] = lambda _: None) -> None:
    """``then(work(item))`` for each item, in their order, ``then`` here and ``work`` in one thread a processor.

    BLAS would divide every single product among all processors and wait for the slowest of them: on a machine that
    also does other things that takes several times as long. So each thread computes its products by itself.
    """
    with _one_processor_a_product(), ThreadPoolExecutor(available(), "neighbours") as workers:
        try:
            for result in workers.map(work, items):
                then(result)
        finally:
            workers.shutdown(cancel_futures=True)


@contextmanager
def _one_processor_a_product() -> Iterator[None]:
    from threadpoolctl import threadpool_limits

    with _lock:  # the first one in limits, the last one out lifts it
        if not _users:
            _limited.append(threadpool_limits(1, user_api="blas"))
        _users.append(1)
    try:
        yield
    finally:
        with _lock:
            _users.pop()
            if not _users:
                _limited.pop().restore_original_limits()
