"""What columns and clauses came to, as arrays in memory for the next question, until something changes them."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Final, TypeVar

import numpy.typing as npt

Array = npt.NDArray[Any]
T = TypeVar("T")

MOST_BYTES: Final = 2**28


class Kept:
    """An array and what its values stand for, by key; those not asked for the longest make room. For any thread."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._guard = threading.Lock()
        self._items: OrderedDict[tuple[str, ...], tuple[int, tuple[Array, Any]]] = OrderedDict()

    def get(self, key: tuple[str, ...], stamp: int, make: Callable[[], tuple[Array, T]]) -> tuple[Array, T]:
        """What was made under this ``stamp``, which is read before; two threads at once may both make it."""
        with self._guard:
            found = self._items.get(key)
            if found is not None and found[0] == stamp:
                self._items.move_to_end(key)
                return found[1]
        made = make()
        with self._guard:
            self._items[key] = (stamp, made)
            self._items.move_to_end(key)
            size = sum(array.nbytes for _, (array, _) in self._items.values())
            while size > self._most:
                _, (_, (gone, _)) = self._items.popitem(last=False)
                size -= gone.nbytes
        return made
