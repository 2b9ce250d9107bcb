"""How lists of Python values become rows of a table such as `incoming`, many at a time."""

from collections.abc import Mapping, Sequence
from typing import Final

from dataimp_gui.core.engine import Engine, quoted
from dataimp_gui.core.formats.found import INCOMING, PLACE
from dataimp_gui.progress import Progress

BATCH_ROWS: Final = 50_000


def create(engine: Engine, types: Mapping[str, str], table: str = INCOMING) -> None:
    """An empty table: `_place`, then columns of the SQL types ``types`` in that order."""
    columns = "".join(f", {quoted(name)} {sql}" for name, sql in types.items())
    engine.run(f"CREATE OR REPLACE TABLE {table} ({PLACE} BIGINT{columns})")


def append(
    engine: Engine,
    types: Mapping[str, str],
    columns: Mapping[str, Sequence[object]],
    progress: Progress,
    table: str = INCOMING,
) -> None:
    """Add rows: one list for each name of ``types`` and one for `_place`, all of one length; None is NULL."""
    wanted = {PLACE: "BIGINT", **types}
    rows = len(columns[PLACE])
    values = ", ".join(f"unnest($c{index}::{sql}[])" for index, sql in enumerate(wanted.values()))
    for start in range(0, rows, BATCH_ROWS):
        batch = {f"c{index}": columns[name][start : start + BATCH_ROWS] for index, name in enumerate(wanted)}
        engine.run(f"INSERT INTO {table} SELECT {values}", batch, progress)
