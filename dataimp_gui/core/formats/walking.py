"""Which files lie under a folder: hidden ones left out, links followed only inside it and never in a circle."""

import os
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from dataimp_gui.core.formats.found import SUFFIXES
from dataimp_gui.core.model import Modality, Rejected
from dataimp_gui.progress import Progress

_SPLIT_NAMES: Final = (
    "train training val valid validation dev development test testing eval evaluation holdout unlabeled"
)
SPLITS: Final = frozenset(_SPLIT_NAMES.split())
"""Folder and file names (lower case) that say which split is inside."""

_SYSTEM: Final = frozenset(("__macosx", "thumbs.db", "desktop.ini", "@eadir", "__pycache__", "$recycle.bin"))
_KINDS: Final = {suffix: kind for kind, suffixes in SUFFIXES.items() for suffix in suffixes}
_SIGNATURES: Final = (
    (b"\x89PNG\r\n\x1a\n", Modality.IMAGE),
    (b"\xff\xd8\xff", Modality.IMAGE),
    (b"GIF8", Modality.IMAGE),
    (b"BM", Modality.IMAGE),
    (b"II*\0", Modality.IMAGE),
    (b"MM\0*", Modality.IMAGE),
    (b"fLaC", Modality.AUDIO),
    (b"OggS", Modality.AUDIO),
    (b"ID3", Modality.AUDIO),
    (b"FORM", Modality.AUDIO),
    (b".snd", Modality.AUDIO),
)
_CONTROLS: Final = frozenset(range(32)) - frozenset(b"\t\n\r\f\x1b")
_TABLES: Final = (
    ".csv .tsv .json .jsonl .ndjson .parquet .arrow .feather .xls .xlsx .npy .npz .pkl .h5 .mat .db .sqlite"
)
_PAPERS: Final = ".xml .yaml .yml .html .htm .pdf .doc .docx .zip .gz .xz .tar .7z .py .ipynb .sh .log .ini .toml .mp4"
_OTHERS: Final = frozenset((*_TABLES.split(), *_PAPERS.split()))
_SNIFFED_BYTES: Final = 512
_LISTED: Final = 200_000


@dataclass(frozen=True, slots=True)
class Walked:
    """``paths`` are relative to the root (POSIX), sorted; ``rejected`` are the entries that cannot be read."""

    paths: list[str]
    rejected: list[Rejected]


def walk(root: Path, progress: Progress) -> Walked:
    """Every regular file under ``root``. Each real folder is read once, so links can neither loop nor multiply.

    A link to a folder elsewhere inside ``root`` gives its files only when nothing else does.
    """
    progress.phase("Looking through folders")
    real_root = os.path.realpath(root)
    paths: list[str] = []
    rejected: list[Rejected] = []
    seen: set[tuple[int, int]] = set()
    folders, links = deque([""]), deque[str]()

    def reject(place: str, reason: str, hint: str) -> None:
        shown = place.encode("utf-8", "backslashreplace").decode()
        rejected.append(Rejected(str(root), shown, shown, reason, hint))

    while folders or links:
        linked = not folders
        folder = links.popleft() if linked else folders.popleft()
        try:
            status = os.stat(os.path.join(root, folder))
            with os.scandir(os.path.join(root, folder)) as entries:
                if (status.st_dev, status.st_ino) in seen:
                    reject(folder, "a link to a folder that is already part of this dataset", "Remove the link.")
                    continue
                seen.add((status.st_dev, status.st_ino))
                names = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            reject(folder, f"the folder cannot be read: {error.strerror}", "Check the permissions, or remove the link.")
            continue
        for entry in names:
            if not is_shown(entry.name):
                continue
            place = f"{folder}/{entry.name}" if folder else entry.name
            if not _is_utf8(place):
                reject(place, "the file name is not UTF-8", "Rename the file.")
                continue
            match _kind_of_entry(entry, real_root):
                case "file":
                    paths.append(place)
                case "folder":
                    (links if entry.is_symlink() else folders).append(place)
                case "outside":
                    reject(
                        place, "a link that leaves the folder", "Copy the file in, or import the folder it points to."
                    )
                case "broken":
                    reject(place, "a link to nothing, or in a circle", "Remove the link.")
                case _:
                    reject(place, "not a regular file", "Remove it: it is a pipe, a socket or a device.")
        progress.advance(len(names))
    paths.sort()
    return Walked(paths, rejected)


def listing(folder: Path) -> tuple[list[str], list[str]]:
    """The names of the folders and of the files directly in a folder, sorted; empty when it cannot be read."""
    folders: list[str] = []
    files: list[str] = []
    real = os.path.realpath(folder)
    try:
        with os.scandir(folder) as entries:
            for entry in islice(entries, _LISTED):
                if is_shown(entry.name) and _is_utf8(entry.name):
                    kind = _kind_of_entry(entry, real)
                    if kind in ("folder", "file"):
                        (folders if kind == "folder" else files).append(entry.name)
    except OSError:
        return [], []
    return sorted(folders), sorted(files)


def peek(folder: Path, most: int) -> Iterator[Path]:
    """Up to ``most`` files under ``folder``, nearest first, links left out; quick, and never fails."""
    found, folders = 0, deque([folder])
    for _ in range(most):
        if not folders or found >= most:
            return
        try:
            with os.scandir(folders.popleft()) as entries:
                for entry in islice(entries, most):
                    if not is_shown(entry.name) or not _is_utf8(entry.name):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(Path(entry.path))
                    elif found < most and entry.is_file(follow_symlinks=False):
                        found += 1
                        yield Path(entry.path)
        except OSError:
            continue


def is_shown(name: str) -> bool:
    """False for what systems and programs leave lying about: hidden files, thumbnails, projects of Dataimp."""
    lower = name.lower()
    return not (name.startswith(".") or lower in _SYSTEM or lower.endswith(".dataimp") or ".dataimp.part-" in lower)


def kind(path: Path | str) -> Modality | None:
    """What a file is: by its name where that says something, else by its first bytes; None for anything else."""
    suffix = os.path.splitext(path)[1].lower()
    known = _KINDS.get(suffix)
    if known or suffix in _OTHERS:
        return known
    try:
        with open(path, "rb") as file:
            start = file.read(_SNIFFED_BYTES)
    except OSError:
        return None
    for signature, modality in _SIGNATURES:
        if start.startswith(signature):
            return modality
    if start[:4] in (b"RIFF", b"RF64"):
        return {b"WAVE": Modality.AUDIO, b"WEBP": Modality.IMAGE}.get(start[8:12])
    return Modality.TEXT if not suffix[1:].isalpha() and _is_plain(start) else None


def is_inside(path: str, real_root: str) -> bool:
    """Whether ``path``, with every link followed, lies under ``real_root`` (itself without links)."""
    real = os.path.realpath(path)
    return real == real_root or real.startswith(real_root.rstrip(os.sep) + os.sep)


def _kind_of_entry(entry: os.DirEntry[str], real_root: str) -> str:
    try:
        if not entry.is_symlink():
            if entry.is_file(follow_symlinks=False):
                return "file"
            return "folder" if entry.is_dir(follow_symlinks=False) else "special"
        if not is_inside(entry.path, real_root):
            return "outside"
        os.stat(entry.path)
        if entry.is_file():
            return "file"
        return "folder" if entry.is_dir() else "special"
    except OSError:
        return "broken"


def _is_utf8(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)


def _is_plain(start: bytes) -> bool:
    if not start or _CONTROLS.intersection(start):
        return False
    try:
        start.decode("utf-8")
    except UnicodeDecodeError as error:
        return len(start) == _SNIFFED_BYTES and error.start >= len(start) - 3  # a character cut in two
    return True
