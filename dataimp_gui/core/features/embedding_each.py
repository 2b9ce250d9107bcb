"""How examples are described one by one in worker processes, with what is known already left out."""

import hashlib
import math
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np

from dataimp_gui.core.compute import Failure, available, working
from dataimp_gui.core.compute.worker import Function
from dataimp_gui.core.contract import Limits
from dataimp_gui.core.features.embedding import Floats, Source, Sources
from dataimp_gui.core.features.embedding_kept import Kept, Keys, digest
from dataimp_gui.core.features.embedding_space import FIT_ROWS, Raw, Turn, directions
from dataimp_gui.progress import Progress

FLUSH_ROWS: Final = 4096
FLUSH_S: Final = 20.0  # what a killed run loses at most
BLOCK: Final = 8192
NO_MEDIUM: Final = "It has no medium."
_LASTING: Final = frozenset(("refused", "bug", "crash"))  # the same bytes would give the same again


@dataclass(frozen=True, slots=True)
class Made:
    """What an embedder gives back: ``vectors`` float32 (n, d), rows of NaN where ``missing`` tells why.

    ``content`` stands for everything that it was made from; ``seconds_each`` is 0 when nothing had to be computed.
    """

    vectors: Floats
    missing: dict[int, str]
    content: str
    seconds_each: float = 0.0


@dataclass(frozen=True, slots=True)
class EachOne:
    """Describes every example by ``describe(source, limits, *options)`` in a worker, then fits the space to them.

    ``describe`` takes the path (str) or the content (bytes) and gives a numeric array (d,); what it refuses with a
    DataimpError has no vector. ``fit`` gets descriptions (m, d) and gives what turns such rows into vectors.
    """

    describe: Function
    options: tuple[Any, ...] = ()
    fit: Callable[[Raw], Turn] = directions
    extra_timeout_s: float = 10.0  # a model is loaded with the first example
    stamp: str = "1"

    def __call__(self, sources: Sources, folder: Path, limits: Limits, progress: Progress) -> Made:
        keys, has_medium = content_keys(sources)
        kept = Kept(folder, self.stamp)
        reasons: dict[int, str] = {}  # for now: missing files and timeouts may be cured
        started, computed = time.monotonic(), 0
        for position, value in self._news(sources, keys, has_medium, kept, limits, progress):
            computed += 1
            if isinstance(value, Failure):
                reasons[int(keys[position])] = value.reason
        seconds = (time.monotonic() - started) / computed if computed else 0.0
        there = has_medium & np.isin(keys, kept.keys)
        rows = np.flatnonzero(there)
        vectors = self._vectors(kept, keys, rows, progress)
        bad = np.flatnonzero(~np.isfinite(vectors).all(axis=1))
        missing = {int(row): NO_MEDIUM for row in np.flatnonzero(~has_medium)}
        for row in bad[has_medium[bad]].tolist():
            key = int(keys[row])
            missing[row] = kept.refused.get(key) or reasons.get(key) or "Its vector has no direction."
        return Made(vectors, dict(sorted(missing.items())), digest(np.where(has_medium, keys, 0)), seconds)

    def _news(
        self, sources: Sources, keys: Keys, has_medium: Any, kept: Kept, limits: Limits, progress: Progress
    ) -> Iterator[tuple[int, Any]]:
        """(position, value) of what had to be computed, each kept at the latest when the run ends, however it ends."""
        known = np.isin(keys, kept.keys) | np.isin(keys, np.fromiter(kept.refused, np.uint64, len(kept.refused)))
        todo = np.flatnonzero(has_medium & ~known)
        todo = todo[np.sort(np.unique(keys[todo], return_index=True)[1])]
        if not len(todo):
            return
        items = [wire(sources[position]) for position in todo.tolist()]
        some = _Some(kept)
        try:
            with working(len(items)) as pool:
                for place, value in pool.stream(
                    self.describe,
                    items,
                    arguments=(msgspec.to_builtins(limits), *self.options),
                    timeout_s=limits.decode_timeout_s + self.extra_timeout_s,
                    title="Embedding",
                    progress=progress,
                ):
                    position, checked = int(todo[place]), _checked(value)
                    some.take(int(keys[position]), checked)
                    yield position, checked
        finally:
            some.flush()

    def _vectors(self, kept: Kept, keys: Keys, rows: Any, progress: Progress) -> Floats:
        if not len(rows):
            return np.full((len(keys), 0), np.nan, np.float32)
        sample = rows[np.linspace(0, len(rows) - 1, min(len(rows), FIT_ROWS)).astype(np.int64)]
        progress.phase("Fitting the embedding", len(rows))
        turn = self.fit(kept.rows(keys[sample]))
        vectors: Floats | None = None
        for start in range(0, len(rows), BLOCK):
            block = rows[start : start + BLOCK]
            turned = turn(kept.rows(keys[block]))
            if vectors is None:
                vectors = np.full((len(keys), turned.shape[1]), np.nan, np.float32)
            vectors[block] = turned
            progress.advance(len(block))
        assert vectors is not None
        return vectors


class _Some:
    """Descriptions that are not yet written, written when they are many or old."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        self._keys: list[int] = []
        self._values: list[Any] = []
        self._refused: dict[int, str] = {}
        self._since = time.monotonic()

    def take(self, key: int, value: Any) -> None:
        if not isinstance(value, Failure):
            self._keys.append(key)
            self._values.append(value)
        elif value.kind in _LASTING:
            self._refused[key] = value.reason
        if len(self._keys) >= FLUSH_ROWS or time.monotonic() - self._since > FLUSH_S:
            self.flush()

    def flush(self) -> None:
        self._since = time.monotonic()
        if self._keys or self._refused:
            self._kept.add(self._keys, self._values, self._refused)
            self._keys, self._values, self._refused = [], [], {}


def content_keys(sources: Sources) -> tuple[Keys, Any]:
    """(keys uint64 (n,), has a medium (n,)): equal keys mean equal content; a file counts as unchanged while its path,
    size and time are."""
    keys = np.zeros(len(sources), np.uint64)
    has_medium = np.zeros(len(sources), np.bool_)
    for row, source in enumerate(sources):
        if source is not None:
            keys[row], has_medium[row] = _key(source), True
    return keys, has_medium


def _key(source: Path | bytes | str) -> int:
    if isinstance(source, bytes):
        content = b"b" + source
    elif isinstance(source, str):
        content = b"s" + source.encode("utf-8", "surrogatepass")
    else:
        content = b"p" + os.fsencode(source)
        with suppress(OSError, ValueError):
            found = os.stat(source)
            content += b"\0%d %d" % (found.st_size, found.st_mtime_ns)
    return int.from_bytes(hashlib.blake2b(content, digest_size=8).digest(), "little")


def wire(source: Source) -> list[Any]:
    if isinstance(source, bytes):
        return [False, source]
    if isinstance(source, str):
        return [False, source.encode("utf-8", "surrogatepass")]
    assert source is not None
    return [True, os.fsencode(source)]


def source_of(item: Sequence[Any]) -> str | bytes:
    """In a worker: what `describe` got, as the decoders take it: a path (str) or the content (bytes)."""
    is_path, value = item
    return os.fsdecode(value) if is_path else value


def _checked(value: Any) -> Any:
    if isinstance(value, Failure):
        return value
    if not isinstance(value, np.ndarray) or value.ndim != 1 or not value.size or value.dtype.kind != "f":
        return Failure("It gave no vector of numbers.", kind="refused")
    if not np.isfinite(value).all():
        return Failure("Its vector has numbers that are not finite (NaN or infinite).", kind="refused")
    return value


def seconds(count: int, seconds_each: float) -> float:
    """What ``count`` examples take with all processors, and the start of the workers."""
    return 1.0 + math.ceil(count / max(1, available())) * seconds_each
