"""Files of a project that nothing refers to any more: what they are, how much they take, and taking them away."""

import re
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from dataimp_gui.core.engine import Engine, parquet
from dataimp_gui.core.storage import columns
from dataimp_gui.core.storage.database import Database
from dataimp_gui.core.storage.objects import PREFIX
from dataimp_gui.core.versions import manifest, registry
from dataimp_gui.errors import ProjectError
from dataimp_gui.progress import Progress

LISTED: Final = 20
_OBJECT: Final = re.compile(r"[0-9a-f]{2}/[0-9a-f]{64}(\.[0-9]+-[0-9a-f]+\.part)?")


@dataclass(frozen=True, slots=True)
class Garbage:
    """``objects``: contents without an example in the dataset or a version. ``others``: tables that no import or run
    names. ``bytes`` of all; ``files`` are the first, relative to the project. ``removed``: they are gone."""

    objects: int
    others: int
    bytes: int
    files: tuple[str, ...]
    removed: bool

    @property
    def count(self) -> int:
        return self.objects + self.others

    def to_json(self) -> dict[str, Any]:
        return {
            "objects": self.objects,
            "tables": self.others,
            "bytes": self.bytes,
            "files": list(self.files),
            "removed": self.removed,
        }


def collect(folder: Path, database: Database, progress: Progress, *, remove: bool) -> Garbage:
    """What is unreachable from the imports, the runs and every version; taken away with ``remove``.

    Raises ProjectError when a version cannot be read, since what it needs is not known then; nothing is removed.
    """
    progress.phase("Looking at what is needed")
    named = _tables(database)
    needed = _digests(folder, database)
    progress.phase("Looking at what is there")
    objects = [path for path in sorted((folder / "objects").glob("??/*")) if _is_spare(folder, path, needed)]
    tables = folder / "tables"
    others = [path for path in sorted(tables.glob("*.parquet")) if path.name not in named]
    spare = [*objects, *others]
    size = sum(path.stat().st_size for path in spare)
    if remove:
        progress.phase("Removing files", len(spare))
        for path in spare:
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise ProjectError(
                    f"{path.name} cannot be removed: {error.strerror}.", hint="Look at the rights, and try again."
                ) from error
            progress.advance()
    listed = tuple(path.relative_to(folder).as_posix() for path in spare[:LISTED])
    return Garbage(len(objects), len(others), size, listed, remove)


def _tables(database: Database) -> set[str]:
    return {file for kind in ("source", "run") for (file,) in database.rows(f"SELECT file FROM {kind}")}


def _digests(folder: Path, database: Database) -> set[str]:
    """Of every object that the dataset or a version names."""
    sources = [folder / "tables" / file for (file,) in database.rows("SELECT file FROM source")]
    needed: set[str] = set()
    with closing(Engine()) as engine:
        relations = [manifest.read(folder, info).relation for info in registry.versions(database)]
        with columns.reading(sources):
            relations += [parquet(path) for path in sources if "media" in columns.names(engine, [path])]
            for relation in relations:
                found = engine.rows(f"SELECT DISTINCT media FROM {relation} WHERE starts_with(media, '{PREFIX}')")
                needed.update(media.removeprefix(PREFIX) for (media,) in found)
    return needed


def _is_spare(folder: Path, path: Path, needed: set[str]) -> bool:
    place = path.relative_to(folder / "objects").as_posix()
    return path.is_file() and bool(_OBJECT.fullmatch(place)) and path.name not in needed
