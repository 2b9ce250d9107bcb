"""What Dataimp itself exported: ``manifest.json`` says which table it is, what each folder means and how to undo cells.

Labels, splits and ids come back exactly, also where a folder or a cell had to be made safe. The table of an export may
be given instead of its folder.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dataimp_gui.core import formats
from dataimp_gui.core.contract import Limits
from dataimp_gui.core.engine import Engine, literal, quoted
from dataimp_gui.core.formats import filling
from dataimp_gui.core.formats.found import INCOMING, PLACE, Found, FoundColumn
from dataimp_gui.core.model import Modality, Rejected, Role
from dataimp_gui.errors import FormatError
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    from dataimp_gui.core.storage.objects import Objects

NAME: Final = "dataimp-export"
MANIFEST: Final = "manifest.json"
MARK: Final = "dataimp_export"
FORMAT: Final = 1
UNDO: Final = "^'+[=+\\-@\\t\\r]"
"""A cell of a CSV export that looks like this has one apostrophe too many in front."""

_READERS: Final = {
    "csv": "delimited",
    "jsonl": "jsonlines",
    "parquet": "parquet",
    "label-studio": "label-studio",
    "hugging-face": "hugging-face",
}
_ROLES: Final = {
    "id": Role.ID,
    "media": Role.MEDIA,
    "file_name": Role.MEDIA,
    "image": Role.MEDIA,
    "audio": Role.MEDIA,
    "text": Role.TEXT,
    "label": Role.LABEL,
    "split": Role.SPLIT,
}
_MOST_BYTES: Final = 2**30
_HEAD_BYTES: Final = 64


@dataclass(frozen=True, slots=True)
class Manifest:
    """``files`` are (path, id); ``folders`` say for "label" and "split" what each folder name stands for."""

    folder: Path
    format: str
    modality: Modality
    table: str
    embedded: bool
    has_splits: bool
    examples: int
    files: tuple[tuple[str, str], ...]
    folders: Mapping[str, Mapping[str, str | None]]


def inspect(path: Path, engine: Engine) -> Found | None:
    """Raises FormatError for an export whose manifest or table is broken."""
    folder = path if path.is_dir() else path.parent
    manifest = _read(folder)
    if manifest is None or (path.is_file() and path.name != manifest.table):
        return None
    if manifest.format == "class-folders":
        return _found_folders(path, manifest)
    if manifest.format == "webdataset":
        raise FormatError(
            f"{folder} holds tar shards, which Dataimp writes for training and does not read.",
            hint="Export the version in another format to import it.",
        )
    reader = _READERS.get(manifest.format)
    if reader is None:
        return None
    is_folder = reader == "hugging-face" or manifest.embedded
    inner = formats.inspect(
        folder if is_folder else folder / manifest.table, engine, format="hugging-face" if is_folder else reader
    )
    names = {column.name: _undone(column.name) if reader == "delimited" else column.name for column in inner.columns}
    known = {name: role for name, role in _ROLES.items() if name in names}
    if manifest.modality in (Modality.TEXT, Modality.TABLE):  # a metadata column may have any of the other names
        known = {name: role for name, role in known.items() if role is not Role.MEDIA}
    if manifest.modality is not Modality.TEXT:
        known.pop("text", None)
    if manifest.format == "label-studio" and isinstance(fields := inner.options.get("fields"), Mapping):
        known |= {"id": Role.SKIP, str(fields.get("id")): Role.ID}  # not the number of the task
    if not manifest.has_splits and "split" in known:
        known["split"] = Role.SKIP  # a folder that the format asks for
    inner = _plain(inner).with_roles(known)
    columns = tuple(replace(column, name=names[column.name]) for column in inner.columns)
    return replace(
        inner,
        format=NAME,
        path=path,
        modality=manifest.modality,
        columns=columns,
        media_root=inner.media_root or folder,
        rows=manifest.examples,
        options={"inner": inner, "is_csv": reader == "delimited"},
    )


def load(found: Found, engine: Engine, objects: "Objects", progress: Progress) -> list[Rejected]:
    inner = found.options.get("inner")
    if not isinstance(inner, Found):
        return _load_folders(found, engine, progress)
    written = [column.name for column in inner.columns]
    columns = tuple(replace(column, name=name) for column, name in zip(found.columns, written, strict=True))
    rejected = formats.load(replace(inner, columns=columns, media_root=found.media_root), engine, objects, progress)
    if found.options["is_csv"]:
        _undo(engine, found, written, progress)
    return rejected


def _read(folder: Path) -> Manifest | None:
    path = folder / MANIFEST
    try:
        with path.open("rb") as file:
            if f'"{MARK}"'.encode() not in file.read(_HEAD_BYTES) or path.stat().st_size > _MOST_BYTES:
                return None
        document: dict[str, Any] = json.loads(path.read_bytes())
    except OSError:
        return None
    except ValueError as error:
        raise FormatError(f"{path} is damaged.", hint="Export the version again.") from error
    if document.get(MARK) != FORMAT:
        raise FormatError(f"{folder} was exported by a newer Dataimp.", hint="Update Dataimp.")
    try:
        table = str(document.get("table", ""))
        if "/" in table or "\\" in table:
            raise ValueError(table)
        return Manifest(
            folder,
            str(document["format"]),
            Modality(document["modality"]),
            table,
            document.get("embedded") is True,
            any(document["splits"]),
            int(document["examples"]),
            tuple((str(file["path"]), str(file["id"])) for file in document["files"] if "id" in file),
            {
                str(level): {str(name): None if value is None else str(value) for name, value in meanings.items()}
                for level, meanings in document["folders"].items()
            },
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise FormatError(f"{path} is damaged.", hint="Export the version again.") from error


def _undone(cell: str) -> str:
    return cell[1:] if re.match(UNDO, cell) else cell


def _plain(found: Found) -> Found:
    """Without the roles that were guessed: the manifest knows better."""
    columns = (
        column if column.role in (Role.SKIP, Role.GROUP) else replace(column, role=Role.METADATA, why="")
        for column in found.columns
    )
    return replace(found, columns=tuple(columns))


def _undo(engine: Engine, found: Found, written: list[str], progress: Progress) -> None:
    """Give columns and cells the names and texts that they had before they were made harmless."""
    types = dict(engine.columns(f"SELECT * FROM {INCOMING}"))
    chosen = [PLACE]
    for column, name in zip(found.columns, written, strict=True):
        if name in types:
            sql = quoted(name)
            if types[name] == "VARCHAR":
                sql = f"CASE WHEN regexp_matches({sql}, {literal(UNDO)}) THEN substr({sql}, 2) ELSE {sql} END"
            chosen.append(f"{sql} AS {quoted(column.name)}")
    engine.run(f"CREATE TABLE _undone AS SELECT {', '.join(chosen)} FROM {INCOMING}", progress=progress)
    formats.forget_incoming(engine)
    engine.run(f"ALTER TABLE _undone RENAME TO {INCOMING}")


def _found_folders(path: Path, manifest: Manifest) -> Found:
    why = "its manifest says so"
    value = Role.TEXT if manifest.modality is Modality.TEXT else Role.MEDIA
    roles = [Role.ID, value, *(role for role in (Role.LABEL, Role.SPLIT) if role.value in manifest.folders)]
    samples = {
        Role.ID: tuple(id_ for _, id_ in manifest.files[:5]),
        Role.MEDIA: tuple(name for name, _ in manifest.files[:5]),
    }
    columns = tuple(FoundColumn(role.value, role=role, samples=samples.get(role, ()), why=why) for role in roles)
    rows = len(manifest.files)
    return Found(NAME, path, manifest.modality, columns, path, rows, "", {"manifest": manifest})


def _load_folders(found: Found, engine: Engine, progress: Progress) -> list[Rejected]:
    manifest = found.options["manifest"]
    assert isinstance(manifest, Manifest)
    levels = [level for level in ("split", "label") if level in manifest.folders]
    values: dict[str, list[str | None]] = {name: [] for name in ("id", "media", "text", "label", "split")}
    places: list[int] = []
    rejected: list[Rejected] = []
    real = manifest.folder.resolve()
    progress.phase("Listing files", len(manifest.files))
    for place, (path, id_) in enumerate(manifest.files, 1):
        progress.advance()
        text = None
        if found.modality is Modality.TEXT:
            text, reason = _text(real, path)
            if reason:
                rejected.append(Rejected(str(found.path), path, id_, reason, "Export the version again."))
                continue
        meanings: dict[str, str | None] = dict.fromkeys(("label", "split"))
        for level, name in zip(levels, path.split("/")[:-1], strict=False):
            meanings[level] = manifest.folders[level].get(name, name)
        places.append(place)
        for name, value in (("id", id_), ("media", path), ("text", text), *meanings.items()):
            values[name].append(value)
    types = {column.name: "VARCHAR" for column in found.columns if column.role is not Role.SKIP}
    filling.create(engine, types)
    filling.append(engine, types, {PLACE: places, **{name: values[name] for name in types}}, progress)
    return rejected


def _text(real: Path, path: str) -> tuple[str, str]:
    """(text, reason why there is none)."""
    try:
        file = (real / path).resolve()
        if not file.is_relative_to(real):
            return "", "the path leads out of the folder"
        if file.stat().st_size > Limits().max_bytes:
            return "", "the file is too large"
        return file.read_bytes().decode(), ""
    except (OSError, ValueError) as error:
        return "", f"the text cannot be read: {error}"
