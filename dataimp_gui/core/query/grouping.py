"""Examples in the groups that the values of a column make: the largest first, or numbers from low to high."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.model import Rows
from dataimp_gui.core.query.asking import Asked, Asking
from dataimp_gui.progress import Progress

FEW: Final = 12  # values of a number that each make a group
PARTS: Final = 5

Floats = npt.NDArray[np.float64]
_Found = tuple[npt.NDArray[Any], npt.NDArray[np.int32], tuple[str | None, ...]]  # rows, their groups, the names


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """``rows`` int64 (n,), group after group; that of ``names[i]`` is ``rows[starts[i]:starts[i + 1]]``.

    A name is the value as text, None where there is none. ``starts`` int64 (groups + 1,).
    """

    column: str
    rows: Rows
    names: tuple[str | None, ...]
    starts: npt.NDArray[np.int64]


def grouped(
    asking: Asking, column: str, where: str, order_by: str, descending: bool, progress: Progress | None
) -> Groups:
    """What ``where`` selects. Within a group by ``order_by``, missing last, then in the order of rows.

    A number of many values makes `PARTS` groups of about equal size, the lowest first, named by their least and
    greatest values.
    """
    with asking.asked(where, [column, order_by] if order_by else [column]) as asked:
        group = _by_size if asked.types[column] == "number" and _is_fine(asking, asked, column, progress) else _by_value
        found, of, names = group(asking, asked, column, progress)
        order = f"{asked.terms[order_by]} {'DESC' if descending else 'ASC'} NULLS LAST, r" if order_by else "r"
        rows = np.asarray(asking.arrays(f"SELECT r FROM {asked.source} ORDER BY {order}", progress)["r"], np.int64)
    groups = np.zeros(asking.store.count, dtype=np.int32)
    groups[found] = of
    rows = rows[np.argsort(groups[rows], kind="stable")]  # far faster than to let the database sort by both
    sizes = np.bincount(of, minlength=len(names))
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    return Groups(column, rows, names, starts)


def _by_value(asking: Asking, asked: Asked, column: str, progress: Progress | None) -> _Found:
    source = f"(SELECT r, {asked.terms[column]} AS v FROM {asked.source})"
    largest = "ORDER BY count(*) DESC, v NULLS LAST"
    numbered = f"SELECT v, row_number() OVER ({largest}) - 1 AS k FROM {source} GROUP BY v"
    named = asking.rows(f"SELECT CAST(v AS VARCHAR) FROM ({numbered}) ORDER BY k", progress)
    found = asking.arrays(
        f"SELECT s.r AS r, CAST(g.k AS INTEGER) AS k FROM {source} s "
        f"JOIN ({numbered}) g ON s.v IS NOT DISTINCT FROM g.v",
        progress,
    )
    return found["r"], found["k"], tuple(name for (name,) in named)


def _is_fine(asking: Asking, asked: Asked, column: str, progress: Progress | None) -> bool:
    """Whether hardly two examples have the same number."""
    some = f"SELECT DISTINCT {asked.terms[column]} FROM {asked.source} LIMIT {FEW + 1}"
    return len(asking.rows(some, progress)) > FEW


def _by_size(asking: Asking, asked: Asked, column: str, progress: Progress | None) -> _Found:
    found = asking.arrays(f"SELECT r, CAST({asked.terms[column]} AS DOUBLE) AS v FROM {asked.source}", progress)
    values = np.ma.filled(np.ma.asarray(found["v"], dtype=np.float64), np.nan)
    known = np.sort(values[~np.isnan(values)])
    if not len(known):
        return found["r"], np.zeros(len(values), dtype=np.int32), (None,) * bool(len(values))
    upper = np.unique(known[[len(known) * part // PARTS - 1 for part in range(1, PARTS + 1)]])
    of = np.searchsorted(upper, values).astype(np.int32)  # NaN comes behind the last
    lower = known[np.concatenate([[0], np.searchsorted(known, upper[:-1], side="right")])]
    names: tuple[str | None, ...] = _named(lower, upper)
    return found["r"], of, (*names, None) if len(known) < len(values) else names


def _named(lower: Floats, upper: Floats) -> tuple[str, ...]:
    """With as few digits as tell the groups apart."""
    for digits in range(3, 17):
        ends = [[f"{value:.{digits}g}" for value in values] for values in (lower, upper)]
        if len({*ends[0]}) == len(lower) and all(a != b for a, b in zip(ends[0][1:], ends[1][:-1], strict=True)):
            break
    return tuple(low if low == high else f"{low} – {high}" for low, high in zip(*ends, strict=True))
