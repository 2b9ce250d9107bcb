"""What is selected, in a line of small pictures below a matrix or a map, and what can be done with it."""

from typing import Final

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from dataimp_gui.core.model import Change, Field, Rows
from dataimp_gui.core.runs import Predictions
from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import Elided, small_button
from dataimp_gui.ui.kit.strip import Strip
from dataimp_gui.ui.pages.triage import kin
from dataimp_gui.ui.session import Session

MOST: Final = 32
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

    def _follow(self, change: Change) -> None:
        if change.touches(Field.LABEL):
            self._refresh()

    def _refresh(self) -> None:
        session = self._session
        self._rows = session.selection
        many = len(self._rows)
        for button in self._buttons:
            button.setEnabled(bool(many))
        if not many:
            self._name("Nothing selected")
            self.about.show_words("Click cells, or draw around points, to see their examples here")
            self.strip.show_thumbs(())
            return
        pair = _pair(session)
        self._name(f"{pair}{many:,} example{'s' if many > 1 else ''}")
        self.about.show_words(_about(session, confused=bool(pair)))
        if self.isVisible():
            project, run, rows = session.project, session.predictions, self._rows[:MOST].tolist()
            session.reads.start(
                lambda progress: list(kin.thumbs(project, rows, run, progress).values()),
                self.strip.show_thumbs,
                key="tray",
            )

    def _name(self, words: str) -> None:
        """The amount is read before what is said about it."""
        self.title.show_words(words)
        self.title.setMinimumWidth(min(self.title.sizeHint().width(), WIDEST))

    def _pick(self, number: int) -> None:
        self._session.select(self._rows, int(self._rows[number]))


def _pair(session: Session) -> str:
    """The two classes where all of the selection has one label and is taken for another, as in one cell of a matrix."""
    run, rows = session.predictions, session.selection
    if run is None:
        return ""
    labels, said = session.project.state.labels[rows], run.codes[rows]
    label, taken_for = int(labels[0]), int(said[0])
    if min(label, taken_for) < 0 or label == taken_for or (labels != label).any() or (said != taken_for).any():
        return ""
    classes = session.project.classes
    return f"{theme.one_line(classes[label])} › {theme.one_line(classes[taken_for])} · "


def _about(session: Session, *, confused: bool) -> str:
    """How the selection does beside everything that is shown; ``confused``: all of it is one confusion."""
    run, labels = session.predictions, session.project.state.labels
    if run is None:
        return ""
    rates = []
    for rows in (session.selection, session.rows):
        truth, said = labels[rows], run.codes[rows]
        counted = (truth >= 0) & (said >= 0)
        wrong = int((counted & (truth != said)).sum())
        rates.append((wrong, int(counted.sum())))
    (errors, n), (all_errors, all_n) = rates
    if not n:
        return "no predictions"
    share = f"{100 * errors / all_errors:.1f}% of all errors shown" if all_errors else ""
    if confused:
        label = labels[session.selection[0]]
        alike = int((labels[session.rows] == label).sum())
        of_label = f"{100 * errors / alike:.1f}% of {theme.one_line(session.project.classes[label])}" if alike else ""
        return " · ".join(filter(None, (of_label, share, _mean_confidence(run, session.selection))))
    overall = f" against {100 * all_errors / all_n:.1f}% of all shown" if all_n else ""
    said_first = f"{errors:,} error{'' if errors == 1 else 's'}, {100 * errors / n:.1f}%{overall}"
    return " · ".join(filter(None, (said_first, share)))


def _mean_confidence(run: Predictions, rows: Rows) -> str:
    mean = float(np.nanmean(run.confidence[rows])) if np.isfinite(run.confidence[rows]).any() else np.nan
    return f"mean confidence {mean:.2f}" if np.isfinite(mean) else ""
