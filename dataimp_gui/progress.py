"""One handle for both directions of a long run: report out, pause and cancel in."""

import time
from collections.abc import Callable, Iterable, Iterator, Sized
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Lock
from typing import Final, TypeVar

from dataimp_gui.errors import Cancelled

T = TypeVar("T")

INTERVAL_S: Final = 0.05  # at most 20 reports a second


@dataclass(frozen=True, slots=True)
class Report:
    """How far a phase has come. ``total`` is 0 when nobody knows."""

    phase: str
    done: int
    total: int
    elapsed_s: float

    @property
    def rate(self) -> float:
        """Steps a second."""
        return self.done / self.elapsed_s if self.elapsed_s > 0 else 0.0

    @property
    def left_s(self) -> float | None:
        """Seconds still to go, or None when that cannot be said yet."""
        if not self.total or not self.done:
            return None
        return self.elapsed_s * (self.total - self.done) / self.done


def ignore(_report: Report) -> None:
    pass


class Progress:
    """The last argument of every long core function. Safe to pause and to cancel from another thread."""

    def __init__(self, report: Callable[[Report], None] = ignore) -> None:
        self._report = report
        self._cancelled = Event()
        self._going = Event()
        self._going.set()
        self.waits = False
        self._stops: list[Callable[[], None]] = []
        self._lock = Lock()
        self._phase = ""
        self._done = self._total = 0
        self._started = self._reported = time.monotonic()

    @property
    def cancelled(self) -> bool:
        return self._cancelled.is_set()

    def cancel(self) -> None:
        with self._lock:  # held while they are called: a block that has ended must not be stopped any more
            self._cancelled.set()
            self._going.set()
            for stop in self._stops:
                stop()

    @property
    def is_paused(self) -> bool:
        """It was asked to; ``waits`` is true once the work has come to its next step and stands still."""
        return not self._going.is_set()

    def pause(self) -> None:
        if not self.cancelled:
            self._going.clear()

    def resume(self) -> None:
        self._going.set()

    def _stand(self) -> None:
        """While paused. Between steps only: a lock of a query or of this object is never held meanwhile."""
        if self._going.is_set():
            return
        began, self.waits = time.monotonic(), True
        self._send()
        self._going.wait()
        self.waits = False
        self._started += time.monotonic() - began  # the time left is of the work alone
        self.check()
        self._send()

    def check(self) -> None:
        """Raises Cancelled when the person pressed Cancel."""
        if self._cancelled.is_set():
            raise Cancelled

    @contextmanager
    def stopping(self, stop: Callable[[], None]) -> Iterator[None]:
        """While the block runs, cancelling also calls ``stop`` on the cancelling thread, to interrupt a query, say.

        ``stop`` must return at once and not come back here.
        """
        with self._lock:
            self.check()
            self._stops.append(stop)
        try:
            yield
        finally:
            with self._lock:
                self._stops.remove(stop)

    def phase(self, title: str, total: int = 0) -> None:
        """Begin a part of the work that has its own count."""
        self._stand()
        self.check()
        self._phase, self._done, self._total = title, 0, total
        self._started = time.monotonic()
        self._send()

    def advance(self, steps: int = 1) -> None:
        self._stand()
        self.check()
        self._done += steps
        if time.monotonic() - self._reported >= INTERVAL_S or self._done == self._total:
            self._send()

    def track(self, items: Iterable[T], title: str) -> Iterator[T]:
        self.phase(title, len(items) if isinstance(items, Sized) else 0)
        for item in items:
            yield item
            self.advance()

    def _send(self) -> None:
        self._reported = time.monotonic()
        self._report(Report(self._phase, self._done, self._total, self._reported - self._started))
