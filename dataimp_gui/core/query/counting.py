"""How examples spread over the values of a column: counts of each value, and histograms."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.model import NONE, Codes
from dataimp_gui.core.query import functions as f
from dataimp_gui.core.query.asking import Asked, Asking
from dataimp_gui.errors import QueryError
from dataimp_gui.progress import Progress

Facet = list[tuple[str | None, int]]
"""Values of a column as text and how many examples have each, most first; None where there is none."""


@dataclass(frozen=True, slots=True)
class Histogram:
    """``edges`` float64 (bins + 1,), ``counts`` int64 (bins,); ``missing`` examples have no number there.

    Of a time column, the edges are seconds since 1970.
    """

    edges: npt.NDArray[np.float64]
    counts: npt.NDArray[np.int64]
    missing: int


def facets(
    asking: Asking, columns: Sequence[str], where: str, limit: int, progress: Progress | None
) -> dict[str, Facet]:
    """One `Facet` for each of ``columns``, in one pass over the examples. ``limit`` 0 is all values."""
    found: dict[str, Facet] = {}
    plain = [column for column in dict.fromkeys(columns) if column != "tags"]
    if "tags" in columns:
        found["tags"] = _tag_counts(asking, where, limit, progress)
    if plain:
        with asking.asked(where, plain) as asked:
            counted = _value_counts if len(plain) == 1 else _grouped_counts
            found |= counted(asking, plain, asked, limit, progress)
    return {column: found[column] for column in columns}


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


def histogram(
    asking: Asking,
    column: str,
    bins: int,
    where: str,
    limits: tuple[float, float] | None,
    progress: Progress | None,
) -> Histogram:
    """``limits`` are the first and the last edge; else those of the examples that ``where`` selects.

    Raises QueryError when the column is neither a number nor a time.
    """
    with asking.asked(where, [column]) as asked:
        value = asked.terms[column]
        if asked.types[column] not in (f.NUMBER, f.TIME):
            raise QueryError(f"{column} has no numbers to draw.")
        value = f"CAST({value} AS DOUBLE)" if asked.types[column] == f.NUMBER else f"epoch({value})"
        if limits is None:
            low, high = asking.rows(
                f"SELECT min(x), max(x) FROM (SELECT {value} AS x FROM {asked.source}) WHERE isfinite(x)", progress
            )[0]
            limits = (0.0, 1.0) if low is None else (low, high)
        low, high = map(float, limits)
        if low == high:
            low, high = low - 0.5, high + 0.5
        if not high > low:
            low, high = float(np.nextafter(low, -np.inf)), float(np.nextafter(high, np.inf))
        scale = 1.0 if math.isfinite(high - low) else 0.5  # the range may be past all numbers though its ends are not
        share = f"((x * {scale} - {low * scale!r}) / {high * scale - low * scale!r})"
        counted = asking.rows(
            f"SELECT CASE WHEN x BETWEEN {low!r} AND {high!r} THEN least(floor({share} * {bins}), {bins - 1}) "
            f"WHEN x IS NULL THEN -1 ELSE -2 END AS bin, count(*) "
            f"FROM (SELECT {value} AS x FROM {asked.source}) GROUP BY bin",
            progress,
        )
    counts = np.zeros(bins, dtype=np.int64)
    missing = 0
    for bin_, n in counted:
        if bin_ >= 0:
            counts[int(bin_)] = n
        elif bin_ == -1:
            missing = int(n)
    return Histogram(np.linspace(low * scale, high * scale, bins + 1) / scale, counts, missing)


def _value_counts(
    asking: Asking, columns: Sequence[str], asked: Asked, limit: int, progress: Progress | None
) -> dict[str, Facet]:
    (column,) = columns
    top = f" LIMIT {int(limit)}" if limit else ""
    counted = asking.rows(
        f"SELECT CAST(v AS VARCHAR) AS text, n FROM "
        f"(SELECT {asked.terms[column]} AS v, count(*) AS n FROM {asked.source} GROUP BY v) "
        f"ORDER BY n DESC, v NULLS LAST{top}",
        progress,
    )
    return {column: [(value, int(n)) for value, n in counted]}


def _grouped_counts(
    asking: Asking, columns: Sequence[str], asked: Asked, limit: int, progress: Progress | None
) -> dict[str, Facet]:
    values = ", ".join(f"CAST({asked.terms[column]} AS VARCHAR) AS v{i}" for i, column in enumerate(columns))
    places = range(len(columns))
    which = " ".join(f"WHEN grouping(v{i}) = 0 THEN {i}" for i in places)
    text = " ".join(f"WHEN grouping(v{i}) = 0 THEN v{i}" for i in places)
    top = f"QUALIFY row_number() OVER (PARTITION BY i ORDER BY n DESC, v NULLS LAST) <= {int(limit)}" if limit else ""
    counted = asking.rows(
        f"SELECT i, v, n FROM (SELECT CASE {which} END AS i, CASE {text} END AS v, count(*) AS n "
        f"FROM (SELECT {values} FROM {asked.source}) GROUP BY GROUPING SETS ({', '.join(f'(v{i})' for i in places)})) "
        f"{top} ORDER BY i, n DESC, v NULLS LAST",
        progress,
    )
    found: dict[str, Facet] = {column: [] for column in columns}
    for place, value, n in counted:
        found[columns[place]].append((value, int(n)))
    return found


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
