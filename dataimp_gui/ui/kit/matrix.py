"""A square matrix of counts that is painted where it is seen, so that a thousand classes cost no more than ten."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit.parts import plain_tip

CELL: Final = theme.METRICS["matrix.cell"]
NARROWEST: Final = 22
NUMBERS_FROM: Final = 34  # pixels of width from which on a cell shows its number
WIDEST: Final = 64
NAMES: Final = (48, 132)  # narrowest and widest column of names
SUMS: Final = 56  # the column of sums at the right, the line below is as high as a cell
DOT: Final = "·"

Cell = tuple[int, int]
_STEPS: Final = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


@dataclass(frozen=True, slots=True)
class MatrixData:
    """``upper`` and ``lower`` are the two lines of each cell, "" for a dot; ``heat`` float (m, m) in [-1, 1]: above 0
    in the colour of what is right, below 0 of what is wrong; ``right`` and ``below`` stand beyond the last column and
    line."""

    names: Sequence[str]
    upper: npt.NDArray[np.object_]
    lower: npt.NDArray[np.object_]
    heat: npt.NDArray[np.float64]
    right: Sequence[str]
    below: Sequence[str]
    corner: str
    right_title: str
    below_title: str


class Matrix(QAbstractScrollArea):
    """Click, Ctrl, Shift and drag choose cells, a name its line or column; arrows move, Enter or a double click opens.

    The names of lines and columns stay in sight while the cells scroll.
    """

    chosen = Signal()
    opened = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data: MatrixData | None = None
        self._mask = np.zeros((0, 0), dtype=np.bool_)
        self._before = self._mask  # what was chosen when a drag began
        self._current: Cell = (0, 0)
        self._from: Cell | None = None
        self._hovered: Cell = (-1, -1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Confusion matrix, labels in lines and predictions in columns")
        self.viewport().setMouseTracking(True)

    @property
    def cells(self) -> npt.NDArray[np.bool_]:
        """Which cells are chosen, bool (m, m)."""
        return self._mask

    def show_data(self, data: MatrixData) -> None:
        """What is chosen stays chosen while the names are the same."""
        same = self._data is not None and list(self._data.names) == list(data.names)
        self._data = data
        if not same:
            self._mask = np.zeros((len(data.names),) * 2, dtype=np.bool_)
            self._current = (0, 0)
        self._lay_out()
        self._describe()
        self.viewport().update()

    def clear(self) -> None:
        if self._mask.any():
            self._mask = np.zeros_like(self._mask)
            self.viewport().update()

    # where things are

    @property
    def _count(self) -> int:
        return len(self._data.names) if self._data else 0

    def _metrics(self) -> QFontMetrics:
        return QFontMetrics(theme.font("small"))

    def _names_width(self) -> int:
        names = (*self._data.names, self._data.below_title) if self._data else ()
        metrics = self._metrics()
        longest = max(names, key=len, default="")
        return min(max(NAMES[0], metrics.horizontalAdvance(theme.one_line(longest)) + 20), NAMES[1])

    def _size(self) -> QSize:
        """Of a cell: as wide as fits, within limits."""
        room = self.viewport().width() - self._names_width() - SUMS - 4
        width = min(max(room // max(1, self._count), NARROWEST), WIDEST)
        height = max(NARROWEST, 2 * theme.font("small").pixelSize() + 14)
        return QSize(width, height if width >= NUMBERS_FROM else NARROWEST)

    def _head(self) -> int:
        """Height of the names of the columns: a line, or upright words where the cells are narrow."""
        if self._is_upright():
            return min(self._names_width(), NAMES[1])
        return self._metrics().height() + 12

    def _is_upright(self) -> bool:
        names = self._data.names if self._data else ()
        longest = max(names, key=len, default="")
        return self._metrics().horizontalAdvance(theme.one_line(longest)) > max(self._size().width() * 1.25, 40)

    def _origin(self) -> QPoint:
        return QPoint(
            self._names_width() - self.horizontalScrollBar().value(), self._head() - self.verticalScrollBar().value()
        )

    def cell_rect(self, line: int, column: int) -> QRect:
        """Where a cell is on the viewport."""
        size, origin = self._size(), self._origin()
        return QRect(origin + QPoint(column * size.width(), line * size.height()), size)

    def _at(self, at: QPoint) -> Cell:
        """Line and column under a point; -1 in the names, the count beyond the last."""
        size, origin = self._size(), self._origin()
        line = -1 if at.y() < self._head() else (at.y() - origin.y()) // size.height()
        column = -1 if at.x() < self._names_width() else (at.x() - origin.x()) // size.width()
        return min(line, self._count), min(column, self._count)

    def _lay_out(self) -> None:
        size, view = self._size(), self.viewport().size()
        wide = self._names_width() + size.width() * self._count + SUMS
        high = self._head() + size.height() * (self._count + 1)
        for bar, whole, seen, step in (
            (self.horizontalScrollBar(), wide, view.width(), size.width()),
            (self.verticalScrollBar(), high, view.height(), size.height()),
        ):
            bar.setRange(0, max(0, whole - seen))
            bar.setPageStep(seen)
            bar.setSingleStep(step)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._lay_out()

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._data is None or not self._count:
            return
        painter = QPainter(self.viewport())
        size, origin = self._size(), self._origin()
        names, head = self._names_width(), self._head()
        area = event.rect().intersected(QRect(names, head, self.viewport().width(), self.viewport().height()))
        lines = range(
            max(0, (area.top() - origin.y()) // size.height()),
            min(self._count, (area.bottom() - origin.y()) // size.height() + 1),
        )
        columns = range(
            max(0, (area.left() - origin.x()) // size.width()),
            min(self._count, (area.right() - origin.x()) // size.width() + 1),
        )
        painter.setClipRect(QRect(names, head, self.viewport().width(), self.viewport().height()))
        for line in lines:
            for column in columns:
                self._paint_cell(painter, line, column)
        self._paint_sums(painter, lines, columns)
        painter.setClipping(False)
        self._paint_names(painter, lines, columns)
        painter.end()

    def _paint_cell(self, painter: QPainter, line: int, column: int) -> None:
        data = self._data
        assert data is not None
        rect = self.cell_rect(line, column).adjusted(1, 1, -1, -1)
        heat = float(data.heat[line, column])
        ground = heat_color(heat)
        painter.fillRect(rect, ground)
        ink = _ink(ground)
        upper, lower = data.upper[line, column], data.lower[line, column]
        if rect.width() >= NUMBERS_FROM - 2:
            if not upper:
                painter.setPen(theme.color("text.disabled"))
                painter.setFont(theme.font("small"))
                painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, DOT)
            else:
                painter.setPen(ink)
                painter.setFont(theme.numbers("small", weight=600))
                half = rect.height() // 2
                painter.drawText(rect.adjusted(0, 2, 0, -half), Qt.AlignmentFlag.AlignCenter, upper)
                painter.setFont(theme.numbers("caption"))
                painter.drawText(rect.adjusted(0, half, 0, -2), Qt.AlignmentFlag.AlignCenter, lower)
        if self._mask[line, column]:
            painter.setPen(QPen(theme.color("text.primary"), 2))
            painter.drawRect(rect.adjusted(1, 1, -1, -1))
        if (line, column) == self._current and self.hasFocus():
            painter.setPen(QPen(theme.color("accent.base"), 2, Qt.PenStyle.DashLine))
            painter.drawRect(rect.adjusted(1, 1, -1, -1))

    def _paint_sums(self, painter: QPainter, lines: range, columns: range) -> None:
        data = self._data
        assert data is not None
        painter.setFont(theme.numbers("small"))
        painter.setPen(theme.color("text.secondary"))
        for line in lines:
            rect = self.cell_rect(line, self._count)
            rect.setWidth(SUMS)
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, data.right[line])
        for column in columns:
            painter.drawText(self.cell_rect(self._count, column), Qt.AlignmentFlag.AlignCenter, data.below[column])
        rect = self.cell_rect(self._count, self._count)
        rect.setWidth(SUMS)
        painter.setFont(theme.numbers("small", weight=600))
        painter.setPen(theme.color("text.primary"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, data.corner)

    def _paint_names(self, painter: QPainter, lines: range, columns: range) -> None:
        data = self._data
        assert data is not None
        names, head, metrics = self._names_width(), self._head(), self._metrics()
        view = self.viewport()
        chosen_lines, chosen_columns = set(self._mask.nonzero()[0].tolist()), set(self._mask.nonzero()[1].tolist())
        painter.setClipRect(0, head, names, view.height())
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for line in lines:
            self._name_pen(painter, strong=line in chosen_lines, hovered=self._hovered[0] == line)
            rect = QRect(0, self.cell_rect(line, 0).top(), names - 8, self._size().height())
            elided = metrics.elidedText(theme.one_line(data.names[line]), Qt.TextElideMode.ElideRight, rect.width())
            painter.drawText(rect, right, elided)
        self._name_pen(painter, strong=False, hovered=False)
        below = QRect(0, self.cell_rect(self._count, 0).top(), names - 8, self._size().height())
        painter.drawText(below, right, data.below_title)
        painter.setClipRect(names - 8, 0, view.width(), head)
        for column in columns:
            self._name_pen(painter, strong=column in chosen_columns, hovered=self._hovered[1] == column)
            cell = self.cell_rect(0, column)
            word = theme.one_line(data.names[column])
            if self._is_upright():
                painter.save()
                painter.translate(QPointF(cell.center().x() + 1, head - 6))
                painter.rotate(-90)
                elided = metrics.elidedText(word, Qt.TextElideMode.ElideRight, head - 10)
                painter.drawText(QPointF(0, metrics.ascent() / 2 - 2), elided)
                painter.restore()
            else:
                painter.drawText(QRect(cell.left() - 8, 0, cell.width() + 16, head), Qt.AlignmentFlag.AlignCenter, word)
        self._name_pen(painter, strong=False, hovered=False)
        place = QRect(self.cell_rect(0, self._count).left(), 0, SUMS, head)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, data.right_title)
        painter.setClipping(False)

    def _name_pen(self, painter: QPainter, *, strong: bool, hovered: bool) -> None:
        painter.setFont(theme.font("small", weight=600 if strong else 400))
        painter.setPen(theme.color("text.primary" if strong or hovered else "text.secondary"))

    # choosing

    def choose(self, cells: npt.NDArray[np.bool_]) -> None:
        """Choose exactly these cells and tell."""
        self._mask = cells
        self.viewport().update()
        self._describe()
        self.chosen.emit()

    def _span(self, start: Cell, end: Cell) -> npt.NDArray[np.bool_]:
        """The cells from one to another; from a name it is the whole line or column."""
        mask = np.zeros_like(self._mask)
        (top, bottom), (left, right) = (sorted((start[i], end[i])) for i in (0, 1))
        lines = slice(None) if top < 0 or bottom < 0 else slice(top, bottom + 1)
        columns = slice(None) if left < 0 or right < 0 else slice(left, right + 1)
        mask[lines, columns] = True
        return mask

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self._at(event.position().toPoint())
        if event.button() is not Qt.MouseButton.LeftButton or cell == (-1, -1) or not self._count:
            return
        if self._count in cell:
            self.choose(np.zeros_like(self._mask))
            return
        add = bool(event.modifiers() & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier))
        self._from = cell
        self._before = self._mask if add else np.zeros_like(self._mask)
        if -1 not in cell:
            self._current = cell
        span = self._span(cell, cell)
        if add and self._mask[span].all():
            self._from = None
            self.choose(self._mask & ~span)
        else:
            self.choose(self._before | span)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        cell = self._at(event.position().toPoint())
        if cell != self._hovered:
            self._hovered = cell
            self.viewport().update()
        if self._from is not None and event.buttons() & Qt.MouseButton.LeftButton:
            inside = (min(cell[0], self._count - 1), min(cell[1], self._count - 1))
            span = self._before | self._span(self._from, inside)
            if not np.array_equal(span, self._mask):
                self.choose(span)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._from = None
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._mask.any() and event.button() is Qt.MouseButton.LeftButton:
            self.opened.emit()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hovered = (-1, -1)
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._mask.any():
            self.opened.emit()
        elif key in _STEPS and self._count:
            step = _STEPS[key]
            line, column = (min(max(self._current[i] + step[i], 0), self._count - 1) for i in (0, 1))
            self._current = (line, column)
            self._show_cell(line, column)
            one = self._span(self._current, self._current)
            self.choose(self._mask | one if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else one)
        else:
            super().keyPressEvent(event)

    def _show_cell(self, line: int, column: int) -> None:
        rect = self.cell_rect(line, column)
        for bar, start, end, low, high in (
            (
                self.horizontalScrollBar(),
                rect.left(),
                rect.right(),
                self._names_width(),
                self.viewport().width(),
            ),
            (self.verticalScrollBar(), rect.top(), rect.bottom(), self._head(), self.viewport().height()),
        ):
            if start < low:
                bar.setValue(bar.value() + start - low)
            elif end >= high:
                bar.setValue(bar.value() + end - high + 1)

    # words

    def words(self, line: int, column: int) -> str:
        """A cell in a sentence."""
        data = self._data
        if data is None:
            return ""
        counted = f"{data.upper[line, column] or 0}"
        share = f" ({data.lower[line, column]})" if data.lower[line, column] else ""
        return f"{data.names[line]} predicted as {data.names[column]}: {counted}{share}"

    def _describe(self) -> None:
        here = self.words(*self._current) if self._count else ""
        self.setAccessibleDescription(f"{here}. {int(self._mask.sum())} cells chosen" if here else "")

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            line, column = self._at(event.pos())
            inside = 0 <= line < self._count and 0 <= column < self._count
            QToolTip.showText(event.globalPos(), plain_tip(self.words(line, column)) if inside else "", self)
            return True
        return super().viewportEvent(event)


def heat_color(heat: float) -> QColor:
    """Of a share in [-1, 1]; 0 is the colour of nothing."""
    if not heat:
        return theme.color("bg.panel")
    stops = theme.TOKENS["sequential"]["ok" if heat > 0 else "err"][theme.mode()]
    return QColor(stops[min(len(stops) - 1, 1 + int(abs(heat) * (len(stops) - 1)))])


def _ink(ground: QColor) -> QColor:
    """Black or white, whichever is further from the ground."""
    light = 0.2126 * ground.redF() ** 2.2 + 0.7152 * ground.greenF() ** 2.2 + 0.0722 * ground.blueF() ** 2.2
    return QColor("#FFFFFF") if light < 0.24 else QColor("#14171B")
