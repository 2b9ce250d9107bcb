"""Work in one line: what runs, how far, how long still, a way to stop it, or that it failed; a click lists all."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QWidget

from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.jobs import Job, Jobs
from dataimp_gui.ui.kit.jobs_drawer import JobsDrawer, progress_words, show_progress
from dataimp_gui.ui.kit.parts import button, icon_button, sign, text

MOST_FAILED: Final = 20


class JobLine(QWidget):
    """Shows jobs that have a title."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._running: dict[Job, Jobs] = {}
        self._failed: list[Job] = []
        self._sign = sign("cross", "err.base")
        self._title = button("", kind="link")
        self._title.clicked.connect(self._list)
        self._bar = QProgressBar(textVisible=False)
        self._bar.setFixedWidth(96)
        self._bar.setAccessibleName("Progress")
        self._left = text(size="small", colour="secondary")
        self._stop = icon_button("close", "Stop this")
        self._stop.clicked.connect(self._cancel)
        self._drawer = JobsDrawer(self)
        row = parts.row(self, gap=8)
        self._drawer.dismissed.connect(self._dismiss)
        self._drawer.retried.connect(self._retry)
        for widget in (self._sign, self._title, self._bar, self._left, self._stop):
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        self._show()

    def watch(self, jobs: Jobs) -> None:
        jobs.started.connect(lambda job: self._add(jobs, job))
        jobs.progressed.connect(self._progress)
        jobs.finished.connect(self._remove)
        jobs.stumbled.connect(self._keep)

    @property
    def titles(self) -> list[str]:
        return [job.title for job in self._running]

    @property
    def failed(self) -> list[str]:
        """The titles of what failed and was not dismissed."""
        return [job.title for job in self._failed]

    def forget(self) -> None:
        """What failed is of no interest any more."""
        self._failed.clear()
        self._show()

    def _keep(self, job: Job) -> None:
        self._failed = [*(other for other in self._failed if other.title != job.title), job][-MOST_FAILED:]
        self._show()

    def _dismiss(self, job: Job) -> None:
        self._failed.remove(job)
        self._show()

    def _retry(self, job: Job) -> None:
        self._dismiss(job)
        if job.again is not None:
            job.again()

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
        self.setVisible(bool(self._running or self._failed))
        if self._drawer.isVisible():
            self._drawer.show_running(self._running, self._failed)
        for widget in (self._bar, self._left, self._stop):
            widget.setVisible(bool(self._running))
        self._sign.setVisible(bool(self._failed) and not self._running)
        if not self._running:
            count = len(self._failed)
            self._title.setText(f"{self._failed[0].title} failed" if count == 1 else f"{count} jobs failed")
            return
        job = next(iter(self._running))
        more = len(self._running) - 1
        self._title.setText(f"{job.title} and {more} more" if more else job.title)
        show_progress(self._bar, job)
        self._left.setText(progress_words(job))

    def _cancel(self) -> None:
        job, jobs = next(iter(self._running.items()))
        jobs.cancel(job)

    def _list(self) -> None:
        self._drawer.open_above(self.mapToGlobal(self.rect().topRight()), self._running, self._failed)
