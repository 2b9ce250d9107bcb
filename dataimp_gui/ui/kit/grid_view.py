"""A grid of equal cells over a list model. Its layout is arithmetic, so a million cells cost what a screenful does."""

from typing import Final

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem, QWidget

from dataimp_gui.ui import theme

Move = QAbstractItemView.CursorAction
Hint = QAbstractItemView.ScrollHint
Flag = QItemSelectionModel.SelectionFlag
Index = QModelIndex | QPersistentModelIndex

ROOT: Final = QModelIndex()
MARGIN: Final = 8
LONGEST: Final = 2**31 - 1
FAR: Final = 2**30  # pixels off the screen that a rectangle can still say


class GridView(QAbstractItemView):
    """``cell`` is the size of a cell with its gap. Cells are painted by the item delegate.

    A list that is taller than a scroll bar can count scrolls in steps of several pixels. Selections are ranges in
    reading order; dragging from empty space draws a rubber band.
    """

    shown = Signal(int, int)  # first and last place on the screen, after scrolling or resizing

    def __init__(self, cell: QSize, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cell = cell
        self._band: tuple[QPoint, QPoint] | None = None  # in contents, not in the viewport
        self._scale = 1
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().valueChanged.connect(self._tell)

    def set_cell(self, cell: QSize) -> None:
        """Change the size of the cells; what was in the middle of the screen stays there."""
        middle = self._places_in(self.viewport().rect())
        anchor = middle[len(middle) // 2] if middle else 0
        self._cell = cell
        self.updateGeometries()
        if self._count():
            self.scrollTo(self.model().index(anchor, 0), Hint.PositionAtCenter)
        self.viewport().update()

    @property
    def columns(self) -> int:
        return max(1, (self.viewport().width() - MARGIN) // self._cell.width())

    def visible(self) -> range:
        """The places that are on the screen."""
        return self._places_in(self.viewport().rect())

    def _count(self) -> int:
        model = self.model()
        return model.rowCount() if model else 0

    def _height(self) -> int:
        return -(-self._count() // self.columns) * self._cell.height() + 2 * MARGIN

    def _cell_rect(self, place: int) -> QRect:
        line, column = divmod(place, self.columns)
        x = MARGIN + column * self._cell.width()
        y = MARGIN + line * self._cell.height() - self.verticalOffset()
        return QRect(QPoint(x, max(-FAR, min(y, FAR))), self._cell)

    def _places_in(self, rect: QRect) -> range:
        top = rect.top() + self.verticalOffset() - MARGIN
        bottom = rect.bottom() + self.verticalOffset() - MARGIN
        first = max(0, top // self._cell.height()) * self.columns
        last = (bottom // self._cell.height() + 1) * self.columns
        return range(first, max(first, min(self._count(), last)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        plain, selection, current = option.state, self.selectionModel(), self.currentIndex()
        for place in self._places_in(event.rect()):
            index = self.model().index(place, 0)
            option.rect, option.state = self._cell_rect(place), plain
            if selection.isSelected(index):
                option.state |= QStyle.StateFlag.State_Selected
            if index == current:
                option.state |= QStyle.StateFlag.State_HasFocus
            self.itemDelegate().paint(painter, option, index)
        if self._band:
            colour = theme.color("accent.base")
            painter.setPen(colour)
            colour.setAlpha(40)
            painter.setBrush(colour)
            painter.drawRect(self._band_rect())
        painter.end()

    # the mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        if event.button() is Qt.MouseButton.LeftButton and not self.indexAt(at).isValid():
            start = at + QPoint(0, self.verticalOffset())
            self._band = (start, start)
            if not event.modifiers():
                self.clearSelection()
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._band is None:
            super().mouseMoveEvent(event)
            return
        at = event.position().toPoint()
        self._band = (self._band[0], at + QPoint(0, self.verticalOffset()))
        adding = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
        self._select_in(self._band_rect(), Flag.Select if adding else Flag.ClearAndSelect)
        bar = self.verticalScrollBar()
        if at.y() < 0 or at.y() > self.viewport().height():
            bar.setValue(bar.value() + (bar.singleStep() if at.y() > 0 else -bar.singleStep()))
        self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._band is None:
            super().mouseReleaseEvent(event)
            return
        self._band = None
        self.viewport().update()

    def _band_rect(self) -> QRect:
        if self._band is None:
            return QRect()
        up = QPoint(0, self.verticalOffset())
        return QRect(self._band[0] - up, self._band[1] - up).normalized()

    def _select_in(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """Every cell that the rectangle touches: one range a line."""
        selection = QItemSelection()
        left = max(0, (rect.left() - MARGIN) // self._cell.width())
        right = min(self.columns - 1, (rect.right() - MARGIN) // self._cell.width())
        places = self._places_in(rect)
        for line in range(places.start // self.columns, -(-places.stop // self.columns)) if places else ():
            first, last = line * self.columns + left, min(line * self.columns + right, self._count() - 1)
            if first <= last:
                selection.select(self.model().index(first, 0), self.model().index(last, 0))
        self.selectionModel().select(selection, command)

    # the keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text() and not event.modifiers() and event.text().isprintable():
            event.ignore()  # letters and digits are shortcuts here, not a search
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.activated.emit(self.currentIndex())
            return
        super().keyPressEvent(event)

    def selectAll(self) -> None:
        if count := self._count():
            everything = QItemSelection(self.model().index(0, 0), self.model().index(count - 1, 0))
            self.selectionModel().select(everything, Flag.ClearAndSelect)

    def moveCursor(self, action: QAbstractItemView.CursorAction, _modifiers: Qt.KeyboardModifier) -> QModelIndex:
        page = max(1, self.viewport().height() // self._cell.height()) * self.columns
        step = {
            Move.MoveLeft: -1,
            Move.MovePrevious: -1,
            Move.MoveRight: 1,
            Move.MoveNext: 1,
            Move.MoveUp: -self.columns,
            Move.MoveDown: self.columns,
            Move.MovePageUp: -page,
            Move.MovePageDown: page,
            Move.MoveHome: -self._count(),
            Move.MoveEnd: self._count(),
        }[action]
        here = self.currentIndex().row()
        if abs(step) in (self.columns, page) and not 0 <= here + step < self._count() and abs(step) < self._count():
            step = 0 if (here + step < 0 or here // self.columns == (self._count() - 1) // self.columns) else step
        return self.model().index(min(max(here + step, 0), self._count() - 1), 0)

    # what QAbstractItemView asks of every view

    def visualRect(self, index: Index) -> QRect:
        return self._cell_rect(index.row()) if index.isValid() else QRect()

    def indexAt(self, point: QPoint) -> QModelIndex:
        x, y = point.x() - MARGIN, point.y() + self.verticalOffset() - MARGIN
        column, line = x // self._cell.width(), y // self._cell.height()
        place = line * self.columns + column
        inside = 0 <= column < self.columns and y >= 0 and 0 <= place < self._count()
        return self.model().index(place, 0) if inside else ROOT

    def scrollTo(self, index: Index, hint: Hint = Hint.EnsureVisible) -> None:
        top = index.row() // self.columns * self._cell.height() + MARGIN
        height, offset = self.viewport().height(), self.verticalOffset()
        if hint is Hint.PositionAtCenter:
            target = top + (self._cell.height() - height) // 2
        else:
            target = min(max(offset, top + self._cell.height() - height), top)
        if target != offset:
            self.verticalScrollBar().setValue(target // self._scale)

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """In reading order, as text is selected: from the cell under one corner to the cell under the other."""
        a, b = self.indexAt(rect.topLeft()), self.indexAt(rect.bottomRight())
        chosen = QItemSelection()
        if a.isValid() and b.isValid():
            first, last = sorted((a.row(), b.row()))
            chosen.select(self.model().index(first, 0), self.model().index(last, 0))
        self.selectionModel().select(chosen, command)

    def visualRegionForSelection(self, _selection: QItemSelection) -> QRegion:
        return QRegion(self.viewport().rect())

    def horizontalOffset(self) -> int:
        return 0

    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value() * self._scale

    def isIndexHidden(self, _index: Index) -> bool:
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometries()
        self._tell()

    def updateGeometries(self) -> None:
        super().updateGeometries()
        height, beyond = self.viewport().height(), max(0, self._height() - self.viewport().height())
        self._scale = beyond // LONGEST + 1
        bar = self.verticalScrollBar()
        bar.setRange(0, -(-beyond // self._scale))
        bar.setPageStep(max(1, height // self._scale))
        bar.setSingleStep(max(1, self._cell.height() // 3 // self._scale))

    def _tell(self) -> None:
        places = self.visible()
        if places:
            self.shown.emit(places.start, places.stop - 1)
