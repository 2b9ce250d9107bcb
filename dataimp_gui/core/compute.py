"""One map over separate processes: a crash, a hang or too much memory costs the one item that caused it.

A worker is a fresh interpreter that runs nothing of ``__main__``, so a script needs no guard and a notebook no file.
Parent and worker speak length-prefixed msgpack, never pickle: a worker that untrusted data has taken over can hand back
plain values and no more.
"""

import math
import os
import queue
import signal
import struct
import subprocess
import sys
import threading
import time
import types
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from typing import IO, TYPE_CHECKING, Any, Final, Self

import msgspec

from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    import numpy as np

MEMORY_BYTES: Final = 4 * 2**30
CHUNK: Final = 64
START_S: Final = 60.0  # importing numpy and OpenCV on a cold, busy machine
SLACK_S: Final = 0.5  # between a worker's last answer and our looking at the clock
FLUSH_S: Final = 0.05

_LENGTH: Final = struct.Struct("<I")
_STARTED: Final = b""  # a frame without content: the function is imported, the clock may run
_ARRAY: Final = 1
_COMMAND: Final = "import sys; sys.path[:] = sys.argv[3:]; from dataimp_gui.core.compute import serve; serve()"

Function = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Failure:
    """Stands in the results for an item that gave none: ``reason`` is a sentence, ``hint`` what to do about it.

    ``kind`` is refused (the function raised a DataimpError), timeout, crash, memory or bug (any other exception).
    """

    reason: str
    hint: str = ""
    kind: str = "refused"


def map_chunks(
    function: Function,
    items: Sequence[Any],
    *,
    arguments: Sequence[Any] = (),
    workers: int | None = None,
    timeout_s: float = 60.0,
    title: str = "",
    progress: Progress | None = None,
    trusted: bool = False,
) -> list[Any]:
    """``[function(item, *arguments) for item in items]`` in worker processes, in order, with a Failure where it failed.

    ``function`` is found in the worker by its module and name. Items, arguments and results are plain values (None,
    bool, int, float, str, bytes, list, dict, numeric arrays); tuples arrive as lists. ``timeout_s`` is for one item.
    ``trusted`` work of less than one chunk, or for one worker, stays in this process, without a time or memory limit.
    Raises Cancelled.
    """
    count = workers or available()
    if trusted and (count == 1 or len(items) < CHUNK):
        return _here(function, items, arguments, title, progress or Progress())
    with Workers(min(count, max(1, len(items)))) as pool:
        return pool.map(function, items, arguments=arguments, timeout_s=timeout_s, title=title, progress=progress)


def available() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Workers:
    """Worker processes that stay warm between calls. Close them, or use ``with``. One ``map`` runs at a time."""

    def __init__(self, count: int | None = None, *, memory_bytes: int = MEMORY_BYTES) -> None:
        self._memory_bytes = memory_bytes
        self._events: queue.SimpleQueue[_Event] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._count = count or available()
        self._workers = [self._start() for _ in range(self._count)]  # they import while the caller prepares its items

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
        with self._lock:
            return self._map(_name_of(function), items, list(arguments), timeout_s, title, progress or Progress())

    def close(self) -> None:
        """Stop the processes and wait for them; idempotent."""
        workers, self._workers = self._workers, []
        for worker in workers:
            worker.kill()
        for worker in workers:
            worker.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _start(self) -> "_Worker":
        return _Worker(self._events, self._memory_bytes)

    def _map(
        self, name: str, items: Sequence[Any], arguments: list[Any], timeout_s: float, title: str, progress: Progress
    ) -> list[Any]:
        results: list[Any] = [None] * len(items)
        size = max(1, min(CHUNK, math.ceil(len(items) / (self._count * 4))))
        todo = deque(_Task(start, min(start + size, len(items))) for start in range(0, len(items), size))
        busy: dict[_Worker, _Task] = {}
        left, false_starts = len(items), 0
        progress.phase(title, len(items))
        try:
            with progress.stopping(lambda: self._events.put((None, None))):
                while left:
                    self._fill(todo, busy, name, items, arguments, timeout_s)
                    worker, frame = self._wait(busy)
                    progress.check()
                    if worker is None or worker not in busy:
                        continue
                    task = busy[worker]
                    if frame is None:  # it is dead, by itself or by our hand
                        del busy[worker]
                        self._drop(worker)
                        false_starts += not worker.ready
                        if false_starts > 3:
                            raise DataimpError(
                                f"A worker process cannot start (exit code {worker.exit_code}).",
                                hint="Free some memory, or install Dataimp again.",
                            )
                        if worker.ready and task.stop - task.start == 1:
                            results[task.start] = worker.obituary(timeout_s)
                            left -= 1
                            progress.advance()
                        else:
                            todo.extendleft(task.singles() if worker.ready else [task])
                    elif frame == _STARTED:
                        task.deadline = time.monotonic() + timeout_s + SLACK_S
                    else:
                        answers = _unpack(frame)
                        for answer in answers:
                            results[task.start] = (
                                answer[1] if answer[0] == "" else Failure(answer[1], answer[2], answer[0])
                            )
                            task.start += 1
                        task.deadline = time.monotonic() + timeout_s + SLACK_S
                        left -= len(answers)
                        if task.start == task.stop:
                            del busy[worker]
                        progress.advance(len(answers))
        finally:
            for worker in busy:  # only when we leave early: cancelled, interrupted, or a bug
                self._drop(worker)
        return results

    def _drop(self, worker: "_Worker") -> None:
        worker.kill()
        worker.join()
        self._workers.remove(worker)

    def _fill(
        self,
        todo: "deque[_Task]",
        busy: "dict[_Worker, _Task]",
        name: str,
        items: Sequence[Any],
        arguments: list[Any],
        timeout_s: float,
    ) -> None:
        """Give each idle worker a chunk, replacing those that died."""
        for worker in [worker for worker in self._workers if worker not in busy and not worker.alive]:
            self._drop(worker)
        while len(self._workers) < min(self._count, len(busy) + len(todo)):
            self._workers.append(self._start())
        for worker in self._workers:
            if worker in busy or not todo:
                continue
            task = todo.popleft()
            task.deadline = time.monotonic() + START_S
            busy[worker] = task
            worker.give(_pack([name, timeout_s, arguments, items[task.start : task.stop]]))

    def _wait(self, busy: "dict[_Worker, _Task]") -> "_Event":
        """The next thing that happens; a worker whose item took too long is killed first."""
        deadline = min(task.deadline for task in busy.values())
        try:
            return self._events.get(timeout=min(60.0, max(0.0, deadline - time.monotonic())))
        except queue.Empty:
            for worker, task in busy.items():
                if task.deadline <= time.monotonic():
                    worker.late = True
                    worker.kill()
                    task.deadline = math.inf  # its death is the next event
            return None, None


class _Task:
    """Items ``start`` to ``stop``; ``start`` moves as answers come."""

    __slots__ = ("deadline", "start", "stop")

    def __init__(self, start: int, stop: int) -> None:
        self.start, self.stop, self.deadline = start, stop, math.inf

    def singles(self) -> "list[_Task]":
        """One task an item, last first."""
        return [_Task(row, row + 1) for row in range(self.stop - 1, self.start - 1, -1)]


class _Worker:
    """One process and the thread that reads its answers."""

    def __init__(self, events: "queue.SimpleQueue[_Event]", memory_bytes: int) -> None:
        self.ready = False
        self.late = False
        paths = [os.path.abspath(path) for path in sys.path]
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "OPENCV_LOG_LEVEL": "SILENT"}
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-W", "ignore", "-c", _COMMAND, str(memory_bytes), "dataimp-worker", *paths],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # decoders in C mutter there
            env=environment,
            **_APART,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._inbox, self._outbox = self._process.stdin, self._process.stdout
        self._events = events
        self._reader = threading.Thread(target=self._read, name="dataimp-worker-reader", daemon=True)
        self._reader.start()

    def give(self, frame: bytes) -> None:
        with suppress(OSError):  # it died; its reader says so
            _send(self._inbox, frame)

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
        code = self._process.returncode
        if code == -getattr(signal, "SIGKILL", 9):
            return Failure("The system stopped the process that read it, probably for want of memory.", kind="memory")
        with suppress(ValueError):
            return Failure(f"It crashed the process that read it ({signal.Signals(-code).name}).", kind="crash")
        return Failure(f"It crashed the process that read it (exit code {code}).", kind="crash")

    def _read(self) -> None:
        with self._outbox:
            while (frame := _receive(self._outbox)) is not None:
                self.ready = True
                self._events.put((self, frame))
        self._events.put((self, None))


_Event = tuple[_Worker | None, bytes | None]
_APART: Final[dict[str, Any]] = (  # a group of its own: Ctrl+C in the terminal is ours to handle
    {"creationflags": 0x08000000 | 0x00000200} if sys.platform == "win32" else {"process_group": 0}
)


def serve() -> None:
    """What a worker does until its parent closes the pipe: chunks in, answers out."""
    with os.fdopen(os.dup(0), "rb") as inbox, os.fdopen(os.dup(1), "wb") as outbox:
        os.dup2(2, 1)  # whatever a library prints must not land among the answers
        _be_bounded(int(sys.argv[1]))
        while (frame := _receive(inbox)) is not None:
            name, timeout_s, arguments, items = _unpack(frame)
            function = _find(name)
            _send(outbox, _STARTED)
            answers: list[list[Any]] = []
            sent = time.monotonic()
            for item in items:
                _arm(2 * timeout_s + 5)  # in case nobody is left to kill us
                answers.append(_call(function, item, arguments))
                if time.monotonic() - sent > FLUSH_S:
                    _send(outbox, _packed(answers))
                    answers, sent = [], time.monotonic()
            _arm(0)
            if answers:
                _send(outbox, _packed(answers))


def _here(
    function: Function, items: Sequence[Any], arguments: Sequence[Any], title: str, progress: Progress
) -> list[Any]:
    results: list[Any] = []
    for item in progress.track(items, title):
        answer = _unpack(_packed([_call(function, item, arguments)]))[0]  # the same values as from a process
        results.append(answer[1] if answer[0] == "" else Failure(answer[1], answer[2], answer[0]))
    return results


def _call(function: Function, item: Any, arguments: Sequence[Any]) -> list[Any]:
    try:
        return ["", function(item, *arguments)]
    except DataimpError as error:
        return ["refused", str(error), error.hint]
    except MemoryError:
        return ["memory", "Reading it needs more memory than is allowed.", ""]
    except Exception as error:
        return ["bug", f"Reading it failed: {type(error).__name__}: {error}", ""]


def _packed(answers: list[list[Any]]) -> bytes:
    try:
        return _pack(answers)
    except (TypeError, ValueError, OverflowError) as error:
        if len(answers) == 1:
            return _pack([["bug", f"The answer is no plain value: {error}", ""]])
        return _pack([_unpack(_packed([answer]))[0] for answer in answers])


def _name_of(function: Function) -> str:
    name = f"{function.__module__}:{function.__qualname__}"
    if function.__module__ == "__main__" or "<" in name:
        raise TypeError(f"A worker cannot import {name}: only a function of a module can run in another process")
    return name


def _find(name: str) -> Function:
    module, _, path = name.partition(":")
    found: Any = import_module(module)
    for part in path.split("."):
        found = getattr(found, part)
    assert isinstance(found, types.FunctionType | types.BuiltinFunctionType)
    return found


def _be_bounded(memory_bytes: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        import resource
    except ImportError:  # Windows: the time limit still holds
        return
    for kind, limit in ((resource.RLIMIT_AS, memory_bytes), (resource.RLIMIT_CORE, 0)):
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (limit, limit))


def _arm(seconds: float) -> None:
    if hasattr(signal, "setitimer"):  # SIGALRM's default action ends the process even inside C code
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _send(pipe: IO[bytes], frame: bytes) -> None:
    pipe.write(_LENGTH.pack(len(frame)))
    pipe.write(frame)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> bytes | None:
    """The next frame, or None when the other side is gone, also in the middle of one."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    size = _LENGTH.unpack(head)[0]
    frame = pipe.read(size)
    return frame if len(frame) == size else None


def _encode_array(value: Any) -> msgspec.msgpack.Ext:
    import numpy as np

    if isinstance(value, np.ndarray | np.generic) and value.dtype.kind in "biufc":
        head = msgspec.msgpack.encode([value.dtype.str, value.shape])
        return msgspec.msgpack.Ext(_ARRAY, _LENGTH.pack(len(head)) + head + value.tobytes())
    raise TypeError(f"{type(value).__name__} is no plain value")


def _decode_array(code: int, data: memoryview) -> "np.ndarray[Any, Any]":
    import numpy as np

    if code != _ARRAY:
        raise ValueError(f"unknown extension {code}")
    start = _LENGTH.size + _LENGTH.unpack(data[: _LENGTH.size])[0]
    dtype, shape = msgspec.msgpack.decode(data[_LENGTH.size : start], type=tuple[str, tuple[int, ...]])
    return np.frombuffer(data[start:], dtype=np.dtype(dtype)).reshape(shape).copy()


_pack = msgspec.msgpack.Encoder(enc_hook=_encode_array).encode
_decoder = msgspec.msgpack.Decoder(ext_hook=_decode_array)


def _unpack(frame: bytes) -> Any:
    return _decoder.decode(frame)
