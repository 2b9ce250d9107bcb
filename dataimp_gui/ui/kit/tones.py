"""How often each brightness occurs in a picture: a histogram of its red, green and blue, or of its grey alone."""

from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from dataimp_gui.ui import theme

HEIGHT: Final = 56
MOST: Final = 512  # pixels a side that are counted; of a larger picture every other one, or fewer
COLOURS: Final = (QColor(0xE5, 0x48, 0x4D), QColor(0x46, 0xA7, 0x58), QColor(0x3E, 0x63, 0xDD))

Counts = npt.NDArray[np.int64]


def tones(image: QImage) -> Counts:
    """Pixels of each value (3, 256), or (1, 256) of a picture without colour. For a worker."""
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    lines = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    pixels = lines[:, : plain.width() * 3].reshape(plain.height(), plain.width(), 3)
    step = -(-max(pixels.shape[:2]) // MOST)
    seen = pixels[::step, ::step]
    is_grey = bool((seen[..., 0] == seen[..., 1]).all() and (seen[..., 1] == seen[..., 2]).all())
    return np.stack([np.bincount(seen[..., k].ravel(), minlength=256) for k in range(1 if is_grey else 3)])


class Tones(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: Counts | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Histogram of this picture")

    def show_counts(self, counts: Counts | None) -> None:
        self._counts = counts
        self.setAccessibleDescription(self.words())
        self.setToolTip(self.words())
        self.update()

    def words(self) -> str:
        """What it shows, for those who do not see it."""
        if self._counts is None:
            return ""
        total, values = self._counts.sum(axis=0), np.arange(256)
        middle = float((total * values).sum() / total.sum())
        seen = np.flatnonzero(total)
        kind = "grey" if len(self._counts) == 1 else "red, green and blue"
        return f"Values of {kind} from {seen[0]} to {seen[-1]}, mean {middle:.0f}"

    def sizeHint(self) -> QSize:
        return QSize(320, HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("bg.well"))
        if self._counts is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Plus)
        heights = np.sqrt(self._counts / max(1, int(self._counts.max())))  # so that rare values are seen
        room = self.rect().adjusted(12, 6, -12, -6)
        painter.setPen(Qt.PenStyle.NoPen)
        for number, line in enumerate(heights):
            colour = QColor(COLOURS[number]) if len(heights) > 1 else theme.color("text.muted", "dark")
            colour.setAlphaF(0.8)
            painter.setBrush(colour)
            tops = room.bottom() - line * room.height()
            steps = room.left() + np.arange(256) * (room.width() / 255)
            points = [QPointF(x, y) for x, y in zip(steps.tolist(), tops.tolist(), strict=True)]
            painter.drawPolygon(
                QPolygonF([QPointF(room.left(), room.bottom()), *points, QPointF(room.right(), room.bottom())])
            )
        painter.end()
