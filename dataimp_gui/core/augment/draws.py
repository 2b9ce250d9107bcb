"""Random numbers that depend on what they are for and on nothing else."""

import hashlib
from typing import overload

import numpy as np
import numpy.typing as npt

Size = int | tuple[int, ...]


class Draw:
    """A stream of random numbers of its own for each key: the same in every process and on every machine.

    Philox is counter-based: the SHA-256 of the key is the whole state, so no stream waits for another one.
    """

    def __init__(self, *key: str | int) -> None:
        written = "\x1f".join(f"{len(str(part))}:{part}" for part in key)
        number = int.from_bytes(hashlib.sha256(written.encode("utf-8", "surrogatepass")).digest()[:16], "little")
        self._stream = np.random.Generator(np.random.Philox(key=number))

    @overload
    def uniform(self, low: float, high: float) -> float: ...
    @overload
    def uniform(self, low: float, high: float, size: Size) -> npt.NDArray[np.float64]: ...
    def uniform(self, low: float, high: float, size: Size | None = None) -> float | npt.NDArray[np.float64]:
        drawn = self._stream.random(size)
        return low + (high - low) * drawn

    def integer(self, low: int, high: int) -> int:
        """From ``low`` to ``high``, both included."""
        return int(self._stream.integers(low, high, endpoint=True))

    def chance(self, share: float) -> bool:
        return bool(self._stream.random() < share)

    def choice(self, count: int) -> int:
        """A position among ``count``."""
        return int(self._stream.integers(count))

    def normal(self, size: Size) -> npt.NDArray[np.float32]:
        """Mean 0, deviation 1."""
        return self._stream.standard_normal(size, dtype=np.float32)

    def poisson(self, expected: npt.NDArray[np.floating]) -> npt.NDArray[np.int64]:
        return self._stream.poisson(expected)

    def order(self, count: int) -> npt.NDArray[np.int64]:
        """The positions of ``count`` things, shuffled."""
        return self._stream.permutation(count)
