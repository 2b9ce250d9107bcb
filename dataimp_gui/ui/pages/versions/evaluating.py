"""The job that trains on two versions and judges both on the same examples."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, Signal

from dataimp_gui.core.evaluate.judgement import Evaluation
from dataimp_gui.core.project import Project
from dataimp_gui.progress import Progress
from dataimp_gui.ui.kit.jobs import Job
from dataimp_gui.ui.session import Session

KEY: Final = "evaluate"


@dataclass(frozen=True, slots=True)
class Trial:
    """``trainer`` is a command template, empty for the built-in one; ``files`` of predictions, each for a version, are
    read before."""

    version: str
    against: str
    trainer: str = ""
    seeds: int = 3
    files: tuple[tuple[str, str], ...] = ()


def _evaluate(project: Project, trial: Trial, progress: Progress) -> Evaluation:
    for version, file in reversed(trial.files):  # the one that is judged becomes the current run
        project.add_run(file, version=version, progress=progress)
    return project.evaluation.run(trial.version, trial.against, trial.trainer, seeds=trial.seeds, progress=progress)


class Evaluating(QObject):
    """One at a time. ``last`` is what runs, or ran last."""

    moved = Signal()  # it began, went on, or ended
    done = Signal(str)  # the version that was evaluated

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._job: Job | None = None
        self.last: Trial | None = None
        self.failure = ""  # why the last one did not end, as a sentence for people
        session.reads.finished.connect(self._end)
        session.reads.progressed.connect(self._progress)

    @property
    def job(self) -> Job | None:
        return self._job

    def start(self, trial: Trial) -> None:
        project = self._session.project
        self.last, self.failure = trial, ""
        self._job = self._session.reads.start(
            lambda progress: _evaluate(project, trial, progress),
            lambda _: self.done.emit(trial.version),
            key=KEY,
            title=f"Evaluating {trial.version}",
            failed=self._fail,
        )
        self.moved.emit()

    def stop(self) -> None:
        self._session.reads.cancel(KEY)

    def _end(self, job: Job) -> None:
        if job is self._job:
            self._job = None
            self.moved.emit()

    def _progress(self, job: Job) -> None:
        if job is self._job:
            self.moved.emit()

    def _fail(self, error: Exception) -> None:
        self.failure = self._session.reads.explain(error)
        self.moved.emit()
