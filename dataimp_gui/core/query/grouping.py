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
        value = asked.terms[column]
        order = f", {asked.terms[order_by]} AS o" if order_by else ""
        then = f"o {'DESC' if descending else 'ASC'} NULLS LAST, " if order_by else ""
        source = f"WITH s AS (SELECT r, {value} AS v{order} FROM {asked.source})"
        by_size = "ORDER BY count(*) DESC, v NULLS LAST"
        named = asking.rows(
            f"{source} SELECT CAST(v AS VARCHAR), n FROM (SELECT v, count(*) AS n, "
            f"row_number() OVER ({by_size}) AS k FROM s GROUP BY v) ORDER BY k",
            progress,
        )
        rows = asking.arrays(
            f"{source}, g AS (SELECT v, row_number() OVER ({by_size}) AS k FROM s GROUP BY v) "
            f"SELECT s.r AS r FROM s JOIN g ON s.v IS NOT DISTINCT FROM g.v ORDER BY g.k, {then}s.r",
            progress,
        )["r"]
    sizes = np.array([count for _, count in named], dtype=np.int64)
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    return Groups(column, np.asarray(rows, np.int64), tuple(name for name, _ in named), starts)
