"""A map of up to a million points: drawn as one image, moved, zoomed and chosen from with the mouse or the keyboard."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit.points import PointsInSight
from dataimp_gui.ui.kit.sight import Sight

Points = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.int64]
Placed = tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], Mask]

FINE: Final = 20_000
"""Up to so many points in sight are drawn twice as large and smoothed down."""
DENSE: Final = 50_000
"""More points in sight than this are drawn as a density: the mean of their colours, stronger where they are many."""
REACH: Final = 12  # pixels from the mouse to a point that it means
ZOOM: Final = 1.25


class Hand(StrEnum):
    """What a drag does."""

    LASSO = "lasso"
    BOX = "box"
    PAN = "pan"


class Scatter(QWidget):
    """Points are looked at by their index. A point without a place (NaN) is not drawn and never chosen."""

    lassoed = Signal(object, bool)  # Indices of what was drawn around; True when they come to what is chosen
    clicked = Signal(int, bool)  # a point, -1 beside all; True when it comes to what is chosen
    opened = Signal(int)  # a double click on a point
    hovered = Signal(int)  # the point under the mouse, -1 for none
    moved = Signal()  # another part of the map is seen

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hand = Hand.LASSO
        self._xy: Points = np.empty((0, 2), dtype=np.float32)
        self._codes: npt.NDArray[np.int32] = np.empty(0, dtype=np.int32)
        self._palette: Sequence[QColor] = ()
        self._crossed: Mask = np.empty(0, dtype=np.bool_)
        self._shown: Mask | None = None
        self._chosen: Indices = np.empty(0, dtype=np.int64)
        self._labels: Sequence[tuple[float, float, str]] = ()
        self.sight = Sight()
        self._image: QImage | None = None
        self._placed: tuple[tuple[float, ...], Placed] | None = None  # for one view
        self._path: list[QPointF] = []
        self.outline: list[QPointF] = []  # of the last lasso, in the map's own measure
        self._panning: QPoint | None = None
        self._space = False
        self._hover = -1
        self._at = QPoint()
        self._looking = QTimer(self, singleShot=True, interval=30)
        self._looking.timeout.connect(self._look)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(240, 200)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Map of examples")

    # what is shown

    def set_points(self, xy: Points) -> None:
        """float32 (n, 2). Everything is in sight afterwards, unless somebody moved or zoomed what is seen."""
        fresh = len(xy) != len(self._xy)
        self._xy = np.ascontiguousarray(xy, dtype=np.float32)
        self._placed = None
        if fresh:
            self._codes = np.zeros(len(xy), dtype=np.int32)
            self._crossed = np.zeros(len(xy), dtype=np.bool_)
            self._chosen = np.empty(0, dtype=np.int64)
            self._shown = None
        self.sight.set_bounds(self._xy[np.isfinite(self._xy).all(axis=1)])
        self.outline = []
        if fresh or not self.sight.by_hand:
            self.fit()
        self._draw_again()

    def set_colours(self, codes: npt.NDArray[np.int32], palette: Sequence[QColor], crossed: Mask | None = None) -> None:
        """``codes`` (n,) in ``palette``, -1 in a quiet colour; ``crossed`` points are crosses, over the others."""
        self._codes, self._palette = codes, palette
        self._crossed = np.zeros(len(codes), dtype=np.bool_) if crossed is None else crossed
        self._draw_again()

    def set_shown(self, shown: Mask | None) -> None:
        """Points outside the mask are faint and cannot be chosen; None is all."""
        self._shown = shown
        self._draw_again()

    def set_chosen(self, chosen: Indices) -> None:
        self._chosen = chosen
        self.setAccessibleDescription(f"{len(self._xy):,} examples, {len(chosen):,} chosen")
        self._draw_again()

    def set_labels(self, labels: Sequence[tuple[float, float, str]]) -> None:
        """Words at places of the map."""
        self._labels = labels
        self.update()

    def forget_outline(self) -> None:
        self.outline = []
        self.update()

    def _draw_again(self) -> None:
        self._image = None
        self.update()

    # the view

    def fit(self) -> None:
        """Everything in sight."""
        self.sight.fit()
        self._see()

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """What is under ``at`` stays there."""
        self.sight.zoom(factor, at)
        self._see()

    def _pan(self, dx: float, dy: float) -> None:
        self.sight.pan(dx, dy)
        self._see()

    def _see(self) -> None:
        self._draw_again()
        self.moved.emit()

    def to_view(self, x: float, y: float) -> QPointF:
        """Where a place of the map is in the widget."""
        return self.sight.to_view(x, y)

    def _pixels(self, ratio: float = 1.0) -> Placed:
        """Columns and lines of all points, and which of them are in sight."""
        middle = self.sight.middle
        view = (ratio, self.sight.scale, middle.x(), middle.y(), self.width(), self.height())
        if self._placed is None or self._placed[0] != view:
            wide, high = self.width() * ratio, self.height() * ratio
            scale = np.float32(self.sight.scale * ratio)
            with np.errstate(invalid="ignore"):
                x = (self._xy[:, 0] - np.float32(middle.x())) * scale + np.float32(wide / 2)
                y = np.float32(high / 2) - (self._xy[:, 1] - np.float32(middle.y())) * scale
                seen = (x >= 0) & (x < wide) & (y >= 0) & (y < high)
                placed = np.where(seen, x, 0).astype(np.int32), np.where(seen, y, 0).astype(np.int32), seen
            self._placed = view, placed
        return self._placed[1]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.sight.resize(self.size())
        self._see()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.PaletteChange):
            self._draw_again()

    # painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._image is None:
            self._image = self._drawn()
        painter = QPainter(self)
        painter.drawImage(QRect(0, 0, self.width(), self.height()), self._image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_labels(painter)
        outline = [self.to_view(at.x(), at.y()) for at in self.outline] if not self._path else self._path
        if len(outline) > 1:
            fill = QColor(theme.color("accent.base"))
            fill.setAlpha(28)
            painter.setBrush(fill)
            painter.setPen(QPen(theme.color("accent.base"), 1.5, Qt.PenStyle.DashLine))
            painter.drawPolygon(QPolygonF(outline))
        if 0 <= self._hover < len(self._xy):
            at = self.to_view(*map(float, self._xy[self._hover]))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("text.primary"), 1.5))
            painter.drawEllipse(at, 6, 6)
        if self.hasFocus():
            painter.setPen(QPen(theme.color("accent.base"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _paint_labels(self, painter: QPainter) -> None:
        painter.setFont(theme.font("caption"))
        metrics = QFontMetrics(painter.font())
        for x, y, words in self._labels:
            shown = metrics.elidedText(theme.one_line(words), Qt.TextElideMode.ElideRight, 160)
            size = metrics.size(0, shown)
            box = QRectF(0, 0, size.width() + 12, size.height() + 4)
            box.moveCenter(self.to_view(x, y))
            ground = QColor(theme.color("bg.raised"))
            ground.setAlpha(220)
            painter.setPen(theme.color("line.default"))
            painter.setBrush(ground)
            painter.drawRoundedRect(box, 4, 4)
            painter.setPen(theme.color("text.secondary"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown)

    def _drawn(self) -> QImage:
        """All points as one image of the widget's size."""
        ratio = self.devicePixelRatioF()
        x, y, seen = self._pixels()
        many = int(np.count_nonzero(seen))
        fine = 1.0 if many > DENSE else ratio * (2 if many <= FINE else 1)
        if fine != 1.0:
            x, y, seen = self._pixels(fine)
        wide, high = max(1, round(self.width() * fine)), max(1, round(self.height() * fine))
        points = PointsInSight(x, y, seen, self._shown, self._codes, self._crossed, self._chosen, self._palette)
        if many > DENSE:
            pixels = points.density(wide, high)
        else:
            pixels = points.stamped(wide, high, fine)
            size = (max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio)))
            if size != (wide, high):
                smooth = cv2.resize(pixels.view(np.uint8).reshape(high, wide, 4), size, interpolation=cv2.INTER_AREA)
                wide, high = size
                pixels = np.ascontiguousarray(smooth).view(np.uint32).reshape(high, wide)
        image = QImage(pixels.data, wide, high, wide * 4, QImage.Format.Format_RGB32).copy()
        if many <= DENSE:
            image.setDevicePixelRatio(ratio)
        return image

    # the mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        at = event.position()
        if event.button() is Qt.MouseButton.MiddleButton or (
            event.button() is Qt.MouseButton.LeftButton and (self._space or self.hand is Hand.PAN)
        ):
            self._panning = at.toPoint()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif event.button() is Qt.MouseButton.LeftButton:
            self.outline = []
            self._path = [at]

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._panning is not None:
            step = at.toPoint() - self._panning
            self._panning = at.toPoint()
            self._pan(step.x(), step.y())
        elif self._path:
            start = self._path[0]
            if self.hand is Hand.BOX:
                box = QRectF(start, at).normalized()
                self._path = (
                    [start, QPointF(at.x(), start.y()), at, QPointF(start.x(), at.y())] if not box.isNull() else [start]
                )
            elif (at - self._path[-1]).manhattanLength() >= 3:
                self._path.append(at)
            self.update()
        else:
            self._at = at.toPoint()
            if not self._looking.isActive():
                self._looking.start()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._panning is not None:
            self._panning = None
            self.unsetCursor()
            return
        path, self._path = self._path, []
        add = bool(event.modifiers() & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier))
        if event.button() is not Qt.MouseButton.LeftButton or not path:
            return
        if len(path) < 3 or QPolygonF(path).boundingRect().width() + QPolygonF(path).boundingRect().height() < 8:
            self.clicked.emit(self.nearest(event.position()), add)
        else:
            self.outline = [self.sight.to_plane(at) for at in path]
            self.lassoed.emit(self.inside(path), add)
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        point = self.nearest(event.position())
        if point >= 0 and event.button() is Qt.MouseButton.LeftButton:
            self.opened.emit(point)

    def wheelEvent(self, event: QWheelEvent) -> None:
        steps = event.angleDelta().y() / 120
        if steps:
            self.zoom(ZOOM**steps, event.position())
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._looking.stop()
        self._hover_over(-1)

    def _look(self) -> None:
        self._hover_over(self.nearest(QPointF(self._at)))

    def _hover_over(self, point: int) -> None:
        if point != self._hover:
            self._hover = point
            self.hovered.emit(point)
            self.update()

    def nearest(self, at: QPointF) -> int:
        """The point that is meant at a place of the widget, -1 when none is near."""
        place, reach = self.sight.to_plane(at), np.float32(REACH / self.sight.scale)
        with np.errstate(invalid="ignore"):
            dx = self._xy[:, 0] - np.float32(place.x())
            near = np.flatnonzero(np.abs(dx) <= reach)
            dy = self._xy[near, 1] - np.float32(place.y())
            close = near[np.abs(dy) <= reach]
        if self._shown is not None:
            close = close[self._shown[close]]
        if not len(close):
            return -1
        away = (self._xy[close] - np.array([place.x(), place.y()], dtype=np.float32)) ** 2
        return int(close[np.argmin(away.sum(axis=1))])

    def inside(self, path: Sequence[QPointF]) -> Indices:
        """The points within a closed line drawn on the widget, tested against its raster: a million is quick."""
        x, y, seen = self._pixels()
        raster = np.zeros((max(1, self.height()), max(1, self.width())), dtype=np.uint8)
        corners = np.array([[round(at.x()), round(at.y())] for at in path], dtype=np.int32)
        cv2.fillPoly(raster, [corners], 1)
        found = seen & (raster[np.minimum(y, self.height() - 1), np.minimum(x, self.width() - 1)] > 0)
        if self._shown is not None:
            found &= self._shown
        return np.flatnonzero(found).astype(np.int64)

    # the keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = 60
        match event.key():
            case Qt.Key.Key_Left:
                self._pan(step, 0)
            case Qt.Key.Key_Right:
                self._pan(-step, 0)
            case Qt.Key.Key_Up:
                self._pan(0, step)
            case Qt.Key.Key_Down:
                self._pan(0, -step)
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.zoom(ZOOM)
            case Qt.Key.Key_Minus:
                self.zoom(1 / ZOOM)
            case Qt.Key.Key_Home:
                self.fit()
            case Qt.Key.Key_Space if not event.isAutoRepeat():
                self._space = True
            case _:
                super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = False
        super().keyReleaseEvent(event)
