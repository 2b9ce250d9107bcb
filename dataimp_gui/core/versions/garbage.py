"""Files of a project that nothing refers to any more: what they are, how much they take, and taking them away."""

import re
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from dataimp_gui.core import edits
from dataimp_gui.core.engine import Engine, parquet
from dataimp_gui.core.storage import columns
from dataimp_gui.core.storage.database import Database
from dataimp_gui.core.storage.journal import Journal
from dataimp_gui.core.storage.locations import AUGMENTED
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
    given_up = _given_up(database)
    files = [file for (file,) in database.rows("SELECT file FROM source") if file not in given_up]
    sources = [folder / "tables" / file for file in files]
    needed: set[str] = set()
    with closing(Engine()) as engine:
        relations = [manifest.read(folder, info).relation for info in registry.versions(database)]
        with columns.reading(sources):
            relations += [parquet(path) for path in sources if "media" in columns.names(engine, [path])]
            for relation in relations:
                found = engine.rows(f"SELECT DISTINCT media FROM {relation} WHERE starts_with(media, '{PREFIX}')")
                needed.update(media.removeprefix(PREFIX) for (media,) in found)
    return needed


def _given_up(database: Database) -> set[str]:
    """Tables of variants whose coming was undone and cannot be redone any more; their rows keep their places."""
    journal = Journal(database)
    known = {*journal.live, *journal.undone}
    found = database.rows("SELECT number FROM edit WHERE action = 'do' AND field = ?", (edits.PRESENT,))
    rows = np.array([], np.int64)
    if came := [journal.read(number)[0].rows for (number,) in found if number in known]:
        rows = np.unique(np.concatenate(came))
    tables = database.rows("SELECT file, first_row, count FROM source WHERE format = ?", (AUGMENTED,))
    first, after = (np.searchsorted(rows, [each[1] + each[2] * end for each in tables]) for end in (0, 1))
    return {file for (file, *_), has_some in zip(tables, after > first, strict=True) if not has_some}


def _is_spare(folder: Path, path: Path, needed: set[str]) -> bool:
    place = path.relative_to(folder / "objects").as_posix()
    return path.is_file() and bool(_OBJECT.fullmatch(place)) and path.name not in needed
