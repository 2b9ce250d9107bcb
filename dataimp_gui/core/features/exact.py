"""The nearest neighbours by comparing everything with everything, one block of products at a time."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

import numpy as np

from dataimp_gui.core.compute.pool import available
from dataimp_gui.core.features.embedding import Floats
from dataimp_gui.core.model import Rows
from dataimp_gui.progress import Progress

QUERIES: Final = 1024  # a block of products is 16 MiB: large enough for the product to be fast, and memory is bounded
COLUMNS: Final = 4096
GROUP: Final = 16  # columns of a block that are looked at together: most groups have nothing, and are done with at once
MANY: Final = 4  # times k candidates a query are worth thinning out
EQUAL: Final = np.float32(2.0**-20)  # cosines no further apart are equal: the order of a sum in float32 changes them


def nearest(base: Floats, asked: Floats, k: int, progress: Progress, *, others: bool) -> Rows:
    """Positions (m, k) in ``base`` (n, d) of the nearest to each of ``asked`` (m, d), all of length 1; in any order.

    ``others``: ``asked`` is ``base``, and nothing is its own neighbour. Among equals those that stand first. -1 where
    there are fewer. Memory beyond the answer is one block a processor. Raises Cancelled.
    """
    found = np.empty((len(asked), k), np.int64)

    def search(start: int) -> int:
        queries = asked[start : start + QUERIES]
        best = _Best.empty(len(queries), k)
        products = np.empty((len(queries), min(COLUMNS, len(base) + -len(base) % GROUP)), np.float32)
        for column in range(0, len(base), COLUMNS):
            progress.check()
            part = base[column : column + COLUMNS]
            block = products[:, : len(part) + -len(part) % GROUP]
            np.matmul(queries, part.T, out=block[:, : len(part)])
            block[:, len(part) :] = -np.inf
            if others:
                own = np.arange(max(0, column - start), min(len(queries), column - start + len(part)))
                block[own, own + start - column] = -np.inf
            best.see(block, column)
        found[start : start + QUERIES] = best.rows
        return len(queries)

    progress.phase("Comparing examples", len(asked))
    with one_thread_each() as threads, ThreadPoolExecutor(threads, "neighbours") as workers:
        try:
            for done in workers.map(search, range(0, len(asked), QUERIES)):
                progress.advance(done)
        except BaseException:
            workers.shutdown(cancel_futures=True)
            raise
    return found


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
        query, place = _above(block, self.cosines[:, -1] + EQUAL, k)
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


@contextmanager
def one_thread_each() -> Iterator[int]:
    """How many threads to start, each of which computes products by itself.

    BLAS would divide every single product among all processors and wait for the slowest of them: on a machine that
    also does other things that is several times slower.
    """
    from threadpoolctl import threadpool_limits

    with _lock:  # the first one in limits, the last one out lifts it
        if not _users:
            _limited.append(threadpool_limits(1, user_api="blas"))
        _users.append(1)
    try:
        yield available()
    finally:
        with _lock:
            _users.pop()
            if not _users:
                _limited.pop().restore_original_limits()
