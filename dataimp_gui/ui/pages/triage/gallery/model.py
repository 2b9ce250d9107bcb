"""The rows of the session as a list model: what is known in memory at once, pictures and texts as they arrive."""

import math
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPixmap

from dataimp_gui.core.model import Change, Codes, Field, Mask, Modality
from dataimp_gui.core.project import Project
from dataimp_gui.errors import DataimpError, QueryError
from dataimp_gui.progress import Progress
from dataimp_gui.ui.kit.lru import Lru
from dataimp_gui.ui.kit.pixels import image
from dataimp_gui.ui.pages.triage.study import Study
from dataimp_gui.ui.session import FLAGGED, Session

MISSING: Final = "missing"
"""In place of a picture: the medium cannot be shown."""

BATCH: Final = 24
SIZES: Final = (128, 256, 512, 1024)  # of the pictures that are asked for, in pixels
FACES_BYTES: Final = 2**28  # of pictures that are kept
LEAST: Final = 64  # of them, more than fit on a screen
LONGEST: Final = 2000
LINE: Final = "\N{LINE SEPARATOR}"
FIELDS: Final = 12
NEWEST: Final = 192
MARKED: Final = 24  # slices that have marks on the tiles
ROOT: Final = QModelIndex()
Index = QModelIndex | QPersistentModelIndex
Arrived = QImage | str
Face = QPixmap | str
"""What fills a tile: a picture, a text, or `MISSING` where the modality has pictures."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a tile says in words and signs. ``tags`` are the numbers of their markers."""

    label: str
    given: str
    predicted: str
    confidence: float | None
    excluded: bool
    reviewed: bool
    tags: tuple[int, ...]
    flagged: bool
    suggested: str = ""  # the label that an open issue suggests
    slices: tuple[tuple[int, str], ...] = ()  # number of the marker and name of each saved one that it is in

    @property
    def relabelled(self) -> bool:
        return self.label != self.given

    @property
    def error(self) -> bool:
        return bool(self.predicted and self.label and self.predicted != self.label)

    @property
    def correct(self) -> bool:
        return bool(self.predicted) and self.predicted == self.label


class GalleryModel(QAbstractListModel):
    repaint_wanted = Signal()

    def __init__(self, session: Session, study: Study, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._study = study
        self._project = session.project
        self.pictures = session.project.modality in (Modality.IMAGE, Modality.AUDIO)
        self._faces: Lru[int, Face] = Lru(4096)
        self._wanted: dict[int, None] = {}
        self._size = 104
        self._asking = False
        self._tags: list[tuple[str, Codes]] = []
        self._learn_tags()
        self._slices: list[tuple[str, Mask]] | None = None  # not asked for yet
        self._flush = QTimer(self, singleShot=True, interval=16)
        self._flush.timeout.connect(self._ask)
        session.answered.connect(self._reset)
        session.changed.connect(self._repaint)
        session.predicted.connect(self.repaint_wanted)
        study.learned.connect(self.repaint_wanted)

    def _reset(self) -> None:
        self.beginResetModel()
        self._wanted.clear()
        self.endResetModel()
        if self._slices is None:
            self._learn_slices()

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._session.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._session.rows):
            return None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.words(index.row())
        return None

    def row(self, place: int) -> int:
        return int(self._session.rows[place])

    def place(self, row: int) -> int:
        """Where a row is shown, -1 when it is not."""
        found = np.flatnonzero(self._session.rows == row)
        return int(found[0]) if len(found) else -1

    def facts(self, place: int) -> Facts:
        row, state, run = self.row(place), self._project.state, self._session.predictions
        words = state.words("label")
        suggested = self._study.standing.suggested
        confidence = float(run.confidence[row]) if run else math.nan
        tags = [(name, codes[row]) for name, codes in self._tags]
        return Facts(
            label=_word(words, state.labels[row]),
            given=_word(words, state.given_labels[row]),
            predicted=_word(words, run.codes[row]) if run else "",
            confidence=None if math.isnan(confidence) else confidence,
            excluded=bool(state.codes("excluded")[row]),
            reviewed=bool(state.codes("reviewed")[row]),
            tags=tuple(i for i, (name, on) in enumerate(tags) if on and name != FLAGGED),
            flagged=any(on for name, on in tags if name == FLAGGED),
            suggested=_word(words, suggested[row]) if row < len(suggested) else "",
            slices=tuple((i, name) for i, (name, mask) in enumerate(self._slices or ()) if mask[row]),
        )

    def words(self, place: int) -> str:
        """A tile in words, for screen readers."""
        facts = self.facts(place)
        parts = [facts.label or "no label"]
        if facts.error:
            parts.append(f"predicted {facts.predicted}, error")
        elif facts.correct:
            parts.append("correct")
        if facts.suggested:
            parts.append(f"suggested {facts.suggested}")
        parts += [f"in the slice {name}" for _, name in facts.slices]
        parts += [word for word, on in (("excluded", facts.excluded), ("flagged", facts.flagged)) if on]
        return ", ".join(parts)

    # faces

    def set_size(self, width: int, ratio: float) -> None:
        """Ask for pictures of this width in logical pixels; those that are here are scaled until then."""
        size = next((size for size in SIZES if width * ratio <= size), SIZES[-1])
        if size != self._size:
            self._size = size
            self._faces = Lru(max(LEAST, FACES_BYTES // (4 * size * size)))

    def face(self, place: int) -> Face | None:
        """What fills the tile, None while it is on its way."""
        row = self.row(place)
        face = self._faces.get(row)
        if face is None:
            self._wanted[row] = None
            if not (self._asking or self._flush.isActive()):  # a running timer is not put off by every frame
                self._flush.start()
        return face

    def forget_faces(self) -> None:
        self._faces.clear()
        self.repaint_wanted.emit()

    def _ask(self) -> None:
        newest = list(self._wanted)[-NEWEST:]  # what scrolled past is no longer wanted
        self._wanted = dict.fromkeys(newest)
        if not newest or self._asking:
            return
        batch, size, project = newest[:BATCH], self._size, self._project
        for row in batch:
            del self._wanted[row]
        self._asking = True
        self._session.reads.start(
            lambda progress: faces(project, batch, size, progress), self._add, key="faces", failed=self._stumble
        )

    def _stumble(self, error: Exception) -> None:
        """What was asked for meanwhile still comes."""
        self._asking = False
        self._session.reads.failed.emit(error)

    def _add(self, arrived: Mapping[int, Arrived]) -> None:
        self._asking = False
        for row, face in arrived.items():
            self._faces.put(row, face if isinstance(face, str) else QPixmap.fromImage(face))
        self.repaint_wanted.emit()
        self._ask()

    def _repaint(self, change: Change) -> None:
        if change.touches(Field.TAG):
            self._learn_tags()
        if change.touches(Field.MEDIA):
            self._faces.clear()
        self._learn_slices()
        self.repaint_wanted.emit()

    def _learn_slices(self) -> None:
        """What is in the saved slices follows every edit, as their rules may ask about anything."""
        project = self._project
        self._slices = self._slices or []
        self._session.reads.start(
            lambda progress: _members(project, progress), self._show_slices, key="marks of slices"
        )

    def _show_slices(self, found: list[tuple[str, Mask]]) -> None:
        if found or self._slices:
            self._slices = found
            self.repaint_wanted.emit()

    def _learn_tags(self) -> None:
        state = self._project.state
        self._tags = [(tag, state.codes(f"tag:{tag}")) for tag in state.tags]


def _members(project: Project, progress: Progress) -> list[tuple[str, Mask]]:
    """Name and members bool (n,) of the first saved slices; nobody is in one that cannot be asked any more."""
    found = []
    for each in project.slices.saved()[:MARKED]:
        progress.check()
        mask = np.zeros(project.count, dtype=np.bool_)
        with suppress(QueryError):
            mask[project.slices.rows(each)] = True
        found.append((each.name, mask))
    return found


def _word(words: Any, code: int) -> str:
    return words[code] if code >= 0 else ""


def faces(project: Project, rows: list[int], size: int, progress: Progress) -> dict[int, Arrived]:
    """What fills the tiles of some examples, pictures at most ``size`` pixels wide and high. Runs on a worker."""
    load = _pictures if project.modality in (Modality.IMAGE, Modality.AUDIO) else _texts
    return load(project, rows, size, progress)


def _pictures(project: Project, rows: list[int], size: int, progress: Progress) -> dict[int, Arrived]:
    """A QImage a row, or `MISSING`. Runs on a worker."""
    faces: dict[int, Arrived] = {}
    for row in rows:
        progress.check()
        try:
            faces[row] = image(project.thumbnail(row, size))
        except (DataimpError, OSError):
            faces[row] = MISSING
    return faces


def _texts(project: Project, rows: list[int], _size: int, _progress: Progress) -> dict[int, Arrived]:
    """The text of each row; of a table without texts its fields, one a line. Runs on a worker."""
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
