"""Two figures side by side, each as a bar with its number: one of interest above, the one to compare with below."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from dataimp_gui.ui import theme

LINE_H: Final = 34
TITLE_W: Final = 92
NUMBER_W: Final = 62
BAR_H: Final = 6


@dataclass(frozen=True, slots=True)
class Twins:
    """``first`` and ``second`` in [0, 1] are how far the bars reach; the words are their figures."""

    title: str
    first: float
    second: float
    first_words: str
    second_words: str
    colour: str = "accent.base"


class TwinBars(QWidget):
    """Lines of twins; a screen reader hears all of them."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: Sequence[Twins] = ()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_lines(self, lines: Sequence[Twins]) -> None:
        self._lines = lines
        said = "; ".join(f"{line.title} {line.first_words} against {line.second_words}" for line in lines)
        self.setAccessibleDescription(theme.one_line(said))
        self.updateGeometry()
        self.update()

    @property
    def lines(self) -> Sequence[Twins]:
        return self._lines

    def _line_height(self) -> int:
        return max(LINE_H, 2 * QFontMetrics(theme.numbers("caption")).height() + 4)

    def sizeHint(self) -> QSize:
        return QSize(240, self._line_height() * len(self._lines))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        high, room = self._line_height(), self.width() - TITLE_W - NUMBER_W
        for number, line in enumerate(self._lines):
            area = QRect(0, number * high, self.width(), high)
            painter.setFont(theme.font("small"))
            painter.setPen(theme.color("text.secondary"))
            title = painter.fontMetrics().elidedText(line.title, Qt.TextElideMode.ElideRight, TITLE_W - 8)
            painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter), title)
            painter.setFont(theme.numbers("caption"))
            for part, (value, words, colour) in enumerate(
                ((line.first, line.first_words, line.colour), (line.second, line.second_words, "line.strong"))
            ):
                middle = area.top() + high / 2 + (-high / 4 + 1 if part == 0 else high / 4 - 1)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.color(colour))
                width = max(2.0, room * min(max(value, 0.0), 1.0))
                painter.drawRoundedRect(QRectF(TITLE_W, middle - BAR_H / 2, width, BAR_H), 2, 2)
                painter.setPen(theme.color("text.primary" if part == 0 else "text.muted"))
                place = QRectF(self.width() - NUMBER_W, middle - high / 4, NUMBER_W, high / 2)
                painter.drawText(place, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), words)
