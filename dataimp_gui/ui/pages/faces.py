"""What an example looks like at the size of a thumb. For workers."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtGui import QImage

from dataimp_gui.core.model import Modality, Rows
from dataimp_gui.core.project import Project
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress
from dataimp_gui.ui.kit.pixels import image

SIDE: Final = 128
FIELDS: Final = 6
LONGEST: Final = 400
PICTURES: Final = (Modality.IMAGE, Modality.AUDIO)


def faces(project: Project, rows: Rows, progress: Progress) -> Sequence[QImage | str | None]:
    """A picture or a few words of each; None where it cannot be shown."""
    if project.modality in PICTURES:
        return [_picture(project, row, progress) for row in rows.tolist()]
    if project.modality is Modality.TEXT:
        return [" ".join(str(text or "")[:LONGEST].split()) for text in project.query.values(["text"], rows)["text"]]
    names = [column.name for column in project.query.columns() if column.kind == "metadata"][:FIELDS]
    found = project.query.values(names, rows)
    return [", ".join(f"{name} {found[name][place]}" for name in names) for place in range(len(rows))]


def _picture(project: Project, row: int, progress: Progress) -> QImage | None:
    progress.check()
    try:
        return image(project.thumbnail(row, SIDE))
    except (DataimpError, OSError):
        return None
