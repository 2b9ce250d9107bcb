"""Columns and clauses as small arrays over all examples, so that numpy counts in a millisecond what was coded once."""

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core import edits
from dataimp_gui.core.model import Mask
from dataimp_gui.core.query import functions as f
from dataimp_gui.core.query.asking import Asking
from dataimp_gui.core.query.keeping import Array
from dataimp_gui.errors import QueryError
from dataimp_gui.progress import Progress

MOST_VALUES: Final = 2**16
"""A column with more different values is not coded."""

Values = tuple[str | None, ...]


def mask(asking: Asking, where: str, progress: Progress | None) -> Mask | None:
    """Which examples a clause selects, bool (n,); None for all."""
    if not where.strip():
        return asking.store.present if asking.store.hidden else None

    def make() -> tuple[Mask, None]:
        found = np.zeros(asking.store.count, dtype=np.bool_)
        with asking.asked(where) as asked:
            found[asking.arrays(f"SELECT r FROM {asked.source}", progress)["r"]] = True
        return found, None

    return asking.kept.get(("where", where), asking.store.revision, make)[0]


def coded(asking: Asking, column: str, progress: Progress | None) -> tuple[Array, Values | None]:
    """Codes (n,) of each example's value among all values as text, in their order, None last.

    No values for a column with more than `MOST_VALUES`.
    """

    def make() -> tuple[Array, Values | None]:
        if column in (edits.LABEL, edits.SPLIT):
            return _worded(asking, column)
        return _listed(asking, column, progress)

    return asking.kept.get(("values", column), asking.store.stamp(column), make)


def binned(asking: Asking, column: str, bins: int, progress: Progress | None) -> tuple[Array, npt.NDArray[np.float64]]:
    """The bin of each example (n,), ``bins`` where there is no number, ``bins`` + 1 where it is infinite; the edges.

    Raises QueryError when the column is neither a number nor a time.
    """
    return asking.kept.get(
        ("bins", column, str(bins)), asking.store.stamp(column), lambda: _cut(asking, column, bins, progress)
    )


def _worded(asking: Asking, column: str) -> tuple[Array, Values | None]:
    codes, words = asking.store.worded(column)
    if len(words) >= MOST_VALUES:
        return codes[:0], None
    order = sorted(range(len(words)), key=words.__getitem__)
    places = np.empty(len(words) + 1, dtype=np.min_scalar_type(len(words)))
    places[order] = np.arange(len(words))
    places[-1] = len(words)  # the code -1 means no word
    return places[codes], (*(words[code] for code in order), None)


def _listed(asking: Asking, column: str, progress: Progress | None) -> tuple[Array, Values | None]:
    with asking.asked("", [column], every_row=True) as asked:
        value = asked.terms[column]
        if asked.types[column] == f.FLAG:
            flags = f"SELECT coalesce(CAST({value} AS UTINYINT), 2) AS code FROM {asked.source}"
            return np.asarray(asking.arrays(flags, progress)["code"]), ("false", "true", None)
        each = f"SELECT r, {value} AS v FROM {asked.source}"
        listed = f"SELECT DISTINCT v FROM ({each}) LIMIT {MOST_VALUES + 1}"
        values = asking.rows(f"SELECT CAST(v AS VARCHAR) FROM ({listed}) ORDER BY v NULLS LAST", progress)
        if len(values) > MOST_VALUES:
            return np.empty(0, dtype=np.uint8), None
        numbered = f"SELECT v, row_number() OVER (ORDER BY v NULLS LAST) - 1 AS code FROM ({listed})"
        found = asking.arrays(
            f"SELECT e.r, CAST(n.code AS USMALLINT) AS code FROM ({each}) e "
            f"JOIN ({numbered}) n ON e.v IS NOT DISTINCT FROM n.v",
            progress,
        )
    codes = np.zeros(asking.store.count, dtype=np.min_scalar_type(len(values)))
    codes[found["r"]] = found["code"]
    return codes, tuple(value for (value,) in values)


def _cut(asking: Asking, column: str, bins: int, progress: Progress | None) -> tuple[Array, npt.NDArray[np.float64]]:
    with asking.asked("", [column], every_row=True) as asked:
        value = asked.terms[column]
        if asked.types[column] not in (f.NUMBER, f.TIME):
            raise QueryError(f"{column} has no numbers to draw.")
        value = f"CAST({value} AS DOUBLE)" if asked.types[column] == f.NUMBER else f"epoch({value})"
        numbers = f"(SELECT {value} AS x FROM {asked.source})"
        low, high = asking.rows(f"SELECT min(x), max(x) FROM {numbers} WHERE isfinite(x)", progress)[0]
        low, high = (0.0, 1.0) if low is None else (float(low), float(high))
        if low == high:
            low, high = low - 0.5, high + 0.5
        if not high > low:
            low, high = float(np.nextafter(low, -np.inf)), float(np.nextafter(high, np.inf))
        scale = 1.0 if math.isfinite(high - low) else 0.5  # the range may be past all numbers though its ends are not
        share = f"((x * {scale} - {low * scale!r}) / {high * scale - low * scale!r})"
        within = f"CASE WHEN x BETWEEN {low!r} AND {high!r} THEN least(floor({share} * {bins}), {bins - 1})"
        codes = asking.arrays(
            f"SELECT CAST({within} WHEN x IS NULL THEN {bins} ELSE {bins + 1} END AS USMALLINT) AS bin FROM {numbers}",
            progress,
        )["bin"]
    edges = np.linspace(low * scale, high * scale, bins + 1) / scale
    return np.asarray(codes).astype(np.min_scalar_type(bins + 1)), edges
