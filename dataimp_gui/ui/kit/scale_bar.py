"""One figure on a scale: how far it reaches, its interval, and marks of what it is to be compared with."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from dataimp_gui.ui import theme

BAR_H: Final = 8
CAP_H: Final = 10  # of the ends of the interval
GAP: Final = 3


@dataclass(frozen=True, slots=True)
class Mark:
    """A tick at ``value`` with its ``word`` above, if any; ``is_ghost``: what might be, joined to the bar by dots."""

    value: float
    word: str = ""
    is_ghost: bool = False


@dataclass(frozen=True, slots=True)
class Scale:
    """``value`` between ``low`` and ``high``, the ends of the bar; what lies beyond an end is drawn at it."""

    low: float
    high: float
    value: float
    interval: tuple[float, float] | None = None
    marks: tuple[Mark, ...] = ()
    colour: str = "aug.base"


class ScaleBar(QWidget):
    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scale: Scale | None = None
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_scale(self, scale: Scale, said: str) -> None:
        """``said`` is what a screen reader hears of it."""
        self.scale = scale
        self.setAccessibleDescription(said)
        self.setToolTip(said)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, self._top() + CAP_H + 2)

    def _top(self) -> int:
        has_words = self.scale is not None and any(mark.word for mark in self.scale.marks)
        return QFontMetrics(theme.numbers("caption")).height() + GAP if has_words else 2

    def paintEvent(self, _event: QPaintEvent) -> None:
        if (scale := self.scale) is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.numbers("caption"))
        bar = QRectF(0, self._top() + (CAP_H - BAR_H) / 2, self.width(), BAR_H)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("line.default"))
        painter.drawRoundedRect(bar, 2, 2)
        filled = QRectF(bar)
        filled.setRight(self._x(scale.value))
        painter.setBrush(theme.color(scale.colour))
        painter.drawRoundedRect(filled, 2, 2)
        taken: list[QRectF] = []
        for mark in scale.marks:
            self._paint_mark(painter, bar, mark, scale, taken)
        if scale.interval is not None:
            self._paint_interval(painter, bar, *scale.interval)

    def _paint_interval(self, painter: QPainter, bar: QRectF, low: float, high: float) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(theme.color("text.primary"), 1))
        left, right, middle = self._x(low), self._x(high), bar.center().y()
        painter.drawLine(QLineF(left, middle, right, middle))
        for x in (left, right):
            painter.drawLine(QLineF(x, middle - CAP_H / 2, x, middle + CAP_H / 2))

    def _paint_mark(self, painter: QPainter, bar: QRectF, mark: Mark, scale: Scale, taken: list[QRectF]) -> None:
        """A word that would lie over one in ``taken`` is left to the tool tip."""
        x = self._x(mark.value)
        colour = theme.color("accent.text" if mark.is_ghost else "text.primary")
        painter.setPen(QPen(colour, 2))
        painter.drawLine(QLineF(x, bar.top() - 2, x, bar.bottom() + 2))
        if mark.is_ghost:
            painter.setPen(QPen(colour, 1, Qt.PenStyle.DotLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            between = QRectF(self._x(scale.value), bar.top(), x - self._x(scale.value), bar.height())
            painter.drawRect(between.normalized())
        if mark.word:
            painter.setPen(colour)
            wide = painter.fontMetrics().horizontalAdvance(mark.word)
            left = min(max(x - wide / 2, 0), self.width() - wide)
            room = QRectF(left, 0, wide + 1, self._top() - GAP)
            if not any(room.intersects(each) for each in taken):
                painter.drawText(room, int(Qt.AlignmentFlag.AlignLeft), mark.word)
                taken.append(room.adjusted(-GAP, 0, GAP, 0))

    def _x(self, value: float) -> float:
        scale = self.scale
        assert scale is not None
        share = (value - scale.low) / ((scale.high - scale.low) or 1)
        return min(max(share, 0.0), 1.0) * (self.width() - 1)
