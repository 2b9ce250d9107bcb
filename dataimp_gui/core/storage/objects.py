"""Bytes that the project itself owns, each under the SHA-256 of its content."""

import hashlib
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from dataimp_gui.errors import ProjectError

PREFIX: Final = "sha256:"
"""How a media column names an object."""

_MANY: Final = 100
_HEX: Final = re.compile(r"[0-9a-f]{64}")


class Objects:
    """A folder ``ab/abcdef…``. Putting the same bytes twice keeps one file. Safe for several threads and processes.

    `put` is fast and not yet durable: call `sync` once after many of them and before anything refers to them.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._unsynced: list[Path] = []

    def put(self, data: bytes) -> str:
        """Store ``data`` and return its digest in lower-case hex."""
        digest = hashlib.sha256(data).hexdigest()
        path = self.path(digest)
        if path.exists():
            return digest
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{digest}.{os.getpid()}-{id(data):x}.part")
        part.write_bytes(data)
        os.replace(part, path)
        self._unsynced.append(path)
        return digest

    def adopt(self, file: Path, digest: str) -> bool:
        """Move a file of that content in; whether it was not there before. It lies on the same disk."""
        path = self.path(digest)
        if path.exists():
            file.unlink()
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        os.replace(file, path)
        self._unsynced.append(path)
        return True

    def path(self, digest: str) -> Path:
        """Where the object lies, whether it exists or not. Raises ProjectError for what is no digest."""
        if not _HEX.fullmatch(digest):
            raise ProjectError(f"{digest[:80]!r} names no object of this project.")
        return self._folder / digest[:2] / digest

    def holds(self, media: str) -> bool:
        """Whether a media value is the name of an object that is there."""
        digest = media.removeprefix(PREFIX)
        return media != digest and bool(_HEX.fullmatch(digest)) and self.path(digest).is_file()

    def read(self, digest: str) -> bytes:
        """The bytes. Raises ProjectError when they are missing or no longer what their name says."""
        try:
            data = self.path(digest).read_bytes()
        except OSError as error:
            raise ProjectError(
                f"The project's own copy {digest[:12]}… is missing.", hint="Restore the objects folder from a backup."
            ) from error
        if hashlib.sha256(data).hexdigest() != digest:
            raise ProjectError(
                f"The project's own copy {digest[:12]}… was changed on disk.",
                hint="Restore the objects folder from a backup.",
            )
        return data

    def sync(self) -> None:
        """Wait until everything that was put is on the disk."""
        if self._unsynced:
            sync_files(self._unsynced, self._folder)
            self._unsynced.clear()


def sync_files(paths: Sequence[Path], top: Path) -> None:
    """Wait until files are on the disk, and their names in every folder from theirs up to ``top``.

    Many at once, because one by one costs milliseconds each.
    """
    if len(paths) > _MANY and sys.platform == "linux":  # other systems only begin it
        os.sync()
        return
    for path in paths:
        sync_file(path)
    for folder in {top}.union(*(_up_to(top, path) for path in paths)):
        sync_folder(folder)


def _up_to(top: Path, path: Path) -> list[Path]:
    return [top / folder for folder in path.relative_to(top).parents]


def sync_file(path: Path) -> None:
    """Wait until the content of a file is on the disk."""
    descriptor = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
