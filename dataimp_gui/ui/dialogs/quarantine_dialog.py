"""The rows that were kept aside at import, each with the reason and what to do about it."""

from html import escape
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QDialog, QTableView, QWidget

from dataimp_gui.core.model import Rejected
from dataimp_gui.ui import theme
from dataimp_gui.ui.kit.parts import button, column, row, text
from dataimp_gui.ui.session import Session

HEADERS: Final = ("Source", "Place", "Id", "Reason", "What to do")
ROOT: Final = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


class RejectedModel(QAbstractTableModel):
    def __init__(self, rejected: list[Rejected], parent: QObject | None = None) -> None:
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
    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
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
        close = button("Close")
        close.clicked.connect(self.accept)
        buttons = row()
        buttons.addWidget(text("Nothing is deleted. Fix the source and import it again.", colour="muted"))
        buttons.addStretch(1)
        buttons.addWidget(close)
        lines = column(self, gap=10, margins=(16, 16, 16, 16))
        lines.addWidget(self._title)
        lines.addWidget(self.table, 1)
        lines.addLayout(buttons)
        session.reads.start(lambda _: session.project.quarantine(), self._show, key="quarantine")

    def _show(self, rejected: list[Rejected]) -> None:
        rows = "1 row" if len(rejected) == 1 else f"{len(rejected):,} rows"
        self._title.setText(f"{rows} kept aside" if rejected else "No rows were kept aside")
        self.table.setModel(RejectedModel(rejected, self))
        for number, width in enumerate((130, 90, 150, 300)):
            self.table.setColumnWidth(number, width)
