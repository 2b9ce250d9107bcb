"""Where the file of an example lies, and what it looks like in a tile."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from dataimp_gui.core.model import Modality
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    from dataimp_gui.core.media.image import Pixels
    from dataimp_gui.core.media.thumbnails import Thumbnails
    from dataimp_gui.core.project import Project

MOST_KEPT_BYTES: Final = 2**30


def path(project: "Project", row: int) -> Path | None:
    """As `Project.media_path`."""
    if project.modality in (Modality.TEXT, Modality.TABLE):
        return None
    media = project.query.values(["media"], np.array([row]))["media"][0]
    return project.locations.path(row, str(media)) if media else None


def thumbnail(project: "Project", row: int, size: int) -> "Pixels":
    """As `Project.thumbnail`."""
    file = path(project, row)
    if file is None:
        raise DataimpError("This example has no media.")
    return _kept(project).picture(file, project.modality, size)


def thumbnails(project: "Project", rows: Sequence[int], size: int, progress: Progress) -> "dict[int, Pixels | None]":
    """`thumbnail` of several examples, None where there is none to show. Raises Cancelled."""
    media, kept = project.query.values(["media"], np.array(rows, dtype=np.int64))["media"], _kept(project)
    found: dict[int, Pixels | None] = {}
    for row, name in zip(rows, media, strict=True):
        progress.check()
        found[row] = None
        if name:
            with suppress(DataimpError, OSError):
                found[row] = kept.picture(project.locations.path(row, str(name)), project.modality, size)
    return found


def trim(project: "Project", max_bytes: int = MOST_KEPT_BYTES) -> int:
    """Delete the thumbnails that were made longest ago beyond ``max_bytes``; how many went. For a worker thread."""
    return 0 if project.read_only else _kept(project).trim(max_bytes)


def _kept(project: "Project") -> "Thumbnails":
    from dataimp_gui.core.media.thumbnails import Thumbnails

    return Thumbnails(project.path / "cache" / "thumbnails", project.contract.limits)
