"""A line of small pictures or texts with words below: as many as fit, each a place to click or to reach by arrows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QImage,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QTextOption,
)
from PySide6.QtWidgets import QWidget

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import icons
from dataimp_gui.ui.kit.places import Places

GAP: Final = 8
WIDTH: Final = 60  # of a thumb, at least
WORDS_H: Final = 0.8  # of the width, for a thumb of words


@dataclass(frozen=True, slots=True)
class Thumb:
    """``face`` is a picture, a text, or None where neither can be shown; ``sign`` is an icon before ``words``."""

    face: QImage | str | None
    words: str
    sign: str = ""
    colour: str = "text.secondary"
    about: str = ""  # for the tool tip and for screen readers
    struck: str = ""  # what no longer holds, above the words


class Strip(Places):
    picked = Signal(int)
    BACK, FORWARD = Qt.Key.Key_Left, Qt.Key.Key_Right
    CHOOSE = (*Places.CHOOSE, Qt.Key.Key_Space)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._thumbs: Sequence[Thumb] = ()
        self.at = 0

    def show_thumbs(self, thumbs: Sequence[Thumb]) -> None:
        self._thumbs, self.at, self.hovered = thumbs, 0, -1
        self._describe()
        self.updateGeometry()
        self.update()

    @property
    def thumbs(self) -> Sequence[Thumb]:
        """Those that fit."""
        return self._thumbs[: self._fitting]

    def thumb_rect(self, number: int) -> QRect:
        width = self._side
        return QRect(number * (width + GAP), 0, width, self.height())

    @property
    def _fitting(self) -> int:
        return max(1, (self.width() + GAP) // (WIDTH + GAP))

    @property
    def _side(self) -> int:
        """They share the line, but do not grow past half as much again when they are few."""
        count = self._fitting
        return min((self.width() + GAP) // count - GAP, WIDTH * 3 // 2)

    @property
    def _face_height(self) -> int:
        worded = any(isinstance(thumb.face, str) for thumb in self._thumbs)
        return round(self._side * (WORDS_H if worded else 1))

    @property
    def _is_struck(self) -> bool:
        return any(thumb.struck for thumb in self._thumbs)

    @property
    def _line(self) -> int:
        return QFontMetrics(theme.font("caption")).height() + 4

    def sizeHint(self) -> QSize:
        return QSize(4 * (WIDTH + GAP), self._face_height + self._line * (1 + self._is_struck))

    def minimumSizeHint(self) -> QSize:
        return QSize(WIDTH, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()

    # painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number, thumb in enumerate(self.thumbs):
            self._paint_thumb(painter, self.thumb_rect(number), thumb, number)

    def _paint_thumb(self, painter: QPainter, area: QRect, thumb: Thumb, number: int) -> None:
        face = QRect(area.left(), area.top(), area.width(), self._face_height)
        worded = not isinstance(thumb.face, QImage)
        painter.fillRect(face, theme.color("bg.window" if worded else "bg.well"))
        if isinstance(thumb.face, QImage):
            size = thumb.face.size().scaled(face.size(), Qt.AspectRatioMode.KeepAspectRatio)
            at = QRect(QPoint(0, 0), size)
            at.moveCenter(face.center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(at, thumb.face)
        elif thumb.face is None:
            square = QRect(face.center().x() - 9, face.center().y() - 9, 18, 18)
            icons.paint(painter, "image-broken", square, theme.color("text.muted"))
        else:
            option = QTextOption()
            option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
            painter.setFont(theme.font("caption"))
            painter.setPen(theme.color("text.secondary"))
            painter.drawText(QRectF(face.adjusted(4, 3, -4, -3)), thumb.face[:200], option)
        if number == self.hovered or (self.hasFocus() and number == self.at):
            painter.setPen(QPen(theme.color("accent.base"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(face.adjusted(1, 1, -1, -1))
        x, y = area.left(), face.bottom() + 1
        if self._is_struck:
            self._paint_words(painter, QRect(x, y, area.width(), self._line), thumb.struck, struck=True)
            y += self._line
        middle = y + self._line // 2
        if thumb.sign:
            icons.paint(painter, thumb.sign, QRect(x, middle - 5, 11, 11), theme.color(thumb.colour))
            x += 14
        self._paint_words(painter, QRect(x, y, area.right() - x, self._line), thumb.words)

    def _paint_words(self, painter: QPainter, area: QRect, words: str, *, struck: bool = False) -> None:
        painter.setFont(theme.font("caption", struck=struck))
        painter.setPen(theme.color("text.muted" if struck else "text.secondary"))
        shown = painter.fontMetrics().elidedText(theme.one_line(words), Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter), shown)

    def _describe(self) -> None:
        said = self._thumbs[self.at] if self._thumbs else None
        self.setAccessibleDescription(theme.one_line(f"{said.words}. {said.about}") if said else "none")

    # hands

    def place_count(self) -> int:
        return len(self.thumbs)

    def place_under(self, point: QPoint) -> int:
        return next((n for n in range(len(self.thumbs)) if self.thumb_rect(n).contains(point)), -1)

    def choose(self, place: int) -> None:
        self.picked.emit(place)

    def tip_of(self, place: int) -> str:
        return theme.one_line(self.thumbs[place].about)

    def moved(self) -> None:
        self._describe()
