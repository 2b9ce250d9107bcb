"""The issues in the filters: how many of each kind are open, and a way to search them, again or for the first time."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from dataimp_gui.ui.clauses import ISSUES
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.jobs_drawer import progress_words, show_progress
from dataimp_gui.ui.kit.parts import small_button, text
from dataimp_gui.ui.pages.triage.filters.facet import Facet
from dataimp_gui.ui.pages.triage.study import Study, Task
from dataimp_gui.ui.session import Session

ABOUT = "Wrong labels, conflicts, leaks, duplicates, outliers, bad media: found by comparing all examples."


class IssuesPanel(QWidget):
    """One of: not searched, searching, none found, found; the last two may be out of date, and a search may fail."""

    review_wanted = Signal()

    def __init__(self, session: Session, study: Study, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._study = session, study
        self._in_filter = 0
        self.facet = Facet(ISSUES, "Issues")
        self._words = text(size="small", colour="secondary")
        self._words.setWordWrap(True)
        self.failure = text(size="small", colour="err")
        self.failure.setWordWrap(True)
        self.find_button = small_button("Find issues", icon="search")
        self.find_button.clicked.connect(self._search)
        self._bar = QProgressBar(textVisible=False)
        self._bar.setAccessibleName("Progress of the search")
        self._left = parts.Elided(size="caption", colour="muted")
        self.stop_button = small_button("Stop")
        self.stop_button.clicked.connect(self._stop)
        self._work = QWidget()
        work = parts.row(self._work, gap=8, margins=(0, 4, 0, 0))
        left = parts.column(gap=2)
        left.addWidget(self._bar)
        left.addWidget(self._left)
        work.addLayout(left, 1)
        work.addWidget(self.stop_button)
        self.review_button = small_button("Review these", icon="eye-check")
        self.review_button.clicked.connect(self.review_wanted)
        column = parts.column(self, gap=6, margins=(0, 0, 0, 4))
        for widget in (self.facet, self._words, self.failure, self._work):
            column.addWidget(widget)
        foot = parts.Flow(gap=8)
        foot.addWidget(self.review_button)
        foot.addWidget(self.find_button)
        column.addLayout(foot)
        study.changed.connect(self.refresh)
        study.learned.connect(self.refresh)
        study.progressed.connect(self._show_progress)
        self.refresh()

    @property
    def words(self) -> str:
        """What it says of the search, empty when nothing."""
        return "" if self._words.isHidden() else self._words.text()

    def show_amount(self, in_filter: int) -> None:
        """How many of the examples shown have an issue of the kinds chosen."""
        self._in_filter = in_filter
        self.refresh()

    def refresh(self) -> None:
        study, standing = self._study, self._study.standing
        searching = study.is_coming(Task.SEARCH)
        found = standing.is_searched and any(standing.counts.values())
        self._words.setText(self._told(searching=searching, found=found))
        self._words.setHidden(not self._words.text())
        self.failure.setText(study.failure)
        self.failure.setHidden(not study.failure)
        self._work.setHidden(not searching)
        self._show_progress()
        self.facet.setHidden(not found)
        self.review_button.setHidden(not (found and self._in_filter) or self._session.project.read_only)
        self.review_button.setText(f"Review {self._in_filter:,}")
        self.review_button.setAccessibleName(f"Review these {self._in_filter:,} examples")
        self.find_button.setHidden(searching or (standing.is_searched and not standing.stale and not study.failure))
        self.find_button.setText("Search again" if standing.is_searched else "Find issues")

    def _told(self, *, searching: bool, found: bool) -> str:
        standing = self._study.standing
        if searching:
            return ""
        if not standing.is_searched:
            return ABOUT
        if standing.stale:
            return standing.stale
        return "" if found else f"No open issues in {self._session.project.size:,} examples."

    def _show_progress(self) -> None:
        study = self._study
        if study.running is Task.SEARCH and study.job is not None:
            show_progress(self._bar, study.job)
            phase = study.report.phase if study.report else ""
            said = progress_words(study.job)
            self._left.show_words(f"{phase} · {said}" if phase and phase not in said else said)
        else:
            self._bar.setRange(0, 0)
            self._left.show_words("waits for the measures" if study.is_coming(Task.SEARCH) else "")

    def _search(self) -> None:
        self.window().setFocus()  # the button goes away
        self._study.start(Task.SEARCH)

    def _stop(self) -> None:
        self.window().setFocus()
        self._study.stop(Task.SEARCH)
