"""Where something large is made before it is there: a hidden folder beside its place, in the end renamed or removed."""

import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path
from typing import Final

from dataimp_gui.core.storage.lock import WriterLock
from dataimp_gui.core.storage.objects import sync_folder
from dataimp_gui.errors import ProjectError

ABANDONED_S: Final = 60.0
_LONGEST_NAME: Final = 80


class Part:
    """``folder`` becomes the target; ``temp`` is for what is only needed meanwhile. Both are empty at first."""

    def __init__(self, outer: Path, target: Path) -> None:
        self.folder = outer / "whole"
        self.temp = outer / "temp"
        self._target = target
        self.folder.mkdir()
        self.temp.mkdir()

    def finish(self) -> None:
        """Give it its name, and wait until that is on the disk; the files inside are the caller's to sync.

        Raises ProjectError when something else took the place meanwhile; an empty folder may be there.
        """
        sync_folder(self.folder)
        try:
            with suppress(FileNotFoundError):
                self._target.rmdir()
            os.rename(self.folder, self._target)
        except OSError as error:
            if not os.path.lexists(self._target):
                raise
            raise ProjectError(f"{self._target} exists already.", hint="Choose another name.") from error
        sync_folder(self._target.parent)


@contextmanager
def part(target: Path) -> Iterator[Part]:
    """A folder for the block to fill and `finish`; whatever goes wrong, nothing is left of it.

    What a killed process left at the same place is removed. Raises ProjectError where nothing can be written.
    """
    start = f".{target.name[:_LONGEST_NAME]}.part-"
    outer = target.parent / f"{start}{secrets.token_hex(8)}"
    lock = None
    try:  # from here on, so that not even Ctrl+C in the wrong moment leaves the folder behind
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            outer.mkdir(mode=0o700)
        except OSError as error:
            raise ProjectError(
                f"Nothing can be written to {target.parent}: {error.strerror}.",
                hint="Choose a folder that you can write.",
            ) from error
        lock = WriterLock(outer)
        _sweep(target.parent, start)
        yield Part(outer, target)
    finally:
        if lock is not None:
            lock.release()
        shutil.rmtree(outer, ignore_errors=True)


def _sweep(folder: Path, start: str) -> None:
    """Remove what is old and locked by nobody."""
    for left in folder.glob(f"{escape(start)}*"):
        with suppress(OSError, ProjectError):
            if not left.is_symlink() and time.time() - left.stat().st_mtime > ABANDONED_S:
                WriterLock(left).release()
                shutil.rmtree(left, ignore_errors=True)
