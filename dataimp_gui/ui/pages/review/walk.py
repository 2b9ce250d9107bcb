"""Where one is in a queue and what was decided on the way: a decision is on the disk before the next example shows."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from PySide6.QtCore import QObject, Signal

from dataimp_gui.core.model import NONE, Rows
from dataimp_gui.core.project import Project
from dataimp_gui.core.reviewing import Decision, Review, Verb
from dataimp_gui.core.reviewing.decisions import verb_of
from dataimp_gui.ui.pages.review.ahead import Ahead
from dataimp_gui.ui.pages.review.frame import Aside, Frame
from dataimp_gui.ui.pages.review.pace import Pace
from dataimp_gui.ui.session import Queue, Session

CHANGING: Final = (Verb.ACCEPT, Verb.RELABEL, Verb.EXCLUDE)
AHEAD: Final = 20  # examples that are read before they are needed
BEHIND: Final = 6


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """A queue with all that was decided on it by the person who is about to go on."""

    review: Review
    rows: Rows
    decisions: Sequence[Decision]


def opened(project: Project, queue: Queue | Review) -> Opened:
    """For the lane of writes. Raises DataimpError when the project cannot be written to, or nothing is in the queue."""
    review = (
        project.reviews.open(queue.title, queue.rows, queue.kind, settles=queue.settles)
        if isinstance(queue, Queue)
        else queue
    )
    return Opened(review, project.reviews.rows(review), project.reviews.decisions(review, project.author))


class Walk(QObject):
    """``place`` is where one is in ``rows``; when all is decided it is behind the last. Nothing here waits."""

    moved = Signal()  # another place
    arrived = Signal(object)  # Frame
    aside_arrived = Signal(object)  # Aside
    changed = Signal()  # a decision was made or taken back
    passed = Signal(object)  # Frame that cannot be shown and was left out

    def __init__(self, session: Session, opened: Opened, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.review, self.rows = opened.review, opened.rows
        self.pace = Pace()
        self.tally: Counter[Verb] = Counter()  # of this session
        self.decided: dict[int, Decision] = {}
        self.unreadable: dict[int, Frame] = {}  # by row
        self.blind = False
        self._done: list[Decision | int] = []  # decisions, and rows that something else was done to
        self._open = np.ones(len(self.rows), dtype=np.bool_)
        self._busy = self._forward = self._closed = False
        self._ahead = Ahead(session, opened.review, self)
        self._ahead.arrived.connect(self._receive)
        self._ahead.aside_arrived.connect(self.aside_arrived)
        self._take(opened.decisions)
        self.place = self._next(self.find(opened.decisions[-1].row) if opened.decisions else -1)

    # where one is

    @property
    def is_done(self) -> bool:
        return self.place >= len(self.rows)

    @property
    def row(self) -> int:
        """-1 when done."""
        return NONE if self.is_done else int(self.rows[self.place])

    def find(self, row: int) -> int:
        return int(np.argmax(self.rows == row))

    @property
    def frame(self) -> Frame | None:
        """What is shown, None while it is read."""
        return self._ahead.frame(self.row)

    @property
    def aside(self) -> Aside | None:
        return self._ahead.aside(self.row)

    def frame_at(self, place: int) -> Frame | None:
        return self._ahead.frame(int(self.rows[place]))

    @property
    def left(self) -> int:
        """How many are undecided."""
        return int(self._open.sum())

    @property
    def label(self) -> int:
        """Today's, as a code."""
        return NONE if self.is_done else int(self._session.project.state.labels[self.row])

    @property
    def suggested(self) -> int:
        """The code of the label that is suggested here, -1 without."""
        frame, state = self.frame, self._session.project.state
        if frame is None or frame.issue is None or not state.knows("label", frame.issue.suggested):
            return NONE
        return state.code("label", frame.issue.suggested)

    @property
    def can_decide(self) -> bool:
        return not self.is_done and not self._busy and self.frame is not None

    def start(self) -> None:
        self._move(self.place, forward=True)

    def go(self, place: int) -> None:
        """Look at another example without deciding."""
        if not self._busy and 0 <= place < len(self.rows):
            self._move(place, forward=False)

    def _move(self, place: int, *, forward: bool) -> None:
        self.place, self._forward = place, forward
        while forward and (frame := self.frame) is not None and frame.missing:
            self._pass(frame)
        self.moved.emit()
        near = [*range(self.place, self.place + AHEAD + 1), *range(self.place - 1, self.place - BEHIND - 1, -1)]
        self._ahead.want([int(self.rows[at]) for at in near if 0 <= at < len(self.rows)] if not self.is_done else ())

    def _pass(self, frame: Frame) -> None:
        """Leave out what cannot be shown."""
        self.unreadable[frame.row] = frame
        self.place = self._next(self.place)
        self.passed.emit(frame)

    def _receive(self, frame: Frame) -> None:
        if frame.row == self.row and frame.missing and self._forward:
            self._move(self.place, forward=True)
        else:
            self.arrived.emit(frame)

    def _next(self, place: int) -> int:
        """The first undecided one after a place, then from the beginning; behind the last when there is none."""
        wanted = self._open & ~np.isin(self.rows, list(self.unreadable)) if self.unreadable else self._open
        for first, part in ((place + 1, wanted[place + 1 :]), (0, wanted[: place + 1])):
            if part.any():
                return first + int(part.argmax())
        return len(self.rows)

    # deciding

    def give(self, label: str, *, fresh: bool = False) -> None:
        """A label: it keeps today's, accepts the suggested one, or is another."""
        state = self._session.project.state
        code = state.code("label", label) if state.knows("label", label) else len(state.words("label"))
        self.decide(verb_of(code, before=self.label, suggested=self.suggested), label, fresh=fresh)

    def decide(self, verb: Verb, label: str = "", *, fresh: bool = False) -> None:
        """A key that comes while the last decision is written, or before there is anything to see, has no effect: it
        would be about an example that nobody saw."""
        if not self.can_decide:
            return
        review, row, suggested, blind = self.review, self.row, self.suggested, self.blind
        issue = self.frame.issue if self.frame is not None and not blind else None
        kind = issue.kind if issue is not None else None

        def write(project: Project) -> Decision:
            return project.reviews.decide(
                review, row, verb, label, suggested=suggested, kind=kind, blind=blind, new_class=fresh
            )

        if verb in CHANGING or blind:  # asked just about other answers, the question would tell what the label is
            leaves = verb is Verb.EXCLUDE
            self._session.guard(np.array([row]), lambda _: self.write(write, self._decided), leaves=leaves)
        else:
            self.write(write, self._decided)

    def _decided(self, decision: Decision) -> None:
        self.pace.note()
        self._done.append(decision)
        self.tally[decision.verb] += 1
        self._note(decision)
        self.changed.emit()
        self._move(self._next(self.find(decision.row)), forward=True)

    def _note(self, decision: Decision) -> None:
        self.decided[decision.row] = decision
        self._open[self.rows == decision.row] = False
        self._ahead.forget(decision.row)

    def note_edit(self, row: int) -> None:
        """Something else was done to an example, which stepping back undoes in its turn."""
        self._done.append(row)

    @property
    def can_step_back(self) -> bool:
        return bool(self._done) and not self._busy

    def step_back(self) -> None:
        """Take back what was done last, and be where it was done."""
        if not self.can_step_back:
            return
        last = self._done[-1]
        if isinstance(last, int):
            self.write(Project.undo, lambda _: self._stepped(last, None))
        else:
            self.write(lambda project: project.reviews.withdraw(last), lambda _: self._stepped(last.row, last))

    def _stepped(self, row: int, decision: Decision | None) -> None:
        self._done.pop()
        if decision is not None:
            self.tally[decision.verb] = max(0, self.tally[decision.verb] - 1)
            self._open[self.rows == row] = True
            self.decided.pop(row, None)
            self._ahead.forget(row)
            earlier = [d for d in self._done if isinstance(d, Decision) and d.row == row]
            if earlier:
                self._note(earlier[-1])
        self.changed.emit()
        self._move(self.find(row), forward=False)

    def sync(self) -> None:
        """Read the decisions anew, as after a redo."""
        review = self.review
        self.write(lambda project: project.reviews.decisions(review, project.author), self._synced)

    def _synced(self, decisions: Sequence[Decision]) -> None:
        self._take(decisions)
        self.changed.emit()
        self._move(self._next(self.find(decisions[-1].row) if decisions else -1), forward=True)

    def _take(self, decisions: Sequence[Decision]) -> None:
        self._done = list(decisions)
        self.decided = {decision.row: decision for decision in decisions}
        self._open = ~np.isin(self.rows, list(self.decided))

    def write(self, work: Callable[[Project], Any], then: Callable[[Any], None]) -> None:
        """One after the other; nothing is decided meanwhile."""
        self._busy = True

        def finish(answer: Any) -> None:
            if not self._closed:
                self._busy = False
                then(answer)

        self._session.write(work, finish, self._fail)

    def close(self) -> None:
        """What was decided still reaches the disk; nobody here waits for the answer."""
        self._closed = True
        self._ahead.close()

    def _fail(self, error: Exception) -> None:
        self._busy = False
        self._session.writes.failed.emit(error)
