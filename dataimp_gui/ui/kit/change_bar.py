"""A change with its interval as a dot with whiskers, beside a line where nothing changed."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from dataimp_gui.ui import theme

DOT: Final = 3.5
CAP_H: Final = 7
ZERO_H: Final = 14


@dataclass(frozen=True, slots=True)
class Moved:
    """``value`` with the ends of its interval, which may be the value itself; more is better.

    ``kind``: ok, warn, err, or "" where nothing is to be said of it.
    """

    value: float
    low: float
    high: float
    kind: str = ""


def reach_of(moves: list[Moved]) -> float:
    """How far from zero the furthest interval ends, so that the lines of a table share one scale."""
    return max((max(abs(move.low), abs(move.high)) for move in moves), default=0.0) or 1.0


def paint_change(painter: QPainter, area: QRect, move: Moved, *, reach: float) -> None:
    """Zero lies in the middle of ``area``, ``reach`` at its ends."""
    middle, centre = area.center().y() + 0.5, area.center().x() + 0.5
    scale = (area.width() / 2 - DOT - 1) / reach
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.color("line.strong"), 1))
    painter.drawLine(QLineF(centre, middle - ZERO_H / 2, centre, middle + ZERO_H / 2))
    colour = theme.color(f"{move.kind}.base" if move.kind else "text.muted")
    left, right = (centre + scale * max(-reach, min(end, reach)) for end in (move.low, move.high))
    painter.setPen(QPen(colour, 1.5))
    painter.drawLine(QLineF(left, middle, right, middle))
    for x in (left, right):
        painter.drawLine(QLineF(x, middle - CAP_H / 2, x, middle + CAP_H / 2))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    at = QPointF(centre + scale * max(-reach, min(move.value, reach)), middle)
    side = QRectF(at.x() - DOT, at.y() - DOT, 2 * DOT, 2 * DOT)
    if move.kind == "err":
        painter.drawRect(side)  # another shape, not only another colour
    else:
        painter.drawEllipse(side)
    painter.restore()
