"""Running work in one line: what it is, how far, how long still, and a way to stop it; more than one opens as a list."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QProgressBar, QWidget

from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.jobs import Job, Jobs
from dataimp_gui.ui.kit.parts import button, icon_button, text

TELL_LEFT_S: Final = 3.0


class JobLine(QWidget):
    """Shows jobs that have a title."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._running: dict[Job, Jobs] = {}
        self._title = button("", kind="link")
        self._title.clicked.connect(self._list)
        self._bar = QProgressBar(textVisible=False)
        self._bar.setFixedWidth(96)
        self._bar.setAccessibleName("Progress")
        self._left = text(size="small", colour="secondary")
        self._stop = icon_button("close", "Stop this")
        self._stop.clicked.connect(self._cancel)
        row = parts.row(self, gap=8)
        for widget in (self._title, self._bar, self._left, self._stop):
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        self._show()

    def watch(self, jobs: Jobs) -> None:
        jobs.started.connect(lambda job: self._add(jobs, job))
        jobs.progressed.connect(self._progress)
        jobs.finished.connect(self._remove)

    @property
    def titles(self) -> list[str]:
        return [job.title for job in self._running]

    def _add(self, jobs: Jobs, job: Job) -> None:
        if job.title:
            self._running[job] = jobs
            self._show()

    def _remove(self, job: Job) -> None:
        if self._running.pop(job, None):
            self._show()

    def _progress(self, job: Job) -> None:
        if job in self._running:
            self._show()

    def _show(self) -> None:
        self.setVisible(bool(self._running))
        if not self._running:
            return
        job = next(iter(self._running))
        more = len(self._running) - 1
        self._title.setText(f"{job.title} and {more} more" if more else job.title)
        report = job.report
        self._bar.setRange(0, report.total if report else 0)
        self._bar.setValue(report.done if report else 0)
        self._left.setText(progress_words(job))

    def _cancel(self) -> None:
        job, jobs = next(iter(self._running.items()))
        jobs.cancel(job)

    def _list(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for job, jobs in self._running.items():
            action = menu.addAction(f"Stop: {job.title}  {progress_words(job)}")
            action.triggered.connect(lambda _=False, job=job, jobs=jobs: jobs.cancel(job))
        menu.popup(self.mapToGlobal(self.rect().topLeft()))


def progress_words(job: Job) -> str:
    """Percent and time left, the latter only where it is worth saying."""
    report = job.report
    if report is None:
        return ""
    if not report.total:
        return f"{report.phase}, {report.done:,}" if report.done else report.phase
    words = f"{report.done / report.total:.0%}".replace("%", " %")
    left = report.left_s
    return f"{words} · {time_words(left)} left" if left is not None and left >= TELL_LEFT_S else words


def time_words(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 3600 else f"{seconds / 3600:.1f} h"
