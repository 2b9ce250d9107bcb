"""A version as a table in memory, for training code: labels as they were committed, files where they lie."""

from contextlib import closing
from typing import TYPE_CHECKING, Any

import numpy as np

from dataimp_gui.core.engine import Engine
from dataimp_gui.core.storage.database import Database
from dataimp_gui.core.versions import manifest, outgoing, registry
from dataimp_gui.core.versions.draft import Draft
from dataimp_gui.core.versions.outgoing import TABLE
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    import pandas as pd


def frame(database: Database, current: Draft, version: str, progress: Progress) -> "pd.DataFrame":
    """One row an example that is not excluded, by id: ``path`` of its file (image, audio) or ``text``; ``label`` and
    ``split``, missing where there is none; ``tags`` where there are some; the metadata.

    Raises DataimpError for an unknown version, and without pandas, which nothing else needs.
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
            places = engine.arrays(f'SELECT "row" FROM {TABLE} ORDER BY _place')["row"].tolist()
            located = zip(places, values["path"].tolist(), strict=True)
            values["path"] = [str(current.locations.path(row, media)) if media else None for row, media in located]
    for name, column in values.items():
        if isinstance(column, np.ma.MaskedArray) and column.dtype == object:
            plain = column.data.copy()
            plain[np.ma.getmaskarray(column)] = None
            values[name] = plain
    return pd.DataFrame(values)
