"""How values are spread in three sets, one small chart for each quantity, two beside each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from dataimp_gui.ui import theme

COLUMNS: Final = 2
CHART_H: Final = 52
GAP: Final = 10
SETS: Final = ("train", "augmented", "target")
COLOURS: Final = ("series.train", "series.aug", "series.target")


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """``lines`` (3, n) over ``x`` (n,): where it began, what was made of it, where it should be. ``figure`` are words
    at the right of the title, in the colour of ``kind``: ok or err."""

    title: str
    figure: str
    kind: str
    x: npt.NDArray[np.floating[Any]]
    lines: npt.NDArray[np.floating[Any]]
    said: str


class DensityCharts(QWidget):
    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._charts: Sequence[Curves] = ()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def charts(self) -> Sequence[Curves]:
        return self._charts

    def show_charts(self, charts: Sequence[Curves]) -> None:
        self._charts = charts
        said = "; ".join(chart.said for chart in charts)
        self.setAccessibleDescription(said)
        self.setToolTip(said.replace("; ", "\n"))
        self.updateGeometry()
        self.update()

    def _words_height(self) -> int:
        return QFontMetrics(theme.numbers("caption")).height() + 2

    def sizeHint(self) -> QSize:
        rows = -(-len(self._charts) // COLUMNS)
        high = self._words_height()
        return QSize(240, high + GAP // 2 + rows * (high + CHART_H + GAP) if rows else 0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.numbers("caption"))
        high = self._words_height()
        self._paint_key(painter, high)
        wide = (self.width() - GAP * (COLUMNS - 1)) // COLUMNS
        for number, chart in enumerate(self._charts):
            row, column = divmod(number, COLUMNS)
            left, top = column * (wide + GAP), high + GAP // 2 + row * (high + CHART_H + GAP)
            words = painter.fontMetrics()
            painter.setPen(theme.color(f"{chart.kind}.text"))
            line = QRect(left, top, wide, high)
            painter.drawText(line, int(Qt.AlignmentFlag.AlignRight), chart.figure)
            painter.setPen(theme.color("text.secondary"))
            room = wide - words.horizontalAdvance(chart.figure) - 6
            title = words.elidedText(chart.title, Qt.TextElideMode.ElideRight, room)
            painter.drawText(line, int(Qt.AlignmentFlag.AlignLeft), title)
            self._paint_chart(painter, QRectF(left, top + high, wide, CHART_H), chart)

    def _paint_key(self, painter: QPainter, high: int) -> None:
        left = 0
        for word, colour in zip(SETS, COLOURS, strict=True):
            painter.setPen(_pen(colour))
            painter.drawLine(QPointF(left, high / 2), QPointF(left + 12, high / 2))
            painter.setPen(theme.color("text.secondary"))
            painter.drawText(left + 16, 0, 200, high, int(Qt.AlignmentFlag.AlignLeft), word)
            left += 16 + painter.fontMetrics().horizontalAdvance(word) + 12

    def _paint_chart(self, painter: QPainter, area: QRectF, chart: Curves) -> None:
        painter.setPen(QPen(theme.color("line.default"), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        most = float(chart.lines.max()) or 1.0
        across = area.left() + (chart.x - chart.x[0]) / (float(chart.x[-1] - chart.x[0]) or 1.0) * area.width()
        for line, colour in zip(chart.lines, COLOURS, strict=True):
            down = area.bottom() - line / most * (area.height() - 2)
            points = [QPointF(x, y) for x, y in zip(across.tolist(), down.tolist(), strict=True)]
            if colour == COLOURS[1]:
                filled = theme.color(colour)
                filled.setAlphaF(0.15)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(filled)
                painter.drawPolygon(QPolygonF([area.bottomLeft(), *points, area.bottomRight()]))
            painter.setPen(_pen(colour))
            painter.drawPolyline(QPolygonF(points))


def _pen(colour: str) -> QPen:
    """The set that is aimed at is dashed: it is told without its colour, too."""
    return QPen(theme.color(colour), 1.5, Qt.PenStyle.DashLine if colour == COLOURS[2] else Qt.PenStyle.SolidLine)
