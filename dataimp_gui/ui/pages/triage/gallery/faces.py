"""What fills the tiles, pictures or words: fetched by workers, what is on the screen first, and kept for a while."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage, QPixmap

from dataimp_gui.core import pictures
from dataimp_gui.core.model import Modality, Rows
from dataimp_gui.core.project import Project
from dataimp_gui.progress import Progress
from dataimp_gui.ui.kit.lru import Lru
from dataimp_gui.ui.kit.pixels import image
from dataimp_gui.ui.session import Session

MISSING: Final = "missing"
"""In place of a picture: the medium cannot be shown."""

LANES: Final = ("faces", "more faces")  # jobs at once
PICTURES: Final = 8  # in a job: few, so that the first are here soon and no lane ends long before the other
WORDS: Final = 192
SIZES: Final = (128, 256, 512, 1024)  # of the pictures that are asked for, in pixels
KEPT_BYTES: Final = 2**28
LEAST: Final = 64  # pictures, more than fit on a screen
LONGEST: Final = 2000
LINE: Final = "\N{LINE SEPARATOR}"
FIELDS: Final = 12
Arrived = QImage | str
Face = QPixmap | str
"""What fills a tile: a picture, a text, or `MISSING` where the modality has pictures."""


class Faces(QObject):
    """By row. ``on_screen`` gives the places that are seen now; those below them are fetched when these are here."""

    arrived = Signal(object)  # the rows, a set

    def __init__(self, session: Session, on_screen: Callable[[], Rows], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._project = session.project
        self._on_screen = on_screen
        self._kept: Lru[int, Face] = Lru(LEAST)
        self._capacity = LEAST
        self._size = 0
        self._batch = PICTURES if _has_pictures(session.project) else WORDS
        self._free = list(LANES)
        self._coming: set[int] = set()
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._ask)
        self.set_size(SIZES[0], 1.0)

    def set_size(self, width: int, ratio: float) -> None:
        """Ask for pictures of this width in logical pixels."""
        size = next((size for size in SIZES if width * ratio <= size), SIZES[-1])
        if size != self._size:
            self._size = size
            self._capacity = max(LEAST, KEPT_BYTES // (4 * size * size))
            self._kept = Lru(self._capacity)

    def get(self, row: int) -> Face | None:
        """None while it is on its way."""
        face = self._kept.get(row)
        if face is None and not self._soon.isActive():  # a running timer is not put off by every frame
            self._soon.start()
        return face

    def clear(self) -> None:
        self._kept.clear()

    def _ask(self) -> None:
        while self._free and (rows := self._next()):
            lane, size = self._free.pop(), self._size
            self._coming.update(rows)
            self._session.reads.start(
                partial(faces, self._project, rows, size),
                partial(self._take, lane, size, rows),
                key=lane,
                failed=partial(self._stumble, lane, rows),
            )

    def _next(self) -> list[int]:
        """Rows to fetch together: seen ones in reading order, else those that scrolling down will show."""
        seen = self._on_screen()
        missing = self._missing(seen)
        if not missing and 0 < 2 * len(seen) <= self._capacity:
            missing = self._missing(seen[-1] + 1 + np.arange(len(seen)))
        return missing[: self._batch]

    def _missing(self, places: Rows) -> list[int]:
        rows: list[int] = self._session.rows[places[places < len(self._session.rows)]].tolist()
        return [row for row in rows if row not in self._kept and row not in self._coming]

    def _take(self, lane: str, size: int, rows: list[int], arrived: Mapping[int, Arrived]) -> None:
        self._release(lane, rows)
        if size == self._size:
            for row, face in arrived.items():
                self._kept.put(row, face if isinstance(face, str) else QPixmap.fromImage(face))
            self.arrived.emit(set(rows))
        self._ask()

    def _stumble(self, lane: str, rows: list[int], error: Exception) -> None:
        """The next frame asks again."""
        self._release(lane, rows)
        self._session.reads.failed.emit(error)

    def _release(self, lane: str, rows: list[int]) -> None:
        self._free.append(lane)
        self._coming.difference_update(rows)


def faces(project: Project, rows: list[int], size: int, progress: Progress) -> dict[int, Arrived]:
    """What fills the tiles of some examples, pictures at most ``size`` pixels wide and high. Runs on a worker."""
    load = _pictures if _has_pictures(project) else _texts
    return load(project, rows, size, progress)


def _has_pictures(project: Project) -> bool:
    return project.modality in (Modality.IMAGE, Modality.AUDIO)


def _pictures(project: Project, rows: list[int], size: int, progress: Progress) -> dict[int, Arrived]:
    """A QImage a row, or `MISSING`."""
    found = pictures.thumbnails(project, rows, size, progress)
    return {row: MISSING if pixels is None else image(pixels) for row, pixels in found.items()}


def _texts(project: Project, rows: list[int], _size: int, _progress: Progress) -> dict[int, Arrived]:
    """The text of each row; of a table without texts its fields, one a line."""
    wanted = np.array(rows, dtype=np.int64)
    if project.modality is Modality.TEXT:
        texts = project.query.values(["text"], wanted)["text"]
        return {row: " ".join(str(text or "")[:LONGEST].split()) for row, text in zip(rows, texts, strict=True)}
    names = [column.name for column in project.query.columns() if column.kind == "metadata"][:FIELDS]
    found = project.query.values(names, wanted)
    return {
        row: LINE.join(f"{name}  {found[name][place]}" for name in names if found[name][place] is not None)
        for place, row in enumerate(rows)
    }
