"""The black well at the top of the inspector: the picture fitted into it, or one picture pixel a screen pixel."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import icons

HEIGHT = 184


class Well(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self._kept: QPixmap | None = None
        self._words = self._about = ""
        self._exact = False
        self._buttons: list[QToolButton] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Picture")

    def add_button(self, button: QToolButton) -> None:
        button.setParent(self)
        self._buttons.append(button)

    def show_image(self, image: QImage | None, words: str = "", about: str = "") -> None:
        """``words`` stand in place of a picture that cannot be shown, ``about`` in place of its size."""
        self._image, self._words, self._about, self._kept = image, words, about, None
        self.setAccessibleDescription(words or about or self._scale_words())
        self.update()

    def set_exact(self, exact: bool) -> None:
        self._exact, self._kept = exact, None
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        y = 8
        for button in self._buttons:
            button.move(self.width() - button.width() - 8, y)
            y += button.height() + 4
        super().resizeEvent(event)

    def _target(self) -> QRect:
        assert self._image is not None
        ratio = self.devicePixelRatioF()
        size = self._image.size()
        if self._exact:
            size = QSize(max(1, round(size.width() / ratio)), max(1, round(size.height() / ratio)))
        else:
            size = size.scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRect(QPoint(0, 0), size)
        target.moveCenter(self.rect().center())
        return target

    def _scaled(self, size: QSize) -> QPixmap:
        """The picture in screen pixels; kept, because smooth scaling is dear."""
        ratio = self.devicePixelRatioF()
        pixels = QSize(round(size.width() * ratio), round(size.height() * ratio))
        if self._image is not None and (self._kept is None or self._kept.size() != pixels):
            mode = (
                Qt.TransformationMode.FastTransformation if self._exact else Qt.TransformationMode.SmoothTransformation
            )
            self._kept = QPixmap.fromImage(self._image.scaled(pixels, Qt.AspectRatioMode.IgnoreAspectRatio, mode))
            self._kept.setDevicePixelRatio(ratio)
        return self._kept or QPixmap()

    def _scale_words(self) -> str:
        if self._image is None or self._image.isNull():
            return ""
        zoom = self._target().width() * self.devicePixelRatioF() / self._image.width()
        shown = f"{zoom:.0f}×" if zoom >= 1.95 else f"{zoom:.0%}".replace("%", " %")
        return f"{self._image.width()} × {self._image.height()} px · {shown}"

    def _caption(self, painter: QPainter, words: str) -> None:
        """On a ground of its own, because it may lie on a bright picture."""
        size = painter.fontMetrics().size(0, words)
        area = QRect(4, self.height() - size.height() - 6, size.width() + 8, size.height() + 2)
        ground = theme.color("bg.well", "dark")
        ground.setAlphaF(0.75)
        painter.fillRect(area, ground)
        painter.setPen(theme.color("text.secondary", "dark"))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, words)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("bg.well"))
        dim = theme.color("text.muted", "dark")  # the well is black in both themes
        painter.setFont(theme.font("caption"))
        painter.setPen(dim)
        if self._image is not None and not self._image.isNull():
            target = self._target()
            painter.drawPixmap(target.topLeft(), self._scaled(target.size()))
            self._caption(painter, self._about or self._scale_words())
        elif self._words:
            middle = self.rect().center()
            icons.paint(painter, "image-broken", QRect(middle.x() - 14, middle.y() - 34, 28, 28), dim)
            painter.drawText(
                self.rect().adjusted(24, 40, -56, 0),
                Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap,
                self._words,
            )
