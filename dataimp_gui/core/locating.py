"""Media that are not where they were at import: how many, and how their folder is found again."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from dataimp_gui.core.model import Change, Field, Modality, Rows
from dataimp_gui.core.storage.locations import GONE, Locations, Source, relocate, sources
from dataimp_gui.core.storage.objects import PREFIX, Objects
from dataimp_gui.errors import DataimpError, ProjectError
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    from dataimp_gui.core.project import Project

GLANCE: Final = 400  # files of a source by which it is judged
ENOUGH: Final = 0.9  # of the files that are looked for must be there, as large as at import
NEAR: Final = 200  # folders inside a chosen one that are tried too
AT_ONCE: Final = 50_000


@dataclass(frozen=True, slots=True)
class Missing:
    """``count`` examples have no file any more; most of them were in ``folder``."""

    count: int
    folder: str


@dataclass(frozen=True, slots=True)
class Located:
    """``folder`` is where the media are looked for from now on, ``missing`` how many are not there."""

    folder: Path
    missing: int


def missing(project: "Project", progress: Progress) -> Missing | None:
    """None when all are there, as far as a glance at each source tells; only when one is not, all are looked for."""
    if project.modality not in (Modality.IMAGE, Modality.AUDIO):
        return None
    lost = []
    for source in project.sources:
        some = _some(project, source)
        if _there(source.media_root, some) < len(some):
            lost.append(source)
    if not lost:
        return None
    counts = {source.media_root: _count(project, source, progress) for source in lost}
    return Missing(sum(counts.values()), max(counts, key=counts.__getitem__)) if any(counts.values()) else None


def locate(project: "Project", folder: Path, progress: Progress) -> Located:
    """Look for the media of the sources that miss some in ``folder`` from now on, or just above or inside it.

    Raises DataimpError when too few of the files that are looked for are there, or as large as at import.
    """
    if project.read_only:
        raise ProjectError(f"{project.name} is open read-only.", hint="Close it elsewhere and open it again.")
    chosen = Path(os.path.abspath(folder))
    if not chosen.is_dir():
        raise DataimpError(f"There is no folder {folder}.", hint="Choose the folder that the media are in now.")
    found: dict[int, Path] = {}
    for source in project.sources:
        wanted = [one for one in _some(project, source) if not one[0].startswith(PREFIX)]
        now = _there(source.media_root, wanted)
        if now < len(wanted):
            found[source.number] = _root(chosen, wanted, now)
    if not found:
        raise DataimpError("No media are missing.", hint="The examples have their files where they were at import.")
    with project.editing.turn, project.database.transaction():
        for number, root in found.items():
            relocate(project.database, number, str(root))
    project.sources = sources(project.database)
    project.locations = Locations(project.sources, Objects(project.path / "objects"))
    project.tell(Change(Field.MEDIA, np.arange(project.count)))
    left = missing(project, progress)
    return Located(next(iter(found.values())), left.count if left else 0)


def _some(project: "Project", source: Source) -> list[tuple[str, int]]:
    """Media and sizes, -1 where unknown, of examples from all over a source."""
    rows = np.unique(np.linspace(source.first_row, source.first_row + source.count - 1, min(GLANCE, source.count)))
    return [one for one in _media(project, rows.astype(np.int64)) if one[0]]


def _media(project: "Project", rows: Rows) -> Iterator[tuple[str, int]]:
    known = {column.name for column in project.query.columns()}
    found: dict[str, list[Any]] = project.query.values([name for name in ("media", "size") if name in known], rows)
    sizes = found.get("size", [None] * len(rows))
    return ((media or "", -1 if size is None else int(size)) for media, size in zip(found["media"], sizes, strict=True))


def _is_there(root: str | Path, media: str) -> bool:
    return media.startswith(PREFIX) or os.path.isfile(os.path.join(root, media))


def _there(root: str | Path, wanted: list[tuple[str, int]]) -> int:
    return sum(_is_there(root, media) for media, _ in wanted)


def _count(project: "Project", source: Source, progress: Progress) -> int:
    names = np.full(project.count, "", dtype=object)
    for start in range(source.first_row, source.first_row + source.count, AT_ONCE):
        rows = np.arange(start, min(start + AT_ONCE, source.first_row + source.count))
        names[rows] = [media for media, _ in _media(project, rows)]
    sizes, _ = project.locations.marks(names, progress)
    return int((sizes == GONE).sum())


def _root(chosen: Path, wanted: list[tuple[str, int]], now: int) -> Path:
    """The folder that holds what is wanted: the chosen one, one just above it, or one inside it.

    ``now`` is how many are found where they are looked for so far.
    """
    inside = sorted(entry.path for entry in os.scandir(chosen) if entry.is_dir())[:NEAR]
    best, most = chosen, -1
    for root in (chosen, *chosen.parents[:2], *map(Path, inside)):
        there = _there(root, wanted)
        if there > most:
            best, most = root, there
        if there == len(wanted):
            break
    looked = f"{len(wanted):,} files that were looked for"
    if most < ENOUGH * len(wanted) or most <= now:
        lacking = next(media for media, _ in wanted if not _is_there(best, media))
        raise DataimpError(
            f"{most:,} of {looked} are in {chosen}.",
            hint=f"Choose the folder that holds {lacking}. Nothing was changed.",
        )
    same = sum(size in (-1, _size(best / media)) for media, size in wanted)
    if same < ENOUGH * len(wanted):
        raise DataimpError(
            f"{same:,} of {looked} are as large in {best} as they were at import.",
            hint="These are other files. Choose the folder with the same ones. Nothing was changed.",
        )
    return best


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return GONE
