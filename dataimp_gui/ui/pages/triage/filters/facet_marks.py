"""What is drawn beside a value of a facet: whether it is chosen, and its share."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import icons


def check_box(painter: QPainter, box: QRect, *, chosen: bool, refused: bool) -> None:
    outline = QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5)
    painter.setPen(theme.color("accent.fill") if chosen else theme.color("line.strong"))
    painter.setBrush(theme.color("accent.fill") if chosen else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(outline, 3, 3)
    if chosen:
        icons.paint(painter, "check", box.adjusted(1, 1, -1, -1), theme.color("text.onfill"))
    elif refused:
        icons.paint(painter, "minus", box.adjusted(1, 1, -1, -1), theme.color("err.text"))


def bar(painter: QPainter, track: QRectF, share: float, colour: QColor) -> None:
    """``share`` 0 to 1 of the track is filled."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("line.default"))
    painter.drawRoundedRect(track, 2, 2)
    if share > 0:
        painter.setBrush(colour)
        painter.drawRoundedRect(QRectF(track.left(), track.top(), max(2.0, track.width() * share), 4), 2, 2)
