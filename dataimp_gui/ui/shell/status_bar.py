"""The bar at the foot: what is selected, the last edit with a way back, running jobs, when it was saved."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QWidget

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.jobs import Jobs
from dataimp_gui.ui.kit.parts import button, text
from dataimp_gui.ui.session import Outcome, Session
from dataimp_gui.ui.shell.job_line import JobLine

HEIGHT = 28


class StatusBar(QWidget):
    undo_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._fit()
        self._session: Session | None = None
        self._scope = ""
        self.selection = text(size="small")
        self.last = text(size="small", colour="secondary")
        self.undo = button("Undo", kind="link", key="Ctrl+Z")
        self.undo.clicked.connect(self.undo_wanted)
        self.jobs = JobLine()
        self.saved = text(size="small", colour="muted")
        row = parts.row(self, gap=10, margins=(12, 0, 12, 0))
        row.addWidget(self.selection)
        row.addWidget(self.last)
        row.addWidget(self.undo)
        row.addStretch(1)
        row.addWidget(self.jobs)
        row.addWidget(self.saved)
        self.undo.hide()
        self.rest()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._fit()

    def _fit(self) -> None:
        self.setFixedHeight(theme.line_height(HEIGHT))

    def rest(self) -> None:
        """What stands here while no project is open."""
        self._session, self._scope = None, ""
        self.jobs.forget()
        self.selection.setText("Works offline. Your data stays on this machine.")
        self.last.clear()
        self.saved.clear()
        self.undo.hide()

    def follow(self, session: Session) -> None:
        self._session = session
        self.jobs.forget()
        session.selected.connect(self._show_selection)
        session.answered.connect(self._show_selection)
        session.edited.connect(self._show_edit)
        self.watch(session.writes)
        self.watch(session.reads)
        self._show_selection()
        if session.project.read_only:
            self.saved.setText("Read-only")

    def watch(self, jobs: Jobs) -> None:
        self.jobs.watch(jobs)

    def show_scope(self, words: str, last: str = "") -> None:
        """What the page that is shown is about, and what was done last there; empty for the selection."""
        self._scope = words
        self._show_selection()
        self.last.setText(theme.one_line(last))
        self.undo.setVisible(False)

    def _show_selection(self) -> None:
        if self._session is None:
            return
        if self._scope:
            self.selection.setText(self._scope)
            return
        chosen, shown = len(self._session.selection), len(self._session.rows)
        self.selection.setText(f"{chosen:,} selected of {shown:,}" if chosen else f"{shown:,} examples")

    def _show_edit(self, outcome: Outcome) -> None:
        if self._session is None:
            return
        if self._session.saved_at:
            self.saved.setText(f"Saved {self._session.saved_at:%H:%M}")
        if outcome.edit is not None and not self._scope:
            self.last.setText(outcome.edit.title)
            self.undo.setVisible(bool(outcome.undo_title))
