"""Long work on a project: one job at a time, and none that outlives it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from dataimp_gui.errors import Cancelled
from dataimp_gui.progress import Progress

WAIT_S: Final = 0.1  # between looks at whether a job that waits its turn was cancelled


class Jobs:
    def __init__(self) -> None:
        self._changing = threading.Lock()
        self._working = threading.Lock()  # a second job finds what the first one kept
        self._jobs: list[Progress] = []
        self._is_closed = False

    @property
    def is_closed(self) -> bool:
        return self._is_closed

    def close(self) -> None:
        """Cancel what runs; it ends on its own thread."""
        with self._changing:
            self._is_closed = True
            jobs = tuple(self._jobs)
        for progress in jobs:
            progress.cancel()

    @contextmanager
    def job(self, progress: Progress | None) -> Iterator[Progress]:
        """For the block to report to. Raises Cancelled, also for whatever goes wrong in it because all was closed."""
        job = progress or Progress()
        with self._changing:
            if self._is_closed:
                raise Cancelled
            self._jobs.append(job)
        try:
            while not self._working.acquire(timeout=WAIT_S):
                job.check()
            try:
                job.check()
                yield job
            finally:
                self._working.release()
        except Exception as error:
            if self._is_closed:
                raise Cancelled from error
            raise
        finally:
            with self._changing:
                self._jobs.remove(job)
