"""The rows of the session as a list model, and what a tile says of each."""

import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from dataimp_gui.core.model import Change, Codes, Field, Mask, Modality, Rows
from dataimp_gui.core.project import Project
from dataimp_gui.errors import QueryError
from dataimp_gui.progress import Progress
from dataimp_gui.ui.pages.triage.gallery.faces import Face, Faces
from dataimp_gui.ui.pages.triage.study import Study
from dataimp_gui.ui.session import FLAGGED, Session

MARKED: Final = 24  # slices that have marks on the tiles
ROOT: Final = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


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

    def __init__(
        self, session: Session, study: Study, on_screen: Callable[[], Rows], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._study = study
        self._project = session.project
        self.pictures = session.project.modality in (Modality.IMAGE, Modality.AUDIO)
        self.faces = Faces(session, on_screen, self)
        self._tags: list[tuple[str, Codes]] = []
        self._learn_tags()
        self._slices: list[tuple[str, Mask]] | None = None  # not asked for yet
        session.answered.connect(self._reset)
        session.changed.connect(self._repaint)
        session.predicted.connect(self.repaint_wanted)
        study.learned.connect(self.repaint_wanted)

    def _reset(self) -> None:
        self.beginResetModel()
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
            slices=tuple((i, name) for i, (name, mask) in enumerate(self._slices or ()) if mask[row : row + 1].any()),
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

    def face(self, place: int) -> Face | None:
        """What fills the tile, None while it is on its way."""
        return self.faces.get(self.row(place))

    def _repaint(self, change: Change) -> None:
        if change.touches(Field.TAG):
            self._learn_tags()
        if change.touches(Field.MEDIA):
            self.faces.clear()
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
