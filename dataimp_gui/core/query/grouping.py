"""Examples in the groups that the values of a column make, the largest group first."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.model import Rows
from dataimp_gui.core.query.asking import Asking
from dataimp_gui.progress import Progress


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
    """What ``where`` selects. Within a group by ``order_by``, missing last, then in the order of rows."""
    with asking.asked(where, [column, order_by] if order_by else [column]) as asked:
        source = f"(SELECT r, {asked.terms[column]} AS v FROM {asked.source})"
        largest = "ORDER BY count(*) DESC, v NULLS LAST"
        numbered = f"SELECT v, count(*) AS n, row_number() OVER ({largest}) AS k FROM {source} GROUP BY v"
        named = asking.rows(f"SELECT CAST(v AS VARCHAR), n FROM ({numbered}) ORDER BY k", progress)
        found = asking.arrays(
            f"SELECT s.r AS r, CAST(g.k AS INTEGER) AS k FROM {source} s "
            f"JOIN ({numbered}) g ON s.v IS NOT DISTINCT FROM g.v",
            progress,
        )
        order = f"{asked.terms[order_by]} {'DESC' if descending else 'ASC'} NULLS LAST, r" if order_by else "r"
        rows = np.asarray(asking.arrays(f"SELECT r FROM {asked.source} ORDER BY {order}", progress)["r"], np.int64)
    groups = np.zeros(asking.store.count, dtype=np.int32)
    groups[found["r"]] = found["k"]
    rows = rows[np.argsort(groups[rows], kind="stable")]  # far faster than to let the database sort by both
    sizes = np.array([count for _, count in named], dtype=np.int64)
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    return Groups(column, rows, tuple(name for name, _ in named), starts)
