"""A histogram that filters: a drag over it asks for a range, a click beside the range takes it away."""

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from dataimp_gui.ui import theme
from dataimp_gui.ui.pages.triage.counts import Spread

Range = tuple[float, float]


class Brush(QWidget):
    """Grey bars are all examples, blue ones those under the other filters. One focus stop: arrows move the range."""

    brushed = Signal(object)  # Range, or None: no range any more
    weighed = Signal(object, int)  # while dragging: the range and how many it would leave

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spread: Spread | None = None
        self._range: Range | None = None
        self._from: float | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.SizeHorCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"Filter by a range of {title}")

    def show_spread(self, spread: Spread, between: Range | None) -> None:
        self._spread, self._range = spread, between
        self.setAccessibleDescription(f"{between[0]:g} to {between[1]:g}" if between else "all")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, 40 + self.fontMetrics().height())

    def value_at(self, x: float) -> float:
        low, high = self._limits()
        return low + (high - low) * min(max(x / max(1, self.width() - 1), 0.0), 1.0)

    def x_of(self, value: float) -> float:
        low, high = self._limits()
        return (value - low) / (high - low) * (self.width() - 1) if high > low else 0.0

    def _limits(self) -> Range:
        return (float(self._spread.edges[0]), float(self._spread.edges[-1])) if self._spread else (0.0, 1.0)

    def would_leave(self, low: float, high: float) -> int:
        """How many examples the bars between two numbers hold; bars that are cut count in proportion."""
        if self._spread is None:
            return 0
        edges = self._spread.edges
        width = np.maximum(np.diff(edges), 1e-300)
        inside = np.clip((np.minimum(edges[1:], high) - np.maximum(edges[:-1], low)) / width, 0.0, 1.0)
        return round(float((inside * self._spread.shown).sum()))

    # painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._spread is None:
            return
        spread = self._spread
        height = self.height() - self.fontMetrics().height() - 2
        low, high = self._range or self._limits()
        bins = len(spread.everything)
        pitch = self.width() / bins
        tallest_all, tallest = max(1, int(spread.everything.max())), max(1, int(spread.shown.max()))
        painter.setPen(Qt.PenStyle.NoPen)
        for number in range(bins):
            left = number * pitch
            inside = spread.edges[number + 1] > low and spread.edges[number] < high
            for count, most, name in (
                (int(spread.everything[number]), tallest_all, "hist.base"),
                (int(spread.shown[number]), tallest, "hist.active" if inside else "line.strong"),
            ):
                if count:
                    bar = max(1.0, math.sqrt(count / most) * height)  # by the root, so that rare values show too
                    painter.fillRect(QRectF(left, height - bar, max(1.0, pitch - 1), bar), theme.color(name))
        if self._range:
            box = QRectF(self.x_of(low), 0.5, self.x_of(high) - self.x_of(low), height - 1)
            painter.setPen(QPen(theme.color("accent.base"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box)
        if self.hasFocus():
            painter.setPen(QPen(theme.color("accent.base"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        painter.setFont(theme.numbers("caption"))
        painter.setPen(theme.color("text.muted"))
        foot = QRectF(0, height + 1, self.width(), self.height() - height - 1)
        painter.drawText(foot, Qt.AlignmentFlag.AlignLeft, _number(float(spread.edges[0])))
        painter.drawText(foot, Qt.AlignmentFlag.AlignRight, _number(float(spread.edges[-1])))

    # hands

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._from = event.position().x()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._from is None or self._spread is None:
            return
        self._range = self._between(event.position())
        self.weighed.emit(self._range, self.would_leave(*self._range))
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._from is None:
            return
        moved = abs(event.position().x() - self._from) > 2
        self._range = self._between(event.position()) if moved else None
        self._from = None
        self.brushed.emit(self._range)

    def _between(self, at: QPointF) -> Range:
        start = self._from if self._from is not None else at.x()
        a, b = sorted((self.value_at(start), self.value_at(at.x())))
        return a, b

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right move the upper end by a bar, with Shift the lower end; Escape takes the range away."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() == Qt.Key.Key_Escape and self._range:
            self.brushed.emit(None)
        elif event.key() in steps and self._spread is not None:
            first, last = self._limits()
            low, high = self._range or (first, last)
            move = steps[Qt.Key(event.key())] * (last - first) / len(self._spread.everything)
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                low = min(max(first, low + move), high)
            else:
                high = max(min(last, high + move), low)
            self.brushed.emit((low, high))
        else:
            super().keyPressEvent(event)


def _number(value: float) -> str:
    return f"{value:,.3g}" if abs(value) < 1e5 else f"{value:,.0f}"
