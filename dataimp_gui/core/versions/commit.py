"""How the draft becomes a version: checked media, a manifest, a content id, all of it or nothing."""

import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from dataimp_gui.core.engine import DiskError, Engine, disk_reason
from dataimp_gui.core.model import VersionInfo
from dataimp_gui.core.storage.database import Database
from dataimp_gui.core.storage.locations import AUGMENTED
from dataimp_gui.core.storage.objects import sync_folder
from dataimp_gui.core.versions import changes, content, draft, fingerprints, manifest, registry
from dataimp_gui.core.versions.draft import Draft
from dataimp_gui.errors import DataimpError, ProjectError
from dataimp_gui.progress import Progress

_PART: Final = ".part-"
_NAMED: Final = 1000
_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Result:
    """``changed_media``: ids (the first thousand) of examples whose file has other bytes than before; the version has
    the new bytes. ``changed_media_count`` counts all of them."""

    version: VersionInfo
    changed_media: tuple[str, ...]
    changed_media_count: int

    @property
    def changed_words(self) -> str:
        """ "the files of a, b, c and 2 more have changed", empty where none has."""
        rest = self.changed_media_count - _SHOWN
        named = ", ".join(self.changed_media[:_SHOWN]) + (f" and {rest:,} more" if rest > 0 else "")
        if self.changed_media_count > 1:
            return f"the files of {named} have changed"
        return f"the file of {named} has changed" if named else ""


def commit(
    database: Database,
    current: Draft,
    *,
    message: str,
    author: str,
    progress: Progress,
    parent: str = "",
    allow_unchanged: bool = False,
) -> Result:
    """Make a version of the draft. Its parent is the newest version unless ``parent`` names another.

    A draft with the content of the newest version is refused unless ``allow_unchanged``; one with the content of an
    older version is not, that is how a version is brought back. Raises DataimpError for missing media; Cancelled
    leaves nothing behind.
    """
    known = registry.versions(database)
    newest = manifest.read(current.folder, known[0]) if known else None
    base = manifest.read(current.folder, registry.find(database, parent)) if parent else newest
    versions = current.folder / manifest.FOLDER
    part = versions / f"{_PART}{os.getpid()}"
    engine = Engine(temp=part / "spill")
    try:
        versions.mkdir(exist_ok=True)
        sync_folder(current.folder)
        _sweep(versions)
        part.mkdir()
        progress.phase("Reading the draft")
        checked = fingerprints.check(engine, current, newest, progress) if current.has_media else None
        progress.phase("Writing the version")
        draft.build(engine, current, checked.fingerprints if checked else None)
        identity = content.content_id(engine, current.contract, current.policies, draft.ROWS, progress)
        if newest and newest.info.content == identity and not allow_unchanged:
            raise DataimpError(
                f"Nothing changed since {newest.info.name}.", hint="Relabel, tag, exclude or move examples first."
            )
        number = registry.next_number(database)
        info = VersionInfo(
            f"v{number}",
            identity,
            base.info.name if base else "",
            message,
            author,
            datetime.now(UTC).isoformat(timespec="milliseconds"),
            **_counts(engine, base, progress),
        )
        progress.phase("Writing the version")
        manifest.write(engine, part, info, current, progress)
        changed = engine.rows(
            f'SELECT id FROM {draft.ROWS} WHERE "row" IN (SELECT unnest($1::BIGINT[])) ORDER BY id',
            [checked.changed[:_NAMED].tolist() if checked else []],
        )
        shutil.rmtree(part / "spill", ignore_errors=True)
        progress.check()
        _publish(database, part, versions / info.name, number, info, current.edit)
    except DiskError as error:
        raise ProjectError(
            f"The version could not be written: {disk_reason(error)}.",
            hint="Check the free space on the disk and the project's tables folder; nothing was committed.",
        ) from error
    except OSError as error:
        raise ProjectError(
            f"The version could not be written: {error.strerror or error}.",
            hint="Check the free space and the rights on the project folder; nothing was committed.",
        ) from error
    finally:
        engine.close()
        shutil.rmtree(part, ignore_errors=True)
    return Result(info, tuple(row[0] for row in changed), len(checked.changed) if checked else 0)


def _counts(engine: Engine, base: manifest.Committed | None, progress: Progress) -> dict[str, int]:
    """Against the parent; a first version adds all it holds, and relabelled is what the import said otherwise."""
    held, relabelled, augmented = engine.rows(
        "SELECT count(*) FILTER (NOT excluded), count(*) FILTER (label IS DISTINCT FROM given_label), "
        f"count(*) FILTER (NOT excluded AND origin = '{AUGMENTED}') FROM {draft.ROWS}"
    )[0]
    if base is None:
        return {"examples": held, "added": held, "removed": 0, "relabelled": relabelled, "augmented": augmented}
    counts = changes.compare(engine, base.relation, draft.ROWS, progress)
    return {"examples": held, **{name: counts[name] for name in ("added", "removed", "relabelled", "augmented")}}


def _publish(database: Database, part: Path, target: Path, number: int, info: VersionInfo, edit: int) -> None:
    """The folder gets its name inside the transaction that lists it; one without the other is undone here, or swept
    by the next commit when the process died in between."""
    if target.exists():  # left by a process that died before its transaction ended
        shutil.rmtree(target)
    try:
        with database.transaction():
            registry.add(database, number, info, edit)
            os.rename(part, target)
            sync_folder(target.parent)
    except BaseException:
        if all(known.name != info.name for known in registry.versions(database)):
            shutil.rmtree(target, ignore_errors=True)  # an interrupt can come when the version is listed already
        raise


def _sweep(versions: Path) -> None:
    """Remove what commits that died have left; there is one writer at a time, so none of it is in use."""
    for left in versions.glob(f"{_PART}*"):
        shutil.rmtree(left, ignore_errors=True)
