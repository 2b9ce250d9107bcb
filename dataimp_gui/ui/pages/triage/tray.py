"""What is selected, in a line of small pictures below a matrix or a map, and what can be done with it."""

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from dataimp_gui.core.model import Change, Field, Rows
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import Elided, small_button, text
from dataimp_gui.ui.kit.strip import Strip
from dataimp_gui.ui.pages.triage import kin
from dataimp_gui.ui.session import Session

MOST: Final = 32


class Tray(QWidget):
    opened = Signal()  # show the selection in the gallery
    review_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._rows: Rows = session.selection
        self.title = Elided(strong=True)
        self.about = text(size="small", colour="muted")
        self.strip = Strip("Selected examples")
        self.strip.picked.connect(self._pick)
        self._review = small_button("Review labels", key="R", kind="primary")
        self._review.clicked.connect(self.review_wanted)
        self._open = small_button("Open in gallery", key="Enter")
        self._open.clicked.connect(self.opened)
        head = parts.row(gap=8)
        for widget, stretch in ((self.title, 0), (self.about, 1), (self._review, 0), (self._open, 0)):
            head.addWidget(widget, stretch)
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
        for part in (self._review, self._open):
            part.setEnabled(bool(many))
        if not many:
            self.title.show_words("Nothing selected")
            self.about.setText("Click cells, or draw around points, to see their examples here")
            self.strip.show_thumbs(())
            return
        self.title.show_words(f"{many:,} example{'s' if many > 1 else ''}")
        self.about.setText(_about(session))
        if self.isVisible():
            project, run, rows = session.project, session.predictions, self._rows[:MOST].tolist()
            session.reads.start(
                lambda progress: list(kin.thumbs(project, rows, run, progress).values()),
                self.strip.show_thumbs,
                key="tray",
            )

    def _pick(self, number: int) -> None:
        self._session.select(self._rows, int(self._rows[number]))


def _about(session: Session) -> str:
    """How the selection does beside everything that is shown."""
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
    share = f" · {100 * errors / all_errors:.1f}% of all errors shown" if all_errors else ""
    overall = f" against {100 * all_errors / all_n:.1f}% of all shown" if all_n else ""
    return f"{errors:,} error{'' if errors == 1 else 's'}, {100 * errors / n:.1f}%{overall}{share}"
