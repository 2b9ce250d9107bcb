"""How a relation with types of its own, such as a Parquet file, becomes the table `incoming`."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dataimp_gui.core.engine import Engine, EngineError, file_literal, quoted
from dataimp_gui.core.formats import roles
from dataimp_gui.core.formats.dialect import MAX_COLUMNS
from dataimp_gui.core.formats.found import INCOMING, OBJECT_PREFIX, PLACE, Found, FoundColumn
from dataimp_gui.core.model import Rejected, Role
from dataimp_gui.errors import FormatError
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    from dataimp_gui.core.storage.objects import Objects

SAMPLE_ROWS: Final = 1000

_STORED: Final = "incoming_bytes"
_INTEGERS: Final = frozenset(("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"))
_NUMBERS: Final = frozenset(("FLOAT", "DOUBLE", "UBIGINT", "HUGEINT", "UHUGEINT"))
_TIMES: Final = frozenset(("DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"))
_TEXTS: Final = frozenset(("VARCHAR", "UUID", "TIME"))
_NUMBER: Final = "file_row_number"
_BATCH: Final = 16
_HEAD: Final = 16


def inspect(name: str, path: Path, scan: str, engine: Engine, *, rows: int | None = None) -> Found:
    """What the relation ``scan`` (SQL) holds; ``path`` is the source it stands for, ``name`` its format.

    Raises FormatError when the relation cannot be read or has too many columns.
    """
    try:
        types = dict(engine.columns(f"SELECT * FROM {scan}"))
        if len(types) > MAX_COLUMNS:
            raise FormatError(
                f"{path.name} has {len(types):,} columns; {MAX_COLUMNS:,} is the most that a dataset can have."
            )
        shown = [_sample(quoted(column), kind) for column, kind in types.items()]
        sample = engine.rows(f"SELECT {', '.join(shown)} FROM {scan} LIMIT {SAMPLE_ROWS}") if shown else []
    except EngineError as error:
        raise broken(path, error) from error
    cells = [*zip(*sample, strict=True)] or [()] * len(types)
    sampled = [
        roles.Sampled(
            column,
            word(kind),
            tuple(str(cell) for cell in values if cell is not None) if word(kind) != "bytes" else (),
            next((bytes(cell) for cell in values if cell), b"") if word(kind) == "bytes" else b"",
        )
        for (column, kind), values in zip(types.items(), cells, strict=True)
    ]
    guessed = roles.guess(sampled, path.parent)
    return Found(name, path, guessed.modality, guessed.columns, guessed.media_root, rows, "row", {"types": types})


def load(found: Found, scan: str, place: str, engine: Engine, objects: "Objects", progress: Progress) -> list[Rejected]:
    """Make `incoming` from the relation; ``place`` is SQL over it that counts the rows from 1.

    Raises FormatError when a part of it turns out to be broken.
    """
    types = found.options["types"]
    assert isinstance(types, Mapping)
    kept = [column for column in found.columns if column.role is not Role.SKIP]
    progress.phase(f"Reading {found.path.name}")
    try:
        embedded = [column for column in kept if word(types[column.name]) == "bytes"]
        for number, column in enumerate(embedded):
            _store(column, types[column.name], scan, place, f"{_STORED}_{number}", engine, objects, progress)
        parts = [f"({place})::BIGINT AS {PLACE}"]
        for column in kept:
            if column in embedded:
                parts.append(f"b{embedded.index(column)}.object AS {quoted(column.name)}")
            else:
                sql = value(f"s.{quoted(column.name)}", types[column.name], column.role)
                parts.append(f"{sql} AS {quoted(column.name)}")
        joined = "".join(
            f" LEFT JOIN {_STORED}_{number} b{number} ON b{number}.place = ({place})" for number in range(len(embedded))
        )
        ordered = f" ORDER BY {PLACE}" if embedded else ""
        engine.run(
            f"CREATE OR REPLACE TABLE {INCOMING} AS SELECT {', '.join(parts)} FROM {scan} s{joined}{ordered}",
            progress=progress,
        )
    except EngineError as error:
        raise broken(found.path, error) from error
    return []


def numbered(found: Found, path: Path) -> tuple[str, str]:
    """SQL of the rows of the Parquet file ``path`` as the relation s, and of the number of each, from 1."""
    types = found.options["types"]
    assert isinstance(types, Mapping)
    file = file_literal(path)
    if any(name.lower() == _NUMBER for name in types):  # the file has such a column of its own
        return f'(SELECT *, row_number() OVER () AS "\x1frow" FROM read_parquet({file}))', 's."\x1frow"'
    return f"(SELECT * FROM read_parquet({file}, {_NUMBER} = true))", f"s.{_NUMBER} + 1"


def word(kind: str) -> str:
    """text, number, flag, time or bytes for an SQL type."""
    if kind in _INTEGERS or kind in _NUMBERS or kind.startswith("DECIMAL"):
        return "number"
    if kind == "BOOLEAN":
        return "flag"
    if kind in _TIMES:
        return "time"
    return "bytes" if is_bytes(kind) else "text"


def is_bytes(kind: str) -> bool:
    """A BLOB, or the {bytes, path} of Hugging Face datasets."""
    return kind == "BLOB" or (
        kind.startswith("STRUCT(") and '"bytes" BLOB' in kind.replace("bytes BLOB", '"bytes" BLOB')
    )


def value(sql: str, kind: str, role: Role) -> str:
    """SQL of a value as `incoming` wants it: text for a role, else one of the five types."""
    if role is not Role.METADATA:
        return _text(sql, kind)
    if kind in _INTEGERS:
        return f"{sql}::BIGINT"
    if kind in _NUMBERS or kind.startswith("DECIMAL"):
        return f"{sql}::DOUBLE"
    if kind == "BOOLEAN":
        return sql
    if kind in _TIMES:
        return f"{sql}::TIMESTAMP"
    return _text(sql, kind)


def broken(path: Path, error: Exception) -> FormatError:
    said = str(error).splitlines()[0].removeprefix("Invalid Input Error: ").removeprefix("IO Error: ")
    return FormatError(
        f"{path.name} is damaged or not what its name says: {said[:300]}", hint="Write or download the file again."
    )


def _text(sql: str, kind: str) -> str:
    if kind in _TEXTS or kind.startswith("ENUM") or word(kind) in ("number", "flag", "time") or "TIME" in kind:
        return f"{sql}::VARCHAR"
    return f"to_json({sql})::VARCHAR"


def _sample(sql: str, kind: str) -> str:
    if is_bytes(kind):
        return f"{_bytes(sql, kind)}[:{_HEAD}]"
    return f"left({_text(sql, kind)}, 10000)"


def _bytes(sql: str, kind: str) -> str:
    return sql if kind == "BLOB" else f"struct_extract({sql}, 'bytes')"


def _store(
    column: FoundColumn,
    kind: str,
    scan: str,
    place: str,
    table: str,
    engine: Engine,
    objects: "Objects",
    progress: Progress,
) -> None:
    """Stream the bytes of a column into ``objects``, a few at a time, and note which row has which object.

    A {bytes, path} without bytes is the path.
    """
    sql = f"s.{quoted(column.name)}"
    path = f"struct_extract({sql}, 'path')" if "path VARCHAR" in kind.replace('"', "") else "NULL"
    engine.run(f"CREATE OR REPLACE TABLE {table} (place BIGINT, object VARCHAR)")
    progress.phase("Unpacking media", int(engine.value(f"SELECT count(*) FROM {scan}")))
    places: list[int] = []
    names: list[str | None] = []

    def flush() -> None:
        engine.run(f"INSERT INTO {table} SELECT unnest($1::BIGINT[]), unnest($2::VARCHAR[])", [places, names])
        places.clear()
        names.clear()

    batches = engine.batches(f"SELECT {place}, {_bytes(sql, kind)}, {path} FROM {scan} s", size=_BATCH)
    for batch in batches:
        for number, data, other in batch:
            places.append(number)
            names.append(OBJECT_PREFIX + objects.put(data) if data is not None else other)
        progress.advance(len(batch))
        if len(places) >= 10_000:
            flush()
    flush()
