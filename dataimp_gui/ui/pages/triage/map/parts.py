"""What lies over the map: the picture of the point under the mouse, and the colours in words."""

from typing import Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import icons
from dataimp_gui.ui.kit.strip import Thumb
from dataimp_gui.ui.pages.triage.map import colours
from dataimp_gui.ui.pages.triage.map.colours import OUTCOME, Colouring

FACE: Final = 96  # pixels of the picture beside the mouse


class Peek(QWidget):
    """A small picture or text beside a point, with its label."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._thumb: Thumb | None = None
        self.setFixedSize(FACE + 2, FACE + 22)
        self.hide()

    def tell(self, thumb: Thumb, at: QPoint) -> None:
        self._thumb = thumb
        room = self._over.rect()
        left = at.x() + 12 if at.x() + 12 + self.width() < room.width() else at.x() - 12 - self.width()
        top = min(max(4, at.y() - self.height() // 2), max(4, room.height() - self.height() - 4))
        self.move(max(4, left), top)
        self.show()
        self.raise_()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._thumb is None:
            return
        painter = QPainter(self)
        painter.setPen(theme.color("line.strong"))
        painter.setBrush(theme.color("bg.raised"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        face = self.rect().adjusted(1, 1, -1, -21)
        match self._thumb.face:
            case None:
                icons.paint(painter, "image-broken", face.adjusted(36, 36, -36, -36), theme.color("text.muted"))
            case str() as words:
                painter.setPen(theme.color("text.primary"))
                painter.setFont(theme.font("caption"))
                flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop
                painter.drawText(face.adjusted(4, 4, -4, -4), int(flags), words)
            case picture:
                size = picture.size().scaled(face.size(), Qt.AspectRatioMode.KeepAspectRatio)
                at = face.topLeft() + QPoint((face.width() - size.width()) // 2, (face.height() - size.height()) // 2)
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                painter.drawImage(at.x(), at.y(), picture.scaled(size))
        painter.setPen(theme.color("text.secondary"))
        painter.setFont(theme.font("caption"))
        line = self.rect().adjusted(5, self.height() - 20, -5, -2)
        words = painter.fontMetrics().elidedText(self._thumb.words, Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, words)
        painter.end()


class MapLegend(QWidget):
    """The colours in words, in the lower left corner."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._coloured: Colouring | None = None
        self.hide()

    def show_colours(self, coloured: Colouring) -> None:
        self._coloured = coloured
        names = [theme.one_line(name) for name in coloured.names]
        self.setAccessibleName("Colours: " + ", ".join(names))
        metrics = self.fontMetrics()
        widest = max((metrics.horizontalAdvance(name) for name in names), default=0)
        self.setFixedSize(min(widest, 160) + 34, (metrics.height() + 3) * len(names) + 10)
        self.setVisible(bool(names))
        self.place()
        self.raise_()
        self.update()

    def place(self) -> None:
        self.move(16, self._over.height() - self.height() - 16)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._coloured is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QColor(theme.color("bg.panel"))
        ground.setAlpha(220)
        painter.setPen(theme.color("line.subtle"))
        painter.setBrush(ground)
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 6, 6)
        line = self.fontMetrics().height() + 3
        for number, (name, colour) in enumerate(colours.legend(self._coloured).items()):
            top = 5 + number * line
            if self._coloured.column == OUTCOME and number == 1:
                icons.paint(
                    painter,
                    "cross",
                    self.rect().adjusted(7, top + 1, 19 - self.width(), top + 13 - self.height()),
                    colour,
                )
            else:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(colour)
                painter.drawEllipse(10, top + line // 2 - 4, 7, 7)
            painter.setPen(theme.color("text.secondary"))
            words = self.fontMetrics().elidedText(theme.one_line(name), Qt.TextElideMode.ElideRight, 160)
            painter.drawText(24, top, 170, line, Qt.AlignmentFlag.AlignVCenter, words)
        painter.end()
