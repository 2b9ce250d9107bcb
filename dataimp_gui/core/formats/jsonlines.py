"""JSON lines, and JSON files that are a list of objects: each object is a row, its keys are the columns."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from dataimp_gui.core.engine import Engine, EngineError, file_literal, literal
from dataimp_gui.core.formats import encoding, lines, roles, values
from dataimp_gui.core.formats.dialect import MAX_COLUMNS
from dataimp_gui.core.formats.found import PLACE, Found
from dataimp_gui.core.formats.values import Reading
from dataimp_gui.core.model import Rejected
from dataimp_gui.errors import FormatError
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    from dataimp_gui.core.storage.objects import Objects

_SUFFIXES: Final = frozenset((".jsonl", ".ndjson", ".json"))
_HEAD_BYTES: Final = 2**20
_KEYS_BYTES: Final = 2**28
_MOST_BYTES: Final = 16 * 2**20
"""A longer object is not read."""
_SAMPLE_ROWS: Final = 2000
_LINES: Final = "incoming_json"
_PLACES: Final = "incoming_json_places"
_REJECTS: Final = "incoming_json_rejects"
_SCANS: Final = "incoming_json_scans"
_JSON: Final = "TRY_CAST(line AS JSON)"
_KIND: Final = f"json_type({_JSON})"


def inspect(path: Path, engine: Engine) -> Found | None:
    if not path.is_file() or path.suffix.lower() not in _SUFFIXES:
        return None
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    written = encoding.guess(head)
    text = encoding.decode(head, written).lstrip("\ufeff") if written else ""
    if not text.strip():
        raise FormatError(f"{path.name} is empty." if not head else f"{path.name} is no text.")
    is_list = text.lstrip().startswith("[")
    if not is_list and not _is_lines(text, path):
        if size == len(head) and isinstance(_parsed(text), dict):
            raise FormatError(
                f"{path.name} is one JSON object, not a list of examples.",
                hint="Write a list of objects, or one object a line; in pandas: orient='records', lines=True.",
            )
        return None
    with encoding.as_utf8(path, written, Progress(), folder=engine.temp) as source:
        try:
            rows = _sample(source, engine, is_list=is_list)
            keys = _keys(source, engine, is_list=is_list) if size <= _KEYS_BYTES else []
        except EngineError as error:
            raise _broken(path, error) from error
    names, notes = _names(list(dict.fromkeys([key for row in rows for key in row] + keys)), path)
    if not names:
        raise FormatError(f"{path.name} holds no objects.", hint='Each line must be an object such as {"id": 1}.')
    readings = {name: _reading([row[name] for row in rows if row.get(name) is not None]) for name in names}
    guessed = roles.guess(
        [
            roles.Sampled(
                name, readings[name].type, tuple(_shown(row[name]) for row in rows if row.get(name) is not None)
            )
            for name in names
        ],
        path.parent,
    )
    options = {"encoding": written, "is_list": is_list, "readings": readings}
    place = "row" if is_list else "line"
    return Found(
        "jsonlines", path, guessed.modality, guessed.columns, guessed.media_root, None, place, options, tuple(notes)
    )


def load(found: Found, engine: Engine, _objects: "Objects", progress: Progress) -> list[Rejected]:
    """Lines that are no JSON object, or longer than 16 MB, are returned; a list must be sound as a whole."""
    return read(found, engine, values.Incoming(found, engine, progress), progress)


def read(found: Found, engine: Engine, target: values.Target, progress: Progress) -> list[Rejected]:
    """Like `load`, into another table than `incoming`: ``target`` makes it from the columns as text."""
    progress.phase(f"Reading {found.path.name}")
    with encoding.as_utf8(found.path, str(found.options["encoding"]), progress, folder=engine.temp) as source:
        rejected = _read(found, source, engine, progress)
    shape = json.dumps(dict.fromkeys((column.name for column in found.columns), "VARCHAR"), ensure_ascii=False)
    relation = (
        f"(SELECT s.* FROM (SELECT CASE WHEN ok THEN json_transform(line, {literal(shape)}) END AS s FROM {_LINES}))"
    )
    target.fill(lambda: relation)
    engine.run(f"CREATE OR REPLACE TABLE {_PLACES} AS SELECT place, ok FROM {_LINES}")
    engine.run(f"DROP TABLE {_LINES}")
    target.show(f"{_PLACES}.place", where=f"{_PLACES}.ok", beside=_PLACES)
    return rejected


def _read(found: Found, source: Path, engine: Engine, progress: Progress) -> list[Rejected]:
    """Make the table of objects with their places and whether they are sound; returns those that are not."""
    rejected: list[Rejected] = []
    try:
        if found.options["is_list"]:
            engine.run(
                f"CREATE OR REPLACE TABLE {_LINES} AS SELECT row_number() OVER () AS place, json AS line, "
                f"json_type(json) = 'OBJECT' AND NOT {_is_twofold('json')} AS ok FROM {_list(source)}",
                progress=progress,
            )
        else:
            rejected = _read_lines(found, source, engine, progress)
    except EngineError as error:
        raise _broken(found.path, error) from error
    unsound = engine.rows(
        f"SELECT place, json_valid(line), {_KIND} = 'OBJECT' FROM {_LINES} "
        "WHERE NOT ok AND NOT regexp_full_match(line, '\\s*') ORDER BY place"
    )
    for place, is_json, is_object in unsound:
        what = "names a key twice" if is_object else "is no object" if is_json else "is no JSON"
        where = f"{found.place} {place}"
        rejected.append(Rejected(str(found.path), where, "", f"the {found.place} {what}", "Repair it or remove it."))
    return rejected


def _read_lines(found: Found, source: Path, engine: Engine, progress: Progress) -> list[Rejected]:
    for table in (_REJECTS, _SCANS):
        engine.run(f"DROP TABLE IF EXISTS {table}")
    engine.run(
        f"CREATE OR REPLACE TABLE {_LINES} AS SELECT NULL::BIGINT AS place, line, "
        f"coalesce(json_valid(line) AND {_KIND} = 'OBJECT' AND NOT {_is_twofold(_JSON)}, false) AS ok "
        f"FROM {_lines(source)}",
        progress=progress,
    )
    found_bad = engine.rows(
        f"SELECT DISTINCT line_byte_position - 1, error_type FROM {_REJECTS} ORDER BY line_byte_position"
    )
    bad = lines.at_bytes(source, [row[0] for row in found_bad])
    engine.run(f"DROP TABLE {_REJECTS}")
    engine.run(f"DROP TABLE {_SCANS}")
    if len(bad):
        total = int(engine.value(f"SELECT count(*) FROM {_LINES}")) + len(bad)
        places = np.arange(1, total + 1, dtype=np.int64)
        engine.register("_numbers", {"line": places[~np.isin(places, bad)]})
        engine.run(
            f"CREATE OR REPLACE TABLE {_LINES} AS SELECT n.line AS place, l.line, l.ok "
            f"FROM {_LINES} l POSITIONAL JOIN _numbers n"
        )
        engine.forget("_numbers")
    else:
        engine.run(f"UPDATE {_LINES} SET place = rowid + 1")
    return [
        Rejected(str(found.path), f"line {line}", "", *_REASONS.get(what, (f"it cannot be read: {what.lower()}", "")))
        for line, (_, what) in zip(bad.tolist(), found_bad, strict=True)
    ]


_REASONS: Final = {
    "LINE SIZE OVER MAXIMUM": (
        "the line is longer than 16 MB",
        "Keep long content in files of its own and name them in a column.",
    ),
    "INVALID ENCODING": ("it holds bytes that are not UTF-8", "Save the file as UTF-8."),
}


def _is_twofold(value: str) -> str:
    """SQL: an object says one key more than once, and readers differ on which of them counts."""
    return f"len(json_keys({value})) > len(list_distinct(json_keys({value})))"


def _lines(source: Path) -> str:
    """SQL of the lines as they are: a CSV of one column without quotes, whose separator cannot stand in JSON."""
    return (
        f"read_csv({file_literal(source)}, auto_detect = false, columns = {{'line': 'VARCHAR'}}, delim = '\x1f', "
        f"quote = '', escape = '', header = false, compression = 'none', strict_mode = false, "
        f"max_line_size = {_MOST_BYTES}, store_rejects = true, rejects_table = '{_REJECTS}', "
        f"rejects_scan = '{_SCANS}', rejects_limit = 0, rejects_line_size_limit = 200)"
    )


def _list(source: Path) -> str:
    return f"read_json_objects({file_literal(source)}, format = 'array', maximum_object_size = {_MOST_BYTES})"


def _is_lines(text: str, path: Path) -> bool:
    """Whether the first line is a whole object; a file .jsonl may begin with a broken line.

    A lone object of nothing but lists and objects is a table by columns, or wraps one.
    """
    if path.suffix.lower() != ".json":
        return True
    written = [line for line in text.split("\n", 100) if line.strip()]
    first = _parsed(written[0])
    if not isinstance(first, dict):
        return False
    return len(written) > 1 or not first or not all(isinstance(value, (dict, list)) for value in first.values())


def _sample(source: Path, engine: Engine, *, is_list: bool) -> list[dict[str, Any]]:
    if is_list:
        found = engine.rows(f"SELECT json FROM {_list(source)} LIMIT {_SAMPLE_ROWS}")
        texts: Sequence[str] = [row[0] for row in found]
    else:
        with source.open(encoding="utf-8-sig", errors="replace") as file:
            texts = file.read(_HEAD_BYTES).split("\n")[:_SAMPLE_ROWS]
    return [row for text in texts if isinstance(row := _parsed(text), dict)]


def _keys(source: Path, engine: Engine, *, is_list: bool) -> list[str]:
    """All keys that there are, also those that only come late."""
    relation = f"(SELECT json AS line FROM {_list(source)})" if is_list else _lines(source)
    try:
        found = engine.rows(
            f"SELECT DISTINCT unnest(json_keys(line)) FROM (SELECT line FROM {relation} WHERE json_valid(line)) "
            f"WHERE json_type(line) = 'OBJECT' LIMIT {MAX_COLUMNS + 1}"
        )
    finally:
        for table in (_REJECTS, _SCANS):
            engine.run(f"DROP TABLE IF EXISTS {table}")
    return sorted(str(row[0]) for row in found)


def _names(keys: Sequence[str], path: Path) -> tuple[list[str], list[str]]:
    if len(keys) > MAX_COLUMNS:
        raise FormatError(
            f"The objects of {path.name} have more than {MAX_COLUMNS:,} different keys.",
            hint="Put what varies into a list of its own.",
        )
    names, notes, taken = [], [], {PLACE, ""}
    for key in keys:
        if any("\ud800" <= letter <= "\udfff" for letter in key):  # half a character: JSON allows it, UTF-8 does not
            notes.append(f"The key {key!a} was left out: it is no text.")
            continue
        if key.lower() in taken:
            notes.append(f'The key "{key}" was left out: another one differs from it in letter case only.')
            continue
        taken.add(key.lower())
        names.append(key)
    return names, notes


def _reading(found: Sequence[object]) -> Reading:
    """Numbers, flags and times by what JSON says; a number in quotes is text."""
    if found and all(isinstance(value, bool) for value in found):
        return Reading("BOOLEAN")
    if found and all(isinstance(value, int) and not isinstance(value, bool) for value in found):
        return Reading("BIGINT")
    if found and all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in found):
        return Reading("DOUBLE")
    if found and all(isinstance(value, str) for value in found):
        read = values.reading([value for value in found if isinstance(value, str)])
        return read if read.sql == "TIMESTAMP" else values.TEXT
    return values.TEXT


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _broken(path: Path, error: Exception) -> FormatError:
    said = str(error).splitlines()[0].removeprefix("Invalid Input Error: ")
    return FormatError(
        f"{path.name} cannot be read as JSON: {said[:300]}", hint="Write the file again, or as JSON lines."
    )
