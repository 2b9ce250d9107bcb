"""The check of a source off the main thread: its first rows at once, then all of them."""

from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from dataimp_gui.core.formats import Found
from dataimp_gui.core.importing import ImportOptions
from dataimp_gui.core.importing.rehearsal import Rehearsal, rehearse
from dataimp_gui.core.importing.samples import looks
from dataimp_gui.errors import DataimpError
from dataimp_gui.ui.dialogs.import_faces import ASKED, MOST, strip
from dataimp_gui.ui.kit.jobs import Jobs

FIRST: Final = 1000
"""Rows that are checked before all of them are."""
KEY: Final = "check"
FACES: Final = "faces of the source"


class Checking(QObject):
    """``whole`` is what the last check said of all rows; None while there is none of how everything stands."""

    checked = Signal(object, bool)  # Rehearsal, and whether it is of all rows
    refused = Signal(str)
    seen = Signal(QImage)  # a few of the media

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self.whole: Rehearsal | None = None
        self.name = ""  # of the source

    def start(self, found: Found, options: ImportOptions) -> None:
        """Takes the place of a check that is under way. ``found`` is with the roles that the options give."""
        self.whole, self.name = None, found.path.stem
        self._jobs.start(
            lambda progress: strip(looks(found, options.media_root, ASKED, MOST, progress)),
            self.seen.emit,
            failed=self._fail,
            key=FACES,
        )
        self._check(found.path, options, FIRST)

    def cancel(self) -> None:
        self._jobs.cancel(FACES)
        self._jobs.cancel(KEY)

    def forget(self) -> None:
        self.cancel()
        self.whole = None

    def _check(self, source: Path, options: ImportOptions, most: int) -> None:
        self._jobs.start(
            lambda progress: rehearse(source, options, progress, most=most),
            partial(self._answer, source, options, most),
            failed=self._fail,
            key=KEY,
        )

    def _answer(self, source: Path, options: ImportOptions, most: int, trial: Rehearsal) -> None:
        is_whole = not most or trial.looked_at < most
        if is_whole:
            self.whole = trial
        else:
            self._check(source, options, 0)
        self.checked.emit(trial, is_whole)

    def _fail(self, error: Exception) -> None:
        if not isinstance(error, DataimpError):
            raise error
        self.refused.emit(error.whole)
