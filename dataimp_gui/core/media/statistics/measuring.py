"""All statistics of many media: read in worker processes, many small ones in one message, each once."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt

from dataimp_gui.core.compute import Failure, Pool, working
from dataimp_gui.core.contract import Limits
from dataimp_gui.core.media.files import LIMITS, MediaError
from dataimp_gui.core.media.statistics import batch
from dataimp_gui.core.media.statistics.batch import Source
from dataimp_gui.core.media.statistics.table import STATISTICS
from dataimp_gui.core.model import Modality
from dataimp_gui.progress import Progress

BATCH: Final = 128  # media in one message
BATCH_BYTES: Final = 2**20  # of bytes and texts that are sent along
FEW: Final = 400  # texts that are measured here, sooner than a process has started


@dataclass(frozen=True, slots=True)
class Measured:
    """Of ``n`` media. ``columns`` by name: float32 (n,), NaN where missing, or for words a list, "" where missing.

    ``signatures`` uint64 (n,) are 0 where ``has_signature`` (n,) is False. ``failed`` says of each row that could not
    be measured why, in a sentence; a row without a source is missing everywhere and not among them.
    """

    columns: dict[str, npt.NDArray[np.float32] | list[str]]
    signatures: npt.NDArray[np.uint64]
    has_signature: npt.NDArray[np.bool_]
    failed: dict[int, str]


def measure_all(
    sources: Sequence[Source],
    modality: Modality,
    limits: Limits = LIMITS,
    progress: Progress | None = None,
    *,
    workers: int | None = None,
    pool: Pool | None = None,
) -> Measured:
    """Raises Cancelled, never for a medium. ``pool`` is a warm pool of the caller's that stays open."""
    gathered = _Gathered(len(sources), modality)
    progress = progress or Progress()
    progress.phase("Measuring", len(sources))
    if modality is Modality.TEXT and len(sources) <= FEW and not any(isinstance(one, Path) for one in sources):
        gathered.take(
            list(range(len(sources))), batch.measure([batch.item(one, modality) for one in sources], modality, limits)
        )
        progress.advance(len(sources))
        return gathered.result()
    if not sources or not STATISTICS[modality]:
        return gathered.result()
    borrowed = contextlib.nullcontext(pool) if pool else working(len(sources), workers)
    with borrowed as processes:
        _share_out(sources, modality, limits, progress, processes, gathered)
    return gathered.result()


def measure(source: Source, modality: Modality, limits: Limits = LIMITS) -> dict[str, float | str | int | None]:
    """Statistics of one medium by name, in this process, and its ``signature``, None without. Raises MediaError."""
    gathered = _Gathered(1, modality)
    gathered.take([0], batch.measure([batch.item(source, modality)], modality, limits))
    found = gathered.result()
    if found.failed:
        raise MediaError(found.failed[0])
    values: dict[str, float | str | int | None] = {
        name: column[0] if isinstance(column, list) else float(column[0]) for name, column in found.columns.items()
    }
    return values | {"signature": int(found.signatures[0]) if found.has_signature[0] else None}


class _Gathered:
    def __init__(self, count: int, modality: Modality) -> None:
        self._numbers = [one.name for one in STATISTICS[modality] if one.kind == "number"]
        self._words = [one.name for one in STATISTICS[modality] if one.kind == "text"]
        self._order = [one.name for one in STATISTICS[modality]]
        self._values = np.full((count, len(self._numbers)), np.nan, np.float32)
        self._said = {name: [""] * count for name in self._words}
        self._signatures = np.zeros(count, np.uint64)
        self._has_signature = np.zeros(count, np.bool_)
        self._failed: dict[int, str] = {}

    def take(self, rows: list[int], answer: list[Any]) -> int:
        """What a worker found of the first of ``rows``; how many those were."""
        done, values, words, signatures, has_signature, failed = answer
        first = rows[:done]
        self._values[first] = values
        for said, column in zip(self._said.values(), words, strict=True):
            for row, word in zip(first, column, strict=True):
                said[row] = word
        self._signatures[first], self._has_signature[first] = signatures, has_signature
        for place, reason in failed:
            self.fail(rows[place], reason)
        return int(done)

    def fail(self, row: int, reason: str) -> None:
        self._failed[row] = reason

    def result(self) -> Measured:
        numbers = {name: self._values[:, place].copy() for place, name in enumerate(self._numbers)}
        columns: dict[str, npt.NDArray[np.float32] | list[str]] = {**numbers, **self._said}
        columns = {name: columns[name] for name in self._order}
        return Measured(columns, self._signatures, self._has_signature, self._failed)


def _share_out(
    sources: Sequence[Source],
    modality: Modality,
    limits: Limits,
    progress: Progress,
    pool: Pool,
    gathered: _Gathered,
) -> None:
    """Batches first; then, one by one, what a batch had no time for and what was in one that went wrong."""
    inner = Progress()  # counts batches, which mean nothing to a person
    batches, again = list(_batches(sources)), list[int]()
    with progress.stopping(inner.cancel):
        while batches:
            items = [[batch.item(sources[row], modality) for row in rows] for rows in batches]
            for place, answer in pool.stream(
                batch.measure_plain,
                items,
                arguments=(modality.value, msgspec.to_builtins(limits)),
                timeout_s=limits.decode_timeout_s + batch.BATCH_S,
                progress=inner,
            ):
                rows = batches[place]
                if not isinstance(answer, Failure):
                    done = gathered.take(rows, answer)
                    again += rows[done:]
                elif len(rows) == 1:
                    gathered.fail(rows[0], answer.reason)
                    done = 1
                else:
                    done = 0
                    again += rows
                progress.advance(done)
            batches, again = [[row] for row in sorted(again)], []


def _batches(sources: Sequence[Source]) -> Iterator[list[int]]:
    rows: list[int] = []
    size = 0
    fair = max(1, min(BATCH, len(sources) // 16))  # so that no worker waits long for another
    for row, source in enumerate(sources):
        weight = len(source) if isinstance(source, bytes | str) else 0
        if rows and (len(rows) == fair or size + weight > BATCH_BYTES):
            yield rows
            rows, size = [], 0
        rows.append(row)
        size += weight
    if rows:
        yield rows
