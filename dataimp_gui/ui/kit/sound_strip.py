"""The picture of a sound as a line of time: where it is heard, a click that goes there, a drag that marks a part."""

from typing import Final

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import icons

STEP: Final = 0.02  # of the whole, by an arrow key
KEYS: Final = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_Return, Qt.Key.Key_Enter)
DRAG: Final = 6  # pixels from which on a press marks a part

Span = tuple[float, float]


class SoundStrip(QWidget):
    """Places are shares of the whole, in [0, 1]."""

    sought = Signal(float)
    marked = Signal(object)  # Span, or None when the mark is taken away
    pressed = Signal()  # Enter: play or pause

    def __init__(self, height: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._height = height
        self._image: QImage | None = None
        self._words = self._time = ""
        self._at = 0.0
        self._span: Span | None = None
        self._grip: int | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Waveform and spectrogram")
        self.setToolTip("Click to go there, drag to mark a part that is repeated, arrows to move, Esc to take the mark")

    def show_sound(self, image: QImage | None, words: str = "") -> None:
        """``words`` stand in place of a sound that cannot be shown."""
        self._image, self._words, self._span, self._at, self._grip = image, words, None, 0.0, None
        self._say()

    def show_place(self, share: float, time: str) -> None:
        """``time`` is written over the picture."""
        self._at, self._time = share, time
        self.update()

    def take_mark(self) -> None:
        if self._span is not None:
            self._span = None
            self.marked.emit(None)
            self._say()

    @property
    def place(self) -> float:
        return self._at

    @property
    def time(self) -> str:
        return self._time

    @property
    def span(self) -> Span | None:
        return self._span

    def sizeHint(self) -> QSize:
        return QSize(320, self._height)

    def _say(self) -> None:
        part = f"A part from {self._span[0]:.0%} to {self._span[1]:.0%} is marked" if self._span else ""
        self.setAccessibleDescription(self._words or part)
        self.update()

    def _share(self, x: float) -> float:
        return min(max(x / max(1, self.width()), 0.0), 1.0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("bg.well"))
        if self._image is None:
            self._paint_words(painter)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(self.rect(), self._image)
            if self._span is not None:
                first, last = (round(share * self.width()) for share in self._span)
                ground = theme.color("accent.base", "dark")
                ground.setAlphaF(0.28)
                painter.fillRect(QRect(first, 0, last - first, self.height()), ground)
                for x in (first, last):
                    painter.fillRect(QRect(x, 0, 1, self.height()), theme.color("accent.base", "dark"))
            light = theme.color("text.primary", "dark")  # the well is black in both themes
            painter.fillRect(QRect(min(round(self._at * self.width()), self.width() - 2), 0, 2, self.height()), light)
            self._paint_time(painter)
        if self.hasFocus():
            painter.setPen(QPen(theme.color("accent.base"), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()

    def _paint_time(self, painter: QPainter) -> None:
        """On a ground of its own, because the picture may be bright there."""
        if not self._time:
            return
        painter.setFont(theme.numbers("caption"))
        size = painter.fontMetrics().size(0, self._time)
        area = QRect(6, self.height() - size.height() - 8, size.width() + 8, size.height() + 2)
        ground = theme.color("bg.well", "dark")
        ground.setAlphaF(0.75)
        painter.fillRect(area, ground)
        painter.setPen(theme.color("text.secondary", "dark"))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self._time)

    def _paint_words(self, painter: QPainter) -> None:
        if not self._words:
            return
        dim, middle = theme.color("text.muted", "dark"), self.rect().center()
        icons.paint(painter, "audio", QRect(middle.x() - 14, middle.y() - 34, 28, 28), dim)
        painter.setFont(theme.font("caption"))
        painter.setPen(dim)
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(self.rect().adjusted(24, 40, -56, 0), flags, self._words)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self._image is not None:
            self._grip = round(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = round(event.position().x())
        if self._grip is not None and (self._span is not None or abs(x - self._grip) >= DRAG):
            first, last = sorted((self._share(self._grip), self._share(x)))
            self._span = (first, last)
            self._say()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        grip, self._grip = self._grip, None
        if grip is None:
            return
        x = round(event.position().x())
        if abs(x - grip) >= DRAG:
            self.marked.emit(self._span)
        else:
            self.take_mark()
            self.sought.emit(self._share(x))

    def event(self, event: QEvent) -> bool:
        """Its keys are its own while it has the focus, whatever they do elsewhere."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride and self._takes(event.key()):
            event.accept()
            return True
        return super().event(event)

    def _takes(self, key: int) -> bool:
        return key in KEYS or (key == Qt.Key.Key_Escape and self._span is not None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Left | Qt.Key.Key_Right:
                step = STEP if event.key() == Qt.Key.Key_Right else -STEP
                self.sought.emit(min(max(self._at + step, 0.0), 1.0))
            case Qt.Key.Key_Home:
                self.sought.emit(0.0)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.pressed.emit()
            case Qt.Key.Key_Escape if self._span is not None:
                self.take_mark()
            case _:
                super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()
