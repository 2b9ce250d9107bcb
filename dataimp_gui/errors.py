"""Errors that a person can act on.

* DataimpError       one sentence and one hint: a bar in the window, a line in the terminal, never a traceback
  - FormatError      a file that we were asked to read is not what it claims to be
  - ProjectError     the project on disk cannot be opened or written
    - LockedError    it cannot be written here and now, but it can be read
  - QueryError       a WHERE clause that cannot be understood
* Cancelled          the person pressed Cancel; not an error, never shown

Anything else that reaches the window is a bug and gets the crash report.
"""

from pathlib import Path


class DataimpError(Exception):
    """``message`` is one sentence that names the place; ``hint`` says what to do about it, or is empty."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint

    @property
    def whole(self) -> str:
        """The message and the hint."""
        return f"{self} {self.hint}".rstrip()


class FormatError(DataimpError):
    pass


class ProjectError(DataimpError):
    pass


class LockedError(ProjectError):
    """``folder`` is the project."""

    def __init__(self, message: str, *, folder: Path, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.folder = folder


class QueryError(DataimpError):
    """``start`` and ``length`` are the place in the clause, in characters; -1 when there is none.

    ``instead`` is what was probably meant to stand there, empty when nothing is near.
    """

    def __init__(self, message: str, *, hint: str = "", start: int = -1, length: int = 0, instead: str = "") -> None:
        super().__init__(message, hint=hint)
        self.start = start
        self.length = length
        self.instead = instead


class Cancelled(Exception):
    pass
