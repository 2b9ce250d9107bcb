"""Work off the main thread: a lane over an executor that delivers its answers on the main thread."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from functools import partial
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from dataimp_gui.errors import Cancelled, DataimpError
from dataimp_gui.progress import Progress, Report

R = TypeVar("R")


class Job:
    """One piece of running work. One without a ``title`` is too short to be shown to a person."""

    def __init__(self, key: str, title: str, report: Callable[["Job", Report], None]) -> None:
        self.key = key
        self.title = title
        self.report: Report | None = None
        self.progress = Progress(lambda said: report(self, said))
        self.future: Future[Any] | None = None
        self.error: Exception | None = None  # that ended it, when nobody had asked to be told
        self.again: Callable[[], Job] | None = None  # starts the same work once more
        self.can_pause = True

    def stop(self) -> None:
        """Before it began it never will; later it ends at its next step."""
        self.progress.cancel()
        if self.future is not None:
            self.future.cancel()


class Jobs(QObject):
    """A job that is started under a key replaces the running one of that key: it is asked to stop and its answer is
    dropped, so nobody has to ask whether an answer is stale. Jobs without a key all run to their end. What a job says
    to a method of a widget that is gone is dropped, too, but an error is signalled.
    """

    started = Signal(object)  # Job
    progressed = Signal(object)  # Job, with a new report
    finished = Signal(object)  # Job: it is done, failed, cancelled or replaced
    failed = Signal(Exception)
    stumbled = Signal(object)  # Job with a title and an error
    _posted = Signal(object)

    def __init__(self, executor: Executor, parent: QObject | None = None, *, can_pause: bool = True) -> None:
        """``can_pause``: its work may stand still as long as a person likes, because nothing waits for it."""
        super().__init__(parent)
        self._executor = executor
        self._can_pause = can_pause
        self._closed = False
        self._running: dict[str | Job, Job] = {}
        self._posted.connect(self._call)  # a bound method of this object: it runs on the thread of this object

    @property
    def running(self) -> list[Job]:
        return list(self._running.values())

    def start(
        self,
        work: Callable[[Progress], R],
        then: Callable[[R], None],
        *,
        key: str = "",
        title: str = "",
        failed: Callable[[Exception], None] | None = None,
    ) -> Job:
        """Run ``work`` in the executor, then ``then`` with its answer here. An error goes to ``failed``, or is
        signalled when there is none; a cancelled job ends in silence, and after `shutdown` none begins."""
        if key:
            self.cancel(key)
        job = Job(key, title, self._report)
        if self._closed:  # a timer of a widget that is about to go
            return job
        job.can_pause = self._can_pause
        job.again = partial(self.start, work, then, key=key, title=title)
        self._running[key or job] = job
        self.started.emit(job)
        job.future = self._executor.submit(work, job.progress)
        job.future.add_done_callback(lambda done: self._post(partial(self._deliver, job, done, then, failed)))
        return job

    def cancel(self, key: "str | Job") -> None:
        """By key, or the job itself."""
        slot = (key.key or key) if isinstance(key, Job) else key
        if job := self._running.pop(slot, None):
            job.stop()
            self.finished.emit(job)

    def explain(self, error: Exception) -> str:
        """Words for a page to show. What is no DataimpError is a bug, which is signalled as well."""
        if isinstance(error, DataimpError):
            return error.whole
        self.failed.emit(error)
        return "Something went wrong in Dataimp."

    def shutdown(self) -> None:
        """Cancel what runs and wait until the threads have ended."""
        self._closed = True
        for slot in tuple(self._running):
            self.cancel(slot)
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _post(self, closure: Callable[[], None]) -> None:
        try:
            self._posted.emit(closure)
        except RuntimeError:
            return  # the window is gone; nobody waits for the answer

    def _call(self, closure: Callable[[], None]) -> None:
        closure()

    def _report(self, job: Job, report: Report) -> None:
        self._post(partial(self._show, job, report))

    def _show(self, job: Job, report: Report) -> None:
        job.report = report
        if self._running.get(job.key or job) is job:
            self.progressed.emit(job)

    def _deliver(
        self,
        job: Job,
        future: "Future[Any]",
        then: Callable[[Any], None],
        failed: Callable[[Exception], None] | None,
    ) -> None:
        if self._running.get(job.key or job) is not job or future.cancelled():
            return
        del self._running[job.key or job]
        self.finished.emit(job)
        match future.exception():
            case None:
                if not _is_gone(then):
                    then(future.result())
            case Cancelled():
                pass
            case Exception() as error:
                if failed is not None and _is_gone(failed):
                    failed = None
                if failed is None and job.title:
                    job.error = error
                    self.stumbled.emit(job)
                (failed or self.failed.emit)(error)
            case error:
                raise error


def _is_gone(then: Callable[..., Any]) -> bool:
    """Whether it is a method of an object that Qt has deleted."""
    owner = getattr(then.func if isinstance(then, partial) else then, "__self__", None)
    return isinstance(owner, QObject) and not isValid(owner)
