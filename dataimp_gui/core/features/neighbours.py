"""Which other examples are most like an example, by the cosine of their vectors."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.features import approximate, exact
from dataimp_gui.core.features.embedding import Floats, unit
from dataimp_gui.core.model import Rows
from dataimp_gui.progress import Progress

EXACT_UP_TO: Final = 200_000  # examples compared with each other; beyond it, with those that lie close
READ: Final = 65_536  # rows that one thread reads at a time where nothing is copied
CHUNK: Final = 8192  # rows at a time where a pass over all vectors would need a copy of them


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The ``k`` most similar other examples of each one: ``rows`` int64 (n, k), nearest first, -1 where there are
    fewer; ``similarity`` float32 (n, k), the cosine in [-1, 1], NaN where there are fewer. Equals are in the order
    of rows."""

    rows: npt.NDArray[np.int64]
    similarity: Floats


def neighbours(
    vectors: npt.NDArray[np.floating],
    k: int,
    progress: Progress | None = None,
    *,
    query: npt.NDArray[np.floating] | None = None,
) -> Neighbours:
    """The ``k`` nearest of ``vectors`` (n, d) to each of them, itself left out; with ``query`` (m, d) to each of those.

    Of any float type and length. Rows that are not finite or of length 0 have no neighbours and are nobody's. Exact
    up to `EXACT_UP_TO` vectors; beyond, see `approximate.nearest`. Memory beyond the answer: one copy of ``vectors``,
    and another one when their length is not 1. Raises Cancelled.
    """
    progress = progress or Progress()
    base, known = _directions(vectors)
    asked, askers = (base, known) if query is None else _directions(query)
    found = np.full((len(asked), min(k, len(base))), -1, np.int64)
    if found.size:
        own = np.arange(len(base)) if query is None else None
        search = exact if len(base) * len(asked) <= EXACT_UP_TO**2 else approximate
        found = search.nearest(base, asked, found.shape[1], progress, own=own)
    similarity = _cosines(base, asked, found, progress)
    order = np.lexsort(np.stack([found.astype(np.float64), -similarity.astype(np.float64)]), axis=1)
    found, similarity = np.take_along_axis(found, order, axis=1), np.take_along_axis(similarity, order, axis=1)
    count = len(vectors) if query is None else len(query)
    rows, cosines = np.full((count, k), -1, np.int64), np.full((count, k), np.nan, np.float32)
    rows[askers, : found.shape[1]] = np.where(found >= 0, known[found] if len(known) else -1, -1)
    cosines[askers, : found.shape[1]] = similarity
    return Neighbours(rows, cosines)


def similar(vectors: Floats, rows: Rows, k: int) -> tuple[Rows, Floats]:
    """The ``k`` examples that are most like ``rows``, and their cosine, the mean over several; nearest first.

    ``vectors`` (n, d) are of length 1 or NaN, as those of an Embedding. ``rows`` themselves are left out; the answer
    is shorter where there are fewer, and empty where none of ``rows`` has a vector.
    """
    asked = vectors[rows]
    asked = asked[np.isfinite(asked).all(axis=1)]
    if not len(asked):
        return np.zeros(0, np.int64), np.zeros(0, np.float32)
    cosines = _products(vectors, asked.mean(axis=0))
    cosines[rows] = np.nan
    cosines[np.isnan(cosines)] = -np.inf
    k = min(k, int(np.count_nonzero(cosines > -np.inf)))
    if not k:
        return np.zeros(0, np.int64), np.zeros(0, np.float32)
    worst = np.partition(cosines, len(cosines) - k)[-k]
    nearest = np.concatenate([np.flatnonzero(cosines > worst), np.flatnonzero(cosines == worst)])[:k]
    nearest = nearest[np.lexsort((nearest, -cosines[nearest]))]
    return nearest, cosines[nearest]


def _products(vectors: Floats, direction: Floats) -> Floats:
    products = np.empty(len(vectors), np.float32)

    def multiply(start: int) -> None:
        np.matmul(vectors[start : start + READ], direction, out=products[start : start + READ])

    exact.in_threads(multiply, range(0, len(vectors), READ))
    return products


def _directions(vectors: npt.NDArray[np.floating]) -> tuple[Floats, Rows]:
    """The rows of ``vectors`` that have a direction, of length 1, and where they stand; no copy when all are that."""
    count, dims = vectors.shape
    lengths = np.empty(count, np.float64)
    for start in range(0, count, CHUNK):
        chunk = np.asarray(vectors[start : start + CHUNK], np.float32)
        with np.errstate(over="ignore", invalid="ignore"):
            lengths[start : start + CHUNK] = np.einsum("ij,ij->i", chunk, chunk) if dims else np.nan
    if vectors.dtype == np.float32 and np.all(np.abs(lengths - 1) < 1e-5):
        return vectors, np.arange(count)
    directions = np.empty(vectors.shape, np.float32)
    for start in range(0, count, CHUNK):
        directions[start : start + CHUNK] = unit(vectors[start : start + CHUNK])
    known = np.flatnonzero(np.isfinite(directions).all(axis=1)) if dims else np.zeros(0, np.int64)
    return directions if len(known) == count else directions[known], known


def _cosines(base: Floats, asked: Floats, found: Rows, progress: Progress) -> Floats:
    """The cosine of each pair by itself, so that equal vectors get equal ones wherever they stand."""
    similarity = np.full(found.shape, np.nan, np.float32)
    for start in range(0, len(found), CHUNK):
        progress.check()
        these, part = found[start : start + CHUNK], slice(start, start + CHUNK)
        for column in range(found.shape[1]):
            similarity[part, column] = np.einsum("ij,ij->i", base[these[:, column]], asked[part])
    similarity[found < 0] = np.nan
    return np.clip(similarity, -1, 1)
