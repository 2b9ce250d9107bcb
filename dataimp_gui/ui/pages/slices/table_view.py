"""The table of slices: two lines a slice, bars with intervals, ticks, sorting by a click on a column."""

from typing import Final

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import icons
from dataimp_gui.ui.kit.interval_bar import Rate, paint_badge, paint_interval
from dataimp_gui.ui.pages.slices import words
from dataimp_gui.ui.pages.slices.arranging import Arrangement
from dataimp_gui.ui.pages.slices.board import REAL, Board, Line
from dataimp_gui.ui.pages.slices.table_model import COLUMNS, KEYS, Key, TableModel

ROW_H: Final = theme.METRICS["table"]["row_h_two_line"]
NAME_W: Final = 160  # what the names keep before other columns go
TICK: Final = 14
Index = QModelIndex | QPersistentModelIndex
TICK_COLUMN: Final = KEYS.index("tick")


class TableView(QTableView):
    opened = Signal()  # Enter or a double click
    moved = Signal(object)  # the current Line, None for none
    sorted_by = Signal(object)  # the Arrangement that a click on a column asks for

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = TableModel(self)
        self._key: Key | None = None
        self._shows_cost = False
        self.setObjectName("slices")
        self.setAccessibleName("Slices")
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setItemDelegate(_LineDelegate(self))
        lines = self.verticalHeader()
        lines.hide()
        lines.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        lines.setDefaultSectionSize(max(ROW_H, 2 * QFontMetrics(theme.font()).height() + 12))
        head = _Head(self)
        self.setHorizontalHeader(head)
        head.sectionClicked.connect(self._sort)
        self.setModel(self.table)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    # what is shown

    def show_board(self, board: Board, arrangement: Arrangement, *, shows_cost: bool) -> None:
        """The current slice stays current where it is still there, else the first one becomes it."""
        self._shows_cost = shows_cost
        self.table.show(board, arrangement)
        self._fit()
        place = self.table.place(self._key) if self._key else -1
        self.go(max(place, 0) if self.table.lines else -1)

    @property
    def current(self) -> Line | None:
        place = self.currentIndex().row()
        return self.table.lines[place] if 0 <= place < len(self.table.lines) else None

    def go(self, place: int) -> None:
        if not 0 <= place < len(self.table.lines):
            self.moved.emit(None)
            return
        line = self.table.lines[place]
        self._key = line.key
        index = self.table.index(place, KEYS.index("name"))
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        self.scrollTo(index)
        self.viewport().update()
        self.moved.emit(line)

    def go_to(self, key: Key) -> None:
        """Make a slice current, now or as soon as it is there."""
        self._key = key
        if (place := self.table.place(key)) >= 0:
            self.go(place)

    def _sort(self, section: int) -> None:
        if section == TICK_COLUMN:
            self.table.toggle_all()
        else:
            self.sorted_by.emit(self.table.ordered_by(section))

    # room

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Names get what is left; where that is too little, the least needed columns go."""
        scale = theme.font().pixelSize() / 13
        there = [column for column in COLUMNS if column.key != "cost" or self._shows_cost]
        room = self.viewport().width()
        while len(there) > 2 and room - scale * sum(c.width for c in there) < NAME_W:
            least = max(there, key=lambda column: column.rank)
            if least.rank == 0:
                break
            there.remove(least)
        head = self.horizontalHeader()
        fixed = [round(scale * column.width) for column in there if column.width]
        for section, column in enumerate(COLUMNS):
            self.setColumnHidden(section, column not in there)
            width = round(scale * column.width) if column.width else max(120, room - sum(fixed))
            head.resizeSection(section, width)

    # hands

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if not index.isValid():
            return
        if index.column() == TICK_COLUMN or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.table.toggle(index.row())
        else:
            self.go(index.row())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if not index.isValid() or event.button() is not Qt.MouseButton.LeftButton:
            return
        if index.column() == TICK_COLUMN:
            self.table.toggle(index.row())
        else:
            self.opened.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        pressed, count, at = Qt.Key(event.key()), len(self.table.lines), self.currentIndex().row()
        page = max(1, self.viewport().height() // max(1, self.rowHeight(0)) - 1)
        steps = {
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_PageDown: page,
            Qt.Key.Key_Home: -count,
            Qt.Key.Key_End: count,
        }
        if pressed in steps and count:
            self.go(min(max(at + steps[pressed], 0), count - 1))
        elif pressed == Qt.Key.Key_Space and 0 <= at < count:
            self.table.toggle(at)
        elif pressed in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and 0 <= at < count:
            self.opened.emit()
        else:
            event.ignore()  # letters are shortcuts here, not a search


class _Head(QHeaderView):
    """The head with a box that ticks all."""

    def __init__(self, view: TableView) -> None:
        super().__init__(Qt.Orientation.Horizontal, view)
        self._view = view
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(24)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        super().paintSection(painter, rect, section)
        if section == TICK_COLUMN:
            table = self._view.table
            many = sum(table.is_ticked(place) for place in range(len(table.lines)))
            sign = "" if not many else "check" if many == len(table.lines) else "minus"
            _paint_tick(painter, rect, sign)


def _paint_tick(painter: QPainter, rect: QRect, sign: str) -> None:
    """A box with a sign, "" for an empty one. A style sheet reaches check boxes only, not what a table paints."""
    box = QRect(rect.left() + 12, rect.center().y() - TICK // 2, TICK, TICK)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(theme.color("accent.fill" if sign else "line.strong"))
    painter.setBrush(theme.color("accent.fill" if sign else "bg.raised"))
    painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
    if sign:
        icons.paint(painter, sign, box.adjusted(1, 1, -1, -1), theme.color("text.onfill"))
    painter.restore()


class _LineDelegate(QStyledItemDelegate):
    """A cell of a slice. A rule that cannot be asked any more is struck and says why."""

    def __init__(self, view: TableView) -> None:
        super().__init__(view)
        self._view = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        view, rect = self._view, QRect(option.rect)
        place, column = index.row(), COLUMNS[index.column()]
        line, current = view.table.lines[place], place == view.currentIndex().row()
        painter.save()
        painter.fillRect(rect, theme.color("bg.selected" if current else "bg.window"))
        painter.setPen(QPen(theme.color("line.subtle"), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if current and column.key == "tick":
            painter.fillRect(QRect(rect.left(), rect.top(), 2, rect.height()), theme.color("accent.base"))
        if current and view.hasFocus():
            painter.setPen(QPen(theme.color("accent.base"), 1))
            painter.drawLine(rect.topLeft(), rect.topRight())
            painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        match column.key:
            case "tick":
                _paint_tick(painter, rect, "check" if view.table.is_ticked(place) else "")
            case "name":
                self._paint_name(painter, rect.adjusted(8, 0, -8, 0), line)
            case _ if line.broken:
                pass
            case "interval":
                self._paint_interval(painter, rect.adjusted(8, 0, -16, 0), line)
            case "status":
                kind, icon = words.BADGES[line.measured.status]
                paint_badge(painter, rect.adjusted(8, 0, 0, 0), line.measured.status.value, kind=kind, icon=icon)
            case _:
                self._paint_words(painter, rect.adjusted(4, 0, -8, 0), line, index)
        painter.restore()

    def _paint_name(self, painter: QPainter, area: QRect, line: Line) -> None:
        half = area.height() // 2
        upper, lower = area.adjusted(0, 4, 0, -half), area.adjusted(0, half - 1, 0, -5)
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        painter.setFont(theme.font(weight=500))
        painter.setPen(theme.color("text.primary"))
        painter.drawText(upper, middle, _cut(painter, theme.one_line(line.name), area.width()))
        font = theme.mono("caption") if line.slice.where else theme.font("caption")
        font.setStrikeOut(bool(line.broken))
        painter.setFont(font)
        painter.setPen(theme.color("err.text" if line.broken else "text.muted"))
        painter.drawText(lower, middle, _cut(painter, theme.one_line(line.rule), area.width()))

    def _paint_interval(self, painter: QPainter, area: QRect, line: Line) -> None:
        measured, board = line.measured, self._view.table.board
        if measured.error_rate is None or measured.ci is None:
            return
        rate = Rate(measured.error_rate, *measured.ci, faint=measured.status not in REAL)
        overall = board.errors / board.n if board.n else None
        paint_interval(painter, area, rate, overall=overall, full=self._view.table.full)

    def _paint_words(self, painter: QPainter, area: QRect, line: Line, index: Index) -> None:
        key, doubtful = COLUMNS[index.column()].key, line.measured.status not in REAL
        strong = key in ("size", "error", "fixable")
        painter.setFont(theme.numbers(weight=600 if key in ("error", "fixable") else 400))
        colour = "text.primary" if strong else "text.secondary"
        if key == "error" and not doubtful:
            colour = "err.text"
        painter.setPen(theme.color(colour))
        said = _cut(painter, str(index.data() or ""), area.width())
        painter.drawText(area, int(index.data(Qt.ItemDataRole.TextAlignmentRole)), said)


def _cut(painter: QPainter, said: str, width: int) -> str:
    return painter.fontMetrics().elidedText(said, Qt.TextElideMode.ElideRight, width)
