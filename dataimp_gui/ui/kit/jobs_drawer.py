"""The list of work that opens over the status bar: what runs, how far, how long still, and what failed and why."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QProgressBar, QWidget

from dataimp_gui.errors import DataimpError
from dataimp_gui.ui.kit import icons
from dataimp_gui.ui.kit.jobs import Job, Jobs
from dataimp_gui.ui.kit.parts import Elided, clear, column, icon_button, plain_tip, row, sign, small_button, text

WIDTH: Final = 400
TELL_LEFT_S: Final = 3.0


class JobsDrawer(QFrame):
    """Goes away on Esc, on a click elsewhere, and when no work is left. What failed stays until it is dismissed."""

    dismissed = Signal(object)  # Job that failed
    retried = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setObjectName("popover")
        self.setAccessibleName("Work")
        self.setFixedWidth(WIDTH)
        self._lines: dict[Job, _Line | _Failed] = {}
        self._column = column(gap=12)
        lines = column(self, gap=12, margins=(16, 12, 12, 12))
        lines.addWidget(text("Work", strong=True))
        lines.addLayout(self._column)
        lines.addWidget(text("You can go on editing meanwhile.", size="caption", colour="muted"))

    def open_above(self, corner: QPoint, running: Mapping[Job, Jobs], failed: Sequence[Job] = ()) -> None:
        """``corner`` is the right end of the bottom edge, on the screen."""
        clear(self._column)
        self._lines = {}
        self.show_running(running, failed)
        self.move(corner - QPoint(self.width(), self.height()))
        self.show()

    def show_running(self, running: Mapping[Job, Jobs], failed: Sequence[Job] = ()) -> None:
        """What runs and what has failed; call it whenever that changes or a job reports."""
        ended = [job for job, line in self._lines.items() if job not in (failed if line.is_failed else running)]
        for job in ended:
            line = self._lines.pop(job)
            self._column.removeWidget(line)
            line.hide()
            line.deleteLater()
        for job, jobs in running.items():
            if job not in self._lines:
                self._lines[job] = _Line(job, jobs)
                self._column.addWidget(self._lines[job])
            self._lines[job].refresh()
        for job in failed:
            if job not in self._lines:
                line = self._lines[job] = _Failed(job)
                line.dismiss.clicked.connect(partial(self.dismissed.emit, job))
                line.retry.clicked.connect(partial(self.retried.emit, job))
                self._column.addWidget(line)
        if not running and not failed:
            self.hide()
        self._column.activate()
        self.adjustSize()


class _Line(QWidget):
    is_failed = False

    def __init__(self, job: Job, jobs: Jobs) -> None:
        super().__init__()
        self._job = job
        self._left = text(size="small", colour="muted")
        self._bar = QProgressBar(textVisible=False)
        self._bar.setAccessibleName(f"Progress of {job.title}")
        self.pause = icon_button("pause", f"Pause {job.title}")
        self.pause.clicked.connect(self._toggle)
        if not job.can_pause:
            self.pause.hide()
        stop = icon_button("close", f"Stop {job.title}")
        stop.clicked.connect(lambda: jobs.cancel(job))
        words = row(gap=8)
        words.addWidget(Elided(job.title), 1)
        words.addWidget(self._left)
        left = column(gap=4)
        left.addLayout(words)
        left.addWidget(self._bar)
        whole = row(self, gap=12)
        whole.addLayout(left, 1)
        whole.addWidget(self.pause)
        whole.addWidget(stop)

    def _toggle(self) -> None:
        progress = self._job.progress
        (progress.resume if progress.is_paused else progress.pause)()
        self.refresh()

    def refresh(self) -> None:
        show_progress(self._bar, self._job)
        self._left.setText(progress_words(self._job))
        paused = self._job.progress.is_paused
        words = f"{'Go on with' if paused else 'Pause'} {self._job.title}"
        self.pause.setIcon(icons.icon("play" if paused else "pause"))
        self.pause.setAccessibleName(words)
        self.pause.setToolTip(plain_tip(words))


class _Failed(QWidget):
    """What went wrong with a job, and what can be done about it."""

    is_failed = True

    def __init__(self, job: Job) -> None:
        super().__init__()
        said, hint = told(job.error)
        self.dismiss = icon_button("close", f"Dismiss {job.title}")
        self.retry = small_button("Try again", icon="refresh")
        head = row(gap=8)
        head.addWidget(sign("cross", "err.base"))
        head.addWidget(Elided(job.title), 1)
        head.addWidget(self.retry)
        head.addWidget(self.dismiss)
        lines = column(self, gap=2)
        lines.addLayout(head)
        for words, colour in ((said, "err"), (hint, "muted")):
            if words:
                line = text(words, size="small", colour=colour)
                line.setWordWrap(True)
                line.setContentsMargins(24, 0, 0, 0)
                lines.addWidget(line)

    def refresh(self) -> None:
        """It stays as it is."""


def told(error: BaseException | None) -> tuple[str, str]:
    """A sentence about an error, and a hint; the words of a bug may hold data and are left out."""
    match error:
        case DataimpError():
            return str(error), error.hint
        case OSError():
            place = f": {error.filename}" if error.filename else ""
            return f"{error.strerror or error}{place}", ""
        case None:
            return "", ""
    return f"Dataimp made a mistake ({type(error).__name__}).", "Your edits are saved."


def show_progress(bar: QProgressBar, job: Job) -> None:
    """Set a bar of 0 to 1000; one that moves to and fro when nobody knows how much there is."""
    report = job.report
    if report is None or not report.total:
        bar.setRange(0, 0)
        return
    bar.setRange(0, 1000)
    bar.setValue(round(1000 * min(1.0, report.done / report.total)))


def progress_words(job: Job) -> str:
    """Percent and time left, the latter only where it is worth saying; or that it stands still."""
    report = job.report
    if job.progress.is_paused:
        share = f"{min(1.0, report.done / report.total):.0%} · " if report and report.total else ""
        return share + ("paused" if job.progress.waits else "pausing…")
    if report is None:
        return ""
    if not report.total:
        return f"{report.phase}, {report.done:,}" if report.done else report.phase
    words = f"{min(1.0, report.done / report.total):.0%}"
    left = report.left_s
    return f"{words} · {time_words(left)} left" if left is not None and left >= TELL_LEFT_S else words


def time_words(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 3600 else f"{seconds / 3600:.1f} h"
