"""What the examples of a project are made of now: their files or texts, and marks by which a change is noticed."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, overload

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.engine import Engine, parquet, quoted
from dataimp_gui.core.model import Codes, Modality, Role, Rows
from dataimp_gui.core.storage import columns
from dataimp_gui.core.versions.manifest import sha256_of
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    from dataimp_gui.core.project import Project

UNKNOWN: Final = -1

_THREADS: Final = 4
_HASHED: Final = 15  # hexadecimal digits of a SHA-256 that an int64 holds without its sign


@dataclass(frozen=True, slots=True)
class Material:
    """``names`` (n,): the media path of each example as the project writes it, or its text, "" where it has none.

    ``keys`` uint64 (n,): another key means another file or text. ``content`` int64 (n,): equal numbers mean byte-equal
    media, equal texts or rows of equal values; -1 where that is unknown.
    """

    names: npt.NDArray[np.object_]
    keys: npt.NDArray[np.uint64]
    content: npt.NDArray[np.int64]


def gather(project: "Project", progress: Progress) -> Material:
    """Look at every file, but not into it, unless it changed since the import. Raises ProjectError, Cancelled."""
    progress.phase("Looking at the examples")
    match project.modality:
        case Modality.TEXT:
            return _of_texts(project)
        case Modality.TABLE:
            return _of_values(project)
    return _of_files(project, progress)


def sources(project: "Project", material: Material, rows: Rows | None = None) -> Sequence[Path | str | None]:
    """The file or the text of each of ``rows``, of all examples by default; None where there is none."""
    wanted = range(project.count) if rows is None else rows.tolist()
    if project.modality == Modality.TEXT:
        return [material.names[row] or None for row in wanted]
    return [_file(project, row, material.names[row]) for row in wanted]


class Files(Sequence[Path | None]):
    """`sources` of pictures and sounds, each looked for when it is asked for."""

    def __init__(self, project: "Project", material: Material) -> None:
        self._project = project
        self._names = material.names

    def __len__(self) -> int:
        return len(self._names)

    @overload
    def __getitem__(self, row: int) -> Path | None: ...

    @overload
    def __getitem__(self, row: slice) -> Sequence[Path | None]: ...

    def __getitem__(self, row: int | slice) -> Path | Sequence[Path | None] | None:
        if isinstance(row, slice):
            return [self[each] for each in range(*row.indices(len(self)))]
        return _file(self._project, int(row), self._names[row])


def groups(project: "Project") -> Codes | None:
    """Which examples belong together by the group columns of the contract, as codes, -1 without; None without such."""
    names = [column.name for column in project.contract.columns if column.role == Role.GROUP]
    if not names:
        return None
    value = " || chr(31) || ".join(f"CAST({quoted(name)} AS VARCHAR)" for name in names)
    found = _read(project, {"mark": f"md5_number_lower(coalesce({value}, ''))", "missing": f"({value}) IS NULL"})
    codes = np.unique(found["mark"], return_inverse=True)[1].astype(np.int32)
    codes[np.asarray(found["missing"], dtype=np.bool_)] = UNKNOWN
    return codes


def _file(project: "Project", row: int, name: str) -> Path | None:
    if name:
        with suppress(DataimpError, OSError, ValueError):  # it leads outside the media folder by now
            return project.locations.path(row, name)
    return None


def _of_texts(project: "Project") -> Material:
    found = _read(project, {"name": "coalesce(text, '')", "key": "md5_number_lower(coalesce(text, ''))"})
    names, keys = np.asarray(found["name"], dtype=object), np.asarray(found["key"], dtype=np.uint64)
    content = (keys >> np.uint64(1)).astype(np.int64)
    content[names == ""] = UNKNOWN
    return Material(names, keys, content)


def _of_values(project: "Project") -> Material:
    roles = (Role.METADATA, Role.GROUP)
    values = [f"CAST({quoted(column.name)} AS VARCHAR)" for column in project.contract.columns if column.role in roles]
    joined = f"concat_ws(chr(31), {', '.join(f'coalesce({value}, chr(30))' for value in values)})" if values else "''"
    keys = np.asarray(_read(project, {"key": f"md5_number_lower({joined})"})["key"], dtype=np.uint64)
    content = (keys >> np.uint64(1)).astype(np.int64) if values else np.full(project.count, UNKNOWN, dtype=np.int64)
    return Material(np.full(project.count, "", dtype=object), keys, content)


def _of_files(project: "Project", progress: Progress) -> Material:
    hashed = f"TRY_CAST(('0x' || left(sha256, {_HASHED})) AS BIGINT)"
    found = _read(
        project,
        {
            "name": "coalesce(media, '')",
            "content": f"coalesce({hashed}, {UNKNOWN})",
            "size": "coalesce(size, -1)",
            "time": "coalesce(mtime_ns, -1)",
        },
        missing={"media": "VARCHAR", "sha256": "VARCHAR", "size": "BIGINT", "mtime_ns": "BIGINT"},
    )
    names = np.asarray(found["name"], dtype=object)
    sizes, times = project.locations.marks(names, progress)
    keys = sizes.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) ^ times.astype(np.uint64)
    content = np.asarray(found["content"], dtype=np.int64).copy()
    changed = (sizes != found["size"]) | (times != found["time"])
    content[changed] = UNKNOWN
    again = np.flatnonzero((sizes >= 0) & (content == UNKNOWN))
    if len(again):
        content[again] = _hashed_now(project, names, again, progress)
    return Material(names, keys, content)


def _hashed_now(
    project: "Project", names: npt.NDArray[np.object_], rows: Rows, progress: Progress
) -> npt.NDArray[np.int64]:
    """What the import would have remembered of files that are other ones now; -1 where they cannot be read."""

    def content(row: int) -> int:
        file = _file(project, row, names[row])
        with suppress(OSError):
            return int(sha256_of(file)[:_HASHED], 16) if file else UNKNOWN
        return UNKNOWN

    with ThreadPoolExecutor(_THREADS) as pool:
        found = list(progress.track(pool.map(content, rows.tolist()), "Hashing media that changed"))
    return np.array(found, dtype=np.int64)


def _read(
    project: "Project", wanted: dict[str, str], missing: dict[str, str] | None = None
) -> dict[str, npt.NDArray[Any]]:
    """Expressions over the columns of the imported tables, by name, a value a row; never masked."""
    paths = [project.path / "tables" / source.file for source in project.sources]
    engine = Engine()
    try:
        there = columns.names(engine, paths)
        lacking = [f"CAST(NULL AS {kind}) AS {name}" for name, kind in (missing or {}).items() if name not in there]
        rows = f"(SELECT *{''.join(f', {each}' for each in lacking)} FROM {parquet(*paths)})"
        with columns.reading(paths):
            selected = ", ".join(f"{sql} AS {quoted(name)}" for name, sql in wanted.items())
            return engine.arrays(f"SELECT {selected} FROM {rows}")
    finally:
        engine.close()
