"""The rows that an import would keep aside: seen, and saved as a list, before anything is imported."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from dataimp_gui.core.importing import aside
from dataimp_gui.core.model import Rejected
from dataimp_gui.ui import theme
from dataimp_gui.ui.dialogs.import_checking import Checking
from dataimp_gui.ui.dialogs.quarantine_dialog import QuarantineDialog, choose_list
from dataimp_gui.ui.kit.jobs import Jobs

KEY: Final = "save list"


class AsideRows(QObject):
    told = Signal(str)  # what became of the list

    def __init__(self, jobs: Jobs, checking: Checking, over: QWidget) -> None:
        super().__init__(over)
        self._jobs, self._checking, self._over = jobs, checking, over

    def view(self) -> None:
        if (whole := self._checking.whole) is not None:
            QuarantineDialog(self._jobs, lambda: whole.rejected, self._checking.name, self._over).open()

    def save(self) -> None:
        if (whole := self._checking.whole) is not None:
            choose_list(self._over, self._checking.name, partial(self._write, whole.rejected))

    def cancel(self) -> None:
        self._jobs.cancel(KEY)

    def _write(self, rejected: Sequence[Rejected], file: Path) -> None:
        self._jobs.start(
            lambda _: aside.write_list(rejected, file),
            lambda _: self.told.emit(f"The list is in {file}."),
            failed=self._fail,
            key=KEY,
        )

    def _fail(self, error: Exception) -> None:
        if not isinstance(error, OSError):
            raise error
        self.told.emit(f"The list was not saved: {theme.one_line(error.strerror or error)}.")
