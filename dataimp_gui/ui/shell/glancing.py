"""What the start page will show of the project that is open: figures, and how its first examples look."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QRect, Qt, QTimer
from PySide6.QtGui import QImage, QPainter

from dataimp_gui.core import overview
from dataimp_gui.core.overview import Glance
from dataimp_gui.progress import Progress
from dataimp_gui.ui.kit.pixels import image
from dataimp_gui.ui.pages.start import recent
from dataimp_gui.ui.pages.start.cards import FACE
from dataimp_gui.ui.pages.start.recent import Recent
from dataimp_gui.ui.session import Session

FIRST_MS: Final = 2000  # after opening, when what is on the screen is there
LATER_MS: Final = 15_000  # after an edit
SIDE: Final = 2 * FACE  # pixels, for screens of twice the density


class Glancing(QObject):
    """Lives as long as the session. A project that was opened comes first among the recent ones."""

    def __init__(self, session: Session, config: Path) -> None:
        super().__init__(session)
        self._session, self._config = session, config
        self._path = str(session.project.path.resolve())
        known = {entry.path: entry for entry in recent.load(config)}.get(self._path)
        self._glance = Glance(known.accuracy, known.part, known.failing, ()) if known else Glance(None, "", None, ())
        self._later = QTimer(self, singleShot=True)
        self._later.timeout.connect(self._look)
        session.changed.connect(self._changed)
        session.committed.connect(self._note)
        self._note()
        self._later.start(FIRST_MS)

    def _changed(self) -> None:
        if not self._later.isActive():
            self._later.start(LATER_MS)

    def _look(self) -> None:
        project, place = self._session.project, recent.face(self._path, self._config)

        def look(progress: Progress) -> Glance:
            found = overview.glance(project, SIDE, progress)
            if found.faces:
                place.parent.mkdir(parents=True, exist_ok=True)
                _beside(found.faces).save(str(place))
            return found

        self._session.reads.start(look, self._seen, key="glance")

    def _seen(self, found: Glance) -> None:
        self._glance = found
        self._note()

    def _note(self) -> None:
        session, found = self._session, self._glance
        project, now = session.project, datetime.now(UTC).isoformat(timespec="seconds")
        entry = Recent(
            self._path,
            project.name,
            project.modality,
            project.size,
            len(project.classes),
            session.draft_name if session.version is not None else "",
            now,
            found.accuracy,
            found.part,
            found.failing,
        )
        recent.remember(entry, self._config)


def _beside(faces: Sequence[npt.NDArray[np.uint8]]) -> QImage:
    """One of them, or four as two by two, each cut to a square."""
    made = QImage(SIDE, SIDE, QImage.Format.Format_RGB32)
    made.fill(Qt.GlobalColor.black)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    side = SIDE // 2 if len(faces) >= overview.FACES else SIDE
    for number, pixels in enumerate(faces[: overview.FACES if side < SIDE else 1]):
        shown = image(pixels)
        least = min(shown.width(), shown.height())
        cut = QRect((shown.width() - least) // 2, (shown.height() - least) // 2, least, least)
        painter.drawImage(QRect(number % 2 * side, number // 2 * side, side, side), shown, cut)
    painter.end()
    return made
