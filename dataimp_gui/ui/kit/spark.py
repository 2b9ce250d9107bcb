"""A small curve that grows while something is searched: the best value after each try."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from dataimp_gui.ui import theme

HEIGHT: Final = 44
PAD: Final = 4


class Spark(QWidget):
    """0 is a faint line where it is within sight."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._values: Sequence[float] = ()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def values(self) -> Sequence[float]:
        return self._values

    def show_values(self, values: Sequence[float]) -> None:
        self._values = values
        said = f"{len(values)} tries, from {values[0]:.0%} to {values[-1]:.0%}" if values else "no try yet"
        self.setAccessibleDescription(said)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(160, HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme.color("bg.window"))
        values = self._values
        if values:
            low, high = min(0.0, *values), max(1e-6, *values)
            wide, high_px = self.width() - 2 * PAD, self.height() - 2 * PAD
            across = wide / max(1, len(values) - 1)

            def y(value: float) -> float:
                return PAD + high_px * (high - value) / (high - low)

            painter.setPen(QPen(theme.color("line.default"), 1))
            painter.drawLine(QPointF(PAD, y(0)), QPointF(PAD + wide, y(0)))
            painter.setPen(QPen(theme.color("aug.base"), 2))
            line = [QPointF(PAD + across * at, y(value)) for at, value in enumerate(values)]
            painter.drawPolyline(QPolygonF(line))
            painter.setBrush(theme.color("aug.base"))
            painter.drawEllipse(line[-1], 2.5, 2.5)
        painter.end()
