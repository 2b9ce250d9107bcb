"""Where the file of an example lies, and what it looks like in a tile."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dataimp_gui.core.model import Modality
from dataimp_gui.errors import DataimpError

if TYPE_CHECKING:
    from dataimp_gui.core.media.image import Pixels
    from dataimp_gui.core.project import Project


def path(project: "Project", row: int) -> Path | None:
    """As `Project.media_path`."""
    if project.modality in (Modality.TEXT, Modality.TABLE):
        return None
    media = project.query.values(["media"], np.array([row]))["media"][0]
    return project.locations.path(row, str(media)) if media else None


def thumbnail(project: "Project", row: int, size: int) -> "Pixels":
    """As `Project.thumbnail`."""
    from dataimp_gui.core.media.thumbnails import Thumbnails

    file = path(project, row)
    if file is None:
        raise DataimpError("This example has no media.")
    kept = Thumbnails(project.path / "cache" / "thumbnails", project.contract.limits)
    return kept.picture(file, project.modality, size)
