"""Dragging what is selected onto a row that takes it: the card under the pointer, and the mark of the row."""

import os
from typing import Final

from PySide6.QtCore import QMimeData, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QDrag, QDropEvent, QFontMetrics, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from dataimp_gui.ui import theme

SELECTION: Final = "application/x-dataimp-selection"
"""Carries the number of the process alone: what is dragged is what is selected in it."""

PAD: Final = 10
AWAY: Final = QPoint(-14, -10)  # from the pointer to the card, so that the row below it stays readable


def drag(source: QWidget, words: str) -> None:
    """Drag from ``source`` until the button is let go; ``words`` say how much it is."""
    dragged = QDrag(source)
    dragged.setMimeData(selection())
    dragged.setPixmap(card(words, source.devicePixelRatioF()))
    dragged.setHotSpot(AWAY)
    dragged.exec(Qt.DropAction.CopyAction)


def selection() -> QMimeData:
    """What `drag` hands over."""
    data = QMimeData()
    data.setData(SELECTION, str(os.getpid()).encode())
    return data


def is_selection(event: QDropEvent) -> bool:
    """Whether `drag` was called in this process."""
    return event.mimeData().data(SELECTION).data() == str(os.getpid()).encode()


def card(words: str, ratio: float) -> QPixmap:
    font = theme.font("small", weight=600)
    metrics = QFontMetrics(font)
    area = QRect(0, 0, metrics.horizontalAdvance(words) + 2 * PAD, metrics.height() + PAD)
    pixmap = QPixmap(area.size() * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("accent.fill"))
    painter.drawRoundedRect(area, 4, 4)
    painter.setFont(font)
    painter.setPen(theme.color("text.onfill"))
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, words)
    painter.end()
    return pixmap


def mark(painter: QPainter, row: QRect) -> None:
    """Draws that this row would take what is dragged."""
    tint = theme.color("accent.base")
    painter.setPen(QPen(tint, 2))
    tint.setAlpha(40)
    painter.setBrush(QBrush(tint))
    painter.drawRoundedRect(QRectF(row).adjusted(1, 1, -1, -1), 4, 4)
