"""Where a project is built before it is one: a hidden folder beside its place, renamed when whole, else removed."""

import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path
from typing import Final

from dataimp_gui.core.storage.lock import LOCK, WriterLock
from dataimp_gui.core.storage.objects import sync_folder
from dataimp_gui.errors import DataimpError, ProjectError
from dataimp_gui.progress import Progress

_ABANDONED_S: Final = 60.0


class Staging:
    """``folder`` becomes the project; ``temp`` in it is for what is only needed meanwhile."""

    def __init__(self, folder: Path, target: Path, lock: WriterLock) -> None:
        self.folder = folder
        self.target = target
        self._lock = lock
        self.temp = folder / "temp"
        self.temp.mkdir()

    def finish(self) -> None:
        """Make it the project. Raises ProjectError when something else took the place meanwhile."""
        shutil.rmtree(self.temp)
        _open_up(self.folder)
        self._lock.release()  # some systems do not rename a folder with an open file in it
        (self.folder / LOCK).unlink(missing_ok=True)
        sync_folder(self.folder)
        try:
            os.rename(self.folder, self.target)
        except OSError as error:
            raise _taken(self.target) from error
        sync_folder(self.target.parent)


@contextmanager
def staging(target: Path) -> Iterator[Staging]:
    """A folder for the block to fill and `finish`; whatever goes wrong, nothing is left of it.

    Raises ProjectError when ``target`` exists already or its parent does not.
    """
    target = Path(os.path.abspath(target))
    if target.exists() or target.is_symlink():
        raise _taken(target)
    if not target.parent.is_dir():
        raise ProjectError(f"There is no folder {target.parent} to put the project in.", hint="Make it first.")
    folder = target.parent / f".{target.name}.part-{secrets.token_hex(8)}"
    lock = None
    try:  # from here on, so that not even Ctrl+C in the wrong moment leaves the folder behind
        try:
            folder.mkdir(mode=0o700)
        except OSError as error:
            raise ProjectError(
                f"No project can be made in {target.parent}: {error.strerror}.",
                hint="Choose a folder that you can write.",
            ) from error
        lock = WriterLock(folder)
        _sweep(target)
        yield Staging(folder, target, lock)
    finally:
        if lock is not None:
            lock.release()
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(target: Path) -> None:
    """Remove what imports to the same place left behind when they were killed: old, and locked by nobody."""
    for left in target.parent.glob(f".{escape(target.name)}.part-*"):
        with suppress(OSError, ProjectError):
            if not left.is_symlink() and time.time() - left.stat().st_mtime > _ABANDONED_S:
                WriterLock(left).release()
                shutil.rmtree(left, ignore_errors=True)


def is_url(source: str) -> bool:
    return "://" in source and not source.startswith("file://")


def fetch(url: str, folder: Path, progress: Progress) -> Path:
    """Copy a file or a folder from wherever fsspec reaches into ``folder``. Raises DataimpError."""
    import fsspec

    if "::" in url:
        raise DataimpError(f"{url} is a chain of addresses.", hint="Unpack the archive first.")
    progress.phase(f"Fetching {url}")
    name = url.rstrip("/").rsplit("/", 1)[-1]
    if not name or name.endswith(":") or name in (".", "..") or "\\" in name:
        raise DataimpError(f"{url} names no file or folder.")
    target = folder / name
    try:
        system, path = fsspec.core.url_to_fs(url)
        progress.check()
        if not system.exists(path):
            raise DataimpError(f"There is nothing at {url}.", hint="Check the address.")
        folder.mkdir(parents=True, exist_ok=True)
        system.get(path, str(target), recursive=system.isdir(path))
    except (ImportError, ValueError) as error:
        protocol = url.split("://", 1)[0]
        raise DataimpError(
            f"Addresses that begin with {protocol}:// cannot be read here: {error}.",
            hint=f"Install the fsspec driver for {protocol}, or download the data first.",
        ) from error
    except OSError as error:
        raise DataimpError(
            f"{url} could not be fetched: {error}.", hint="Check the address and your access."
        ) from error
    progress.check()
    return target


def _taken(target: Path) -> ProjectError:
    return ProjectError(f"{target} exists already.", hint="Choose another name, or remove it first.")


def _open_up(folder: Path) -> None:
    """Temporary folders are private; a project has the permissions of any new folder."""
    with suppress(OSError):
        probe = folder / "probe"
        probe.mkdir()
        folder.chmod(probe.stat().st_mode & 0o7777)
        probe.rmdir()
