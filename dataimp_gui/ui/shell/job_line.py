"""Running work in one line: what it is, how far, how long still, and a way to stop it; a click lists all."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QWidget

from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.jobs import Job, Jobs
from dataimp_gui.ui.kit.jobs_drawer import JobsDrawer, progress_words, show_progress
from dataimp_gui.ui.kit.parts import button, icon_button, text


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
        self._drawer = JobsDrawer(self)
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
        if self._drawer.isVisible():
            self._drawer.show_running(self._running)
        if not self._running:
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
        self._drawer.open_above(self.mapToGlobal(self.rect().topRight()), self._running)
