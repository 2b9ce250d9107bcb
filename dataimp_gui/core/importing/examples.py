"""How the good rows become the project's table of examples, and the columns of its contract."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dataimp_gui.core.contract import Column, Renamed, free_name
from dataimp_gui.core.engine import Engine, parquet, quoted
from dataimp_gui.core.formats.found import INCOMING, PLACE, Found
from dataimp_gui.core.importing import checks
from dataimp_gui.core.importing.media import MEDIA
from dataimp_gui.core.model import Modality, Role
from dataimp_gui.core.storage import columns as tables
from dataimp_gui.progress import Progress

TYPES: Final = {"BIGINT": "number", "DOUBLE": "number", "BOOLEAN": "flag", "TIMESTAMP": "time"}
_MEASURED: Final = {
    Modality.IMAGE: ("width", "height"),
    Modality.AUDIO: ("duration", "sample_rate", "channels"),
    Modality.TEXT: ("length",),
    Modality.TABLE: (),
}
_ROW_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class Layout:
    """The SELECT that gives the examples in order, and what it means."""

    select: str
    columns: tuple[Column, ...]
    renamed: tuple[Renamed, ...]
    notes: tuple[str, ...]


def id_sql(engine: Engine, found: Found) -> tuple[str, str]:
    """(SQL of the id over the incoming rows i, a note). Without a column: the media path, else the row's number."""
    if column := found.column(Role.ID):
        return f"i.{quoted(column.name)}", ""
    if (column := found.column(Role.MEDIA)) and column.type != "bytes":
        name = quoted(column.name)
        ((distinct, total),) = engine.rows(
            f"SELECT count(DISTINCT {name}), count(*) FROM {INCOMING} i WHERE {checks.good(engine)}"
        )
        if distinct == total:
            return f"i.{name}", f'There is no id column; the path in "{column.name}" is the id.'
    digits = max(_ROW_DIGITS, len(str(int(engine.value(f"SELECT max({PLACE}) FROM {INCOMING}") or 0))))
    word = found.place or "row"
    return (
        f"'{word}-' || lpad(i.{PLACE}::VARCHAR, {digits}, '0')",
        f"There is no id column; the ids are the numbers of the {word}s in the file.",
    )


def layout(engine: Engine, found: Found, id_expression: str) -> Layout:
    """Which columns the table of examples gets, in order, under which names. The rows come in the source's order."""
    media, text = found.column(Role.MEDIA), found.column(Role.TEXT)
    has_media = media is not None
    from_files = has_media and found.modality is Modality.TEXT
    parts = [f"{id_expression} AS id"]
    id_column = found.column(Role.ID)
    kept = [Column("id", id_column.name if id_column else "", "text", Role.ID)]

    def role(column_role: Role, sql: str, source: str) -> None:
        parts.append(f"{sql} AS {column_role.value}")
        kept.append(Column(column_role.value, source, "text", column_role))

    if media and not from_files:
        role(Role.MEDIA, "m.media", media.name)
    if media and from_files:
        role(Role.TEXT, "m.text", media.name)
    elif text:
        role(Role.TEXT, f"i.{quoted(text.name)}", text.name)
    for wanted in (Role.LABEL, Role.SPLIT):
        column = found.column(wanted)
        role(
            wanted, f"nullif(i.{quoted(column.name)}, '')" if column else "NULL::VARCHAR", column.name if column else ""
        )
    if has_media:
        if not from_files:
            parts.append("m.sha256, m.size, m.mtime_ns")
        parts += [f"m.{name}" for name in _MEASURED[found.modality]]
    elif text:
        # a text is hashed when it is committed: its bytes are here, so nothing can change them meanwhile
        parts.append(f"length(i.{quoted(text.name)})::INTEGER AS length")
    taken = set(_MEASURED[found.modality] if has_media else _MEASURED[Modality.TEXT] if text else ())
    renamed = []
    types = dict(engine.columns(f"SELECT * FROM {INCOMING}"))
    for column in found.columns:
        if column.role not in (Role.METADATA, Role.GROUP):
            continue
        name = free_name(column.name, taken)
        if name != column.name:
            renamed.append(Renamed(column.name, name))
        sql, kind = _value(f"i.{quoted(column.name)}", types[column.name])
        parts.append(f"{sql} AS {quoted(name)}")
        kept.append(Column(name, column.name, kind, column.role))
    joined = f" JOIN {MEDIA} m USING ({PLACE})" if has_media else ""
    is_good = checks.good(engine)
    ordered = "" if is_good == "true" and not has_media else f" WHERE {is_good} ORDER BY i.{PLACE}"
    notes = tuple(f'The column "{one.source}" is called "{one.name}" here: its name is taken.' for one in renamed)
    return Layout(f"SELECT {', '.join(parts)} FROM {INCOMING} i{joined}{ordered}", tuple(kept), tuple(renamed), notes)


def write(engine: Engine, plan: Layout, path: Path, progress: Progress) -> int:
    """Write the table; returns the number of examples."""
    with tables.writing(path.name):
        tables.write(engine, plan.select, path, progress)
    return int(engine.value(f"SELECT count(*) FROM {parquet(path)}"))


def _value(sql: str, kind: str) -> tuple[str, str]:
    """(SQL, type) of a metadata value as the project keeps it; what is no finite number is none."""
    if kind == "DOUBLE":
        return f"CASE WHEN isfinite({sql}) THEN {sql} END", "number"
    return (sql, TYPES[kind]) if kind in TYPES else (f"{sql}::VARCHAR", "text")


def split_order(splits: Sequence[str]) -> list[str]:
    """Training first, test last, as people think of them."""
    order = {"train": 0, "training": 0, "val": 1, "valid": 1, "validation": 1, "dev": 1, "test": 2, "testing": 2}
    return sorted(splits, key=lambda split: (order.get(split.lower(), 3), split))
