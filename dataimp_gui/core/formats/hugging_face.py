"""Hugging Face dataset folders: files of rows whose names or folders are splits, or media beside a `metadata` table.

    data/train-00000-of-00002.parquet   train.csv   test/0000.jsonl      rows, with media as {bytes, path}
    train/metadata.csv   metadata.jsonl                                  rows whose `file_name` is a file beside it

Class numbers become names where the dataset says them: in the Parquet schema, or in the head of README.md.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from dataimp_gui.core import formats
from dataimp_gui.core.engine import Engine, literal, quoted
from dataimp_gui.core.formats import class_names, roles, walking
from dataimp_gui.core.formats.found import INCOMING, OBJECT_PREFIX, PLACE, Found, FoundColumn
from dataimp_gui.core.model import Rejected, Role
from dataimp_gui.errors import FormatError
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dataimp_gui.core.storage.objects import Objects

NAME: Final = "hugging-face"

_READERS: Final = {
    ".parquet": "parquet",
    ".arrow": "arrow",
    ".csv": "delimited",
    ".tsv": "delimited",
    ".jsonl": "jsonlines",
}
_METADATA: Final = ("metadata.csv", "metadata.jsonl", "metadata.parquet")
_DEPTH: Final = 4
_MOST_FILES: Final = 20_000
_PART: Final = "incoming_part_"


@dataclass(frozen=True, slots=True)
class Part:
    """One file of rows. ``folder`` is what its media paths start from, relative to the dataset ("" for the top)."""

    path: Path
    split: str = ""
    folder: str = ""


def inspect(path: Path, engine: Engine) -> Found | None:
    """Looks at the names of the files, at the first of them and at what says the class names."""
    if not path.is_dir():
        return None
    parts = _metadata(path)
    has_files = bool(parts)
    parts = parts or _shards(path)
    if not parts:
        return None
    firsts = [_inspected(next(part for part in parts if part.split == split), engine) for split in _splits(parts)]
    if has_files:
        if not all(any(_is_file_name(column.name) for column in found.columns) for found in firsts):
            return None
        firsts = [_with_files(found) for found in firsts]
    first = firsts[0]
    columns = _merged(firsts)
    names = class_names.find(path, parts[0].path, engine)
    label = next((c for c in columns if c.role is Role.LABEL), None) or next(
        (c for c in columns if c.name in names and c.role is Role.METADATA), None
    )
    if label is not None and label.name in names:
        shown, why = tuple(names[label.name][:5]), f"the dataset names its {len(names[label.name])} classes"
        columns[columns.index(label)] = replace(label, role=Role.LABEL, type="text", samples=shown, why=why)
    splits = tuple(filter(None, _splits(parts)))
    split_name = ""
    if splits and not any(column.role is Role.SPLIT for column in columns):
        taken = {column.name.lower() for column in columns}
        split_name = next(name for name in ("split", *(f"split_{n}" for n in range(2, 99))) if name not in taken)
        columns.append(FoundColumn(split_name, "text", Role.SPLIT, splits[:5], "the names of the files or folders"))
    options = {"parts": tuple(parts), "names": names, "split": split_name, "has_files": has_files}
    is_one = len(parts) == 1
    word, rows = (first.place, first.rows) if is_one else ("", None)
    return Found(NAME, path, first.modality, tuple(columns), path, rows, word, options, first.notes)


def load(found: Found, engine: Engine, objects: "Objects", progress: Progress) -> list[Rejected]:
    """Reads the files one after the other, with the reader of each; places count on from file to file."""
    parts = cast("Sequence[Part]", found.options["parts"])
    given = {column.name: column.role for column in found.columns}
    rejected: list[Rejected] = []
    tables: list[str] = []
    before = 0
    for part in parts:
        progress.check()
        source = _inspected(part, engine)
        source = _with_files(source) if found.options["has_files"] else source
        columns = tuple(replace(column, role=given.get(column.name, Role.SKIP)) for column in source.columns)
        source = replace(source, columns=columns)
        rejected += formats.load(source, engine, objects, progress)
        tables.append(f"{_PART}{len(tables)}")
        values = [f"({PLACE} + {before})::BIGINT AS {PLACE}", *_values(found, part, source)]
        engine.run(
            f"CREATE OR REPLACE TABLE {tables[-1]} AS SELECT {', '.join(values)} FROM {INCOMING}", None, progress
        )
        before = int(engine.value(f"SELECT coalesce(max({PLACE}), {before}) FROM {tables[-1]}"))
    formats.forget_incoming(engine)
    names = [PLACE, *(quoted(column.name) for column in found.columns if column.role is not Role.SKIP)]
    everything = " UNION ALL BY NAME ".join(f"SELECT * FROM {table}" for table in tables)
    engine.run(f"CREATE TABLE {INCOMING} AS SELECT {', '.join(names)} FROM ({everything})", None, progress)
    for table in tables:
        engine.run(f"DROP TABLE {table}")
    rejected += _without_names(found, engine, progress)
    return rejected + (_left_over(found, engine, progress) if found.options["has_files"] else [])


def _values(found: Found, part: Part, source: Found) -> list[str]:
    """The SELECT list that turns the columns of one file into those of the dataset; what it lacks is left out."""
    there = {column.name: column for column in source.columns if column.role is not Role.SKIP}
    names = cast("Mapping[str, Sequence[str]]", found.options["names"])
    values = []
    for column in found.columns:
        name = sql = quoted(column.name)
        if column.name == found.options["split"]:
            sql = literal(part.split) if part.split else "NULL::VARCHAR"
        elif column.name not in there:
            if column.role in (Role.METADATA, Role.SKIP):
                continue
            sql = "NULL::VARCHAR"
        elif column.role is Role.MEDIA:
            folder = part.folder
            if not found.options["has_files"] and source.media_root and source.media_root.is_relative_to(found.path):
                folder = source.media_root.relative_to(found.path).as_posix().removeprefix(".")
            is_path = f"NOT starts_with({name}, {literal(OBJECT_PREFIX)}) AND NOT contains({name}, '://')"
            sql = f"CASE WHEN {is_path} THEN {literal(folder + '/')} || {name} ELSE {name} END" if folder else name
        elif column.role is Role.LABEL and column.name in names:
            listed = f"[{', '.join(map(literal, names[column.name]))}]"
            code = f"TRY_CAST({name} AS BIGINT)"
            sql = f"CASE WHEN {code} BETWEEN 0 AND {len(names[column.name]) - 1} THEN {listed}[{code} + 1] "
            sql += f"WHEN {code} = -1 THEN NULL ELSE {name} END"
        if column.role is not Role.SKIP:
            values.append(f"{sql} AS {name}")
    return values


def _without_names(found: Found, engine: Engine, progress: Progress) -> list[Rejected]:
    """Take out the rows whose label is a number that no class has."""
    names = cast("Mapping[str, Sequence[str]]", found.options["names"])
    label = found.column(Role.LABEL)
    if label is None or label.name not in names:
        return []
    name = quoted(label.name)
    known = f"({', '.join(map(literal, names[label.name]))})"
    wrong = f"{name} NOT IN {known} AND TRY_CAST({name} AS BIGINT) IS NOT NULL"
    id_column = found.column(Role.ID)
    id_sql = quoted(id_column.name) if id_column else "''"
    rows = engine.rows(f"SELECT {PLACE}, {id_sql}, {name} FROM {INCOMING} WHERE {wrong} ORDER BY 1", None, progress)
    engine.run(f"DELETE FROM {INCOMING} WHERE {wrong}", None, progress)
    hint = f"The dataset names {len(names[label.name])} classes, from 0. Correct the number, or the list of names."
    return [
        Rejected(str(found.path), f"row {place}", id or "", f"no class has the number {code}", hint)
        for place, id, code in rows
    ]


def _left_over(found: Found, engine: Engine, progress: Progress) -> list[Rejected]:
    """Media files of the folder that no row names."""
    media = found.column(Role.MEDIA)
    if media is None:
        return []
    walked = walking.walk(found.path, progress)
    named = {row[0] for row in engine.rows(f"SELECT DISTINCT {quoted(media.name)} FROM {INCOMING}")}
    left = [path for path in walked.paths if walking.kind(found.path / path) is found.modality and path not in named]
    reason = "no row of the metadata names this file"
    hint = "Add a row for it, or remove the file."
    return [*walked.rejected, *(Rejected(str(found.path), path, path, reason, hint) for path in left)]


def _inspected(part: Part, engine: Engine) -> Found:
    return formats.inspect(part.path, engine, format=_READERS[part.path.suffix.lower()])


def _with_files(found: Found) -> Found:
    """The same with the column of file names as media, whatever its values look like."""
    name = next((column.name for column in found.columns if _is_file_name(column.name)), "")
    if not name:
        return found
    found = replace(found.with_roles({name: Role.MEDIA}), media_root=found.path.parent)
    samples = next(column.samples for column in found.columns if column.name == name)
    kinds = [kind for sample in samples if (kind := roles.kind_of(sample))]
    return replace(found, modality=max(kinds, key=kinds.count)) if kinds else found


def _splits(parts: Sequence[Part]) -> list[str]:
    return list(dict.fromkeys(part.split for part in parts))


def _merged(found: Sequence[Found]) -> list[FoundColumn]:
    """The columns of all, in the order they come; one with a role in any keeps it, one of several types is text."""
    columns: dict[str, FoundColumn] = {}
    once: set[Role] = set()
    for column in (column for each in found for column in each.columns):
        known = columns.get(column.name)
        is_new_role = column.role is not Role.METADATA and (known is None or known.role is Role.METADATA)
        if is_new_role and column.role in once:
            column = replace(column, role=Role.METADATA, why="")  # noqa: PLW2901
        elif is_new_role and column.role is not Role.SKIP:
            once.add(column.role)
        if known is None:
            columns[column.name] = column
        else:
            role, why = (known.role, known.why) if known.role is not Role.METADATA else (column.role, column.why)
            kind = known.type if known.type == column.type else "text"
            columns[column.name] = replace(known, type=kind, role=role, why=why)
    return list(columns.values())


def _is_file_name(name: str) -> bool:
    return name.lower() == "file_name" or name.lower().endswith("_file_name")


def _metadata(path: Path) -> list[Part]:
    """The `metadata` tables at the top, in the folders below it and in those below `data`."""
    tops = walking.listing(path)[0]
    folders = ["", *tops, *(f"data/{name}" for name in walking.listing(path / "data")[0])]
    parts = []
    for folder in folders:
        file = next((path / folder / name for name in _METADATA if (path / folder / name).is_file()), None)
        if file is not None:
            last = folder.rsplit("/", 1)[-1]
            parts.append(Part(file, last if last.lower() in walking.SPLITS else "", folder))
    return sorted(parts, key=_rank)


def _shards(path: Path) -> list[Part]:
    """The files of rows whose names or folders are splits; Parquet files alone also do without.

    Raises FormatError when there are several configurations (sets of splits in different folders).
    """
    by_suffix: dict[str, list[Path]] = {}
    tables = [file for file in walking.peek(path, _MOST_FILES) if file.suffix.lower() in _READERS]
    for file in sorted(tables):
        if len(file.relative_to(path).parts) <= _DEPTH:
            by_suffix.setdefault(file.suffix.lower(), []).append(file)
    for suffix in _READERS:
        files = by_suffix.get(suffix, [])
        parts = [Part(file, _split(file, path)) for file in files]
        has_splits = bool(parts) and all(part.split for part in parts)
        if not has_splits and not (suffix in (".parquet", ".arrow") and parts):
            continue
        configurations = {_configuration(part, path) for part in parts}
        if len(configurations) > 1:
            listed = ", ".join(sorted(name or "." for name in configurations)[:8])
            raise FormatError(
                f"{path} holds several datasets: {listed}.", hint="Import one of these folders, or merge them first."
            )
        return sorted(parts, key=_rank)
    return []


def _rank(part: Part) -> tuple[int, str]:
    """Training data first, test data last, whatever the letters say."""
    return 0 if part.split.lower().startswith("train") else 2 if part.split.lower().startswith("test") else 1, str(
        part.path
    )


def _split(file: Path, root: Path) -> str:
    """The split that a file name or, failing that, the folder of the file speaks of, as it is written."""
    words = [word for word in re.split(r"[-_. ]", file.stem) if word.lower() in walking.SPLITS]
    if len(words) == 1:
        return words[0]
    folders = [name for name in file.relative_to(root).parts[:-1] if name.lower() in walking.SPLITS]
    return folders[-1] if folders else ""


def _configuration(part: Part, root: Path) -> str:
    folders = part.path.relative_to(root).parts[:-1]
    return "/".join(name for name in folders if name.lower() not in walking.SPLITS and name.lower() != "data")
