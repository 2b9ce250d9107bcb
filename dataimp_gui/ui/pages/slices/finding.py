"""The slices as the page sees them: read anew when the examples change, and the job that searches for more."""

from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from dataimp_gui.core.model import Change, Field
from dataimp_gui.core.slices.search import Search
from dataimp_gui.core.slices.slice import Found, Slice
from dataimp_gui.ui.kit.jobs import Job
from dataimp_gui.ui.pages.slices import board
from dataimp_gui.ui.pages.slices.board import Board
from dataimp_gui.ui.session import Session

TOUCHED: Final = (
    Field.LABEL
    | Field.EXCLUDED
    | Field.SPLIT
    | Field.TAG
    | Field.RUN
    | Field.COLUMNS
    | Field.SLICE
    | Field.COSTS
    | Field.ISSUE
)
KEY: Final = "find slices"
READ: Final = "slices"
REST_MS: Final = 150  # edits often come several at a time


class Finding(QObject):
    """``board`` is what is known by now; nothing is read while nobody looks."""

    learned = Signal()  # another `board`
    searching = Signal()  # a search began, went on, or ended
    _chosen = Signal(object)  # by a search that goes on, from its thread: the slices it is about to test, a Found

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._job: Job | None = None
        self._is_looked_at = self._is_old = False
        self._begun = False
        self.board = Board()
        self.ready = False  # True once the first board is here
        self.drafts: list[Slice] = []  # rules that a person tries, not saved
        self._checking: Found | None = None
        self.failure = ""  # why the last search failed, as a sentence for people
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self.read)
        session.changed.connect(self._notice)
        session.reads.finished.connect(self._end)
        session.reads.progressed.connect(self._progress)
        self._chosen.connect(self._show_chosen)

    @property
    def is_searching(self) -> bool:
        return self._job is not None

    @property
    def job(self) -> Job | None:
        return self._job

    def look(self, on: bool) -> None:
        """Whether somebody sees the slices. The first look reads them, and searches when nobody did."""
        self._is_looked_at = on
        if on and (self._is_old or not self.ready):
            self.read()

    def read(self) -> None:
        session, drafts = self._session, tuple(self.drafts)
        scope, checking = session.shown, self._checking
        self._is_old = False
        session.reads.start(
            lambda progress: board.read(session.project, scope, drafts, progress, checking), self._know, key=READ
        )

    def _know(self, found: Board) -> None:
        self.board, self.ready = found, True
        self.learned.emit()
        if not self._begun:
            self._begun = True
            if not found.is_searched and found.errors:
                self.search()

    def _notice(self, change: Change) -> None:
        if not change.touches(TOUCHED):
            return
        if self._is_looked_at:
            self._rest.start()
        else:
            self._is_old = True

    # the search

    def search(self, least: int = 0) -> None:
        """Among what the query bar shows, for slices of at least so many examples."""
        session, scope = self._session, self._session.shown
        project, search = session.project, Search(min_size=least)
        self.failure, self._begun = "", True
        self._job = session.reads.start(
            lambda progress: project.slices.find(search, scope, progress=progress, checking=self._chosen.emit),
            lambda _: self.read(),
            key=KEY,
            title="Finding slices",
            failed=self._fail,
        )
        self.searching.emit()

    def compare(self, least: int = 0) -> None:
        """Compute an embedding, and search again with it: groups of similar examples become slices."""
        project = self._session.project
        self.failure = ""
        self._job = self._session.reads.start(
            lambda progress: project.analysis.embed(progress=progress),
            lambda _: self.search(least),
            key=KEY,
            title=f"Comparing {project.size:,} examples",
            failed=self._fail,
        )
        self.searching.emit()

    def stop(self) -> None:
        """What was chosen by then is tested and stays."""
        if self._job is not None:
            self._job.progress.cancel()

    def _show_chosen(self, found: Found) -> None:
        if self.is_searching:
            self._checking = found
            self.read()

    def _end(self, job: Job) -> None:
        if job is not self._job:
            return
        self._job = None
        if self._checking is not None:
            self._checking = None
            self.read()
        self.searching.emit()

    def _progress(self, job: Job) -> None:
        if job is self._job:
            self.searching.emit()

    def _fail(self, error: Exception) -> None:
        self.failure = self._session.reads.explain(error)
        self.searching.emit()

    # rules that are tried

    def try_rule(self, draft: Slice) -> None:
        """Measure a rule that is not saved; one of that name is replaced."""
        self.forget(draft.name)
        self.drafts.insert(0, draft)
        self.read()

    def forget(self, name: str) -> None:
        self.drafts = [each for each in self.drafts if each.name != name]
