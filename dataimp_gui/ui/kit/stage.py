"""A picture to look into: fitted, pixel by pixel, or closer by wheel and drag; contrast stretched on demand."""

from typing import Final

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import icons

STEP: Final = 1.25  # of one notch of the wheel
CLOSEST: Final = 64.0  # screen pixels a picture pixel
STEPS: Final = (2.0, 4.0)  # of Z, times the fitted size
GRIDDED: Final = 12.0  # screen pixels a picture pixel from which on lines part them
TOOL_GAP: Final = 4


class Stage(QWidget):
    """``detail_wanted`` is signalled when the picture is shown larger than it was given."""

    detail_wanted = Signal()

    def __init__(self, parent: QWidget | None = None, *, share: float = 1.0, least: int = 160) -> None:
        """``share`` of its height is what a fitted picture fills at most, ``least`` its smallest height."""
        super().__init__(parent)
        self._share = share
        self._tools: list[QToolButton] = []
        self._image: QImage | None = None
        self._shown: QImage | None = None  # with its contrast stretched, or as it is
        self._kept: QPixmap | None = None
        self._full = QSize()
        self._words = ""
        self._exact = self._stretched = self._asked = False
        self._zoom = 0.0  # screen pixels a picture pixel; 0 is fitted
        self._shift = QPointF()
        self._grip: QPointF | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(200, least)
        self.setAccessibleName("Picture of this example")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def add_tool(self, tool: QToolButton) -> None:
        """A button over the right edge of the picture, below the others."""
        tool.setParent(self)
        self._tools.append(tool)

    # what is shown

    def show_image(self, image: QImage | None, full: tuple[int, int], words: str = "") -> None:
        """``full`` is the width and height of the whole picture, of which ``image`` may be a smaller one; ``words``
        stand in place of a picture that cannot be shown."""
        self._image, self._full, self._words = image, QSize(*full), words
        self._shown = self._kept = None
        self._asked = False
        self._zoom, self._shift = 0.0, QPointF()
        self.setAccessibleDescription(words or self.scale_words())
        self._look()

    def show_detail(self, image: QImage) -> None:
        """The same picture with all of its pixels."""
        self._image, self._shown, self._kept = image, None, None
        self.update()

    @property
    def image(self) -> QImage | None:
        return self._image

    @property
    def zoom(self) -> float:
        """Logical screen pixels a picture pixel."""
        if self._zoom:
            return self._zoom
        return 1 / self.devicePixelRatioF() if self._exact else self._fitted()

    def set_exact(self, exact: bool) -> None:
        """One picture pixel on one screen pixel, without smoothing."""
        self._exact = exact
        self._zoom, self._shift = 0.0, QPointF()
        self._look()

    @property
    def is_exact(self) -> bool:
        return self._exact

    def set_stretched(self, on: bool) -> None:
        """Contrast: from the darkest to the brightest hundredth of its values."""
        self._stretched, self._shown = on, None
        self._look()

    def step_zoom(self) -> None:
        """Twice, then four times as large as fitted, then fitted again."""
        fitted = self._fitted()
        larger = next((fitted * step for step in STEPS if self.zoom < fitted * step * 0.99), 0.0)
        if self._image is not None:
            self._zoom_at(QPointF(self.rect().center()), larger)

    # geometry

    def _fitted(self) -> float:
        if self._full.isEmpty():
            return 1.0
        most = QSize(self.width(), round(self.height() * self._share))
        return min(most.width() / self._full.width(), most.height() / self._full.height())

    def _target(self) -> QRectF:
        zoom = self.zoom
        size = QPointF(self._full.width() * zoom, self._full.height() * zoom)
        corner = QPointF(self.width() / 2, self.height() / 2) - size / 2 + self._shift
        if not self._zoom and self._exact:
            corner = QPointF(round(corner.x()), round(corner.y()))
        return QRectF(corner.x(), corner.y(), size.x(), size.y())

    def _zoom_at(self, place: QPointF, zoom: float) -> None:
        before = self._target()
        within = QPointF(
            (place.x() - before.x()) / max(1.0, before.width()), (place.y() - before.y()) / max(1.0, before.height())
        )
        if zoom <= self._fitted() * 1.001:
            self._zoom, self._shift = 0.0, QPointF()
        else:
            self._zoom = min(zoom, max(CLOSEST, self._fitted() * STEPS[-1]))
            after = self._target()
            now = QPointF(after.x() + within.x() * after.width(), after.y() + within.y() * after.height())
            self._shift += place - now
            self._hold()
        self._look()

    def _hold(self) -> None:
        """The picture cannot be pushed out of sight."""
        target = self._target()
        for size, room, low, set_ in (
            (target.width(), self.width(), target.x(), self._shift.setX),
            (target.height(), self.height(), target.y(), self._shift.setY),
        ):
            span = max(0.0, (size - room) / 2)
            middle = low + size / 2 - room / 2
            set_(min(max(middle, -span), span))

    def _look(self) -> None:
        self._kept = None
        self.update()
        image = self._image
        if image is None or self._asked or image.width() >= self._full.width():
            return
        if self.zoom * self.devicePixelRatioF() * self._full.width() > image.width() * 1.05:
            self._asked = True
            self.detail_wanted.emit()

    def scale_words(self) -> str:
        if self._image is None or self._full.isEmpty():
            return ""
        zoom = self.zoom * self.devicePixelRatioF()
        shown = f"{zoom:.0f}×" if zoom >= 1.95 else f"{zoom:.0%}"
        return f"{self._full.width()} × {self._full.height()} · shown {shown}"

    # painting

    def _source(self) -> QImage:
        if self._shown is None and self._image is not None:
            self._shown = _stretched(self._image) if self._stretched else self._image
        return self._shown or QImage()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("bg.well"))
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color("text.muted", "dark"))  # the well is black in both themes
        if self._image is not None and not self._image.isNull():
            self._paint_picture(painter)
            self._caption(painter, self.scale_words())
        elif self._words:
            middle = self.rect().center()
            sign = QRect(middle.x() - 20, middle.y() - 52, 40, 40)
            icons.paint(painter, "image-broken", sign, theme.color("text.muted", "dark"))
            room = QRect(60, middle.y(), self.width() - 120, self.height() // 2)
            flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
            painter.drawText(room, flags, self._words)
        painter.end()

    def _paint_picture(self, painter: QPainter) -> None:
        target, ratio = self._target(), self.devicePixelRatioF()
        smooth = not self._exact
        if self._zoom:
            is_gridded = self.zoom * ratio >= GRIDDED and self._source().width() >= self._full.width()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth and not is_gridded)
            painter.drawImage(target, self._source())
            if is_gridded:
                self._paint_grid(painter, target)
            return
        pixels = QSize(max(1, round(target.width() * ratio)), max(1, round(target.height() * ratio)))
        if self._kept is None:
            mode = Qt.TransformationMode.SmoothTransformation if smooth else Qt.TransformationMode.FastTransformation
            scaled = self._source().scaled(pixels, Qt.AspectRatioMode.IgnoreAspectRatio, mode)
            self._kept = QPixmap.fromImage(scaled)
            self._kept.setDevicePixelRatio(ratio)
        painter.drawPixmap(target.topLeft(), self._kept)

    def _paint_grid(self, painter: QPainter, target: QRectF) -> None:
        """Lines between the pixels of the picture that are in sight."""
        zoom, seen = self.zoom, target.intersected(QRectF(self.rect()))
        colour = theme.color("text.muted", "dark")
        colour.setAlphaF(0.45)
        painter.setPen(colour)
        first, last = int((seen.left() - target.left()) / zoom), int((seen.right() - target.left()) / zoom)
        across = [target.left() + step * zoom for step in range(first, last + 2)]
        top, bottom = int((seen.top() - target.top()) / zoom), int((seen.bottom() - target.top()) / zoom)
        down = [target.top() + step * zoom for step in range(top, bottom + 2)]
        painter.drawLines([QLineF(x, seen.top(), x, seen.bottom()) for x in across])
        painter.drawLines([QLineF(seen.left(), y, seen.right(), y) for y in down])

    def _caption(self, painter: QPainter, words: str) -> None:
        """On a ground of its own, because it may lie on a bright picture."""
        size = painter.fontMetrics().size(0, words)
        left = 2 * TOOL_GAP if self._tools else self.width() - size.width() - 16
        area = QRect(left, self.height() - size.height() - 8, size.width() + 8, size.height() + 2)
        ground = theme.color("bg.well", "dark")
        ground.setAlphaF(0.75)
        painter.fillRect(area, ground)
        painter.setPen(theme.color("text.secondary", "dark"))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, words)

    # hands

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        y = 2 * TOOL_GAP
        for tool in self._tools:
            tool.move(self.width() - tool.width() - 2 * TOOL_GAP, y)
            y += tool.height() + TOOL_GAP
        self._look()

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = event.angleDelta().y() / 120
        if self._image is not None and notches:
            self._zoom_at(event.position(), self.zoom * STEP**notches)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._grip = event.position() - self._shift

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is not None:
            self._shift = event.position() - self._grip
            self._hold()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.update()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._grip = None
        self.unsetCursor()

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self.step_zoom()


def _stretched(image: QImage) -> QImage:
    """The values of all channels from their first to their 99th percentile over the whole range."""
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    width, height = plain.width(), plain.height()
    lines = np.frombuffer(plain.constBits(), np.uint8).reshape(height, plain.bytesPerLine())
    pixels = lines[:, : width * 3]
    low, high = np.percentile(pixels, (1, 99))
    if high - low < 1:
        return plain
    table = np.clip((np.arange(256) - low) * 255 / (high - low), 0, 255).astype(np.uint8)
    stretched = np.ascontiguousarray(table[pixels])
    return QImage(stretched.data, width, height, width * 3, QImage.Format.Format_RGB888).copy()
