"""The clickable cards of the start page and the place to drop things on."""

from html import escape

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import icons

PAD = 12
ICON = 20


class Card(QAbstractButton):
    """An icon, a title, a line of words, and something short at the right. Enter and Space press it."""

    def __init__(self, icon: str, title: str, words: str, side: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._words, self._side = icon, words, side
        self.setText(title)
        self.setAccessibleName(f"{title}, {words}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def explain(self, words: str) -> None:
        """A tool tip; escaped, because Qt would take some words for rich text."""
        self.setToolTip(f"<qt>{escape(words)}</qt>")

    def sizeHint(self) -> QSize:
        lines = QFontMetrics(theme.font("body")).height() + QFontMetrics(theme.font("small")).height()
        return QSize(140, lines + 2 * PAD + 4)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        warning = self._icon == "warning"
        painter.setPen(theme.color("line.subtle"))
        painter.setBrush(theme.color("bg.hover" if self.underMouse() else "bg.panel"))
        if self.hasFocus():
            painter.setPen(QPen(theme.color("accent.base"), 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        colour = theme.color("warn.text" if warning else "accent.text")
        icons.paint(painter, self._icon, QRect(PAD, (self.height() - ICON) // 2, ICON, ICON), colour)
        side = 0
        if self._side:
            painter.setFont(theme.font("small"))
            painter.setPen(theme.color("text.muted"))
            side = painter.fontMetrics().horizontalAdvance(self._side) + 8
            painter.drawText(
                self.rect().adjusted(0, PAD, -PAD, 0),
                Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop,
                self._side,
            )
        x = PAD + ICON + 10
        high, low = QFontMetrics(theme.font("body")).height() + 2, QFontMetrics(theme.font("small")).height() + 2
        title = QRect(x, PAD, self.width() - x - PAD - side, high)
        self._line(painter, title, self.text(), "body", "text.primary", 600)
        below = QRect(x, self.height() - PAD - low, self.width() - x - PAD, low)
        self._line(painter, below, self._words, "small", "text.secondary", 400)

    def _line(self, painter: QPainter, area: QRect, words: str, size: str, colour: str, weight: int) -> None:
        painter.setFont(theme.font(size, weight=weight))
        painter.setPen(theme.color(colour))
        shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, shown)


class DropZone(QAbstractButton):
    """The whole window takes drops; this says so, and a click asks for a file."""

    def __init__(self, title: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self.setText(title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(words)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        return QSize(200, self.heightForWidth(320))

    def heightForWidth(self, width: int) -> int:
        area = QRect(0, 0, max(1, width - 72), 10_000)
        words = QFontMetrics(theme.font("small")).boundingRect(area, Qt.TextFlag.TextWordWrap, self._words)
        return max(104, 16 + self._title_height() + 4 + words.height() + 20)

    def _title_height(self) -> int:
        return QFontMetrics(theme.font("body", weight=600)).height() + 2

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(theme.color("accent.base" if self.hasFocus() else "line.strong"), 2 if self.hasFocus() else 1)
        pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(theme.color("bg.panel"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        icons.paint(painter, "import", QRect(20, (self.height() - 24) // 2, 24, 24), theme.color("text.secondary"))
        painter.setFont(theme.font("body", weight=600))
        painter.setPen(theme.color("text.primary"))
        high = self._title_height()
        painter.drawText(QRect(60, 16, self.width() - 72, high), Qt.AlignmentFlag.AlignVCenter, self.text())
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color("text.secondary"))
        area = QRect(60, 16 + high + 4, self.width() - 72, self.height())
        painter.drawText(area, Qt.TextFlag.TextWordWrap, self._words)
