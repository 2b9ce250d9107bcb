"""What each of several adds or costs, as bars to the right and left of a common line, with their intervals."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QLineF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from dataimp_gui.ui import theme

LINE_H: Final = 22
BAR_H: Final = 8
TITLE: Final = 0.38  # of the width, at most
MINUS: Final = "−"


@dataclass(frozen=True, slots=True)
class Signed:
    title: str
    value: float
    low: float
    high: float
    is_bad: bool = False


class SignedBars(QWidget):
    """A line each; a screen reader hears all of them."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: Sequence[Signed] = ()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def lines(self) -> Sequence[Signed]:
        return self._lines

    def show_lines(self, lines: Sequence[Signed]) -> None:
        self._lines = lines
        ranges = (f"{line.title} {words(line.value)}, {words(line.low)} to {words(line.high)}" for line in lines)
        said = "; ".join(ranges)
        self.setAccessibleDescription(said)
        self.setToolTip(said.replace("; ", "\n"))
        self.updateGeometry()
        self.update()

    def _line_height(self) -> int:
        return max(LINE_H, QFontMetrics(theme.numbers("small")).height() + 4)

    def sizeHint(self) -> QSize:
        return QSize(240, self._line_height() * len(self._lines))

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._lines:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.numbers("small"))
        metrics, high = painter.fontMetrics(), self._line_height()
        titles = max(metrics.horizontalAdvance(line.title) for line in self._lines) + 2  # a part of a pixel cuts none
        titles = min(titles, int(self.width() * TITLE))
        figures = max(metrics.horizontalAdvance(words(line.value)) for line in self._lines)
        left, right = titles + 10.0, self.width() - figures - 10.0
        lowest = min(0.0, *(min(line.value, line.low) for line in self._lines))
        highest = max(0.0, *(max(line.value, line.high) for line in self._lines))
        a_unit = (right - left) / ((highest - lowest) or 1)
        zero = left - lowest * a_unit
        for number, line in enumerate(self._lines):
            area = QRect(0, number * high, self.width(), high)
            painter.setPen(theme.color("err.text" if line.is_bad else "text.secondary"))
            title = metrics.elidedText(line.title, Qt.TextElideMode.ElideRight, titles)
            painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter), title)
            end = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(area, int(end), words(line.value))
            middle = area.center().y() + 0.5
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("err.base" if line.is_bad else "aug.base"))
            bar = QRectF(zero, middle - BAR_H / 2, line.value * a_unit, BAR_H)
            painter.drawRect(bar.normalized())
            painter.setPen(QPen(theme.color("text.primary"), 1))
            painter.drawLine(QLineF(zero + line.low * a_unit, middle, zero + line.high * a_unit, middle))
        painter.setPen(QPen(theme.color("line.strong"), 1))
        painter.drawLine(QLineF(zero, 0, zero, self.height()))


def words(value: float) -> str:
    whole = round(value)
    return "0" if not whole else f"{'+' if whole > 0 else MINUS}{abs(whole)}"
