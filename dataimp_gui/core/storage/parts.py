"""Where something large is made before it is there: a hidden folder beside its place, in the end renamed or removed.

One that is worth it is kept when the work is stopped or the disk is full, so that the next try can go on from there.
"""

import os
import secrets
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path
from typing import Final

from dataimp_gui.core.engine import DiskError, is_disk_full
from dataimp_gui.core.storage.lock import WriterLock
from dataimp_gui.core.storage.objects import sync_folder
from dataimp_gui.errors import Cancelled, ProjectError

ABANDONED_S: Final = 60.0
_LONGEST_NAME: Final = 80


class Part:
    """``folder`` becomes the target; ``temp`` is for what is only needed meanwhile. Both are empty at first.

    ``earlier`` are the folders of tries that were stopped, to take from. ``is_worth``: whether this one is to be kept
    if it is stopped as well, or there is no room.
    """

    def __init__(self, outer: Path, target: Path, earlier: Sequence[Path] = ()) -> None:
        self.earlier = tuple(left / "whole" for left in earlier)
        self.is_worth = False
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
def part(target: Path, *, resumes: bool = False) -> Iterator[Part]:
    """A folder for the block to fill and `finish`; whatever goes wrong, nothing is left of it. One that ``resumes`` and
    is worth it stays when it was only stopped, or there was no room.

    What a killed process left at the same place is removed: when it is a minute old, or with ``resumes`` once the block
    is done. Raises ProjectError where nothing can be written.
    """
    start = f".{target.name[:_LONGEST_NAME]}.part-"
    outer = target.parent / f"{start}{secrets.token_hex(8)}"
    lock, is_done, is_stopped, place = None, False, False, None
    held: dict[Path, WriterLock] = {}
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
        if resumes:
            held = _left(target.parent, start, outer)
        else:
            _sweep(target.parent, start)
        place = Part(outer, target, tuple(held))
        yield place
        is_done = True
    except (Cancelled, KeyboardInterrupt):
        is_stopped = True
        raise
    except (OSError, *DiskError) as error:
        is_stopped = resumes and is_disk_full(error)
        raise
    finally:
        for left, its in held.items():
            its.release()
            if is_done:
                shutil.rmtree(left, ignore_errors=True)
        if lock is not None:
            lock.release()
        if is_stopped and place is not None and place.is_worth:
            shutil.rmtree(place.temp, ignore_errors=True)
        else:
            shutil.rmtree(outer, ignore_errors=True)


def _left(folder: Path, start: str, own: Path) -> dict[Path, WriterLock]:
    """What earlier tries left and nobody works in, with a lock on each."""
    found = {}
    for left in sorted(folder.glob(f"{escape(start)}*")):
        with suppress(OSError, ProjectError):
            if left != own and not left.is_symlink():
                found[left] = WriterLock(left)
    return found


def _sweep(folder: Path, start: str) -> None:
    """Remove what is old and locked by nobody."""
    for left in folder.glob(f"{escape(start)}*"):
        with suppress(OSError, ProjectError):
            if not left.is_symlink() and time.time() - left.stat().st_mtime > ABANDONED_S:
                WriterLock(left).release()
                shutil.rmtree(left, ignore_errors=True)
