"""The middle of the page: the table with what stands above it, or, where it has nothing to show, why that is so."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QProgressBar, QStackedWidget, QWidget

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.jobs_drawer import progress_words, show_progress
from dataimp_gui.ui.kit.parts import Elided, button, small_button, text
from dataimp_gui.ui.pages.slices.board import Board
from dataimp_gui.ui.pages.slices.errors_view import ErrorsView
from dataimp_gui.ui.pages.slices.finding import Finding
from dataimp_gui.ui.pages.slices.summary import Summary, TickedBar
from dataimp_gui.ui.pages.slices.table_view import TableView
from dataimp_gui.ui.pages.slices.toolbar import Toolbar
from dataimp_gui.ui.session import Session

WIDEST: Final = 460
SEARCHES: Final = "Half of the examples are searched; the other half says which slices repeat."


class Middle(QWidget):
    predictions_wanted = Signal()
    unfiltered = Signal()  # show all slices again

    def __init__(self, session: Session, finding: Finding, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._finding = finding
        self._scope, self._has_errors = "", False
        self.toolbar = Toolbar()
        self.summary = Summary()
        self.ticked = TickedBar()
        self.news = _News()
        self.table = TableView()
        self.empty = _Empty()
        self.empty.stop.clicked.connect(finding.stop)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty)
        self.areas = ErrorsView(session)
        self._stack.addWidget(self.areas)
        self.toolbar.areas_wanted.connect(self._show_areas)
        column = parts.column(self, gap=0)
        for widget in (self.toolbar, self.summary, self.ticked, self.news):
            column.addWidget(widget)
        column.addWidget(self._stack, 1)

    def show_standing(self, board: Board, *, has_run: bool, scope: str) -> None:
        """The table when it has lines, else what is missing and the way to it."""
        finding, shown = self._finding, len(self.table.table.lines)
        self._has_errors = bool(board.errors)
        self._scope = board.scope if board.is_searched else scope
        self.toolbar.areas.setEnabled(self._has_errors)
        main = self.table if shown else self.empty
        self._stack.setCurrentWidget(self.areas if self.shows_areas else main)
        self.summary.setVisible(bool(board.n))
        self.toolbar.show_searching(finding.is_searching)
        self.toolbar.search.setEnabled(has_run)
        self.news.tell(_news(finding, board, scope) if has_run and finding.ready else "")
        self.news.compare.setVisible(board.can_compare and board.is_searched and not finding.is_searching)
        if not shown:
            self._tell_empty(board, has_run=has_run)

    @property
    def shows_areas(self) -> bool:
        return self.toolbar.areas.isChecked() and self._has_errors

    def _show_areas(self, on: bool) -> None:
        main = self.table if self.table.table.lines else self.empty
        self._stack.setCurrentWidget(self.areas if on else main)
        if on:
            self.areas.show_scope(self._scope)
        (self.areas.map if on else main).setFocus()

    def _tell_empty(self, board: Board, *, has_run: bool) -> None:
        finding, empty = self._finding, self.empty
        empty.show_searching(finding)
        if finding.is_searching:
            empty.tell("Looking for slices", SEARCHES)
        elif not finding.ready:
            empty.tell("", "")
        elif not has_run:
            said = "Slices say where a model fails: they need its predictions. In Triage a baseline can be trained."
            empty.tell("No predictions", said, ("Import predictions…", self.predictions_wanted.emit))
        elif board.lines:
            empty.tell(
                "No slice matches", "What was typed or chosen above hides them.", ("Show all", self.unfiltered.emit)
            )
        elif finding.failure:
            empty.tell("The search did not end", finding.failure, ("Find slices", self.toolbar.search_wanted.emit))
        elif not board.n:
            empty.tell("Nothing to compare", "No example in scope has a label and a prediction.")
        elif not board.errors:
            empty.tell("No errors", f"All {board.n:,} predictions in scope match their labels.")
        elif board.is_searched:
            tried = (
                f"{board.tried:,} were tried; none fails more often than chance would have it." if board.tried else ""
            )
            said = " ".join([tried, *board.notes]).strip()
            empty.tell("No slice stands out", said or "No column parts the examples into groups that are large enough.")
        else:
            empty.tell("Not searched yet", SEARCHES, ("Find slices", self.toolbar.search_wanted.emit))


def _news(finding: Finding, board: Board, scope: str) -> str:
    """One line on what the figures are of, where that is not plain."""
    said = []
    if board.is_checking:
        said.append("Searching. What was found by now is below, not tested yet.")
    elif finding.is_searching and board.lines:
        said.append("Searching. The slices below are from before.")
    elif finding.failure:
        said.append(finding.failure)
    elif board.stale:
        said.append(f"{board.stale} Counts are new; search again for a new test.")
    if board.scope != scope:
        of = f"within “{theme.one_line(board.scope)[:80]}”" if board.scope else "of all examples"
        said.append(f"These are slices {of}, not of what the query bar shows now. Search again to change that.")
    elif board.lines:
        said += board.notes
    return " ".join(said)


class _News(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.words = Elided(size="small", colour="warn")
        row = parts.row(self, gap=8, margins=(16, 0, 16, 8))
        row.addWidget(parts.sign("info", "warn.text"))
        self.compare = small_button("Compare examples and search again")
        self.compare.setToolTip("Computes an embedding, so that groups of similar examples are looked at too")
        row.addWidget(self.words, 1)
        row.addWidget(self.compare)
        self.hide()

    def tell(self, said: str) -> None:
        self.words.show_words(said)
        self.setVisible(bool(said))


class _Empty(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.title = text(size="title", strong=True)
        self.words = text(colour="secondary")
        self.words.setWordWrap(True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.words.setFixedWidth(WIDEST)
        self.bar = QProgressBar(textVisible=False)
        self.bar.setFixedWidth(WIDEST // 2)
        self.bar.setAccessibleName("Progress of the search")
        self.left = text(size="small", colour="muted")
        self.stop = small_button("Stop the search")
        self._do = parts.row(gap=8)
        self.button = button("")
        column = parts.column(self, gap=10)
        column.addStretch(2)
        for widget in (self.title, self.words, self.bar, self.left, self.stop):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(self._do)
        column.addStretch(3)

    def tell(self, title: str, said: str, offer: "tuple[str, object] | None" = None) -> None:
        self.title.setText(title)
        self.words.setText(said)
        parts.clear(self._do)
        if offer is not None:
            made = self.button = button(offer[0], kind="primary")
            made.clicked.connect(offer[1])
            self._do.addWidget(made, 0, Qt.AlignmentFlag.AlignHCenter)

    def show_searching(self, finding: Finding) -> None:
        for widget in (self.bar, self.left, self.stop):
            widget.setVisible(finding.is_searching)
        if job := finding.job:
            show_progress(self.bar, job)
            self.left.setText(progress_words(job))
