"""The rows that an import keeps aside, each with the reason and what to do about it."""

from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QTableView, QWidget

from dataimp_gui.core.importing import aside
from dataimp_gui.core.model import Rejected
from dataimp_gui.ui import theme
from dataimp_gui.ui.kit.jobs import Jobs
from dataimp_gui.ui.kit.parts import button, column, row, text

HEADERS: Final = ("Source", "Place", "Id", "Reason", "What to do")
ROOT: Final = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


class RejectedModel(QAbstractTableModel):
    def __init__(self, rejected: Sequence[Rejected], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rejected = rejected

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._rejected)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(HEADERS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return HEADERS[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        one = self._rejected[index.row()]
        said = theme.one_line((one.source, one.place, one.id, one.reason, one.hint)[index.column()])
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"<qt>{escape(said)}</qt>" if said else None
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return (
            said if index.column() else said.replace("\\", "/").rstrip("/").rpartition("/")[2]
        )  # where it lies is in the tool tip


class QuarantineDialog(QDialog):
    """``ask`` gives the rows, in a job of ``jobs``; ``name`` is what the saved list is called after."""

    def __init__(
        self, jobs: Jobs, ask: Callable[[], Sequence[Rejected]], name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Rows kept aside")
        self.resize(980, 460)
        self._title = text("Rows kept aside", size="title", strong=True)
        self.table = QTableView()
        self.table.setAccessibleName("Rows kept aside")
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setStretchLastSection(True)
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.save = button("Save list…")
        self.save.setEnabled(False)
        self.save.clicked.connect(self._choose)
        close = button("Close")
        close.clicked.connect(self.accept)
        buttons = row()
        self.message = text("Nothing is deleted. Fix the source and import it again.", colour="muted")
        self.message.setWordWrap(True)
        buttons.addWidget(self.message, 1)
        buttons.addWidget(self.save)
        buttons.addWidget(close)
        lines = column(self, gap=10, margins=(16, 16, 16, 16))
        lines.addWidget(self._title)
        lines.addWidget(self.table, 1)
        lines.addLayout(buttons)
        self._jobs, self._name = jobs, name
        self._rejected: Sequence[Rejected] = ()
        jobs.start(lambda _: ask(), self._show, key="quarantine")

    def _choose(self) -> None:
        choose_list(self, self._name, self.save_list)

    def save_list(self, file: Path) -> None:
        """Write the rows as a CSV file, in a job; what came of it stands beside the buttons."""
        rejected = self._rejected
        self._jobs.start(
            lambda _: aside.write_list(rejected, file),
            lambda _: self.message.setText(f"{_rows(rejected)} saved in {theme.one_line(file)}."),
            failed=self._tell,
            key="save quarantine",
        )

    def done(self, result: int) -> None:
        for key in ("quarantine", "save quarantine"):
            self._jobs.cancel(key)
        super().done(result)

    def _tell(self, error: Exception) -> None:
        if not isinstance(error, OSError):
            raise error
        self.message.setText(f"The list was not saved: {theme.one_line(error.strerror or error)}.")

    def _show(self, rejected: Sequence[Rejected]) -> None:
        self._rejected = rejected
        self.save.setEnabled(bool(rejected))
        self._title.setText(f"{_rows(rejected)} kept aside" if rejected else "No rows were kept aside")
        self.table.setModel(RejectedModel(rejected, self))
        for number, width in enumerate((130, 90, 150, 300)):
            self.table.setColumnWidth(number, width)


def choose_list(parent: QWidget, name: str, then: Callable[[Path], None]) -> None:
    """Ask for the file of a list of rows of the source ``name``."""
    dialog = QFileDialog(parent, "Save the list of rows kept aside", filter="CSV (*.csv)")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix("csv")
    dialog.selectFile(f"{name}-kept-aside.csv")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda chosen: then(Path(chosen)))
    dialog.open()


def _rows(rejected: Sequence[Rejected]) -> str:
    return "1 row" if len(rejected) == 1 else f"{len(rejected):,} rows"
