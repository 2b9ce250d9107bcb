"""The small parts that every page is made of: plain text, chips, buttons, rows that wrap."""

from typing import TypeVar

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLayoutItem,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import icons

Spin = TypeVar("Spin", bound=QAbstractSpinBox)

SIGN_W = 15  # of a chip, with its gap
WIDEST = 640  # that an elided line asks for


def text(
    words: str = "", *, size: str = "body", colour: str = "primary", strong: bool = False, mono: bool = False
) -> QLabel:
    """A label that shows plain text and nothing else. ``colour``: primary, secondary, muted, accent, ok, err, warn."""
    label = QLabel()
    _dress(label, size, colour, strong=strong, mono=mono)
    label.setText(words)
    return label


def _dress(label: QLabel, size: str, colour: str, *, strong: bool = False, mono: bool = False) -> None:
    """Plain text; how it looks is left to the style sheet, so that a new theme or text size reaches it."""
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("textSize", size)  # "size" is taken by Qt
    label.setProperty("colour", colour)
    if strong:
        label.setProperty("strong", "true")
    if mono:
        label.setFont(theme.mono(size))


class Elided(QLabel):
    """One line of plain text that is cut with an ellipsis where it does not fit; the whole is in the tool tip."""

    def __init__(self, words: str = "", *, size: str = "body", colour: str = "primary", strong: bool = False) -> None:
        super().__init__()
        self._words = ""
        _dress(self, size, colour, strong=strong)
        self.setMinimumWidth(24)
        self.show_words(words)

    def show_words(self, words: str) -> None:
        self._words = theme.one_line(words)
        self.updateGeometry()
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._fit()

    def sizeHint(self) -> QSize:
        self.ensurePolished()
        width = QFontMetrics(self.font()).horizontalAdvance(self._words) + 4
        return QSize(min(width, WIDEST), super().sizeHint().height())

    def _fit(self) -> None:
        shown = QFontMetrics(self.font()).elidedText(self._words, Qt.TextElideMode.ElideRight, self.width())
        self.setText(shown)
        self.setAccessibleName(self._words)
        self.setToolTip(plain_tip(self._words) if shown != self._words else "")


class _Sign(QWidget):
    def __init__(self, icon: str, colour: str, side: int) -> None:
        super().__init__()
        self._icon = icon
        self._colour = colour
        self.setFixedSize(side, side)

    def show_sign(self, icon: str, colour: str) -> None:
        self._icon, self._colour = icon, colour
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._icon:
            painter = QPainter(self)
            icons.paint(painter, self._icon, self.rect(), theme.color(self._colour))
            painter.end()


def sign(icon: str, colour: str = "text.secondary", side: int = 16) -> _Sign:
    """An icon that stands by itself, or its empty room; what it means must be said in words beside it."""
    return _Sign(icon, colour, side)


def section_title(words: str) -> QLabel:
    return text(words, size="small", strong=True)


class _Chip(QLabel):
    """A small framed word with a sign before it."""

    def __init__(self, words: str, kind: str, icon: str) -> None:
        super().__init__()
        _dress(self, "caption", "")
        self.setProperty("chip", kind or "neutral")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._icon = icon
        self._colour = f"{kind}.text" if kind else "text.secondary"
        if icon:
            self.setContentsMargins(SIGN_W, 0, 0, 0)
        self.setText(words)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._icon:
            painter = QPainter(self)
            square = QRect(6, (self.height() - 12) // 2, 12, 12)
            icons.paint(painter, self._icon, square, theme.color(self._colour))
            painter.end()


def chip(words: str, kind: str = "", icon: str = "") -> QLabel:
    """A small framed word. ``kind``: "", accent, ok, err, warn, synth or aug."""
    return _Chip(words, kind, icon)


def key(words: str) -> QLabel:
    """How a key is drawn."""
    label = text(words, size="caption", colour="")
    label.setProperty("chip", "key")
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    return label


def button(words: str, *, kind: str = "", icon: str = "", key: str = "") -> QPushButton:
    """``kind``: "", primary, quiet or link. ``key`` is shown in the tool tip."""
    made = QPushButton(words.replace("&", "&&"))
    made.setProperty("kind", kind)
    made.setAccessibleName(words)
    if icon:
        made.setIcon(icons.icon(icon, "text.onfill" if kind == "primary" else "text.secondary"))
        made.setIconSize(QSize(20, 16))  # the sign is square: what is left over is the gap before the words
    if key:
        made.setToolTip(f"{words} ({key})")
    return made


def key_button(words: str, key: str, *, kind: str = "") -> QPushButton:
    """A button that shows its key beside its words."""
    made = button(words, kind=kind, key=key)
    made.setIcon(icons.key_icon(key, on_fill=kind == "primary"))
    made.setIconSize(QSize(QFontMetrics(theme.font("caption")).horizontalAdvance(key) + 10 + icons.KEY_GAP, 16))
    made.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # puts the key behind the words
    return made


def small_button(words: str, *, key: str = "", icon: str = "", kind: str = "") -> QPushButton:
    made = button(words, kind=kind, icon=icon, key=key)
    made.setProperty("small", "true")
    return made


def icon_button(icon: str, name: str, *, key: str = "", checkable: bool = False, raised: bool = False) -> QToolButton:
    """``name`` is what it does, for the tool tip and for screen readers."""
    made = QToolButton()
    made.setIcon(icons.icon(icon))
    made.setIconSize(QSize(16, 16))
    made.setAccessibleName(name)
    made.setToolTip(f"{name} ({key})" if key else name)
    made.setCheckable(checkable)
    made.setFixedSize(28, 28)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    if raised:
        made.setProperty("raised", "true")
    return made


Margins = tuple[int, int, int, int]
_NO_MARGINS: Margins = (0, 0, 0, 0)


def inset(spin: Spin) -> Spin:
    """Its figure off the edge: a style sheet has no say in that."""
    spin.lineEdit().setTextMargins(6, 0, 0, 0)
    return spin


def row(parent: QWidget | None = None, *, gap: int = 8, margins: Margins = _NO_MARGINS) -> QHBoxLayout:
    """Side by side; ``margins`` left, top, right, bottom."""
    layout = QHBoxLayout(parent) if parent is not None else QHBoxLayout()
    layout.setSpacing(gap)
    layout.setContentsMargins(*margins)
    return layout


def column(parent: QWidget | None = None, *, gap: int = 8, margins: Margins = _NO_MARGINS) -> QVBoxLayout:
    """One below the other."""
    layout = QVBoxLayout(parent) if parent is not None else QVBoxLayout()
    layout.setSpacing(gap)
    layout.setContentsMargins(*margins)
    return layout


def flow(widget: QWidget) -> "Flow":
    """A layout for ``widget`` that puts its children side by side and wraps them."""
    return Flow(widget)


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and delete it."""
    while (item := layout.takeAt(0)) is not None:
        if (child := item.widget()) is not None:
            child.hide()
            child.deleteLater()
        elif (inner := item.layout()) is not None:
            clear(inner)


class Flow(QLayout):
    """Children in reading order, in as many lines as they need."""

    def __init__(self, parent: QWidget | None = None, gap: int = 6) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, move=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def _place(self, rect: QRect, *, move: bool) -> int:
        x, y, line = rect.x(), rect.y(), 0
        for item in self._items:
            if item.isEmpty():  # hidden
                continue
            size = item.sizeHint().boundedTo(QSize(max(rect.width(), 1), 10_000))
            if x > rect.x() and x + size.width() > rect.right() + 1:
                x, y, line = rect.x(), y + line + self._gap, 0
            if move:
                item.setGeometry(QRect(QPoint(x, y), size))
            x += size.width() + self._gap
            line = max(line, size.height())
        return y + line - rect.y()


def plain_tip(words: str) -> str:
    """Text from data for a tool tip, which would guess whether it is rich text: it is not."""
    from html import escape

    return f"<qt>{escape(words)}</qt>"
