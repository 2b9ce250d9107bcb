"""One writer at a time: a lock that the operating system drops when its process dies."""

from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from dataimp_gui.errors import LockedError

LOCK: Final = "project.lock"


class WriterLock:
    """Held from construction until `release`. Raises LockedError when another process writes to the project."""

    def __init__(self, folder: Path) -> None:
        self._lock = FileLock(folder / LOCK, timeout=0, thread_local=False)
        try:
            self._lock.acquire()
        except Timeout as error:
            raise LockedError(
                f"{folder.name} is open in another Dataimp.",
                folder=folder,
                hint="Close it there, or open it read-only here.",
            ) from error
        except OSError as error:
            raise LockedError(
                f"{folder.name} cannot be locked for writing: {error.strerror or error}.",
                folder=folder,
                hint="Check that you may write to this folder, or open it read-only.",
            ) from error

    def release(self) -> None:
        self._lock.release()
