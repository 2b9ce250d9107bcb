"""The examples around the one under review, read before they are needed; a bounded number is kept."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from dataimp_gui.core.reviewing import Review
from dataimp_gui.progress import Progress
from dataimp_gui.ui.kit.lru import Lru
from dataimp_gui.ui.pages.review import frame as frames
from dataimp_gui.ui.pages.review.frame import Aside, Frame
from dataimp_gui.ui.session import Session

BATCH: Final = 4
KEPT: Final = 48
PAUSE_MS: Final = 40  # the example that is here is painted first
HERE, AHEAD, ASIDE = JOBS = ("review here", "review ahead", "review aside")


class Ahead(QObject):
    """The example that is shown comes in a job of its own, the others a few at a time, what stands beside it last."""

    arrived = Signal(object)  # Frame
    aside_arrived = Signal(object)  # Aside

    def __init__(self, session: Session, review: Review, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._review = session, review
        self._frames: Lru[int, Frame] = Lru(KEPT)
        self._asides: Lru[int, Aside] = Lru(KEPT)
        self._rows: Sequence[int] = ()
        self._running: dict[str, Sequence[int]] = {}  # the rows that each job reads
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._read)

    def frame(self, row: int) -> Frame | None:
        return self._frames.get(row)

    def aside(self, row: int) -> Aside | None:
        return self._asides.get(row)

    def close(self) -> None:
        self._rows = ()
        self._pause.stop()
        for job in JOBS:
            self._session.reads.cancel(job)

    def want(self, rows: Sequence[int]) -> None:
        """``rows`` are those to have at hand, the one that is shown first. Once per step."""
        self._rows = rows
        if rows and self.frame(rows[0]) is None:
            self._read()
        else:
            self._pause.start()

    def forget(self, row: int) -> None:
        """What stood beside an example was chosen for the label that it had."""
        self._asides.drop(row)

    def _read(self) -> None:
        if not self._rows:
            return
        here = self._rows[0]
        shown = self.frame(here)
        if shown is None:
            self._start(HERE, [here])
        elif self.aside(here) is None:
            self._read_aside(shown)
        missing = [row for row in self._rows[1:] if self.frame(row) is None][:BATCH]
        if missing and not self._running.get(AHEAD):  # a batch that was begun is still of use
            self._start(AHEAD, missing)

    def _start(self, job: str, rows: Sequence[int]) -> None:
        if self._running.get(job) == rows:
            return
        self._running[job] = rows

        def add(found: Sequence[Frame]) -> None:
            self._running[job] = ()
            self._add(found)

        def stumble(error: Exception) -> None:
            self._running[job] = ()  # the next step asks again
            self._session.reads.failed.emit(error)

        self._session.reads.start(lambda progress: self._load(rows, progress), add, key=job, failed=stumble)

    def _load(self, rows: Sequence[int], progress: Progress) -> list[Frame]:
        return frames.read(self._session.project, rows, self._review, progress)

    def _add(self, found: Sequence[Frame]) -> None:
        fresh = [frame for frame in found if self.frame(frame.row) is None]  # two jobs may have read the same one
        for frame in fresh:
            self._frames.put(frame.row, frame)
        for frame in fresh:
            self.arrived.emit(frame)
        self._read()

    def _read_aside(self, frame: Frame) -> None:
        if self._running.get(ASIDE) == [frame.row]:
            return
        self._running[ASIDE] = [frame.row]
        project, label = self._session.project, int(self._session.project.state.labels[frame.row])
        self._session.reads.start(
            lambda progress: frames.read_aside(project, frame.row, frame.issue, label, progress),
            self._add_aside,
            key=ASIDE,
        )

    def _add_aside(self, aside: Aside) -> None:
        self._running[ASIDE] = ()
        self._asides.put(aside.row, aside)
        self.aside_arrived.emit(aside)
