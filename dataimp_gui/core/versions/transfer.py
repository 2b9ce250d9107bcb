"""How media get into an export: copied or hard-linked, and only when they still are what the version says."""

import errno
import hashlib
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, NoReturn

from dataimp_gui.core.storage.cloning import clone
from dataimp_gui.core.storage.locations import NO_FOLLOW, Locations
from dataimp_gui.core.versions import names
from dataimp_gui.core.versions.outgoing import TABLE, Outgoing
from dataimp_gui.core.versions.sums import File
from dataimp_gui.errors import DataimpError

_CHUNK: Final = 1 << 20
_BATCH: Final = 64
_THREADS: Final = min(4, os.cpu_count() or 1)
_LARGE: Final = 1 << 18
"""Bytes of a file from which on threads pay: what a smaller one takes is Python's own time, which they only share."""
_NAMED: Final = 3
_READ: Final = os.O_RDONLY | getattr(os, "O_BINARY", 0)
_WRITE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, slots=True)
class Named:
    """Where each file goes: ``stems`` are paths without suffix; ``suffixes`` are empty where the content decides.

    ``folders`` says for "split" and "label" which value each folder name stands for; None is "has none".
    """

    stems: Sequence[str]
    suffixes: Sequence[str]
    folders: Mapping[str, Mapping[str, str | None]]


@dataclass(frozen=True, slots=True)
class Transferred:
    files: tuple[File, ...]
    linked: int


def name(outgoing: Outgoing, levels: Sequence[str], base: str) -> Named:
    """Names from the ids. ``levels`` are the columns whose values become folders; without any, those of the id do."""
    levels = [level for level in levels if outgoing.engine.value(f"SELECT count({level}) FROM {TABLE}")]
    folders = {level: _level(outgoing, level) for level in levels}
    taken = names.Taken()
    stems, suffixes = [], []
    for id_, *values in outgoing.engine.rows(f"SELECT {', '.join(['id', *levels])} FROM {TABLE} ORDER BY _place"):
        *parents, last = id_.replace("\\", "/").split("/")
        folder = "/".join(
            [base] * bool(base) + [folders[level][value] for level, value in zip(levels, values, strict=True)]
        )
        for parent in () if levels else parents:
            folder = taken.folder(folder, parent)
        stem, suffix = names.split_suffix(last)
        free = taken.stem(folder, stem)
        stems.append(f"{folder}/{free}" if folder else free)
        suffixes.append(suffix)
    meanings = {level: {name: value for value, name in found.items()} for level, found in folders.items()}
    return Named(stems, suffixes, meanings)


def _level(outgoing: Outgoing, level: str) -> dict[str | None, str]:
    """The folder name of each value; the same in every folder, whoever comes first there."""
    taken = names.Taken()
    found = [row[0] for row in outgoing.engine.rows(f"SELECT DISTINCT {level} FROM {TABLE} ORDER BY 1 NULLS LAST")]
    return {value: taken.folder("", f"\0no {level}" if value is None else value) for value in found}


def transfer(
    outgoing: Outgoing, named: Named, locations: Locations, version: str, *, link: bool, earlier: Sequence[Path] = ()
) -> Transferred:
    """Bring every file; one that lies in an ``earlier`` folder already is moved from there when it is the right one.

    Raises DataimpError that names those that are missing or not what ``version`` says.
    """
    rows = outgoing.engine.rows(f'SELECT "row", id, media, sha256 FROM {TABLE} ORDER BY _place')
    for folder in {stem.rpartition("/")[0] for stem in named.stems}:
        (outgoing.folder / folder).mkdir(parents=True, exist_ok=True)
    files: list[File] = []
    linked = size = 0
    brought = partial(_brought, str(outgoing.folder), named, _Opener(locations), link=link)
    taken = partial(_taken, str(outgoing.folder), [str(each) for each in earlier], named, rows)

    def bring(places: range) -> list[tuple[File, bool] | str]:
        return [taken(place) or brought(place, rows[place]) for place in places]

    outgoing.progress.phase("Copying files", len(rows))
    ahead = [range(start, min(start + _BATCH, len(rows))) for start in range(0, len(rows), _BATCH)]
    with ThreadPoolExecutor(_THREADS) as pool:
        while ahead:
            several = _THREADS if size >= _LARGE * len(files) else 1
            now, ahead = ahead[:several], ahead[several:]
            done = pool.map(bring, now) if several > 1 else map(bring, now)
            results = [result for batch in done for result in batch]
            if wrong := [result for result in results if isinstance(result, str)]:
                refuse(wrong, version)
            for result in results:
                if not isinstance(result, str):
                    files.append(result[0])
                    size += result[0].size
                    linked += result[1]
            outgoing.progress.advance(len(results))
    return Transferred(tuple(files), linked)


def write_texts(outgoing: Outgoing, named: Named) -> Transferred:
    """Each text as a UTF-8 file of its own."""
    files: list[File] = []
    for folder in {stem.rpartition("/")[0] for stem in named.stems}:
        (outgoing.folder / folder).mkdir(parents=True, exist_ok=True)
    outgoing.progress.phase("Writing texts", outgoing.count)
    place = 0
    for batch in outgoing.engine.batches(f'SELECT id, "text" FROM {TABLE} ORDER BY _place', size=_BATCH):
        for id_, text in batch:
            data = (text or "").encode()
            suffix = named.suffixes[place] if named.suffixes[place].lower() in (".txt", ".md") else ".txt"
            path = named.stems[place] + suffix
            (outgoing.folder / path).write_bytes(data)
            files.append(File(path, len(data), hashlib.sha256(data).hexdigest(), id_))
            place += 1
        outgoing.progress.advance(len(batch))
    return Transferred(tuple(files), 0)


class _Differs(Exception):
    pass


def _taken(
    folder: str, earlier: Sequence[str], named: Named, rows: Sequence[tuple[Any, ...]], place: int
) -> tuple[File, bool] | None:
    """The file as an earlier try brought it; None where there is none, or another."""
    _, id_, _, sha256 = rows[place]
    path = named.stems[place] + named.suffixes[place]
    for left in earlier if named.suffixes[place] else ():
        try:
            os.rename(f"{left}/{path}", f"{folder}/{path}")
            descriptor = os.open(f"{folder}/{path}", _READ | NO_FOLLOW)
        except OSError:
            continue
        with open(descriptor, "rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() == sha256:
                return File(path, os.fstat(file.fileno()).st_size, sha256, id_), False
        os.unlink(f"{folder}/{path}")
    return None


class _Opener:
    """Opens the file of an example; a link only once it is known not to lead out of the media folder."""

    def __init__(self, locations: Locations) -> None:
        self._locations = locations
        self._find = locations.finder()
        self.clones = True  # until a file system said that it cannot

    def __call__(self, row: int, media: str) -> tuple[int, str]:
        """A descriptor to read from, and the path."""
        path = self._find(row, media)
        try:
            return os.open(path, _READ | NO_FOLLOW), path
        except OSError as error:
            if error.errno not in (errno.ELOOP, errno.EMLINK):
                raise
        path = str(self._locations.path(row, media))
        return os.open(path, _READ | NO_FOLLOW), path


def _brought(
    folder: str, named: Named, opened: _Opener, place: int, row: tuple[Any, ...], *, link: bool
) -> tuple[File, bool] | str:
    """The file and whether it is a link; or, in a few words, why there is none."""
    position, id_, media, sha256 = row
    if not media:
        return f"{id_} (it has none)"
    try:
        incoming, source = opened(position, media)
        try:
            return _bring(folder, named, place, opened, incoming, source, id_, sha256, link=link)
        finally:
            os.close(incoming)
    except (FileNotFoundError, NotADirectoryError):
        return f"{media} (missing)"
    except _Differs:
        return f"{media} (changed)"


def _bring(
    folder: str,
    named: Named,
    place: int,
    opened: _Opener,
    incoming: int,
    source: str,
    id_: str,
    sha256: str,
    *,
    link: bool,
) -> tuple[File, bool]:
    chunk = os.read(incoming, _CHUNK)
    path = named.stems[place] + (named.suffixes[place] or names.sniffed_suffix(chunk[:16]))
    target = f"{folder}/{path}"
    is_linked = link and _link(source, target)
    out = -1 if is_linked else os.open(target, _WRITE, 0o666)
    digest, size = hashlib.sha256(), 0
    try:
        if not is_linked and opened.clones:
            opened.clones = clone(incoming, out)
        is_there = is_linked or opened.clones
        while chunk:
            digest.update(chunk)
            size += len(chunk)
            if not is_there:
                _write_all(out, chunk)
            chunk = os.read(incoming, _CHUNK)
    finally:
        if not is_linked:
            os.close(out)
    if digest.hexdigest() != sha256:
        raise _Differs
    return File(path, size, sha256, id_), is_linked


def _write_all(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _link(source: str, target: str) -> bool:
    """False where a hard link cannot be: across devices, on a file system without them, or too many of one file."""
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EROFS, errno.EEXIST):
            raise
        return False
    return True


def refuse(wrong: Sequence[str], version: str) -> NoReturn:
    """Say of a few files what is wrong with them."""
    rest = len(wrong) - _NAMED
    listed = ", ".join(wrong[:_NAMED]) + (f" and at least {rest:,} more" if rest > 0 else "")
    raise DataimpError(
        f"Media are no longer what {version} says: {listed}.",
        hint="Put the files back, or commit again and export the new version.",
    )
