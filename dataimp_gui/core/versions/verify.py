"""Whether an export is still what was written: every changed, missing or extra file is found and named."""

import json
import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from dataimp_gui.core.versions import sums
from dataimp_gui.core.versions.manifest import sha256_of
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress

_LINE: Final = re.compile(r"([0-9a-f]{64})  (.+)")
_BATCH: Final = 64
_SPECIAL: Final = -1
_UNREADABLE: Final = -2
_THREADS: Final = min(4, os.cpu_count() or 1)


@dataclass(frozen=True, slots=True)
class Bad:
    """``file`` is a path relative to the export; ``reason`` says what is wrong with it."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class Verified:
    """``files`` were found as promised, ``bytes`` is their size."""

    ok: bool
    files: int
    bytes: int
    bad: tuple[Bad, ...]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def verify(dest: Path, progress: Progress) -> Verified:
    """Compare a folder with its ``SHA256SUMS`` and ``manifest.json``. No link is followed, nothing outside is read.

    Raises DataimpError when ``dest`` is no export at all.
    """
    if not dest.is_dir():
        raise DataimpError(f"There is no folder {dest}.", hint="Give the folder that was exported to.")
    if not os.path.lexists(dest / sums.SUMS):
        raise DataimpError(
            f"{dest} has no {sums.SUMS}, so it cannot be verified.", hint="Give the folder that was exported to."
        )
    progress.phase("Listing files")
    bad: list[Bad] = []
    there: dict[str, int] = {}
    for path, size in _walk(dest):
        if size == _SPECIAL:
            bad.append(Bad(path, "a link or a special file, which an export never has"))
        elif size == _UNREADABLE:
            bad.append(Bad(path, "a folder that cannot be read"))
        else:
            there[path] = size
    promised = _promised(dest, there, bad)
    bad += [Bad(path, "not part of the export") for path in there if path not in promised and path != sums.SUMS]
    named = {entry.file for entry in bad}
    bad += [Bad(path, "missing") for path in promised if path not in there and path not in named]
    present = [path for path in promised if path in there]
    good = size = 0
    progress.phase("Verifying", len(present))
    with ThreadPoolExecutor(_THREADS) as pool:
        for start in range(0, len(present), _BATCH):
            batch = present[start : start + _BATCH]
            for path, digest in zip(batch, pool.map(lambda path: _digest(dest, path), batch), strict=True):
                if digest == promised[path]:
                    good, size = good + 1, size + there[path]
                else:
                    bad.append(Bad(path, "changed" if digest else "cannot be read"))
            progress.advance(len(batch))
    return Verified(not bad, good, size, tuple(sorted(bad, key=lambda entry: entry.file)))


def _walk(dest: Path) -> Iterator[tuple[str, int]]:
    """(path, size) of everything under ``dest`` but its folders; a negative size for what cannot be checked."""
    folders = [""]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(dest / folder) as entries:
                found = list(entries)
        except OSError:
            yield folder.rstrip("/") or ".", _UNREADABLE
            continue
        for entry in found:
            path = folder + entry.name
            if entry.is_dir(follow_symlinks=False):
                folders.append(path + "/")
            elif entry.is_file(follow_symlinks=False):
                yield path, entry.stat(follow_symlinks=False).st_size
            else:
                yield path, _SPECIAL


def _promised(dest: Path, there: dict[str, int], bad: list[Bad]) -> dict[str, str]:
    """Path to hash, from the sums; what the manifest says beyond them, or otherwise, is bad."""
    promised: dict[str, str] = {}
    if sums.SUMS not in there:
        return promised
    text = (dest / sums.SUMS).read_bytes().decode("utf-8", "backslashreplace")
    for number, line in enumerate(text.split("\n"), 1):
        found = _LINE.fullmatch(line)
        if found and (found[2].startswith("/") or ".." in found[2].split("/")):
            bad.append(Bad(found[2], f"leads out of the export (line {number} of {sums.SUMS}); it was not read"))
        elif found and found[2] in promised:
            bad.append(Bad(sums.SUMS, f"names {found[2]} twice (line {number})"))
        elif found:
            promised[found[2]] = found[1]
        elif line:
            bad.append(Bad(sums.SUMS, f"line {number} cannot be read"))
    if text and not text.endswith("\n"):
        bad.append(Bad(sums.SUMS, "it was cut short"))
    if sums.MANIFEST not in promised:
        bad.append(Bad(sums.SUMS, f"does not name {sums.MANIFEST}"))
    try:
        listed = json.loads((dest / sums.MANIFEST).read_bytes())["files"] if sums.MANIFEST in there else []
        for entry in listed:
            if promised.setdefault(str(entry["path"]), str(entry["sha256"])) != entry["sha256"]:
                bad.append(Bad(str(entry["path"]), f"{sums.SUMS} and {sums.MANIFEST} name different hashes"))
    except (OSError, ValueError, KeyError, TypeError):
        bad.append(Bad(sums.MANIFEST, "cannot be read"))
    return promised


def _digest(dest: Path, path: str) -> str:
    try:
        return sha256_of(dest / path)
    except OSError:
        return ""
