"""A grid of equal cells over a list model: laid out by arithmetic, painted cells kept, so a million cost no more."""

from typing import Final

import numpy as np
from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit.cells import Cells
from dataimp_gui.ui.kit.grid_layout import GridLayout, Places, Step
from dataimp_gui.ui.kit.group_heads import GroupHeads
from dataimp_gui.ui.kit.grouped_layout import GroupedLayout
from dataimp_gui.ui.kit.selection import Selection

Hint = QAbstractItemView.ScrollHint
Flag = QItemSelectionModel.SelectionFlag
Index = QModelIndex | QPersistentModelIndex

ROOT: Final = QModelIndex()
MARGIN: Final = 8
GAP: Final = theme.METRICS["tile"]["gap"]
LONGEST: Final = 2**31 - 1  # of what a scroll bar can count
FAR: Final = 2**30  # pixels off the screen that a rectangle can still say
DRAG_MS: Final = 30
_STEPS: Final = {
    Qt.Key.Key_Left: Step.LEFT,
    Qt.Key.Key_Right: Step.RIGHT,
    Qt.Key.Key_Up: Step.UP,
    Qt.Key.Key_Down: Step.DOWN,
    Qt.Key.Key_PageUp: Step.PAGE_UP,
    Qt.Key.Key_PageDown: Step.PAGE_DOWN,
    Qt.Key.Key_Home: Step.FIRST,
    Qt.Key.Key_End: Step.LAST,
}


class GridView(QAbstractItemView):
    """``cell`` is the size of a cell with the gap right of and below it. The item delegate paints the cells.

    Click, Ctrl, Shift and a drag from cell to cell select in reading order; a drag from between the cells draws a
    rubber band. With ``setDragEnabled`` a drag from what is selected only says `drag_wanted`. A grid that is taller
    than a scroll bar can count scrolls in steps of several pixels.
    """

    selection_changed = Signal()
    current_changed = Signal(int)  # a place, -1 for none
    drag_wanted = Signal()  # of what is selected
    menu_wanted = Signal(QPoint)  # where on the screen; what was clicked is selected by then

    def __init__(self, cell: QSize, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cell = cell
        self._scale = 1
        self._heads, self._starts = GroupHeads(), np.zeros(1, dtype=np.int64)
        self._folded = np.zeros(0, dtype=np.bool_)
        self._layout: GridLayout | GroupedLayout = self._laid_out()
        self._selection = Selection()
        self._band: tuple[int, int, int, int] | None = None  # from x, y to x, y, in contents
        self._dragging = False
        self._held: QPoint | None = None  # where the button went down on what is selected
        self._cells = Cells(self, GAP)
        self._cells.forget(cell)
        self._drag = QTimer(self, interval=DRAG_MS)
        self._drag.timeout.connect(self._drag_on)
        self._rest = QTimer(self, singleShot=True, interval=0)
        self._rest.timeout.connect(self._paint_left)
        self._left: set[int] = set()  # places that frames had no time for
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)  # the mask is ours
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # lets scrolling move pixels

    # what is selected

    @property
    def selected(self) -> Places:
        """The selected places, int64 (k,), ascending."""
        return self._selection.places

    @property
    def current(self) -> int:
        """The place with the keyboard, -1 when there is none."""
        return self.currentIndex().row()

    def select(self, places: Places, current: int = -1) -> None:
        """Select exactly these places and make ``current`` current, without scrolling; -1 leaves it where it is."""
        changed = self._selection.replace(places, current)
        if current >= 0:
            self._go(current)
        self._tell(changed=changed)

    def selectAll(self) -> None:
        self._tell(changed=self._selection.all())

    def clearSelection(self) -> None:
        self._tell(changed=self._selection.clear())

    def _tell(self, *, changed: bool) -> None:
        if changed:
            self.setAccessibleDescription(f"{len(self._selection):,} of {self._layout.count:,} selected")
            self.viewport().update()
            self.selection_changed.emit()

    def _go(self, place: int) -> None:
        self.selectionModel().setCurrentIndex(self.model().index(place, 0), Flag.NoUpdate)

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.viewport().update()
        self.current_changed.emit(current.row())

    # groups

    def set_groups(self, heads: GroupHeads, starts: Places) -> None:
        """The cells come in groups, each below a header: ``starts`` int64 (groups + 1,) are the places where they
        begin. No heads, no groups. What is folded stays so while the groups are the same."""
        if (heads.key, len(heads)) != (self._heads.key, len(self._heads)):
            self._folded = np.zeros(len(heads), dtype=np.bool_)
        self._heads, self._starts = heads, starts
        self.updateGeometries()
        self.viewport().update()

    @property
    def groups(self) -> int:
        """How many there are, 0 when the cells are not grouped."""
        return len(self._heads)

    def fold(self, group: int) -> None:
        """Show only the header of a group, or its cells again."""
        self._folded = self._folded.copy()
        self._folded[group] ^= True
        self.updateGeometries()
        if isinstance(self._layout, GroupedLayout) and self._layout.tops[group] < self.verticalOffset():
            self.verticalScrollBar().setValue(int(self._layout.tops[group]) // self._scale)
        self.viewport().update()

    def select_group(self, group: int, *, adding: bool = False) -> None:
        places = np.arange(self._starts[group], self._starts[group + 1])
        self.select(np.union1d(self.selected, places) if adding else places, int(places[0]) if len(places) else -1)

    def group_of(self, place: int) -> int:
        """-1 when the cells are not grouped."""
        return self._layout.group(place) if isinstance(self._layout, GroupedLayout) else -1

    def head_rect(self, group: int) -> QRect:
        if not isinstance(self._layout, GroupedLayout):
            return QRect()
        offset = self.verticalOffset()
        top = self._layout.header_top(group, offset) - offset
        return QRect(MARGIN, max(-FAR, min(top, FAR)), self.viewport().width() - 2 * MARGIN, self._layout.header_h)

    def _head_at(self, y: int) -> int:
        if not isinstance(self._layout, GroupedLayout):
            return -1
        offset = self.verticalOffset()
        first, rect = self._layout.group_at(offset), self.head_rect(self._layout.group_at(offset))
        return first if rect.top() <= y - offset <= rect.bottom() else self._layout.header_at(y)

    def _place_at(self, x: int, y: int) -> int:
        """-1 on a header, also on the one that stays at the upper edge over the cells."""
        return -1 if self._head_at(y) >= 0 else self._layout.at(x, y)

    def _head_height(self) -> int:
        return self._layout.header_h if isinstance(self._layout, GroupedLayout) else 0

    def _paint_heads(self, painter: QPainter, top: int, bottom: int) -> None:
        if isinstance(self._layout, GroupedLayout):
            pointer = self.viewport().mapFromGlobal(self.cursor().pos())
            for number in self._layout.headers(top, bottom):
                rect = self.head_rect(number)
                hot = self.underMouse() and rect.contains(pointer)
                self._heads.paint(painter, rect, number, folded=bool(self._folded[number]), hot=hot)

    # layout

    @property
    def columns(self) -> int:
        return self._layout.columns

    def set_cell(self, cell: QSize) -> None:
        """Change the size of the cells; what was in the middle of the screen stays there."""
        if cell != self._cell:
            self._cell = cell
            self._cells.forget(cell)
            self._lay_out()

    def visible(self) -> "range | Places":
        """The places that are on the screen."""
        offset = self.verticalOffset()
        return self._layout.between(offset, offset + self.viewport().height() - 1)

    def _laid_out(self) -> GridLayout | GroupedLayout:
        columns = max(1, (self.viewport().width() - MARGIN) // self._cell.width())
        model = self.model()
        count = model.rowCount() if model else 0
        grid = GridLayout(count, columns, self._cell.width(), self._cell.height(), GAP, MARGIN)
        if not len(self._heads) or self._starts[-1] != count:
            return grid
        return GroupedLayout(grid, self._starts, self._heads.height(), self._folded)

    def _lay_out(self) -> None:
        """Lay out again around the place in the middle of the screen."""
        seen = self.visible()
        anchor = int(seen[len(seen) // 2]) if len(seen) else 0
        moved = len(seen) > 0 and seen[0] > 0 and self.verticalOffset() > 0
        self.updateGeometries()
        if moved and anchor < self._layout.count:
            self.scrollTo(self.model().index(anchor, 0), Hint.PositionAtCenter)
        self.viewport().update()

    def updateGeometries(self) -> None:
        super().updateGeometries()
        self._layout = self._laid_out()
        height = self.viewport().height()
        beyond = max(0, self._layout.height - height)
        self._scale = beyond // LONGEST + 1
        bar = self.verticalScrollBar()
        bar.setRange(0, -(-beyond // self._scale))
        bar.setPageStep(max(1, height // self._scale))
        bar.setSingleStep(max(1, self._cell.height() // 3 // self._scale))

    def reset(self) -> None:
        super().reset()
        model = self.model()
        self._selection = Selection(model.rowCount() if model else 0)
        self._band, self._dragging, self._held = None, False, None
        self.updateGeometries()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    # painting

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._cells.forget(self._cell)
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        region, offset, current = event.region(), self.verticalOffset(), self.current
        area = region.boundingRect()
        painter.fillRect(area, theme.color("bg.window"))
        self._cells.begin()
        for place in map(int, self._layout.between(area.top() + offset, area.bottom() + offset)):
            rect = self._cell_rect(place)
            if region.intersects(rect):
                selected = place in self._selection
                self._cells.paint(
                    painter, rect, self.model().index(place, 0), selected=selected, current=place == current
                )
        self._paint_heads(painter, area.top() + offset, area.bottom() + offset)
        self._paint_band(painter)
        painter.end()
        if self._cells.waiting:
            self._left.update(self._cells.waiting)
            self._rest.start()

    def _paint_left(self) -> None:
        for place in self._left.intersection(map(int, self.visible())):  # others went off the screen meanwhile
            self.viewport().update(self._cell_rect(place))
        self._left.clear()

    def _paint_band(self, painter: QPainter) -> None:
        if self._band is not None:
            left, top, right, bottom = self._band
            offset = self.verticalOffset()
            colour = theme.color("accent.base")
            painter.setPen(colour)
            colour.setAlpha(40)
            painter.setBrush(colour)
            painter.drawRect(QRect(QPoint(left, top - offset), QPoint(right, bottom - offset)).normalized())

    def scrollContentsBy(self, _dx: int, dy: int) -> None:
        pixels = dy * self._scale
        if self._band is None and abs(pixels) < self.viewport().height():
            self.viewport().scroll(0, pixels)  # only what comes in is painted
            if head := self._head_height():  # stays, but its pixels went along
                self.viewport().update(0, 0, self.viewport().width(), head + max(0, pixels))
        else:
            self.viewport().update()

    # the mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        x, y = at.x(), at.y() + self.verticalOffset()
        place, keys = self._place_at(x, y), event.modifiers()
        adding = bool(keys & Qt.KeyboardModifier.ControlModifier)
        ranging = bool(keys & Qt.KeyboardModifier.ShiftModifier)
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if event.button() is Qt.MouseButton.RightButton:
            if place >= 0 and place not in self._selection:
                self._click(place, self._selection.only(place))
        elif event.button() is Qt.MouseButton.LeftButton and (head := self._head_at(y)) >= 0:
            if self._heads.selects(x - MARGIN, self.head_rect(head).width()):
                self.select_group(head, adding=adding or ranging)
            else:
                self.fold(head)
        elif event.button() is Qt.MouseButton.LeftButton and place < 0:
            self._band = (x, y, x, y)
            self._selection.hold(adding=adding or ranging)
            if not (adding or ranging):
                self.clearSelection()
        elif event.button() is Qt.MouseButton.LeftButton and self._may_carry(place, plain=not (adding or ranging)):
            self._held = at
            self._go(place)
        elif event.button() is Qt.MouseButton.LeftButton:
            self._dragging = not adding
            if ranging:
                changed = self._selection.extend(place)
            else:
                changed = self._selection.toggle(place) if adding else self._selection.only(place)
            self._click(place, changed)

    def _may_carry(self, place: int, *, plain: bool) -> bool:
        return plain and self.dragEnabled() and place in self._selection

    def _click(self, place: int, changed: bool) -> None:
        self._go(place)
        self._tell(changed=changed)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is not None:
            moved = event.position().toPoint() - self._held
            if moved.manhattanLength() >= QApplication.startDragDistance():
                self._held = None
                self.drag_wanted.emit()
        elif event.buttons() & Qt.MouseButton.LeftButton and (self._band is not None or self._dragging):
            self._drag_to(event.position().toPoint())
            if not self._drag.isActive():
                self._drag.start()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._drag.stop()
            if self._held is not None:  # a click, after all
                self._held = None
                self._click(self.current, self._selection.only(self.current))
            self._band, self._dragging = None, False
            self.viewport().update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and index.isValid():
            self.activated.emit(index)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        at = event.globalPos()
        if event.reason() is QContextMenuEvent.Reason.Keyboard and self.current >= 0:
            at = self.viewport().mapToGlobal(self._cell_rect(self.current).center())
        self.menu_wanted.emit(at)

    def _drag_on(self) -> None:
        """While the mouse is held outside, the grid scrolls and the selection grows with it."""
        at = self.viewport().mapFromGlobal(self.cursor().pos())
        height, bar = self.viewport().height(), self.verticalScrollBar()
        beyond = at.y() if at.y() < 0 else max(0, at.y() - height)
        if beyond and (self._band is not None or self._dragging):
            bar.setValue(bar.value() + max(-bar.pageStep(), min(beyond, bar.pageStep())) // self._scale)
            self._drag_to(at)

    def _drag_to(self, at: QPoint) -> None:
        x, y = at.x(), at.y() + self.verticalOffset()
        if self._band is None:
            place = self._layout.nearest(x, y)
            if place >= 0 and place != self.current:
                self._click(place, self._selection.extend(place))
            return
        left, top = self._band[:2]
        self._band = (left, top, x, y)
        touched = self._layout.touched(min(left, x), min(top, y), max(left, x), max(top, y))
        self._tell(changed=self._selection.band(touched))
        self.viewport().update()

    # the keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys, pressed = event.modifiers(), Qt.Key(event.key())
        adding = bool(keys & Qt.KeyboardModifier.ControlModifier)
        if event.matches(QKeySequence.StandardKey.SelectAll):
            self.selectAll()
        elif pressed in _STEPS and self._layout.count and not keys & Qt.KeyboardModifier.AltModifier:
            height = self.viewport().height()
            place = self._layout.moved(self.current, _STEPS[pressed], height) if self.current >= 0 else 0
            if keys & Qt.KeyboardModifier.ShiftModifier:
                changed = self._selection.extend(place)
            else:
                changed = not adding and self._selection.only(place)
            self._click(place, changed)
            self.scrollTo(self.currentIndex())
        elif adding and pressed is Qt.Key.Key_Space and self.current >= 0:
            self._tell(changed=self._selection.toggle(self.current))
        elif pressed in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not keys and self.current >= 0:
            self.activated.emit(self.currentIndex())
        else:
            event.ignore()  # letters and digits are shortcuts here, not a search

    # what QAbstractItemView asks of every view

    def _cell_rect(self, place: int) -> QRect:
        x, y = self._layout.corner(place)
        return QRect(QPoint(x, max(-FAR, min(y - self.verticalOffset(), FAR))), self._cell)

    def visualRect(self, index: Index) -> QRect:
        return self._cell_rect(index.row()) if index.isValid() else QRect()

    def indexAt(self, point: QPoint) -> QModelIndex:
        place = self._place_at(point.x(), point.y() + self.verticalOffset())
        return self.model().index(place, 0) if place >= 0 else ROOT

    def scrollTo(self, index: Index, hint: Hint = Hint.EnsureVisible) -> None:
        top = self._layout.corner(max(0, index.row()))[1]
        height, offset = self.viewport().height(), self.verticalOffset()
        if hint is Hint.PositionAtCenter:
            target = top + (self._cell.height() - height) // 2
        else:
            target = min(max(offset, top + self._cell.height() - height), top - self._head_height())
        if target > offset:
            self.verticalScrollBar().setValue(-(-target // self._scale))
        elif target < offset:
            self.verticalScrollBar().setValue(max(0, target) // self._scale)

    def moveCursor(self, _action: QAbstractItemView.CursorAction, _keys: Qt.KeyboardModifier) -> QModelIndex:
        return self.currentIndex()  # keys are read above

    def setSelection(self, _rect: QRect, _command: QItemSelectionModel.SelectionFlag) -> None:
        return  # the mask is ours

    def visualRegionForSelection(self, _selection: QItemSelection) -> QRegion:
        return QRegion(self.viewport().rect())

    def horizontalOffset(self) -> int:
        return 0

    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value() * self._scale

    def isIndexHidden(self, _index: Index) -> bool:
        return False
