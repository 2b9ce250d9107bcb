"""What the program finds out about the examples by itself, as the page sees it, and the jobs that find it out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import numpy as np
from PySide6.QtCore import QObject, Signal

from dataimp_gui.core.evaluate import baseline
from dataimp_gui.core.features import embedders
from dataimp_gui.core.model import Change, Codes, Field, IssueKind, Rows
from dataimp_gui.core.project import Project
from dataimp_gui.progress import Progress, Report
from dataimp_gui.ui.kit.jobs import Job
from dataimp_gui.ui.kit.jobs_drawer import TELL_LEFT_S, time_words
from dataimp_gui.ui.session import Session

TOUCHED: Final = (
    Field.LABEL | Field.EXCLUDED | Field.SPLIT | Field.KEPT | Field.ISSUE | Field.COLUMNS | Field.EMBEDDING | Field.RUN
)
KEY: Final = "study"
NO_CODES: Final[Codes] = np.empty(0, dtype=np.int32)


class Task(StrEnum):
    MEASURE = "measure"
    EMBED = "embed"
    SEARCH = "search"
    BASELINE = "baseline"


_WORK: Final[Mapping[Task, Callable[[Project, Progress], object]]] = {
    Task.MEASURE: lambda project, progress: project.analysis.measure(progress),
    Task.EMBED: lambda project, progress: project.analysis.embed(progress=progress),
    Task.SEARCH: lambda project, progress: project.analysis.find_issues(progress=progress),
    Task.BASELINE: baseline.add,
}
_TITLES: Final = {
    Task.MEASURE: "Measuring {count:,} examples",
    Task.EMBED: "Comparing {count:,} examples",
    Task.SEARCH: "Finding issues in {count:,} examples",
    Task.BASELINE: "Training a baseline on {count:,} examples",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known by now. ``counts`` are the open issues of each kind that was searched; ``suggested`` the label
    that an open issue suggests, a code an example, -1 for none, or empty before a search."""

    is_measured: bool = False
    is_embedded: bool = False
    lacks_vectors: bool = False  # of examples that came since the embedding was computed
    can_embed: bool = False
    embed_words: str = ""  # how long that would take, about
    is_searched: bool = False
    stale: str = ""
    counts: Mapping[IssueKind, int] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    suggested: Codes = field(default_factory=lambda: NO_CODES)

    def suggesting(self, rows: Rows) -> Rows:
        """Those of ``rows`` for which a label is suggested."""
        known = rows[rows < len(self.suggested)]  # others came since
        return known[self.suggested[known] >= 0]


class Study(QObject):
    """One task at a time; those that are asked for meanwhile wait in line, none of them twice.

    Edits go on meanwhile: they have a lane of their own.
    """

    changed = Signal()  # a task began, ended, or waits
    progressed = Signal()  # the running task said how far it is
    learned = Signal()  # another `standing`

    def __init__(self, session: Session, measure_most: int, parent: QObject | None = None) -> None:
        """``measure_most``: a project with more examples than that is measured only when it is asked for."""
        super().__init__(parent)
        self._session = session
        self._measure_most = measure_most
        self._waiting: list[Task] = []
        self._task: Task | None = None
        self._job: Job | None = None
        self._begun = self._wants_measures = False
        self._count = session.project.count
        self.standing = Standing()
        self.failure = ""  # why the last task failed, as a sentence for people
        session.answered.connect(self._begin)
        session.changed.connect(self._notice)
        session.reads.finished.connect(self._end)
        session.reads.progressed.connect(self._progress)

    @property
    def running(self) -> Task | None:
        return self._task

    @property
    def can_train(self) -> bool:
        """Whether a baseline can be asked for."""
        project = self._session.project
        few = len(project.classes) <= baseline.MOST_CLASSES
        return few and self.standing.can_embed and not project.read_only and not self.is_coming(Task.BASELINE)

    def train(self) -> None:
        self.start(Task.BASELINE)

    @property
    def report(self) -> Report | None:
        return self._job.report if self._job else None

    @property
    def job(self) -> Job | None:
        return self._job

    def is_coming(self, task: Task) -> bool:
        """Whether it runs or waits."""
        return task is self._task or task in self._waiting

    def start(self, task: Task) -> None:
        if self.is_coming(task):
            return
        self.failure = ""
        self._waiting.append(task)
        self._next()

    def stop(self, task: Task) -> None:
        """What was computed so far is kept where it can be used again."""
        if task in self._waiting:
            self._waiting.remove(task)
            self.changed.emit()
        elif task is self._task:
            self._session.reads.cancel(KEY)

    # the task

    def _next(self) -> None:
        if self._task is None and self._waiting:
            task = self._task = self._waiting.pop(0)
            project = self._session.project
            self._job = self._session.reads.start(
                lambda progress: _WORK[task](project, progress),
                lambda _: self.learn(),
                key=KEY,
                title=_TITLES[task].format(count=project.size),
                failed=self._fail,
            )
        self.changed.emit()

    def _end(self, job: Job) -> None:
        """Done, failed or stopped: the session says so before it hands over the answer."""
        if job.key == KEY and self._task is not None:
            self._task = self._job = None
            self._next()

    def _progress(self, job: Job) -> None:
        if job is self._job:
            self.progressed.emit()

    def _fail(self, error: Exception) -> None:
        self.failure = self._session.reads.explain(error)
        self.changed.emit()

    # what is known

    def _begin(self) -> None:
        """After the first answer, so that the examples are on the screen before anything else is done."""
        if not self._begun:
            self._begun = self._wants_measures = True
            self.learn()

    def _notice(self, change: Change) -> None:
        if change.touches(TOUCHED):
            self._wants_measures |= self._count != self._session.project.count  # some came
            self._count = self._session.project.count
            self.learn()

    def learn(self) -> None:
        project = self._session.project
        self._session.reads.start(lambda _: standing(project), self._know, key="standing")

    def _know(self, found: Standing) -> None:
        self.standing = found
        self.learned.emit()
        if self._wants_measures:
            self._wants_measures = False
            if not found.is_measured and self._session.project.count <= self._measure_most:
                self.start(Task.MEASURE)
            if found.lacks_vectors and self._session.project.count <= self._measure_most:
                self.start(Task.EMBED)


def standing(project: Project) -> Standing:
    """Runs on a worker."""
    analysis = project.analysis
    searched = analysis.is_searched
    ready = embedders.embedders(project.modality)  # a table has none: it is compared by its own columns, which is quick
    seconds = embedders.estimate(ready[0], project.count) if ready else 0.0
    return Standing(
        is_measured=analysis.is_measured or not analysis.statistics,
        is_embedded=analysis.embedding is not None,
        lacks_vectors=not analysis.embeds_all,
        can_embed=bool(analysis.embedders),
        embed_words=f"about {time_words(seconds)}" if seconds >= TELL_LEFT_S else "",
        is_searched=searched,
        stale=analysis.stale if searched else "",
        counts=analysis.counts(),
        warnings=analysis.warnings(),
        suggested=analysis.suggested if searched else NO_CODES,
    )
