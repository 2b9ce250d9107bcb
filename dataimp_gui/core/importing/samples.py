"""What the first media of a source look like, before anything of it is imported."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.formats.found import OBJECT_PREFIX, Found
from dataimp_gui.core.importing.media import Root
from dataimp_gui.core.model import Modality, Role
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress

Pixels = npt.NDArray[np.uint8]


def looks(found: Found, root: Path | None, side: int, most: int, progress: Progress) -> list[Pixels]:
    """Small pictures, uint8 (h, w, 3), of the first media that can be shown, their longer side at ``side`` pixels.

    Paths start from ``root``, else from where the source says; nothing outside it is read. For a worker.
    """
    from dataimp_gui.core.media.thumbnails import picture

    column = found.column(Role.MEDIA)
    modality = found.modality if found.modality is Modality.AUDIO else Modality.IMAGE
    folder = Root(root or found.media_root or found.path.parent)
    seen: list[Pixels] = []
    for written in column.samples if column else ():
        progress.check()
        if len(seen) == most or written.startswith(OBJECT_PREFIX):
            break
        _, file, problem = folder.find(written)
        if problem is None:
            try:
                seen.append(picture(Path(file), modality, side))
            except (DataimpError, OSError):
                continue
    return seen
