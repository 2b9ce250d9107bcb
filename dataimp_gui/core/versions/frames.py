"""A version as a table in memory, for training code: labels as they were committed, files where they lie."""

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from dataimp_gui.core.engine import Engine
from dataimp_gui.core.storage.database import Database
from dataimp_gui.core.versions import manifest, outgoing, registry
from dataimp_gui.core.versions.draft import Draft
from dataimp_gui.core.versions.manifest import sha256_of
from dataimp_gui.core.versions.outgoing import TABLE
from dataimp_gui.core.versions.transfer import refuse
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    import pandas as pd

_BATCH: Final = 256
_THREADS: Final = min(4, os.cpu_count() or 1)


def frame(
    database: Database, current: Draft, version: str, progress: Progress, *, check: bool = True
) -> "pd.DataFrame":
    """One row an example that is not excluded, by id: ``path`` of its file (image, audio) or ``text``; ``label`` and
    ``split``, missing where there is none; ``tags`` where there are some; the metadata.

    With ``check`` every file is read and compared with the version. Raises DataimpError for an unknown version, for
    files that are missing or changed, and without pandas, which nothing else needs.
    """
    try:
        import pandas as pd
    except ImportError as error:
        raise DataimpError("A version is loaded as a pandas table.", hint="Install it: pip install pandas") from error
    committed = manifest.read(current.folder, registry.find(database, version))
    with closing(Engine()) as engine:
        leaving = outgoing.load(engine, committed, current.tables, current.folder, embed=False, progress=progress)
        chosen = leaving.columns(media="path")
        if leaving.has_media:
            chosen["path"] = "media"
        values: dict[str, Any] = dict(engine.arrays(leaving.select(chosen), progress=progress))
        if leaving.has_media:
            values["path"] = _paths(engine, current, version if check else "", progress)
    for name, column in values.items():
        if isinstance(column, np.ma.MaskedArray) and column.dtype == object:
            plain = column.data.copy()
            plain[np.ma.getmaskarray(column)] = None
            values[name] = plain
    return pd.DataFrame(values)


def _paths(engine: Engine, current: Draft, version: str, progress: Progress) -> list[str | None]:
    """Of the file of each example; compared with the hashes of ``version`` unless that is empty."""
    rows = engine.rows(f'SELECT "row", media, sha256 FROM {TABLE} ORDER BY _place')
    found = [os.path.abspath(current.locations.path(row, media)) if media else None for row, media, _ in rows]
    if version:
        progress.phase("Checking media", len(rows))
        with ThreadPoolExecutor(_THREADS) as pool:
            for start in range(0, len(rows), _BATCH):
                batch = range(start, min(start + _BATCH, len(rows)))
                wrong = pool.map(lambda place: _wrong(found[place], *rows[place][1:]), batch)
                if said := [each for each in wrong if each]:
                    refuse(said, version)
                progress.advance(len(batch))
    return found


def _wrong(path: str | None, media: str, sha256: str) -> str:
    """In a few words, empty where the file is what it was."""
    try:
        return "" if path is None or sha256_of(path) == sha256 else f"{media} (changed)"
    except FileNotFoundError:
        return f"{media} (missing)"
    except OSError as error:
        return f"{media} ({error.strerror})"
