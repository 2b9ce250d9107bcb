"""Whether the media that the built-in trainer learns from, those of today, are what a version says."""

from contextlib import closing

import numpy as np

from dataimp_gui.core.engine import Engine
from dataimp_gui.core.storage.locations import GONE, Locations
from dataimp_gui.core.versions.manifest import Committed, sha256_of
from dataimp_gui.progress import Progress


def notes(committed: Committed, locations: Locations, count: int, progress: Progress) -> tuple[str, ...]:
    """A sentence where files of the version are missing or have other bytes by now; ``count`` rows has the project."""
    with closing(Engine()) as engine:
        found = engine.arrays(
            "SELECT \"row\", media, coalesce(sha256, '') AS sha256, coalesce(size, -1) AS size, "
            f"coalesce(mtime_ns, -1) AS mtime_ns FROM {committed.relation} WHERE NOT excluded AND media IS NOT NULL"
        )
    rows = np.asarray(found["row"], np.int64)
    media = np.full(count, "", object)
    media[rows] = np.asarray(found["media"])
    sizes, times = (each[rows] for each in locations.marks(media, progress))
    gone = sizes == GONE
    touched = np.flatnonzero(~gone & ((sizes != found["size"]) | (times != found["mtime_ns"])))
    hashes = np.asarray(found["sha256"])
    changed = [
        place for place in touched.tolist() if _hash(locations, rows[place], media[rows[place]]) != hashes[place]
    ]
    many = int(gone.sum()) + len(changed)
    if not many:
        return ()
    whose = "The file of 1 example is" if many == 1 else f"The files of {many:,} examples are"
    return (f"{whose} no longer what {committed.info.name} says; the built-in trainer knows only those of today.",)


def _hash(locations: Locations, row: int, media: str) -> str:
    try:
        return sha256_of(locations.path(row, media))
    except OSError:
        return ""
