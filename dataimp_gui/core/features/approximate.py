"""The nearest neighbours among very many: lists of vectors that lie close together, of which only a few are compared.

An inverted file (Jegou, Douze and Schmid, "Product quantization for nearest neighbor search", 2011, section IV), whose
queries are taken a list at a time, so that comparing is a product of matrices.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.features import exact
from dataimp_gui.core.features.embedding import Floats
from dataimp_gui.core.features.exact import COLUMNS, EQUAL, Best, in_threads
from dataimp_gui.core.model import Rows
from dataimp_gui.progress import Progress

RECALL: Final = 0.97  # of the true neighbours of a sample, before all are searched for
SAMPLE: Final = 1024  # queries whose true neighbours are looked up to see how many lists are needed
LISTS: Final = 2.0  # times the square root of the number of vectors
ROUNDS: Final = 8  # of k-means
FOR_EACH: Final = 40  # vectors for each list that k-means learns from
ASSIGNED: Final = 2048  # vectors that are given their list at a time


def nearest(base: Floats, asked: Floats, k: int, progress: Progress, *, own: Rows | None = None) -> Rows:
    """As `exact.nearest`, with at least `RECALL` of the neighbours, which is measured on a sample; the rest are nearly
    as near. Where that would take as long as comparing everything, everything is compared.

    Takes a copy of ``base`` in memory. Equal input gives equal output.
    """
    lists = _Lists.of(base, progress)
    sample = np.sort(np.random.default_rng(0).choice(len(asked), min(SAMPLE, len(asked)), replace=False))
    queries, left_out = asked[sample], None if own is None else own[sample]
    truth = _worst(base, queries, exact.nearest(base, queries, k, progress, own=left_out))
    probes = max(4, -(-8 * k * len(lists.centres) // len(base)))
    while probes <= len(lists.centres) // 3:
        found = lists.search(queries, k, probes, progress, "Choosing how to search", own=left_out)
        if np.mean(_cosines(base, queries, found) >= truth[:, None] - EQUAL) >= RECALL:
            return lists.search(asked, k, probes, progress, "Comparing examples", own=own)
        probes *= 2
    return exact.nearest(base, asked, k, progress, own=own)


@dataclass(frozen=True, slots=True)
class _Lists:
    """``centres`` (lists, d); list i holds the positions ``rows[starts[i]:starts[i + 1]]`` and their ``vectors``."""

    centres: Floats
    starts: npt.NDArray[np.int64]
    rows: Rows
    vectors: Floats

    @classmethod
    def of(cls, base: Floats, progress: Progress) -> "_Lists":
        centres = _centres(base, round(LISTS * len(base) ** 0.5), progress)
        assigned = _assign(base, centres, progress, "Sorting examples by where they are")
        rows = np.argsort(assigned, kind="stable")
        # lists that k-means cannot divide, of equal vectors, say, are cut: no list is long, so no query takes long
        starts = np.searchsorted(assigned[rows], np.arange(len(centres) + 1))
        longest = min(COLUMNS, 4 * len(base) // len(centres))
        pieces = -(-np.diff(starts) // longest)
        of = np.repeat(np.arange(len(centres)), pieces)
        number = np.arange(len(of)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
        vectors = np.empty_like(base)
        for start in range(0, len(rows), COLUMNS):
            vectors[start : start + COLUMNS] = base[rows[start : start + COLUMNS]]
        return cls(centres[of], np.append(starts[of] + number * longest, len(rows)), rows, vectors)

    def search(self, asked: Floats, k: int, probes: int, progress: Progress, title: str, *, own: Rows | None) -> Rows:
        """Each of ``asked`` is compared with the ``probes`` lists that are nearest to its own list."""
        if own is None:
            home, place = _assign(asked, self.centres, progress, title), None
        else:
            position = np.empty_like(self.rows)
            position[self.rows] = np.arange(len(self.rows))
            home = np.searchsorted(self.starts, position[own], side="right") - 1
            place = position[own] - self.starts[home]
        order = np.argsort(home, kind="stable")
        bounds = np.flatnonzero(np.diff(home[order], prepend=-1, append=-1))
        found = np.empty((len(asked), k), np.int64)

        def compare(number: int) -> int:
            progress.check()
            these = order[bounds[number] : bounds[number + 1]]
            at = home[these[0]]
            likeness = self.centres @ self.centres[at]
            likeness[at] = np.inf  # its own list first
            near = np.argsort(-likeness, kind="stable")[:probes]
            inside = np.concatenate([np.arange(self.starts[each], self.starts[each + 1]) for each in near])
            best = Best(asked[these], k)
            for start in range(0, len(inside), COLUMNS):
                part = inside[start : start + COLUMNS]
                left_out = place[these] - start if place is not None else None
                best.see(self.vectors[part], self.rows[part], left_out)
            found[these] = best.rows
            return len(these)

        progress.phase(title, len(asked))
        in_threads(compare, range(len(bounds) - 1), progress.advance)
        return found


def _centres(base: Floats, count: int, progress: Progress) -> Floats:
    """Directions (count, d) that divide a sample of ``base`` into parts of about equal size: spherical k-means."""
    rng = np.random.default_rng(0)
    sample = base[np.sort(rng.choice(len(base), min(len(base), FOR_EACH * count), replace=False))]
    centres = sample[rng.choice(len(sample), count, replace=False)]
    for number in range(ROUNDS):
        nearest_one = _assign(sample, centres, progress, f"Dividing examples, round {number + 1} of {ROUNDS}")
        order = np.argsort(nearest_one, kind="stable")
        filled, first = np.unique(nearest_one[order], return_index=True)
        centres = sample[rng.choice(len(sample), count, replace=False)]  # the empty ones begin anew
        means = np.add.reduceat(sample[order], first)
        lengths = np.linalg.norm(means, axis=1)
        centres[filled[lengths > 0]] = means[lengths > 0] / lengths[lengths > 0, None]
    return centres


def _assign(vectors: Floats, centres: Floats, progress: Progress, title: str) -> Rows:
    """The nearest of ``centres`` to each vector."""
    nearest_one = np.empty(len(vectors), np.int64)

    def assign(start: int) -> int:
        progress.check()
        part = slice(start, start + ASSIGNED)
        nearest_one[part] = np.argmax(vectors[part] @ centres.T, axis=1)
        return len(nearest_one[part])

    progress.phase(title, len(vectors))
    in_threads(assign, range(0, len(vectors), ASSIGNED), progress.advance)
    return nearest_one


def _cosines(base: Floats, queries: Floats, found: Rows) -> Floats:
    cosines = np.einsum("qkd,qd->qk", base[found], queries)
    return np.where(found >= 0, cosines, np.float32(-np.inf))


def _worst(base: Floats, queries: Floats, found: Rows) -> Floats:
    """The cosine of the k-th nearest of each query."""
    return np.asarray(_cosines(base, queries, found).min(axis=1), np.float32)
