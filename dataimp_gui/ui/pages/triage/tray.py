"""What is selected, in a line of small pictures below a matrix or a map, and what can be done with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from dataimp_gui.core.model import Change, Field, Rows
from dataimp_gui.core.project import Project
from dataimp_gui.core.runs import Predictions
from dataimp_gui.progress import Progress
from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import Elided, small_button
from dataimp_gui.ui.kit.strip import Strip, Thumb
from dataimp_gui.ui.pages.triage import kin
from dataimp_gui.ui.session import Session

KEY: Final = "tray"
MOST: Final = 32
ROOMY: Final = 560
WIDEST: Final = 360  # that the title takes for itself


class Tray(QWidget):
    opened = Signal()  # show the selection in the gallery
    review_wanted = Signal()
    slice_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._rows: Rows = session.selection
        self.title = Elided(strong=True)
        self.about = Elided(size="small", colour="muted")
        self.strip = Strip("Selected examples")
        self.strip.picked.connect(self._pick)
        self._review = small_button("Review labels", key="R", kind="primary")
        self._review.clicked.connect(self.review_wanted)
        self._open = small_button("Open in gallery", key="Enter")
        self._open.clicked.connect(self.opened)
        self._keep = small_button("Save as a slice", key="S")
        self._keep.clicked.connect(self.slice_wanted)
        self._buttons = (self._keep, self._review, self._open)
        head = parts.row(gap=8)
        head.addWidget(self.title)
        head.addWidget(self.about, 1)
        for button in self._buttons:
            head.addWidget(button)
        column = parts.column(self, gap=8, margins=(16, 10, 16, 8))
        column.addLayout(head)
        column.addWidget(self.strip)
        column.addStretch(1)
        session.selected.connect(self._refresh)
        session.predicted.connect(self._refresh)
        session.changed.connect(self._follow)
        self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep.setVisible(self.width() >= theme.grown(ROOMY))  # its key works without it

    def _follow(self, change: Change) -> None:
        if change.touches(Field.LABEL):
            self._refresh()

    def _refresh(self) -> None:
        """Only what is seen: a selection may be of a million."""
        session = self._session
        self._rows = rows = session.selection
        for button in self._buttons:
            button.setEnabled(bool(len(rows)))
        if not self.isVisible():
            return
        if not len(rows):
            session.reads.cancel(KEY)
            self._name("Nothing selected")
            self.about.show_words("Click cells, or draw around points, to see their examples here")
            self.strip.show_thumbs(())
            return
        project, run, shown = session.project, session.predictions, session.rows

        def read(progress: Progress) -> _Told:
            title, about = _words(project, run, rows, shown)
            return _Told(title, about, list(kin.thumbs(project, rows[:MOST].tolist(), run, progress).values()))

        session.reads.start(read, self._tell, key=KEY)

    def _tell(self, told: "_Told") -> None:
        self._name(told.title)
        self.about.show_words(told.about)
        self.strip.show_thumbs(told.thumbs)

    def _name(self, words: str) -> None:
        """The amount is read before what is said about it."""
        self.title.show_words(words)
        self.title.setMinimumWidth(min(self.title.sizeHint().width(), WIDEST))

    def _pick(self, number: int) -> None:
        self._session.select(self._rows, int(self._rows[number]))


@dataclass(frozen=True, slots=True)
class _Told:
    title: str
    about: str
    thumbs: Sequence[Thumb]


def _words(project: Project, run: Predictions | None, rows: Rows, shown: Rows) -> tuple[str, str]:
    """How many ``rows`` are selected, and how they do beside all that is ``shown``."""
    many = f"{len(rows):,} example{'s' if len(rows) > 1 else ''}"
    if run is None:
        return many, ""
    labels, said = project.state.labels, run.codes
    wrong = (labels != said) & (labels >= 0) & (said >= 0)
    counted = (labels >= 0) & (said >= 0)
    errors, n, all_errors, all_n = (int(each[of].sum()) for of in (rows, shown) for each in (wrong, counted))
    if not n:
        return many, "no predictions"
    share = f"{100 * errors / all_errors:.1f}% of all errors shown" if all_errors else ""
    label, taken_for = int(labels[rows[0]]), int(said[rows[0]])
    if wrong[rows[0]] and (labels[rows] == label).all() and (said[rows] == taken_for).all():
        names = [theme.one_line(project.classes[code]) for code in (label, taken_for)]
        alike = int((labels[shown] == label).sum())
        of_label = f"{100 * errors / alike:.1f}% of {names[0]}" if alike else ""
        sure = f"mean confidence {np.mean(run.confidence[rows], dtype=np.float64):.2f}"
        parts = (of_label, share, "" if sure.endswith("nan") else sure)
        return f"{names[0]} › {names[1]} · {many}", " · ".join(filter(None, parts))
    overall = f" against {100 * all_errors / all_n:.1f}% of all shown" if all_n else ""
    first = f"{errors:,} error{'' if errors == 1 else 's'}, {100 * errors / n:.1f}%{overall}"
    return many, " · ".join(filter(None, (first, share)))
