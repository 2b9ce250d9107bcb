"""The clickable cards of the start page and the place to drop things on."""

from html import escape

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import icons

PAD = 12
ICON = 20
FACE = 56


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
        self._frame(painter)
        colour = theme.color("warn.text" if self._icon == "warning" else "accent.text")
        icons.paint(painter, self._icon, QRect(PAD, (self.height() - ICON) // 2, ICON, ICON), colour)
        side = self._corner(painter)
        x = PAD + ICON + 10
        high, low = QFontMetrics(theme.font("body")).height() + 2, QFontMetrics(theme.font("small")).height() + 2
        title = QRect(x, PAD, self.width() - x - PAD - side, high)
        self._line(painter, title, self.text(), "body", "text.primary", 600)
        below = QRect(x, self.height() - PAD - low, self.width() - x - PAD, low)
        self._line(painter, below, self._words, "small", "text.secondary", 400)

    def _frame(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.color("line.subtle"))
        painter.setBrush(theme.color("bg.hover" if self.underMouse() else "bg.panel"))
        if self.hasFocus():
            painter.setPen(QPen(theme.color("accent.base"), 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)

    def _corner(self, painter: QPainter) -> int:
        """What stands at the right, and how wide it is."""
        if not self._side:
            return 0
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color("text.muted"))
        place = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
        painter.drawText(self.rect().adjusted(0, PAD, -PAD, 0), place, self._side)
        return painter.fontMetrics().horizontalAdvance(self._side) + 8

    def _line(self, painter: QPainter, area: QRect, words: str, size: str, colour: str, weight: int) -> None:
        painter.setFont(theme.font(size, weight=weight))
        painter.setPen(theme.color(colour))
        shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, shown)


class ProjectCard(Card):
    """A project with how its examples look, the name of its version, and ``note``: a sign, its colour and words."""

    def __init__(
        self,
        icon: str,
        title: str,
        words: str,
        side: str,
        *,
        face: QPixmap,
        version: str,
        note: tuple[str, str, str] | None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(icon, title, words, side, parent)
        self._face, self._version, self._note = face, version, note
        self.setAccessibleName(", ".join(filter(None, (title, version, words, note[2] if note else ""))))

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), max(self._written(), FACE) + 2 * 8)

    def _written(self) -> int:
        body, small = (QFontMetrics(theme.font(size)).height() + 2 for size in ("body", "small"))
        return body + small * (2 if self._note else 1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self._frame(painter)
        square = QRect(8, (self.height() - FACE) // 2, FACE, FACE)
        clip = QPainterPath()
        clip.addRoundedRect(QRectF(square), 4, 4)
        if self._face.isNull():
            painter.fillPath(clip, theme.color("bg.raised"))
            icons.paint(painter, self._icon, square.adjusted(16, 16, -16, -16), theme.color("accent.text"))
        else:
            painter.setClipPath(clip)
            painter.drawPixmap(square, self._face)
            painter.setClipping(False)
        side = self._corner(painter)
        x, y = square.right() + 12, (self.height() - self._written()) // 2
        body, small = (QFontMetrics(theme.font(size)).height() + 2 for size in ("body", "small"))
        line = QRect(x, y, self.width() - x - PAD - side - self._chip_width(), body)
        self._line(painter, line, self.text(), "body", "text.primary", 600)
        wide = QFontMetrics(theme.font("body", weight=600)).horizontalAdvance(self.text())
        self._chip(painter, x + min(wide, line.width()) + 8, y, body)
        below = QRect(x, y + body, self.width() - x - PAD, small)
        self._line(painter, below, self._words, "small", "text.secondary", 400)
        if self._note:
            icon, colour, words = self._note
            at = below.translated(0, small)
            icons.paint(painter, icon, QRect(x, at.top() + (small - 12) // 2, 12, 12), theme.color(colour))
            self._line(painter, at.adjusted(18, 0, 0, 0), words, "small", "text.secondary", 400)

    def _chip_width(self) -> int:
        return QFontMetrics(theme.font("caption")).horizontalAdvance(self._version) + 20 if self._version else 0

    def _chip(self, painter: QPainter, x: int, y: int, high: int) -> None:
        if not self._version:
            return
        frame = QRect(x, y, self._chip_width() - 8, high)
        painter.setPen(theme.color("line.default"))
        painter.setBrush(theme.color("bg.raised"))
        painter.drawRoundedRect(QRectF(frame).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.color("text.secondary"))
        painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, self._version)


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
