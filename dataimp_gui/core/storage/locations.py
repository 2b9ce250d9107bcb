"""Where the bytes of an example lie: under the folder its source was imported from, or in the objects."""

import os
import stat
from bisect import bisect_right
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.storage.database import Database
from dataimp_gui.core.storage.objects import PREFIX, Objects
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress

GONE: Final = -2
NO_FOLLOW: Final = getattr(os, "O_NOFOLLOW", 0)
"""For `os.open`: fail on a link. 0 where a system has no such flag."""

_BATCH: Final = 4096
_THREADS: Final = min(4, os.cpu_count() or 1)


AUGMENTED: Final = "augmented"
"""The format of a source whose rows the project made itself; its location is the document of the policy."""


@dataclass(frozen=True, slots=True)
class Source:
    """One import: its rows are ``first_row`` and the ``count - 1`` after it."""

    number: int
    location: str
    format: str
    file: str
    media_root: str
    first_row: int
    count: int
    at: str

    @property
    def is_made(self) -> bool:
        return self.format == AUGMENTED


def sources(database: Database) -> tuple[Source, ...]:
    found = database.rows(
        "SELECT number, location, format, file, media_root, first_row, count, at FROM source ORDER BY first_row"
    )
    return tuple(Source(*row) for row in found)


def relocate(database: Database, number: int, media_root: str) -> None:
    """The media of a source are in another folder now."""
    database.execute("UPDATE source SET media_root = ? WHERE number = ?", (media_root, number))


class Locations:
    def __init__(self, sources: Sequence[Source], objects: Objects) -> None:
        self._sources = sources
        self._first_rows = [source.first_row for source in sources]
        self._real_roots = [os.path.realpath(source.media_root) for source in sources]
        self._objects = objects

    def path(self, row: int, media: str) -> Path:
        """The file of one example. Raises DataimpError when its path leaves the media folder of its source."""
        if media.startswith(PREFIX):
            return self._objects.path(media.removeprefix(PREFIX))
        source = bisect_right(self._first_rows, row) - 1
        root, real_root = self._sources[source].media_root, self._real_roots[source]
        path = os.path.realpath(os.path.join(root, media))  # pathlib's resolve takes four times as long
        if not path.startswith(os.path.join(real_root, "")):
            raise DataimpError(
                f"{media} lies outside the media folder {root}.", hint="Only files inside that folder are opened."
            )
        return Path(path)

    def finder(self) -> Callable[[int, str], str]:
        """`path` for one run over many files that lie side by side: each folder is resolved once, so what it gives is
        to be opened with `NO_FOLLOW`; where that fails, `path` knows better."""
        known: dict[tuple[int, str], str] = {}

        def find(row: int, media: str) -> str:
            folder, name = os.path.split(media)
            if not NO_FOLLOW or media.startswith(PREFIX) or name in ("", ".", ".."):
                return str(self.path(row, media))
            source = bisect_right(self._first_rows, row) - 1
            real = known.get((source, folder))
            if real is None:
                real = known[source, folder] = os.path.dirname(self.path(row, os.path.join(folder, "-")))
            return os.path.join(real, name)

        return find

    def marks(
        self, media: npt.NDArray[np.object_], progress: Progress
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Size in bytes and time of the last change in ns of the file of each example, by which a change is noticed.

        -1 for rows without media; files that are not there have the size GONE.
        """
        sizes, times = np.full(len(media), -1, dtype=np.int64), np.full(len(media), -1, dtype=np.int64)
        progress.phase("Checking media", len(media))

        def look(first: int, root: str, names: Sequence[str]) -> int:
            for row, name in enumerate(names, first):
                if not name:
                    continue
                path = str(self.path(row, name)) if name.startswith(PREFIX) else root + name
                try:
                    status = os.stat(path)
                except (OSError, ValueError):
                    sizes[row] = GONE
                    continue
                regular = stat.S_ISREG(status.st_mode)
                sizes[row], times[row] = (status.st_size, status.st_mtime_ns) if regular else (GONE, -1)
            return len(names)

        with ThreadPoolExecutor(_THREADS) as pool:
            for source in self._sources:
                root = os.path.join(source.media_root, "")
                starts = range(source.first_row, source.first_row + source.count, _BATCH)
                end = source.first_row + source.count
                slices = [media[start : min(start + _BATCH, end)].tolist() for start in starts]
                for done in pool.map(look, starts, [root] * len(slices), slices):
                    progress.advance(done)
        return sizes, times
