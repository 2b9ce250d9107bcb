"""What a worker process does: take chunks from its parent, call the function on each item, answer, keep its bounds."""

import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from typing import Any, Final

from dataimp_gui.core.compute.wire import pack, receive, send, unpack
from dataimp_gui.errors import DataimpError

FLUSH_S: Final = 0.05
STARTED: Final = b""  # a frame without content: the function is imported, the clock may run

Function = Callable[..., Any]

Answer = list[Any]
"""["", value] or [kind, reason, hint]."""


def serve() -> None:
    """Until the parent closes the pipe: chunks in, answers out. The memory limit in bytes is the first argument."""
    with os.fdopen(os.dup(0), "rb") as inbox, os.fdopen(os.dup(1), "wb") as outbox:
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)  # so that no library eats from the chunks or prints among the answers
        os.dup2(2, 1)
        os.close(nothing)
        _be_bounded(int(sys.argv[1]))
        while (frame := receive(inbox)) is not None:
            name, timeout_s, arguments, items = unpack(frame)
            function = find(name)
            send(outbox, STARTED)
            answers: list[Answer] = []
            sent = time.monotonic()
            for item in items:
                _arm(2 * timeout_s + 1)  # in case nobody is left to kill us
                answers.append(call(function, item, arguments))
                if time.monotonic() - sent > FLUSH_S:
                    send(outbox, _packed(answers))
                    answers, sent = [], time.monotonic()
            _arm(0)
            if answers:
                send(outbox, _packed(answers))


def call(function: Function, item: Any, arguments: Sequence[Any]) -> Answer:
    try:
        return ["", function(item, *arguments)]
    except DataimpError as error:
        return ["refused", str(error), error.hint]
    except MemoryError:
        return ["memory", "Reading it needs more memory than is allowed.", ""]
    except Exception as error:
        return ["bug", f"Reading it failed: {type(error).__name__}: {error}", ""]


def name_of(function: Function) -> str:
    """Where a worker finds ``function``. Raises TypeError when it cannot."""
    name = f"{function.__module__}:{function.__qualname__}"
    if function.__module__ == "__main__" or "<" in name:
        raise TypeError(f"A worker cannot import {name}: only a function of a module can run in another process")
    return name


def find(name: str) -> Function:
    module, _, path = name.partition(":")
    found: Any = import_module(module)
    for part in path.split("."):
        found = getattr(found, part)
    function: Function = found
    return function


def _packed(answers: list[Answer]) -> bytes:
    try:
        return pack(answers)
    except (TypeError, ValueError, OverflowError) as error:
        if len(answers) == 1:
            return pack([["bug", f"The answer is no plain value: {error}", ""]])
        return pack([unpack(_packed([answer]))[0] for answer in answers])


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
