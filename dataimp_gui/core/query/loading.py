"""How the project's files and the state of its examples become one table in memory, one row an example, in order."""

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt

from dataimp_gui.core import edits
from dataimp_gui.core.engine import Engine, parquet, quoted
from dataimp_gui.core.model import Codes, Mask, Rows
from dataimp_gui.core.query.layout import DATA, MEDIA, UNSEEN, Placed, type_of
from dataimp_gui.errors import ProjectError

NAN: Final = "'NaN'"
"""Numbers that are not one are missing: to the database, NaN would be the largest of all."""

_FLOATS: Final = frozenset({"DOUBLE", "FLOAT"})
_FEW_WORDS: Final = 4096  # a longer list is slow to pick from, a row at a time
_names: Final = count()


class States(Protocol):
    """The part of `storage.state.State` that is needed here."""

    count: int
    hidden: tuple[tuple[int, int], ...]

    @property
    def present(self) -> Mask: ...

    @property
    def tags(self) -> Mapping[str, Mask]: ...

    def words(self, column: str) -> Sequence[str]: ...

    def codes(self, column: str) -> Codes: ...


@contextmanager
def registered(engine: Engine, arrays: Mapping[str, npt.NDArray[Any]]) -> Iterator[str]:
    """The name of a table over ``arrays``, for this thread, inside the block."""
    name = f"given_{next(_names)}"
    engine.register(name, arrays)
    try:
        yield name
    finally:
        engine.forget(name)


def load(
    engine: Engine, tables: Sequence[Path], state: States, run: Path | None
) -> tuple[list[Placed], dict[str, str]]:
    """Make the table `DATA`; return the imported columns and the flag column of each tag.

    Raises EngineError when a file cannot be read, ProjectError when its rows are not those of ``state``.
    """
    files = parquet(*tables)
    imported: list[Placed] = []
    tags: dict[str, str] = {}
    parts: list[str] = []
    arrays: dict[str, npt.NDArray[Any]] = {"row": np.arange(state.count)}
    words: dict[str, list[str]] = {}
    for number, (name, sql_type) in enumerate(engine.columns(f"SELECT * FROM {files}")):
        if name in ("label", "split") or name in UNSEEN:
            continue
        value = f"nullif(t.{quoted(name)}, {NAN})" if sql_type in _FLOATS else f"t.{quoted(name)}"
        parts.append(f"{value} AS m{number}")
        kind = "id" if name == "id" else "media" if name in MEDIA else "metadata"
        imported.append(Placed(name, type_of(sql_type), kind, f"m{number}"))
    for column in (edits.LABEL, edits.SPLIT):
        if len(state.words(column)) <= _FEW_WORDS:
            arrays[column], words[column] = state.codes(column), list(state.words(column))
            parts.append(f"CAST(${column} AS VARCHAR[])[s.{column} + 1] AS {column}")
    parts += [f"CAST(NULL AS VARCHAR) AS {column}" for column in edits.WORDED if column not in words]
    for column in (edits.EXCLUDED, edits.REVIEWED):
        arrays[column] = state.codes(column).astype(np.bool_)
        parts.append(f"s.{column}")
    for tag, mask in state.tags.items():
        tags[tag] = column = f"t{len(tags)}"
        arrays[column] = mask
        parts.append(f"s.{column}")
    with registered(engine, arrays) as given:
        engine.run(
            f"CREATE TABLE {DATA} AS SELECT t.label AS given_label, {', '.join(parts)}, p.predicted, p.confidence "
            f"FROM {files} t POSITIONAL JOIN {given} s POSITIONAL JOIN ({_predictions(run)}) p",
            words,
        )
    counts = f"SELECT (SELECT count(*) FROM {files}), (SELECT count(*) FROM {DATA})"  # a run may be the longer one
    if engine.rows(counts) != [(state.count, state.count)]:
        raise ProjectError("The tables of this project have more or fewer rows than it counts.")
    for column in edits.WORDED:
        if column not in words:
            rows = np.flatnonzero(state.codes(column) >= 0)
            write_words(engine, column, rows, state.codes(column)[rows], state.words(column))
    return imported, tags


def write_words(engine: Engine, column: str, rows: Rows, codes: Codes, words: Sequence[str]) -> None:
    """Give ``rows`` of a text column the words of their ``codes``; -1 takes the word away."""
    used = np.unique(codes)
    texts = [words[code] if code >= 0 else None for code in used.tolist()]
    if len(texts) == 1:
        write(engine, column, rows, texts[0])
        return
    with registered(engine, {"row": rows, "code": codes}) as given:
        engine.run(
            f"UPDATE {DATA} SET {column} = w.word FROM {given} g "
            "JOIN (SELECT unnest($1) AS code, unnest(CAST($2 AS VARCHAR[])) AS word) w ON w.code = g.code "
            f"WHERE {DATA}.rowid = g.row",
            [used.tolist(), texts],
        )


def write_side(engine: Engine, table: str, rows: Rows, values: npt.NDArray[Any], words: Sequence[str] = ()) -> None:
    """Give ``rows`` of the column ``v`` of a table beside `DATA` a value each; NaN and the code -1 are missing."""
    if not len(rows):
        return
    if len(rows) == 1:  # a decision of a review; to make a table of it would take longer than to write it
        value = values[0].item()
        if words:
            value = words[value] if value >= 0 else None
        elif math.isnan(value):
            value = None
        engine.run(f"UPDATE {table} SET v = $1 WHERE rowid = $2", [value, int(rows[0])])
        return
    is_number = np.issubdtype(values.dtype, np.floating)
    written = "CAST($1 AS VARCHAR[])[g.v + 1]" if words else f"nullif(g.v, {NAN})" if is_number else "g.v"
    between = f"{table}.rowid BETWEEN {int(rows.min())} AND {int(rows.max())}"  # reads only that part of the table
    with registered(engine, {"row": rows, "v": values}) as given:
        engine.run(
            f"UPDATE {table} SET v = {written} FROM {given} g WHERE {table}.rowid = g.row AND {between}",
            [list(words)] if words else None,
        )


def write(engine: Engine, column: str, rows: Rows, value: str | bool | None) -> None:
    """Give all of ``rows`` the same value."""
    if not len(rows):
        return
    first, last = int(rows.min()), int(rows.max())
    if last - first + 1 == len(rows):
        engine.run(f"UPDATE {DATA} SET {column} = $1 WHERE rowid BETWEEN $2 AND $3", [value, first, last])
        return
    with registered(engine, {"row": rows}) as given:
        engine.run(f"UPDATE {DATA} SET {column} = $1 FROM {given} g WHERE {DATA}.rowid = g.row", [value])


def _predictions(run: Path | None) -> str:
    if run is None:
        return "SELECT CAST(NULL AS VARCHAR) AS predicted, CAST(NULL AS FLOAT) AS confidence WHERE FALSE"
    return f"SELECT predicted, nullif(confidence, {NAN}) AS confidence FROM {parquet(run)}"
