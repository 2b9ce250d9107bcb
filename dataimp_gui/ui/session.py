"""The open project as the window sees it: what was asked, answered and selected, and two lanes of work."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

import numpy as np
from PySide6.QtCore import QObject, Signal

from dataimp_gui.core import pictures
from dataimp_gui.core.model import Change, EditInfo, Field, IssueKind, Rows, VersionInfo
from dataimp_gui.core.project import Project
from dataimp_gui.core.query.grouping import Groups
from dataimp_gui.core.reviewing import decisions
from dataimp_gui.core.runs import Predictions
from dataimp_gui.errors import QueryError
from dataimp_gui.progress import Progress
from dataimp_gui.ui.kit.jobs import Jobs

if TYPE_CHECKING:
    from dataimp_gui.core.importing import RunSummary
    from dataimp_gui.core.slicing import Slices
    from dataimp_gui.core.versions.commit import Result as Committed

R = TypeVar("R")

READERS: Final = 4  # two of them may be busy with thumbnails
FLAGGED: Final = decisions.FLAGGED
NO_ROWS: Final[Rows] = np.empty(0, dtype=np.int64)


class Guard(Protocol):
    """Does it, later, or with fewer rows, or not."""

    def __call__(self, rows: Rows, do: Callable[[Rows], None], *, leaves: bool = False) -> None: ...


def _unguarded(rows: Rows, do: Callable[[Rows], None], *, leaves: bool = False) -> None:  # noqa: ARG001 (as `Guard` asks for)
    do(rows)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an edit, an undo or a redo left behind. ``edit`` is None when nothing was to change."""

    edit: EditInfo | None
    undo_title: str
    redo_title: str


@dataclass(frozen=True, slots=True, eq=False)
class Queue:
    """Examples to decide on one after the other, in this order; ``kind`` is what is wrong with them, if that is why.

    ``settles`` is the number of the queue whose disagreements these are, 0 otherwise.
    """

    title: str
    rows: Rows
    kind: IssueKind | None = None
    settles: int = 0


class Session(QObject):
    """One scope for all pages: the query text and its rows, the selection in them, and the current example.

    Every project call that may take longer than a few milliseconds goes through ``writes`` (one worker, edits keep
    their order) or ``reads``. Arrays of ``project.state`` are read directly: an edit replaces them whole.
    """

    changed = Signal(object)  # Change: something about the examples, from any edit, undo or new run
    asked = Signal(str)  # the query text
    answered = Signal()  # rows, for the text in `shown`
    refused = Signal(object)  # QueryError: the text cannot be understood, the rows are those of the last that could
    drifted = Signal(int)  # how many of the rows no longer match the query, because they were edited since
    selected = Signal()
    moved = Signal(int)  # the current row, -1 for none
    edited = Signal(object)  # Outcome
    compared = Signal(str)  # the number of the run that the current one is to be compared with
    predicted = Signal()  # predictions of another run are here
    review_wanted = Signal(object)  # Queue
    slice_wanted = Signal(object, bool)  # Slice: to be given a name and saved; True: it is saved and to be changed
    committed = Signal(object)  # VersionInfo: the newest version, None when there is none
    _heard = Signal(object)

    def __init__(self, project: Project, writer: ThreadPoolExecutor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.project = project
        self._writer = writer
        self.writes = Jobs(writer, self, can_pause=False)
        self.reads = Jobs(ThreadPoolExecutor(READERS, thread_name_prefix="read"), self)
        self.query = self.shown = ""
        self._is_wrong = False
        self.order, self.descending = "", False
        self.grouped_by = ""
        self.groups: Groups | None = None  # of `rows`, when they were asked for in groups
        self.rows: Rows = NO_ROWS
        self.ready = False  # True once the first answer is here
        self.selection: Rows = NO_ROWS
        self.current = -1
        self.predictions: Predictions | None = None
        self.version: VersionInfo | None = None
        self.is_draft = True  # edited since the last version
        self.last = Outcome(None, project.undo_title, project.redo_title)
        self.saved_at: datetime | None = None
        self._held: list[Change] | None = None
        self.guard: Guard = _unguarded
        self._heard.connect(self._announce)  # emitted on the worker, received on the thread of this object
        self._unlisten = project.listen(self._heard.emit)
        self.changed.connect(self._check)

    def start(self) -> None:
        self._predict()
        self._fetch()
        self.reads.start(lambda _: _standing(self.project), lambda found: self._know_version(*found), key="version")
        self.reads.start(lambda _: pictures.trim(self.project), lambda _: None, key="trim")

    # the question

    def ask(self, text: str) -> None:
        """Filter by a WHERE clause. An equal text asks again."""
        self.query = text
        self.asked.emit(text)
        self._fetch()

    @property
    def in_force(self) -> str:
        """The clause that a click changes: what was asked last, or the last valid one while that is wrong."""
        return self.shown if self._is_wrong else self.query

    def sort(self, order: str, *, descending: bool) -> None:
        self.order, self.descending = order, descending
        self._fetch()

    def group(self, column: str) -> None:
        """Rows come in groups of a column, as `Query.groups` makes them, sorted within each; "" ends that."""
        self.grouped_by = column
        self._fetch()

    def refresh(self) -> None:
        self._fetch()

    def use_run(self, name: str) -> None:
        self.writes.start(lambda _: self.project.use_run(name), lambda _: None)

    def compare_with(self, number: str) -> None:
        self.writes.start(lambda _: self.project.compare_with(number), lambda _: self.compared.emit(number))

    def _fetch(self) -> None:
        text, order, descending, by = self.query, self.order, self.descending, self.grouped_by

        def rows(progress: Progress) -> Rows | Groups | QueryError:
            try:
                if by:
                    query = self.project.query
                    return query.groups(by, text, order_by=order, descending=descending, progress=progress)
                return self.project.rows(text, order_by=order, descending=descending, progress=progress)
            except QueryError as error:
                return error

        self.reads.start(rows, lambda answer: self._answer(text, answer), key="rows")

    def _answer(self, text: str, answer: Rows | Groups | QueryError) -> None:
        self._is_wrong = isinstance(answer, QueryError)
        if isinstance(answer, QueryError):
            self.refused.emit(answer)
            return
        self.groups = answer if isinstance(answer, Groups) else None
        self.rows = answer.rows if isinstance(answer, Groups) else answer
        self.shown, self.ready = text, True
        self.answered.emit()
        self.drifted.emit(0)

    def _check(self, change: Change) -> None:
        """The rows stay under the eyes while they are edited; say how many a new question would leave out."""
        if change.touches(Field.RUN):
            if self.predictions is not None:
                self.predictions = self.predictions.longer(self.project.count)  # until they are read anew
            self._predict()
            self._fetch()
        elif self.shown:
            text, rows = self.shown, self.rows

            def gone(progress: Progress) -> int:
                return int(np.isin(rows, self.project.rows(text, progress=progress), invert=True).sum())

            self.reads.start(gone, self.drifted.emit, key="drift")

    def _predict(self) -> None:
        self.reads.start(lambda _: self.project.predictions(), self._know_predictions, key="predictions")

    def _know_predictions(self, predictions: Predictions | None) -> None:
        self.predictions = predictions
        self.predicted.emit()

    # selection

    def select(self, rows: Rows, current: int) -> None:
        """``rows`` in the order shown; ``current`` is the row that the inspector shows, -1 for none."""
        moved, self.selection, self.current = current != self.current, rows, current
        self.selected.emit()
        if moved:
            self.moved.emit(current)

    @property
    def subject(self) -> Rows:
        """What an edit is about: the selection, else the current example."""
        if len(self.selection):
            return self.selection
        return np.array([self.current], dtype=np.int64) if self.current >= 0 else NO_ROWS

    def place(self, row: int) -> int:
        """Where among the rows an example stands, -1 when it is not one of them."""
        found = np.flatnonzero(self.rows == row)
        return int(found[0]) if len(found) else -1

    def places(self, rows: Rows) -> Rows:
        """Where some of the rows stand among those shown, in order; such as are not shown are left out."""
        wanted = np.zeros(self.project.count, dtype=np.bool_)
        wanted[rows] = True
        return np.flatnonzero(wanted[self.rows])

    # editing

    def edit(self, work: Callable[[Project], EditInfo | None]) -> None:
        """Run one of the project's changes in its turn. What came of it arrives in `edited`."""

        def outcome(_: Progress) -> Outcome:
            edit = work(self.project)
            return Outcome(edit, self.project.undo_title, self.project.redo_title)

        self.writes.start(outcome, self._finish)

    def edit_rows(self, rows: Rows, work: Callable[[Project, Rows], EditInfo | None]) -> None:
        """The same for some of the rows, in any order."""
        self.edit(lambda project: work(project, np.sort(rows)))

    def edit_guarded(
        self,
        rows: Rows,
        work: Callable[[Project, Rows], EditInfo | None],
        then: Callable[[], object] = lambda: None,
        *,
        leaves: bool = False,
    ) -> None:
        """The same for what changes labels or, with ``leaves``, excludes: the guard may take some rows out, or all."""

        def do(allowed: Rows) -> None:
            self.edit_rows(allowed, work)
            then()

        self.guard(rows, do, leaves=leaves)

    def edit_slices(
        self,
        work: "Callable[[Slices], object]",
        then: Callable[[], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """The same for the saved slices; it is told, and undone, like any edit."""

        def outcome(_: Progress) -> Outcome:
            work(self.project.slices)
            journal = self.project.editing.journal
            return Outcome(journal.info(journal.live[-1]), self.project.undo_title, self.project.redo_title)

        def finish(done: Outcome) -> None:
            self._finish(done)
            if then is not None:
                then()

        self.writes.start(outcome, finish, failed=failed)

    def write(
        self, work: Callable[[Project], R], then: Callable[[R], None], failed: Callable[[Exception], None]
    ) -> None:
        """The same for what gives more than an edit back: ``then`` gets that, once it is on the disk."""

        def outcome(_: Progress) -> tuple[R, Outcome]:
            return work(self.project), Outcome(None, self.project.undo_title, self.project.redo_title)

        def finish(both: tuple[R, Outcome]) -> None:
            then(both[0])
            self.saved_at, self.is_draft = datetime.now().astimezone(), True
            self._finish(both[1])

        self.writes.start(outcome, finish, failed=failed)

    def undo(self) -> None:
        self.edit(Project.undo)

    def redo(self) -> None:
        self.edit(Project.redo)

    def commit(self, message: str, then: "Callable[[Committed], None]", failed: Callable[[Exception], None]) -> None:
        def finish(result: "Committed") -> None:
            self._know_version(result.version, False)
            then(result)

        self.writes.start(
            lambda progress: self.project.commit(message, progress),
            finish,
            failed=failed,
            key="commit",
            title="Committing",
        )

    def add_run(self, file: Path, then: "Callable[[RunSummary], None]") -> None:
        """Read predictions and make them the current run."""
        self.writes.start(
            lambda progress: self.project.add_run(file, progress=progress), then, title="Reading predictions"
        )

    @property
    def draft_name(self) -> str:
        """What the examples as they stand are called: the last version, or the draft of the next."""
        if self.version is None:
            return "draft"
        return f"v{int(self.version.name[1:]) + 1} draft" if self.is_draft else self.version.name

    def _finish(self, outcome: Outcome) -> None:
        self.last = outcome
        if outcome.edit:
            self.saved_at, self.is_draft = datetime.now().astimezone(), True
        self.edited.emit(outcome)

    def _know_version(self, version: VersionInfo | None, is_draft: bool) -> None:
        self.version, self.is_draft = version, is_draft
        self.committed.emit(version)

    def hold(self) -> None:
        """While one page covers the others they need not follow every edit; `release` tells them of all at once."""
        self._held = []

    def release(self) -> None:
        held, self._held = self._held, None
        if held:
            fields = reduce(or_, (change.fields for change in held))
            self.changed.emit(Change(fields, np.unique(np.concatenate([change.rows for change in held]))))

    def _announce(self, change: Change) -> None:
        if self._held is None:
            self.changed.emit(change)
        else:
            self._held.append(change)

    def close(self) -> None:
        """Stop reading, let the edits that were made reach the disk, then close the project."""
        self._unlisten()
        self.reads.shutdown()
        self.writes.cancel("commit")
        self._writer.shutdown(wait=True)  # before `writes.shutdown`, which would drop what still waits in line
        self.writes.shutdown()
        self.project.close()


def _standing(project: Project) -> tuple[VersionInfo | None, bool]:
    """The newest version, and whether anything was edited since."""
    versions, edits = project.versions(), project.history()
    if not versions:
        return None, True
    return versions[0], bool(edits) and edits[-1].at > versions[0].at
