"""The table of an evaluation: a line for each subset with what changed, its interval and its gate."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from dataimp_gui.core.evaluate.judgement import FAIL
from dataimp_gui.ui import theme
from dataimp_gui.ui.kit.change_bar import paint_change, reach_of
from dataimp_gui.ui.kit.interval_bar import paint_badge
from dataimp_gui.ui.kit.parts import plain_tip
from dataimp_gui.ui.pages.versions import judged
from dataimp_gui.ui.pages.versions.judged import BADGES, Judged, Line

ROW_H: Final = 32
NAME_W: Final = 110
Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
ROOT: Final = QModelIndex()


@dataclass(frozen=True, slots=True)
class Column:
    """``width`` in pixels, 0 for what is left over; columns with a higher ``rank`` go first where there is no room."""

    key: str
    title: str
    width: int
    rank: int
    words: Callable[[Line], str]
    is_number: bool = True


COLUMNS: Final = (
    Column("name", "Slice", 0, 0, lambda line: line.name, is_number=False),
    Column("size", "Size", 64, 3, lambda line: f"{line.n:,}"),
    Column("before", "", 52, 2, lambda line: judged.figure(line, line.before)),
    Column("after", "", 52, 1, lambda line: judged.figure(line, line.after)),
    Column("change", "Change", 108, 0, judged.change_words),
    Column("interval", "worse | better", 112, 0, lambda _: "", is_number=False),
    Column("gate", "Gate", 76, 4, judged.allowed_words, is_number=False),
    Column("result", "Result", 84, 0, lambda line: line.result, is_number=False),
)


class FiguresModel(QAbstractTableModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.judged: Judged | None = None
        self.reach = 1.0

    def show(self, found: Judged | None) -> None:
        self.beginResetModel()
        self.judged = found
        self.reach = reach_of([move for line in self.lines if line.kind != "cost" and (move := line.moved)])
        self.endResetModel()

    @property
    def lines(self) -> tuple[Line, ...]:
        return tuple(self.judged.lines) if self.judged is not None else ()

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        if self.judged is None or not index.isValid() or index.row() >= len(self.lines):
            return None
        line, column = self.lines[index.row()], COLUMNS[index.column()]
        match role:
            case Role.DisplayRole:
                return theme.one_line(column.words(line))
            case Role.TextAlignmentRole:
                return _side(column)
            case Role.ToolTipRole:
                return plain_tip(judged.told(line))
            case Role.AccessibleTextRole if column.key == "name":
                return theme.one_line(judged.told(line))
            case _:
                return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(COLUMNS):
            return None
        column = COLUMNS[section]
        if role == Role.TextAlignmentRole:
            return _side(column) if column.key != "interval" else Qt.AlignmentFlag.AlignCenter
        if role != Role.DisplayRole or self.judged is None:
            return None
        return {"before": self.judged.against, "after": self.judged.version}.get(column.key, column.title)


class Figures(QTableView):
    """As high as its lines: what it stands in scrolls."""

    opened = Signal(str)  # the clause of a line, by Enter or a double click

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = FiguresModel(self)
        self.setObjectName("slices")
        self.setAccessibleName("Evaluation")
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setItemDelegate(_LineDelegate(self))
        lines, head = self.verticalHeader(), self.horizontalHeader()
        lines.hide()
        lines.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        lines.setDefaultSectionSize(theme.line_height(ROW_H))
        head.setHighlightSections(False)
        head.setMinimumSectionSize(24)
        self.setModel(self.table)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.doubleClicked.connect(lambda index: self._open(index.row()))

    def show_judged(self, found: Judged | None) -> None:
        self.table.show(found)
        self._fit()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        rows = self.verticalHeader().defaultSectionSize() * max(1, self.table.rowCount())
        return QSize(400, self.horizontalHeader().sizeHint().height() + rows + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Names get what is left; where that is too little, the least needed columns go."""
        scale = theme.font().pixelSize() / 13
        gated = any(line.allowed for line in self.table.lines)
        there = [column for column in COLUMNS if gated or column.key not in ("gate", "result")]
        room = self.viewport().width()
        while room - scale * sum(column.width for column in there) < NAME_W:
            least = max(there, key=lambda column: column.rank)
            if least.rank == 0:
                break
            there.remove(least)
        fixed = sum(round(scale * column.width) for column in there)
        for section, column in enumerate(COLUMNS):
            self.setColumnHidden(section, column not in there)
            width = round(scale * column.width) if column.width else max(80, room - fixed)
            self.horizontalHeader().resizeSection(section, width)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # for what it stands in

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex().row())
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End):
            super().keyPressEvent(event)
            self.viewport().update()
        else:
            event.ignore()  # letters are shortcuts here, not a search

    def _open(self, place: int) -> None:
        if 0 <= place < len(self.table.lines) and (where := self.table.lines[place].where):
            self.opened.emit(where)


class _LineDelegate(QStyledItemDelegate):
    def __init__(self, view: Figures) -> None:
        super().__init__(view)
        self._view = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        view, rect = self._view, QRect(option.rect)
        line, column = view.table.lines[index.row()], COLUMNS[index.column()]
        is_current = view.hasFocus() and index.row() == view.currentIndex().row()
        painter.save()
        painter.fillRect(rect, theme.color("err.tint" if line.result == FAIL else "bg.window"))
        painter.setPen(QPen(theme.color("accent.base" if is_current else "line.subtle"), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if is_current:
            painter.drawLine(rect.topLeft(), rect.topRight())
        if column.key == "interval":
            if move := line.moved:
                widest = max(abs(move.low), abs(move.high)) or 1.0
                reach = widest if line.kind == "cost" else view.table.reach
                paint_change(painter, rect.adjusted(8, 0, -8, 0), move, reach=reach)
        elif column.key == "result":
            if line.result:
                kind, icon = BADGES[line.result]
                paint_badge(painter, rect.adjusted(8, 0, 0, 0), line.result, kind=kind, icon=icon)
        else:
            self._paint_words(painter, rect.adjusted(8, 0, -8, 0), line, column, index)
        painter.restore()

    def _paint_words(self, painter: QPainter, area: QRect, line: Line, column: Column, index: Index) -> None:
        strong = column.key in ("name", "after")
        painter.setFont(theme.numbers(weight=600 if strong or column.key == "change" else 400))
        painter.setPen(theme.color(_colour(line) if column.key == "change" else _plain(column.key)))
        cut = painter.fontMetrics().elidedText(str(index.data() or ""), Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, int(_side(column)), cut)


def _plain(key: str) -> str:
    return "text.primary" if key in ("name", "after") else "text.secondary"


def _colour(line: Line) -> str:
    """Of a change whose interval does not hold zero."""
    move = line.moved
    if move is None or move.low <= 0 <= move.high:
        return "text.secondary"
    return "ok.text" if move.value > 0 else "err.text"


def _side(column: Column) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.is_number else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
