"""The icons that ship with Dataimp, drawn in a colour of the theme in force and sharp at any scale."""

import math
from functools import cache
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPen, QPixmap, QPolygonF
from PySide6.QtSvg import QSvgRenderer

from dataimp_gui import resources
from dataimp_gui.ui import theme
from dataimp_gui.ui.kit.lru import Lru

KEY_GAP: Final = 4
_DRAWN: Final[Lru[tuple[str, int, float, int], QPixmap]] = Lru(512)


def paint(painter: QPainter, name: str, rect: QRect | QRectF, colour: QColor) -> None:
    """Draw an icon into a square. Cheap enough for every tile of every frame."""
    side = round(min(rect.width(), rect.height()))
    device = painter.device()
    ratio = device.devicePixelRatioF() if device is not None else 1.0
    pixmap = _pixmap(name, side, ratio, colour)
    center = QRectF(rect).center()
    painter.drawPixmap(QPointF(round(center.x() - side / 2), round(center.y() - side / 2)), pixmap)


def icon(name: str, colour: str = "text.secondary") -> QIcon:
    """An icon for buttons and menus; follows the theme when it changes."""
    return QIcon(_Engine(name, colour))


def key_icon(key: str, *, on_fill: bool = False) -> QIcon:
    """A key as it is drawn on a button, with a gap before it; ``on_fill`` where the button is filled with colour."""
    return QIcon(_KeyEngine(key, "text.onfill" if on_fill else "text.secondary"))


def logo(side: int) -> QPixmap:
    """The sign of the program, in its own colours."""
    pixmap = QPixmap(side, side)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(resources.path("icons", "dataimp.svg").read_bytes()).render(painter)
    painter.end()
    return pixmap


def marker(painter: QPainter, rect: QRect | QRectF, number: int) -> None:
    """The coloured shape of a tag: colour and shape differ, so that neither has to be told apart alone."""
    colour, shape = theme.categorical(number)
    box = QRectF(rect)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    middle, radius = box.center(), box.width() / 2
    match shape:
        case "s":
            painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))
        case "t":
            painter.drawPolygon(_polygon(middle, radius, 3, -90))
        case "t1":
            painter.drawPolygon(_polygon(middle, radius, 3, 90))
        case "d":
            painter.drawPolygon(_polygon(middle, radius, 4, 0))
        case "p":
            painter.drawPolygon(_polygon(middle, radius, 5, -90))
        case "h":
            painter.drawPolygon(_polygon(middle, radius, 6, 0))
        case "star":
            painter.drawPolygon(
                QPolygonF(
                    [
                        _point(middle, radius * (1 if corner % 2 == 0 else 0.45), -90 + 36 * corner)
                        for corner in range(10)
                    ]
                )
            )
        case "+" | "x":
            painter.setPen(QPen(colour, 2))
            for angle in (0, 90) if shape == "+" else (45, 135):
                reach = QPointF(math.cos(math.radians(angle)), math.sin(math.radians(angle))) * (radius - 0.5)
                painter.drawLine(middle - reach, middle + reach)
        case _:
            painter.drawEllipse(box.adjusted(0.5, 0.5, -0.5, -0.5))
    painter.restore()


class _Engine(QIconEngine):
    def __init__(self, name: str, colour: str) -> None:
        super().__init__()
        self._name = name
        self._colour = colour

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, _state: QIcon.State) -> None:
        names = {QIcon.Mode.Disabled: "text.disabled", QIcon.Mode.Selected: "text.primary"}
        paint(painter, self._name, rect, theme.color(names.get(mode, self._colour)))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._colour)


class _KeyEngine(QIconEngine):
    def __init__(self, key: str, colour: str) -> None:
        super().__init__()
        self._key = key
        self._colour = colour

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, _state: QIcon.State) -> None:
        colour = theme.color("text.disabled" if mode is QIcon.Mode.Disabled else self._colour)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font("caption"))
        painter.setPen(colour)
        box = rect.adjusted(KEY_GAP, 0, 0, 0)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._key)
        colour.setAlphaF(0.5)
        painter.setPen(colour)
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        return _KeyEngine(self._key, self._colour)


def _pixmap(name: str, side: int, ratio: float, colour: QColor) -> QPixmap:
    key = (name, side, ratio, colour.rgba())
    pixmap = _DRAWN.get(key)
    if pixmap is None:
        pixmap = QPixmap(round(side * ratio), round(side * ratio))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        QSvgRenderer(_svg(name).replace(b"currentColor", colour.name().encode())).render(painter)
        painter.end()
        pixmap.setDevicePixelRatio(ratio)
        _DRAWN.put(key, pixmap)
    return pixmap


@cache
def _svg(name: str) -> bytes:
    return resources.path("icons", f"{name}.svg").read_bytes()


def _polygon(middle: QPointF, radius: float, corners: int, turn: float) -> QPolygonF:
    return QPolygonF([_point(middle, radius, turn + 360 * corner / corners) for corner in range(corners)])


def _point(middle: QPointF, radius: float, degrees: float) -> QPointF:
    angle = math.radians(degrees)
    return middle + QPointF(math.cos(angle), math.sin(angle)) * radius
