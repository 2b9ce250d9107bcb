"""Which file each media path means, that it lies inside the media root, and what its content is."""

import os
import re
import stat
from collections import Counter
from pathlib import Path
from typing import Any, Final

from dataimp_gui.core.compute import Pool
from dataimp_gui.core.contract import Limits
from dataimp_gui.core.engine import Engine, quoted
from dataimp_gui.core.formats.found import INCOMING, PLACE, Found, FoundColumn
from dataimp_gui.core.importing import checks
from dataimp_gui.core.model import Modality
from dataimp_gui.core.storage.objects import PREFIX, Objects
from dataimp_gui.progress import Progress

MEDIA: Final = "checked_media"
"""Table of the good rows: `_place`, media, sha256, size, mtime_ns, measures of the modality, text for text files."""

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_BATCH: Final = 20_000
_SQL: Final = {"i4": "INTEGER", "i8": "BIGINT", "f4": "FLOAT", "f8": "DOUBLE"}

Problem = tuple[str, str]  # reason, hint


class Root:
    """Turns paths as written into files below one folder; nothing outside it is ever opened or asked about."""

    def __init__(self, folder: Path) -> None:
        self._folder = os.path.realpath(folder)
        self._folders: dict[str, str] = {}

    def find(self, written: str) -> tuple[str, str, Problem | None]:
        """(path relative to the root with /, file, None), or what is wrong with it."""
        if "\0" in written:
            return "", "", ("the media path holds a NUL character", "Export the file again as UTF-8.")
        if _SCHEME.match(written):
            return "", "", ("the media is an address", "Download the files and give paths below the media root.")
        full = self._full(written)
        try:
            real = self._real(full)
            if real is None:
                return "", "", _OUTSIDE
            mode = os.stat(real).st_mode
        except FileNotFoundError:
            return "", "", ("the media file is missing", "Check the path and the media root.")
        except OSError as error:
            return "", "", (f"the media file cannot be read: {error.strerror}", "Check the path and its permissions.")
        if not stat.S_ISREG(mode):
            return "", "", ("the media path is a folder or no plain file", "Name a file.")
        return full.removeprefix(self._folder.rstrip(os.sep) + os.sep).replace(os.sep, "/"), real, None

    def _full(self, written: str) -> str:
        path = written
        if "\\" in path and not os.path.lexists(os.path.join(self._folder, path)):
            path = path.replace("\\", "/")  # written on Windows
        if os.path.isabs(path) or re.match(r"[A-Za-z]:[/\\]", path):
            full = os.path.normpath(path)
        else:
            full = os.path.normpath(os.path.join(self._folder, path))
        if self._holds(full):
            return full
        return os.path.join(self._real_folder(os.path.dirname(full)), os.path.basename(full))

    def _real(self, full: str) -> str | None:
        """The file behind all links, None when that lies outside. Asks about nothing that does. Raises OSError."""
        if not self._holds(full):
            return None
        real = os.path.join(self._real_folder(os.path.dirname(full)), os.path.basename(full))
        if self._holds(real) and stat.S_ISLNK(os.lstat(real).st_mode):
            real = os.path.realpath(real)
        return real if self._holds(real) else None

    def _holds(self, path: str) -> bool:
        return path.startswith(self._folder.rstrip(os.sep) + os.sep)

    def _real_folder(self, folder: str) -> str:
        real = self._folders.get(folder)
        if real is None:
            real = self._folders[folder] = os.path.realpath(folder)
        return real


_OUTSIDE: Final = (
    "the path leads outside the media root",
    "Give --media-root, the folder that all media lie in; links that leave it are not followed.",
)


def check_media(
    engine: Engine,
    found: Found,
    column: FoundColumn,
    objects: Objects,
    limits: Limits,
    progress: Progress,
    *,
    copy: bool,
    pool: Pool | None = None,
) -> list[str]:
    """Find, hash, decode and measure the media of the good rows into `MEDIA`; returns notes on what is odd.

    With ``copy`` the bytes go to ``objects`` and the media value is their name there.
    """
    from dataimp_gui.core.media import check

    kinds = check.MEASURES[found.modality]
    with_text = found.modality is Modality.TEXT
    types = {"media": "VARCHAR", "sha256": "VARCHAR", "size": "BIGINT", "mtime_ns": "BIGINT"}
    types |= {name: _SQL[kind] for name, kind in kinds.items()} | ({"text": "VARCHAR"} if with_text else {})
    engine.run(f"CREATE OR REPLACE TABLE {MEDIA} ({PLACE} BIGINT, {', '.join(f'{n} {t}' for n, t in types.items())})")
    places, media, files = _find(engine, found, column, objects, progress)
    checked = check.check_files(files, found.modality, limits, progress, pool=pool)
    odd: Counter[str] = Counter()
    bad: list[tuple[int, str, str]] = []
    columns: dict[str, list[Any]] = {name: [] for name in (PLACE, *types)}
    if copy:
        progress.phase("Copying media", len(files))
    for row, (place, name, file) in enumerate(zip(places, media, files, strict=True)):
        problem, hint = checked.problem[row], checked.hint[row]
        kept, text = name, ""
        if not problem and (copy or with_text):
            kept, text, problem, hint = _taken_in(name, file, checked.sha256[row], objects, limits, copy, with_text)
            progress.advance()
        if problem:
            bad.append((place, f"media: {problem}", hint))
            continue
        if hint:
            odd[hint] += 1
        measured = [values[row].item() for values in checked.measured.values()]
        values = [place, kept, checked.sha256[row], int(checked.size[row]), int(checked.mtime_ns[row]), *measured]
        for name_, value in zip(columns, [*values, text], strict=False):
            columns[name_].append(value)
    checks.add(engine, *([list(part) for part in zip(*bad, strict=True)] if bad else ([], [], [])))
    _insert(engine, columns, {PLACE: "BIGINT", **types})
    return [f"{count:,} {'file' if count == 1 else 'files'}: {what}" for what, count in odd.most_common(5)]


def _find(
    engine: Engine, found: Found, column: FoundColumn, objects: Objects, progress: Progress
) -> tuple[list[int], list[str], list[str]]:
    """Places, media values and files of the rows whose paths are fine; the others become bad."""
    root = Root(found.media_root or found.path.parent)
    bad: list[tuple[int, str, str]] = []
    places, media, files = [], [], []
    name = quoted(column.name)
    progress.phase("Finding media", int(engine.value(f"SELECT count(*) FROM {INCOMING}")))
    for batch in engine.batches(
        f"SELECT {PLACE}, {name} FROM {INCOMING} i WHERE {checks.good(engine)} ORDER BY {PLACE}", size=_BATCH
    ):
        for place, written in batch:
            if column.type == "bytes" and objects.holds(written):
                value, file, problem = written, str(objects.path(written.removeprefix(PREFIX))), None
            else:
                value, file, problem = root.find(written)
            if value.startswith(PREFIX) and problem is None and not objects.holds(value):
                problem = (f'the file name begins with "{PREFIX}"', "Rename the file; here that means embedded media.")
            if problem:
                bad.append((place, *problem))
            else:
                places.append(place)
                media.append(value)
                files.append(file)
        progress.advance(len(batch))
    checks.add(engine, *([list(part) for part in zip(*bad, strict=True)] if bad else ([], [], [])))
    return places, media, files


def _taken_in(
    name: str, file: str, sha256: str, objects: Objects, limits: Limits, copy: bool, with_text: bool
) -> tuple[str, str, str, str]:
    """(media value, text, problem, hint) of a good file whose bytes are wanted."""
    from dataimp_gui.core.media import text
    from dataimp_gui.core.media.files import MediaError, read

    try:
        data, _ = read(os.fsencode(file), limits)
        content = text.decode(data, limits) if with_text else ""
    except MediaError as error:
        return name, "", str(error), error.hint
    if not copy or name.startswith(PREFIX):
        return name, content, "", ""
    digest = objects.put(data)
    if digest != sha256:
        return name, "", "the file changed while it was imported", "Import it again when nothing writes to it."
    return PREFIX + digest, content, "", ""


def _insert(engine: Engine, columns: dict[str, list[Any]], types: dict[str, str]) -> None:
    values = ", ".join(f"unnest($c{place}::{sql}[])" for place, sql in enumerate(types.values()))
    for start in range(0, len(columns[PLACE]), _BATCH):
        batch = {f"c{place}": columns[name][start : start + _BATCH] for place, name in enumerate(types)}
        engine.run(f"INSERT INTO {MEDIA} SELECT {values}", batch)
