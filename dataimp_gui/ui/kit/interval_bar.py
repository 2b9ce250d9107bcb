"""A rate as a bar with a whisker for its interval and a dashed line where all the others stand; and framed words."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QLineF, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import icons

BAR_H: Final = 7
CAP_H: Final = 9  # of the whisker's ends
BADGE_H: Final = 18
SIGN: Final = 12


@dataclass(frozen=True, slots=True)
class Rate:
    """All in [0, 1]. ``low`` and ``high`` are the ends of the interval; a ``faint`` one is not to be relied on."""

    value: float
    low: float
    high: float
    faint: bool = False


def paint_interval(painter: QPainter, area: QRect, rate: Rate, *, overall: float | None, full: float) -> None:
    """``full`` is the rate at which the bar fills its ``area``."""
    bar = QRectF(area.left(), area.center().y() - BAR_H / 2 + 0.5, area.width(), BAR_H)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("line.default"))
    painter.drawRoundedRect(bar, 2, 2)
    filled = QRectF(bar)
    filled.setRight(_x(bar, rate.value, full))
    painter.setBrush(theme.color("text.muted" if rate.faint else "err.base"))
    painter.drawRoundedRect(filled, 2, 2)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    if overall is not None:
        x = round(_x(bar, overall, full))
        painter.setPen(QPen(theme.color("text.primary"), 1, Qt.PenStyle.DotLine))
        painter.drawLine(x, area.center().y() - 9, x, area.center().y() + 9)
    painter.setPen(QPen(theme.color("text.primary"), 1))
    left, right, middle = round(_x(bar, rate.low, full)), round(_x(bar, rate.high, full)), area.center().y()
    painter.drawLine(left, middle, right, middle)
    for x in (left, right):
        painter.drawLine(QLineF(x, middle - CAP_H // 2, x, middle + CAP_H // 2))
    painter.restore()


def _x(bar: QRectF, value: float, full: float) -> float:
    return bar.left() + bar.width() * min(max(value / full, 0.0), 1.0) if full > 0 else bar.left()


def full_of(highs: list[float]) -> float:
    """A round rate that holds all of them, so that the bars of a table share one scale."""
    highest = max(highs, default=0.0)
    return next((step for step in (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8) if highest <= step), 1.0)


def paint_badge(painter: QPainter, area: QRect, words: str, *, kind: str, icon: str) -> int:
    """A framed word with a sign, at the left of ``area``. ``kind``: "", ok, warn, err or accent. Returns its width."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(theme.font("caption"))
    room = QFontMetrics(painter.font())
    width = min(6 + SIGN + 4 + room.horizontalAdvance(words) + 7, area.width())
    height = max(BADGE_H, room.height() + 2)
    box = QRect(area.left(), area.center().y() - height // 2 + 1, width, height)
    painter.setBrush(theme.color(f"{kind}.tint" if kind else "bg.raised"))
    painter.setPen(theme.color(f"{kind}.line" if kind else "line.default"))
    painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    colour = theme.color(f"{kind}.text" if kind else "text.secondary")
    icons.paint(painter, icon, QRect(box.left() + 6, box.center().y() - SIGN // 2 + 1, SIGN, SIGN), colour)
    painter.setPen(colour)
    inner = box.adjusted(6 + SIGN + 4, 0, -2, 0)
    painter.drawText(inner, int(Qt.AlignmentFlag.AlignVCenter), words)
    painter.restore()
    return width
