"""The queue around the example under review: small pictures, what was decided on them, what is still to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import icons
from dataimp_gui.ui.kit.lru import Lru

SIDE: Final = 56
STEP: Final = 64
BEFORE: Final = 4  # shown before the current one


@dataclass(frozen=True, slots=True)
class Cell:
    """``face`` is a picture, a text, "" where nothing can be shown, None while it is on its way; ``sign`` an icon."""

    place: int
    face: QImage | str | None
    words: str
    sign: str = ""
    colour: str = "text.secondary"
    broken: bool = False


class QueueStrip(QWidget):
    """A click goes there."""

    picked = Signal(int)  # a place in the queue

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cells: Sequence[Cell] = ()
        self._current = -1
        self._small: Lru[int, QPixmap] = Lru(128)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Queue")
        self.setMouseTracking(True)

    @property
    def fitting(self) -> int:
        return max(1, (self.width() - 24) // STEP)

    def places(self, current: int, count: int) -> range:
        """Which places of a queue of ``count`` are shown around the current one."""
        first = max(0, min(current - BEFORE, count - self.fitting))
        return range(first, min(count, first + self.fitting))

    def show_cells(self, cells: Sequence[Cell], current: int) -> None:
        self._cells, self._current = cells, current
        here = next((cell for cell in cells if cell.place == current), None)
        self.setAccessibleDescription(f"{current + 1:,} of the queue" if here else "")
        self.update()

    @property
    def cells(self) -> Sequence[Cell]:
        return self._cells

    def cell_rect(self, number: int) -> QRect:
        return QRect(12 + number * STEP, 8, SIDE, SIDE)

    def sizeHint(self) -> QSize:
        return QSize(6 * STEP, SIDE + 16 + QFontMetrics(theme.font("caption")).height())

    def minimumSizeHint(self) -> QSize:
        return QSize(STEP, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number, cell in enumerate(self._cells):
            self._paint_cell(painter, self.cell_rect(number), cell)
        painter.end()

    def _paint_cell(self, painter: QPainter, area: QRect, cell: Cell) -> None:
        current = cell.place == self._current
        painter.setOpacity(0.45 if cell.sign and not current else 1.0)
        if isinstance(cell.face, QImage):
            painter.fillRect(area, theme.color("bg.well"))
            small = self._shrunk(cell.face)
            ratio = small.devicePixelRatio()
            size = QPoint(round(small.width() / ratio), round(small.height() / ratio))
            painter.drawPixmap(area.center() - size / 2 + QPoint(1, 1), small)
        else:
            painter.fillRect(area, theme.color("bg.raised"))
            if cell.broken:
                square = QRect(area.center().x() - 9, area.center().y() - 9, 18, 18)
                icons.paint(painter, "image-broken", square, theme.color("text.muted"))
            elif cell.face:
                option = QTextOption()
                option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
                painter.setFont(theme.font("caption"))
                painter.setPen(theme.color("text.secondary"))
                painter.drawText(QRectF(area.adjusted(4, 2, -3, -3)), cell.face[:60], option)
        painter.setOpacity(1.0)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.color("text.primary" if current else "line.default"), 2 if current else 1))
        out = 2.0 if current else -0.5  # outside of the picture, which may be as dark as the line
        painter.drawRoundedRect(QRectF(area).adjusted(-out, -out, out, out), 4, 4)
        if cell.sign:
            box = QRect(area.right() - 18, area.bottom() - 18, 17, 17)
            painter.setPen(theme.color("line.strong"))
            painter.setBrush(theme.color("bg.raised"))
            painter.drawRoundedRect(QRectF(box), 3, 3)
            icons.paint(painter, cell.sign, box.adjusted(3, 3, -2, -2), theme.color(cell.colour))
        painter.setFont(theme.font("caption", weight=600 if current else 400))
        painter.setPen(theme.color("text.primary" if current else "text.muted"))
        line = QRect(area.left() - 4, area.bottom() + 3, STEP, painter.fontMetrics().height())
        shown = painter.fontMetrics().elidedText(theme.one_line(cell.words), Qt.TextElideMode.ElideRight, STEP - 4)
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, shown)

    def _shrunk(self, face: QImage) -> QPixmap:
        """A picture in the size of a cell; kept, because smooth scaling is dear."""
        found = self._small.get(face.cacheKey())
        if found is None:
            ratio = self.devicePixelRatioF()
            pixels = QSize(round((SIDE - 2) * ratio), round((SIDE - 2) * ratio))
            mode = Qt.TransformationMode.SmoothTransformation
            found = QPixmap.fromImage(face.scaled(pixels, Qt.AspectRatioMode.KeepAspectRatio, mode))
            found.setDevicePixelRatio(ratio)
            self._small.put(face.cacheKey(), found)
        return found

    def _number(self, at: QPoint) -> int:
        return next((n for n in range(len(self._cells)) if self.cell_rect(n).contains(at)), -1)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self._number(event.position().toPoint()) >= 0
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        number = self._number(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and number >= 0:
            self.picked.emit(self._cells[number].place)
