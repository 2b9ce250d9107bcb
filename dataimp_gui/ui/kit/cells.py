"""Cells of a grid that are painted once and kept: a frame that shows them again only copies pixels."""

import time
from collections.abc import Hashable
from typing import Final, Protocol, runtime_checkable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit.lru import Lru

KEPT_BYTES: Final = 96 * 2**20
FRESH_S: Final = 0.005  # a frame paints new cells for so long; the others wait for the next one
Index = QModelIndex | QPersistentModelIndex


@runtime_checkable
class Looks(Protocol):
    """What a delegate offers so that its cells are kept."""

    def look(self, index: Index) -> Hashable:
        """Equal looks are equal pixels, selection and current apart. Never with NaN in it, which equals nothing."""


class Cells:
    """Paints the cells of one view with its item delegate; ``gap`` pixels right and below of a cell stay empty."""

    def __init__(self, view: QAbstractItemView, gap: int) -> None:
        self._view = view
        self._gap = gap
        self._kept: Lru[Hashable, QPixmap] = Lru(64)
        self._looks: Looks | None = None
        self._until = 0.0
        self.waiting: list[int] = []  # the places of the cells that the last frame left to the next one

    def forget(self, cell: QSize) -> None:
        """Cells have another size or colour from now on."""
        ratio = self._view.devicePixelRatioF()
        cell_bytes = max(1, round(cell.width() * cell.height() * ratio * ratio * 4))
        self._kept = Lru(max(64, KEPT_BYTES // cell_bytes))

    def begin(self) -> None:
        """A frame begins."""
        delegate = self._view.itemDelegate()
        self._looks = delegate if isinstance(delegate, Looks) else None
        self._until = time.perf_counter() + FRESH_S
        self.waiting = []

    def paint(self, painter: QPainter, rect: QRect, index: QModelIndex, *, selected: bool, current: bool) -> None:
        if self._looks is None:
            self._delegate(painter, rect, index, selected=selected, current=current)
            return
        ratio = self._view.devicePixelRatioF()
        key = (self._looks.look(index), selected, current, ratio)
        pixmap = self._kept.get(key)
        if pixmap is None:
            if time.perf_counter() > self._until:
                self.waiting.append(index.row())
                painter.fillRect(rect.adjusted(0, 0, -self._gap, -self._gap), theme.color("bg.panel"))
                return
            pixmap = QPixmap(rect.size() * ratio)
            pixmap.setDevicePixelRatio(ratio)
            pixmap.fill(theme.color("bg.window"))  # no transparency: copying is all there is to do
            inner = QPainter(pixmap)
            self._delegate(inner, QRect(QPoint(0, 0), rect.size()), index, selected=selected, current=current)
            inner.end()
            self._kept.put(key, pixmap)
        painter.drawPixmap(rect.topLeft(), pixmap)

    def _delegate(self, painter: QPainter, rect: QRect, index: QModelIndex, *, selected: bool, current: bool) -> None:
        state = QStyle.StateFlag.State_Enabled
        if selected:
            state |= QStyle.StateFlag.State_Selected
        if current:
            state |= QStyle.StateFlag.State_HasFocus
        # A new one each time, never kept in an object: when the garbage collector takes an option whose rect was read,
        # PySide 6.11 frees that rect as if it stood alone, and the program aborts.
        option = QStyleOptionViewItem()
        self._view.initViewItemOption(option)
        option.rect, option.state = rect, state
        self._view.itemDelegate().paint(painter, option, index)
