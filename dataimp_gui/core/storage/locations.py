"""Where the bytes of an example lie: under the folder its source was imported from, or in the objects."""

import os
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dataimp_gui.core.storage.database import Database
from dataimp_gui.core.storage.objects import PREFIX, Objects
from dataimp_gui.errors import DataimpError


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


def sources(database: Database) -> tuple[Source, ...]:
    found = database.rows(
        "SELECT number, location, format, file, media_root, first_row, count, at FROM source ORDER BY first_row"
    )
    return tuple(Source(*row) for row in found)


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
