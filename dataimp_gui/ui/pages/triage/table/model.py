"""The rows of the session as a table: values are fetched for the lines that are looked at, a block at a time."""

import datetime
from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer

from dataimp_gui.core.model import Change, ColumnInfo, Field
from dataimp_gui.progress import Progress
from dataimp_gui.ui import theme
from dataimp_gui.ui.kit.lru import Lru
from dataimp_gui.ui.session import Session

BLOCK: Final = 64
KEPT: Final = 64  # blocks
NEWEST: Final = 4  # blocks that are asked for at once: what scrolled past is no longer wanted
ROOT: Final = QModelIndex()
FIRST: Final = ("id", "label", "predicted", "confidence", "split", "tags")
"""Stand before the other columns."""
NUMBERS: Final = "number"
Index = QModelIndex | QPersistentModelIndex
_Block = dict[str, list[object]]


class TableModel(QAbstractTableModel):
    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.columns: tuple[ColumnInfo, ...] = ()
        self._blocks: Lru[int, _Block] = Lru(KEPT)
        self._stale: Lru[int, _Block] = Lru(KEPT)  # shown until the values after an edit are here
        self._wanted: dict[int, None] = {}
        self._asking = False
        self._seen: frozenset[str] = frozenset()
        self._flush = QTimer(self, singleShot=True, interval=0)
        self._flush.timeout.connect(self._ask)
        session.answered.connect(self._reset)
        session.changed.connect(self._follow)

    def show_columns(self, columns: Sequence[ColumnInfo]) -> None:
        """Every column but the probabilities, which are many."""
        kept = [c for c in columns if not (c.kind == "prediction" and c.name.startswith("p_"))]
        place = {name: number for number, name in enumerate(FIRST)}
        ordered = tuple(sorted(kept, key=lambda column: place.get(column.name, len(FIRST))))
        if ordered != self.columns:
            self.beginResetModel()
            self.columns = ordered
            self._forget()
            self.endResetModel()

    def look_at(self, names: frozenset[str]) -> None:
        """Only these columns are fetched from now on."""
        if not names <= self._seen:
            self._forget()
        self._seen = names

    def _reset(self) -> None:
        self.beginResetModel()
        self._forget()
        self.endResetModel()

    def _forget(self) -> None:
        self._blocks.clear()
        self._stale.clear()
        self._wanted.clear()

    def _follow(self, change: Change) -> None:
        if change.touches(~Field.VERSION):
            self._stale, self._blocks = self._blocks, Lru(KEPT)
            self._tell_changed(0, self.rowCount() - 1)

    # what Qt asks

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._session.rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Vertical or not section < len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return theme.one_line(column.name)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column = self.columns[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return shown(self.value(index.row(), column.name))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        return None

    def value(self, place: int, name: str) -> object:
        """None while it is on its way."""
        number = place // BLOCK
        block = self._blocks.get(number)
        if block is None:
            self._wanted.pop(number, None)
            self._wanted[number] = None
            if not self._asking:
                self._flush.start()
            block = self._stale.get(number)
        values = block.get(name) if block else None
        return values[place % BLOCK] if values and place % BLOCK < len(values) else None

    # fetching

    def _ask(self) -> None:
        if self._asking or not self._wanted:
            return
        numbers = list(self._wanted)[-NEWEST:]
        self._wanted.clear()
        rows, project, names = self._session.rows, self._session.project, sorted(self._seen)
        blocks = [(number, rows[number * BLOCK : (number + 1) * BLOCK]) for number in numbers]

        def fetch(progress: Progress) -> dict[int, _Block]:
            found = {}
            for number, part in blocks:
                progress.check()
                found[number] = project.query.values(names, part)
            return found

        self._asking = True
        self._session.reads.start(
            fetch, lambda found: self._add(found, rows is self._session.rows), key="table", failed=self._stumble
        )

    def _stumble(self, error: Exception) -> None:
        self._asking = False
        self._session.reads.failed.emit(error)

    def _add(self, found: dict[int, _Block], is_current: bool) -> None:
        self._asking = False
        for number, block in found.items():
            if is_current:
                self._blocks.put(number, block)
                self._tell_changed(number * BLOCK, min((number + 1) * BLOCK, self.rowCount()) - 1)
        self._ask()

    def _tell_changed(self, first: int, last: int) -> None:
        if last >= first and self.columns:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))


def _alignment(column: ColumnInfo) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.type == NUMBERS else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def shown(value: object) -> str:
    """A value of a cell as one line of plain text."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case float():
            return f"{value:,.4g}" if abs(value) < 1e6 else f"{value:.6g}"
        case list():
            return theme.one_line(", ".join(map(str, value)))
        case datetime.datetime():
            return value.isoformat(" ", timespec="seconds")
        case _:
            return theme.one_line(value)
