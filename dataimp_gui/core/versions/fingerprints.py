"""Which media files are still what they were: size and time tell in an instant, the hash where they differ."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.engine import Engine, parquet
from dataimp_gui.core.model import Rows
from dataimp_gui.core.storage import columns
from dataimp_gui.core.storage.locations import GONE
from dataimp_gui.core.storage.objects import PREFIX
from dataimp_gui.core.versions.draft import Draft, Fingerprints
from dataimp_gui.core.versions.manifest import Committed, sha256_of
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress

_THREADS: Final = min(4, os.cpu_count() or 1)
_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Checked:
    """``changed`` are the rows whose file has other bytes than when it was last hashed."""

    fingerprints: Fingerprints
    changed: Rows


@dataclass(frozen=True, slots=True)
class _Remembered:
    media: npt.NDArray[np.object_]
    fingerprints: Fingerprints


def check(engine: Engine, draft: Draft, newest: Committed | None, progress: Progress) -> Checked:
    """Compare each media file with what the newest version, else the import, remembers; hash those that differ.

    Raises DataimpError when a file of an example that is not excluded is missing or cannot be read.
    """
    remembered = _remembered(engine, draft, newest)
    old = remembered.fingerprints
    sizes, times = draft.locations.marks(remembered.media, progress)
    has_media = np.array([bool(media) for media in remembered.media], dtype=np.bool_)
    unhashed = old.sha256 == ""
    missing = np.flatnonzero(has_media & (sizes == GONE))
    _refuse([f"{remembered.media[row]}" for row in missing if not draft.excluded[row]], "are missing")

    stale = np.flatnonzero(has_media & (sizes >= 0) & ((sizes != old.size) | (times != old.mtime_ns) | unhashed))
    hashes = _hash_all(draft, remembered.media, stale, progress)
    hashes[missing], sizes[missing], times[missing] = old.sha256[missing], old.size[missing], old.mtime_ns[missing]
    fresh = old.sha256.copy()
    fresh[stale] = hashes[stale]
    changed = stale[(fresh[stale] != old.sha256[stale]) & ~unhashed[stale]]
    _refuse_changed_objects(remembered.media, changed)
    return Checked(Fingerprints(fresh, sizes, times), changed.astype(np.int64))


def _remembered(engine: Engine, draft: Draft, newest: Committed | None) -> _Remembered:
    types = columns.names(engine, draft.tables)
    marks = {"sha256": "''", "size": "-1::BIGINT", "mtime_ns": "-1::BIGINT"}
    wanted = ", ".join(f"coalesce({name}, {none}) AS {name}" if name in types else f"{none} AS {name}"
                       for name, none in marks.items())  # fmt: skip
    found = engine.arrays(f"SELECT coalesce(media, '') AS media, {wanted} FROM {parquet(*draft.tables)}")
    sha256, size, mtime_ns = (np.array(found[name]) for name in marks)
    if newest is not None:
        later = engine.arrays(
            "SELECT \"row\", coalesce(sha256, '') AS sha256, coalesce(size, -1) AS size, "
            f"coalesce(mtime_ns, -1) AS mtime_ns FROM {newest.relation}"
        )
        rows = later["row"]
        sha256[rows], size[rows], mtime_ns[rows] = later["sha256"], later["size"], later["mtime_ns"]
    return _Remembered(np.asarray(found["media"]), Fingerprints(sha256.astype(object), size, mtime_ns))


def _hash_all(draft: Draft, media: npt.NDArray[np.object_], rows: Rows, progress: Progress) -> npt.NDArray[np.object_]:
    """The hash of the file of each of ``rows``; "" elsewhere."""
    hashes = np.full(draft.count, "", dtype=object)
    progress.phase("Hashing media", len(rows))
    unreadable: list[str] = []

    def read(row: int) -> tuple[str, str]:
        try:
            return sha256_of(draft.locations.path(row, media[row])), ""
        except OSError as error:
            return "", error.strerror or str(error)

    with ThreadPoolExecutor(_THREADS) as pool:
        for start in range(0, len(rows), 64):
            batch = rows[start : start + 64].tolist()
            for row, (digest, problem) in zip(batch, pool.map(read, batch), strict=True):
                hashes[row] = digest
                if problem and not draft.excluded[row]:
                    unreadable.append(f"{media[row]}")
            progress.advance(len(batch))
    _refuse(unreadable, "cannot be read")
    return hashes


def _refuse(names: Sequence[str], what: str) -> None:
    if not names:
        return
    listed = ", ".join(names[:_NAMED])
    rest = len(names) - _NAMED
    which = f"{listed} and {rest:,} more" if rest > 0 else listed
    what = {"are missing": "is missing"}.get(what, what) if len(names) == 1 else what
    count = "1 media file" if len(names) == 1 else f"{len(names):,} media files"
    raise DataimpError(f"{count} {what}: {which}.", hint="Put back what is missing, or exclude it, and commit again.")


def _refuse_changed_objects(media: npt.NDArray[np.object_], changed: Rows) -> None:
    damaged = [str(media[row]) for row in changed if str(media[row]).startswith(PREFIX)]
    if damaged:
        raise DataimpError(
            f"The project's own copy {damaged[0].removeprefix(PREFIX)[:12]}… was changed on disk.",
            hint="Restore the objects folder from a backup.",
        )
