"""A folder whose dataset is the one table in it, beside a readme, a licence, or the media that the table names."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dataimp_gui.core.engine import Engine
from dataimp_gui.core.formats import arrow, class_folders, delimited, jsonlines, parquet
from dataimp_gui.core.formats.found import Found
from dataimp_gui.core.model import Rejected, Role
from dataimp_gui.errors import FormatError
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    from dataimp_gui.core.storage.objects import Objects

READERS: Final = {
    ".csv": delimited,
    ".tsv": delimited,
    ".tab": delimited,
    ".jsonl": jsonlines,
    ".ndjson": jsonlines,
    ".parquet": parquet,
    ".arrow": arrow,
    ".feather": arrow,
}


def inspect(path: Path, engine: Engine) -> Found | None:
    """The table's own `Found`, so that its own format loads it. Class folders with a table beside them stay such."""
    if not path.is_dir():
        return None
    tables = [entry for entry in path.iterdir() if entry.suffix.lower() in READERS and entry.is_file()]
    if not tables:
        return None
    folders = class_folders.inspect(path, engine)
    if folders is not None and folders.column(Role.LABEL) is not None:
        return None
    table, *others = sorted(tables)
    if others:
        if folders is not None:
            return None
        raise FormatError(
            f"{path} holds {len(tables)} tables, such as {table.name} and {others[0].name}.",
            hint="Give the one that is the dataset; predictions come with --predictions.",
        )
    found: Found | None = READERS[table.suffix.lower()].inspect(table, engine)
    if found is None:
        return None
    return replace(
        found, notes=(f"{table.name} is the only table in {path.name}; it was taken as the dataset.", *found.notes)
    )


def load(found: Found, engine: Engine, objects: "Objects", progress: Progress) -> list[Rejected]:
    """Never the one to be asked: what `inspect` returns names the format of the table."""
    rejected: list[Rejected] = READERS[found.path.suffix.lower()].load(found, engine, objects, progress)
    return rejected
