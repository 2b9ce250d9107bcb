"""The same map over a Dask cluster, whose machines share the storage that the project and its media lie on.

Dask carries bytes alone. On each of its workers a process of `Workers` does the work, with the same bounds and the same
msgpack, so that a file which crashes its decoder costs no node.
"""

import asyncio
import logging
import math
import queue
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Any, Final

from dataimp_gui.about import VERSION
from dataimp_gui.core.compute.pool import CHUNK, Failure, Pool, Workers
from dataimp_gui.core.compute.wire import pack, unpack
from dataimp_gui.core.compute.worker import Function, find, name_of
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress

CONNECT_S: Final = 5
LOOK_S: Final = 5.0  # without an answer for so long, it is asked whether anybody is still there
AHEAD: Final = 4  # chunks for each thread of the cluster that are on their way at a time
_LOST: Final = "See what its scheduler says; what was done so far is kept where the work can go on."


class Cluster(Pool):
    """Workers of a Dask scheduler. Raises DataimpError when it cannot be used, and later when it is lost."""

    def __init__(self, address: str, place: Path) -> None:
        try:
            from distributed import Client
        except ImportError as error:
            raise DataimpError(
                "Work can go to a Dask cluster only with the package distributed.",
                hint="Install it: pip install 'dataimp[cluster]'.",
            ) from error
        for logger in ("distributed", "distributed.client"):
            logging.getLogger(logger).setLevel(logging.CRITICAL + 1)  # what matters is said by us
        self._address = address
        try:
            asyncio.run(_greet(address))  # a client that finds nobody makes noise for long
            self._client = Client(address, timeout=CONNECT_S, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise DataimpError(
                f"No Dask scheduler answers at {address}.", hint="Give its address, as tcp://HOST:8786."
            ) from error
        try:
            self._check(place)
        except BaseException:
            self.close()
            raise

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
        progress.phase(title, len(items))
        threads = self._threads()
        size = max(1, min(CHUNK, math.ceil(len(items) / (threads * 4))))
        starts = iter(range(0, len(items), size))
        flying: dict[Any, int] = {}
        landed: queue.SimpleQueue[Any] = queue.SimpleQueue()
        with progress.stopping(lambda: landed.put(None)):
            try:
                while True:
                    for start in islice(starts, max(0, AHEAD * threads - len(flying))):
                        chunk = pack([name, timeout_s, common, list(items[start : start + size])])
                        future = self._client.submit(work, chunk, pure=False)
                        flying[future] = start
                        future.add_done_callback(landed.put)
                    if not flying:
                        return
                    future = self._next(landed)
                    progress.check()
                    start, answers = flying.pop(future), unpack(self._result(future))
                    yield from ((start + step, Failure.or_value(answer)) for step, answer in enumerate(answers))
                    progress.advance(len(answers))
            finally:
                if flying:
                    self._client.cancel(list(flying))

    def close(self) -> None:
        self._client.close(timeout=CONNECT_S)

    def _check(self, place: Path) -> None:
        """That somebody is there who has this Dataimp and sees ``place``."""
        with suppress(TimeoutError):  # they may be about to start
            self._client.wait_for_workers(1, timeout=CONNECT_S)
        self._threads()
        with tempfile.NamedTemporaryFile(prefix=".shared-", dir=place) as seen:
            try:
                said = self._client.run(_look, seen.name)
            except Exception as error:
                raise DataimpError(
                    f"Dataimp cannot run on the cluster at {self._address}: {type(error).__name__}: {error}",
                    hint=f"Install Dataimp {VERSION} on each of its machines.",
                ) from error
        for worker, (version, sees) in said.items():
            if version != VERSION:
                raise DataimpError(
                    f"The worker {worker} has Dataimp {version}, and this is {VERSION}.",
                    hint="Install the same on each machine of the cluster.",
                )
            if not sees:
                raise DataimpError(
                    f"The worker {worker} does not see the folder {place}.",
                    hint="Project and media must lie on storage that all machines of the cluster share.",
                )

    def _threads(self) -> int:
        threads: int = sum(self._client.nthreads().values())
        if not threads:
            raise DataimpError(
                f"The Dask scheduler at {self._address} has no workers.", hint="Start some: dask worker ADDRESS."
            )
        return threads

    def _next(self, landed: "queue.SimpleQueue[Any]") -> Any:
        while True:
            try:
                return landed.get(timeout=LOOK_S)
            except queue.Empty:
                try:
                    self._threads()
                except OSError as error:
                    raise DataimpError(f"The cluster at {self._address} is gone.", hint=_LOST) from error

    def _result(self, future: Any) -> bytes:
        from distributed import CancelledError

        try:
            found: bytes = future.result(timeout=CONNECT_S)
        except CancelledError as error:
            raise DataimpError(f"The cluster at {self._address} is gone.", hint=_LOST) from error
        except Exception as error:
            raise DataimpError(
                f"The cluster at {self._address} could not do its part: {type(error).__name__}: {error}", hint=_LOST
            ) from error
        return found


@contextmanager
def on_cluster(address: str, place: Path) -> Iterator[None]:
    """While the block runs, `working` gives those of the Dask scheduler at ``address``, in the whole process.

    All of them must see the folder ``place``. Raises DataimpError.
    """
    global _current  # noqa: PLW0603
    cluster = Cluster(address, place)
    try:
        _current = cluster
        yield
    finally:
        _current = None
        cluster.close()


def current() -> Cluster | None:
    return _current


def work(chunk: bytes) -> bytes:
    """On a node: what a worker process of `Workers` says of each item."""
    name, timeout_s, arguments, items = unpack(chunk)
    answers: list[Any] = [None] * len(items)
    for place, value in _here().stream(find(name), items, arguments=arguments, timeout_s=timeout_s):
        failed = isinstance(value, Failure)
        answers[place] = [value.kind, value.reason, value.hint] if failed else ["", value]
    return pack(answers)


async def _greet(address: str) -> None:
    from distributed.comm import connect

    await (await connect(address, timeout=CONNECT_S)).close()


def _look(place: str) -> tuple[str, bool]:
    return VERSION, Path(place).exists()


def _here() -> Workers:
    """One process for each thread of a node, which ends with it."""
    if not hasattr(_local, "workers"):
        _local.workers = Workers(1)
    found: Workers = _local.workers
    return found


_current: Cluster | None = None
_local = threading.local()
