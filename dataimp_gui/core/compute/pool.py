"""Which worker has which items, since when, and what became of those that died."""

import math
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Self

from dataimp_gui.core.compute.wire import pack, receive, send, unpack
from dataimp_gui.core.compute.worker import STARTED, Answer, Function, name_of
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress

MEMORY_BYTES: Final = 4 * 2**30
CHUNK: Final = 64
START_S: Final = 60.0  # importing numpy and OpenCV on a cold, busy machine
SLACK_S: Final = 0.5  # between a worker's last answer and our looking at the clock
FALSE_STARTS: Final = 3


@dataclass(frozen=True, slots=True)
class Failure:
    """Stands in the results for an item that gave none: ``reason`` is a sentence, ``hint`` what to do about it.

    ``kind`` is refused (the function raised a DataimpError), timeout, crash, memory or bug (any other exception).
    """

    reason: str
    hint: str = ""
    kind: str = "refused"

    @staticmethod
    def or_value(answer: Answer) -> Any:
        kind, *rest = answer
        return Failure(rest[0], rest[1], kind) if kind else rest[0]


def available() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Pool(ABC):
    """Whoever calls a function on many items, and tells of each that failed why."""

    @abstractmethod
    def stream(
        self,
        function: Function,
        items: Sequence[Any],
        *,
        arguments: Sequence[Any] = (),
        timeout_s: float = 60.0,
        title: str = "",
        progress: Progress | None = None,
    ) -> Iterator[tuple[int, Any]]:
        """The position and the result of each item as it comes, in no order; else as `map_chunks`."""

    def map(
        self,
        function: Function,
        items: Sequence[Any],
        *,
        arguments: Sequence[Any] = (),
        timeout_s: float = 60.0,
        title: str = "",
        progress: Progress | None = None,
    ) -> list[Any]:
        """As `map_chunks`."""
        results: list[Any] = [None] * len(items)
        for row, result in self.stream(
            function, items, arguments=arguments, timeout_s=timeout_s, title=title, progress=progress
        ):
            results[row] = result
        return results


class Workers(Pool):
    """Worker processes that stay warm between calls, which take turns. Close them, or use ``with``."""

    def __init__(self, count: int | None = None, *, memory_bytes: int = MEMORY_BYTES) -> None:
        self._memory_bytes = memory_bytes
        self._events: queue.SimpleQueue[_Event] = queue.SimpleQueue()
        self._turn = threading.Lock()
        self._count = count or available()
        self._workers = [self._start() for _ in range(self._count)]  # they start while the caller prepares its items

    def stream(
        self,
        function: Function,
        items: Sequence[Any],
        *,
        arguments: Sequence[Any] = (),
        timeout_s: float = 60.0,
        title: str = "",
        progress: Progress | None = None,
    ) -> Iterator[tuple[int, Any]]:
        name, common = name_of(function), list(arguments)
        progress = progress or Progress()
        with self._turn:
            progress.phase(title, len(items))
            work = _Work(len(items), self._count)
            try:
                with progress.stopping(lambda: self._events.put((None, None))):
                    while work.left:
                        for worker, task in self._assign(work):
                            worker.give(pack([name, timeout_s, common, list(items[task.start : task.stop])]))
                        done = self._settle(work, *self._wait(work), timeout_s)
                        progress.check()
                        yield from done
                        if done:
                            progress.advance(len(done))
            finally:
                for worker in work.busy:  # only when we leave early: cancelled, interrupted, or a bug
                    self._drop(worker)

    def close(self) -> None:
        """Stop the processes and wait for them; idempotent."""
        for worker in self._workers:
            worker.kill()
        while self._workers:
            self._drop(self._workers[-1])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _start(self) -> "_Worker":
        return _Worker(self._events, self._memory_bytes)

    def _drop(self, worker: "_Worker") -> None:
        worker.kill()
        worker.join()
        self._workers.remove(worker)

    def _assign(self, work: "_Work") -> "Iterator[tuple[_Worker, _Task]]":
        """A task for each idle worker; those that died are replaced."""
        for worker in [worker for worker in self._workers if worker not in work.busy and not worker.alive]:
            self._drop(worker)
        while len(self._workers) < min(self._count, len(work.busy) + len(work.todo)):
            self._workers.append(self._start())
        for worker in self._workers:
            if work.todo and worker not in work.busy:
                task = work.busy[worker] = work.todo.popleft()
                task.deadline = time.monotonic() + START_S
                yield worker, task

    def _wait(self, work: "_Work") -> "_Event":
        """The next thing that happens; a worker whose item took too long is killed, its death is the next event."""
        deadline = min(task.deadline for task in work.busy.values())
        try:
            return self._events.get(timeout=min(60.0, max(0.0, deadline - time.monotonic())))
        except queue.Empty:
            for worker, task in work.busy.items():
                if task.deadline <= time.monotonic():
                    worker.late, task.deadline = True, math.inf
                    worker.kill()
            return None, None

    def _settle(
        self, work: "_Work", worker: "_Worker | None", frame: bytes | None, timeout_s: float
    ) -> list[tuple[int, Any]]:
        """What an event makes known: positions and results."""
        if worker is None or worker not in work.busy:
            return []
        task = work.busy[worker]
        if frame is None:
            del work.busy[worker]
            self._drop(worker)
            return work.bury(worker, task, timeout_s)
        task.deadline = time.monotonic() + timeout_s + SLACK_S
        if frame == STARTED:
            return []
        answers = unpack(frame)
        done = [(task.start + step, Failure.or_value(answer)) for step, answer in enumerate(answers)]
        task.start += len(done)
        work.left -= len(done)
        if task.start == task.stop:
            del work.busy[worker]
        return done


class _Task:
    """Items ``start`` to ``stop``; ``start`` moves as answers come."""

    __slots__ = ("deadline", "start", "stop")

    def __init__(self, start: int, stop: int) -> None:
        self.start, self.stop, self.deadline = start, stop, math.inf


class _Work:
    """What of one call is still to do, and who does what."""

    def __init__(self, count: int, workers: int) -> None:
        size = max(1, min(CHUNK, math.ceil(count / (workers * 4))))
        self.left = count
        self.todo = deque(_Task(start, min(start + size, count)) for start in range(0, count, size))
        self.busy: dict[_Worker, _Task] = {}
        self._false_starts = 0

    def bury(self, worker: "_Worker", task: _Task, timeout_s: float) -> list[tuple[int, Any]]:
        """The result of the one item it died over; of several, each is tried again in a chunk of its own."""
        if not worker.ready:
            self._false_starts += 1
            if self._false_starts > FALSE_STARTS:
                raise DataimpError(
                    f"A worker process cannot start (exit code {worker.exit_code}).",
                    hint="Free some memory, or install Dataimp again.",
                )
            self.todo.appendleft(task)
            return []
        if task.stop - task.start > 1:
            self.todo.extendleft(_Task(row, row + 1) for row in range(task.stop - 1, task.start - 1, -1))
            return []
        self.left -= 1
        return [(task.start, worker.obituary(timeout_s))]


class _Worker:
    """One process and the thread that reads its answers."""

    def __init__(self, events: "queue.SimpleQueue[_Event]", memory_bytes: int) -> None:
        self.ready = False
        self.late = False
        self._events = events
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-W", "ignore", "-c", _COMMAND, str(memory_bytes), *map(os.path.abspath, sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # decoders in C mutter there
            env={**os.environ, **_ENVIRONMENT},
            **_APART,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._inbox, self._outbox = self._process.stdin, self._process.stdout
        self._reader = threading.Thread(target=self._read, name="dataimp-worker-reader", daemon=True)
        self._reader.start()

    def give(self, frame: bytes) -> None:
        with suppress(OSError):  # it died; its reader says so
            send(self._inbox, frame)

    def kill(self) -> None:
        self._process.kill()

    def join(self) -> None:
        self._process.wait()
        self._reader.join()
        with suppress(OSError):
            self._inbox.close()

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    @property
    def exit_code(self) -> int:
        return self._process.wait()

    def obituary(self, timeout_s: float) -> Failure:
        """Why it died over its only item."""
        if self.late:
            return Failure(f"Reading it took longer than {timeout_s:g} seconds and was stopped.", kind="timeout")
        code = self.exit_code
        if code == -getattr(signal, "SIGKILL", 9):
            return Failure("The system stopped the process that read it, probably for want of memory.", kind="memory")
        with suppress(ValueError):
            return Failure(f"It crashed the process that read it ({signal.Signals(-code).name}).", kind="crash")
        return Failure(f"It crashed the process that read it (exit code {code}).", kind="crash")

    def _read(self) -> None:
        with self._outbox:
            while (frame := receive(self._outbox)) is not None:
                self.ready = True
                self._events.put((self, frame))
        self._events.put((self, None))


_Event = tuple[_Worker | None, bytes | None]

_COMMAND: Final = "import sys; sys.path[:] = sys.argv[2:]; from dataimp_gui.core.compute.worker import serve; serve()"
_ENVIRONMENT: Final = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENCV_LOG_LEVEL": "SILENT",
    # glibc: memory of an image or two is used again instead of being given back and asked for anew each time
    "MALLOC_MMAP_THRESHOLD_": str(32 * 2**20),
    "MALLOC_TRIM_THRESHOLD_": str(128 * 2**20),
}
_APART: Final[dict[str, Any]] = (  # a group of its own: Ctrl+C in the terminal is ours to handle
    {"creationflags": 0x08000000 | 0x00000200} if sys.platform == "win32" else {"process_group": 0}
)
