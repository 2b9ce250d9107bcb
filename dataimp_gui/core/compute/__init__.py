"""One map over separate processes: a crash, a hang or too much memory costs the one item that caused it.

A worker is a fresh interpreter that runs nothing of ``__main__``, so a script needs no guard and a notebook no file.
Parent and worker speak length-prefixed msgpack, never pickle: a worker that untrusted data has taken over can hand back
plain values and no more.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final

from dataimp_gui.core.compute.cluster import current, on_cluster
from dataimp_gui.core.compute.pool import Failure, Pool, Workers, available
from dataimp_gui.core.compute.worker import Function, call
from dataimp_gui.progress import Progress

__all__ = ["Failure", "Pool", "Workers", "available", "map_chunks", "on_cluster", "working"]

FEW: Final = 64


def working(items: int = 0, most: int | None = None) -> AbstractContextManager[Pool]:
    """Whoever does the work on so many items (0 where nobody knows): the cluster in use, or processes of this machine
    for the block, ``most`` of them."""
    if cluster := current():
        return nullcontext(cluster)
    count = most or available()
    return Workers(max(1, min(count, items)) if items else count)


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
    ``trusted`` work of less than FEW items, or for one worker, stays in this process, without a time or memory limit.
    Raises Cancelled.
    """
    count = workers or available()
    if not items or (trusted and (count == 1 or len(items) < FEW)):
        steps = (progress or Progress()).track(items, title)
        return [Failure.or_value(call(function, item, arguments)) for item in steps]
    with Workers(min(count, len(items))) as pool:
        return pool.map(function, items, arguments=arguments, timeout_s=timeout_s, title=title, progress=progress)
