"""How examples spread over the values of a column: counts of each value, and histograms."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.model import NONE, Codes, Mask
from dataimp_gui.core.query.asking import Asking
from dataimp_gui.core.query.coding import binned, coded, mask
from dataimp_gui.core.query.keeping import Array
from dataimp_gui.progress import Progress

Facet = list[tuple[str | None, int]]
"""Values of a column as text and how many examples have each, most first; None where there is none."""


@dataclass(frozen=True, slots=True)
class Histogram:
    """``edges`` float64 (bins + 1,), from the smallest number of all examples to the largest; ``counts`` int64 (bins,).

    ``missing`` examples have no number there. Of a time column, the edges are seconds since 1970.
    """

    edges: npt.NDArray[np.float64]
    counts: npt.NDArray[np.int64]
    missing: int


def facet(asking: Asking, column: str, where: str, limit: int, progress: Progress | None) -> Facet:
    """``limit`` 0 is all values."""
    if column == "tags":
        return _tag_counts(asking, where, limit, progress)
    codes, values = coded(asking, column, progress)
    if values is None:
        return _value_counts(asking, column, where, limit, progress)
    counts = _counts(codes, len(values), mask(asking, where, progress))
    most = np.argsort(-counts, kind="stable")[: np.count_nonzero(counts)]
    return [(values[code], int(counts[code])) for code in (most[:limit] if limit else most)]


def codes(
    asking: Asking, column: str, most: int, count: int, progress: Progress | None
) -> tuple[Codes, tuple[str, ...]] | None:
    """Codes of all ``count`` examples in the words of a column, most frequent first; None for more than ``most``."""
    with asking.asked("", [column]) as asked:
        values = f"(SELECT r, CAST({asked.terms[column]} AS VARCHAR) AS v FROM {asked.source})"
        often = f"SELECT v, count(*) AS n FROM {values} WHERE v IS NOT NULL GROUP BY v"
        listed = asking.rows(f"{often} ORDER BY n DESC, v LIMIT {most + 1}", progress)
        if len(listed) > most:
            return None
        numbered = f"(SELECT v, row_number() OVER (ORDER BY n DESC, v) - 1 AS code FROM ({often}))"
        arrays = asking.arrays(f"SELECT t.r, w.code FROM {values} t JOIN {numbered} w ON t.v = w.v", progress)
    found = np.full(count, NONE, dtype=np.int32)
    found[arrays["r"]] = arrays["code"]
    return found, tuple(str(word) for word, _ in listed)


def histogram(asking: Asking, column: str, bins: int, where: str, progress: Progress | None) -> Histogram:
    """Raises QueryError when the column is neither a number nor a time."""
    codes, edges = binned(asking, column, bins, progress)
    counts = _counts(codes, bins + 2, mask(asking, where, progress))
    return Histogram(edges, counts[:bins], int(counts[bins]))


def _counts(codes: Array, many: int, chosen: Mask | None) -> npt.NDArray[np.int64]:
    return np.bincount(codes if chosen is None else codes[chosen], minlength=many)


def _value_counts(asking: Asking, column: str, where: str, limit: int, progress: Progress | None) -> Facet:
    top = f" LIMIT {int(limit)}" if limit else ""
    with asking.asked(where, [column]) as asked:
        counted = asking.rows(
            f"SELECT CAST(v AS VARCHAR) AS text, n FROM "
            f"(SELECT {asked.terms[column]} AS v, count(*) AS n FROM {asked.source} GROUP BY v) "
            f"ORDER BY n DESC, v NULLS LAST{top}",
            progress,
        )
    return [(value, int(n)) for value, n in counted]


def _tag_counts(asking: Asking, where: str, limit: int, progress: Progress | None) -> Facet:
    """An example counts once for each of its tags; tags that no selected example has are left out."""
    with asking.store.reading() as layout:
        tags = list(layout.tags())
        names = [layout.tag(tag) for tag in tags]
        with asking.asked(where, names) as asked:
            sums = "".join(f", count_if({asked.terms[name]})" for name in names)
            counts = asking.rows(f"SELECT count(*){sums} FROM {asked.source}", progress)[0][1:]
    found = [(tag, int(n)) for tag, n in zip(tags, counts, strict=True) if n]
    found.sort(key=lambda pair: (-pair[1], pair[0]))
    return list(found[:limit] if limit else found)
