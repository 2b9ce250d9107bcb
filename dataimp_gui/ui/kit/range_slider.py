"""A slider with one or two handles: a value, or a range from one to the other."""

import math
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from dataimp_gui.ui import theme

HEIGHT: Final = 20
HANDLE: Final = 5.0
STEPS: Final = 100  # that a key moves through from end to end

Range = tuple[float, float]


class RangeSlider(QWidget):
    """Keys: arrows move the handle that was moved last, with Shift the other one. Its track may span less than the
    limits: it grows to hold what it is told to show, and keys go on beyond its ends."""

    moved = Signal(float, float)  # low and high; equal with a single handle

    def __init__(
        self,
        name: str,
        low: float,
        high: float,
        *,
        integer: bool = False,
        single: bool = False,
        log: bool = False,
        track: Range | None = None,
    ) -> None:
        """With ``log`` equal ways are equal ratios; ``low`` is above 0 then."""
        super().__init__()
        self._limits = (low, high)
        self._usual = self._track = track or (low, high)
        self._values: Range = (low, high)
        self._integer, self._single = integer, single
        self._log = log and low > 0
        self._held = 1
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def values(self) -> Range:
        return self._values

    @property
    def track(self) -> Range:
        """The values at its ends."""
        return self._track

    def show_values(self, low: float, high: float) -> None:
        self._values = (low, high)
        self._track = (min(self._usual[0], low), max(self._usual[1], high))
        self.setAccessibleDescription(f"{low:g}" if self._single else f"{low:g} to {high:g}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(90, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(50, HEIGHT)

    def _place(self, value: float) -> float:
        low, high = self._track
        if self._log:
            low, high, value = math.log(low), math.log(high), math.log(max(value, low))
        share = (value - low) / (high - low) if high > low else 0.0
        return HANDLE + 1 + min(max(share, 0.0), 1.0) * (self.width() - 2 * HANDLE - 2)

    def _value_at(self, x: float) -> float:
        low, high = self._track
        share = (x - HANDLE - 1) / max(1.0, self.width() - 2 * HANDLE - 2)
        share = min(max(share, 0.0), 1.0)
        return low * math.exp(math.log(high / low) * share) if self._log else low + share * (high - low)

    def _move(self, value: float) -> None:
        low, high = self._limits
        value = min(max(value, low), high)
        if self._integer:
            value = round(value)
        else:
            way = self._track[1] - self._track[0]
            digits = max(0, 2 - math.floor(math.log10(way))) if way > 0 else 3
            value = min(max(round(value, digits), low), high)
        if self._single:
            values = (value, value)
        elif self._held == 0:
            values = (min(value, self._values[1]), self._values[1])
        else:
            values = (self._values[0], max(value, self._values[0]))
        if values != self._values:
            self.show_values(*values)
            self.moved.emit(*values)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        x = event.position().x()
        low, high = (self._place(value) for value in self._values)
        self._held = 0 if abs(x - low) < abs(x - high) or (low == high and x < low) else 1
        self._move(self._value_at(x))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._move(self._value_at(event.position().x()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Down: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: 1,
            Qt.Key.Key_PageDown: -10,
            Qt.Key.Key_PageUp: 10,
        }.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
            return
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and not event.isAutoRepeat():
            self._held = 1 - self._held
        step = (self._track[1] - self._track[0]) / STEPS
        step = max(1.0, step) if self._integer else step
        self._move(self._values[self._held] + by * step)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.height() / 2
        low, high = (self._place(value) for value in self._values)
        if self._single:
            low = HANDLE + 1
        on = theme.color("accent.base" if self.isEnabled() else "text.disabled")
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("line.default"))
        painter.drawRoundedRect(QRectF(1, middle - 2, self.width() - 2, 4), 2, 2)
        painter.setBrush(on)
        painter.drawRoundedRect(QRectF(low, middle - 2, max(0.0, high - low), 4), 2, 2)
        painter.setBrush(theme.color("bg.panel"))
        for number, place in enumerate((low, high)):
            if not (self._single and number == 0):
                is_held = self.hasFocus() and number == self._held
                painter.setPen(QPen(theme.color("text.primary") if is_held else on, 2))
                painter.drawEllipse(QPointF(place, middle), HANDLE, HANDLE)
        painter.end()
