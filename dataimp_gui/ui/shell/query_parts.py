"""The conditions of a filter as parts of the line that can be taken out one by one."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from dataimp_gui.ui import theme
from dataimp_gui.ui.clauses import Where
from dataimp_gui.ui.kit.parts import icon_button, plain_tip

SIDE: Final = 18  # of the button
Span = tuple[int, int]


def conditions(text: str) -> list[Span]:
    """Start and end of each condition in a clause; none where one cannot be found again."""
    found, at = [], 0
    for condition in Where.parse(text).conditions:
        start = text.find(condition.text, at)
        if start < 0 or not condition.text:
            return []
        at = start + len(condition.text)
        found.append((start, at))
    return found


def spans(text: str) -> list[Span]:
    """Those of a clause of several."""
    found = conditions(text)
    return found if len(found) > 1 else []


def without(text: str, span: Span) -> str:
    """The clause with one of its conditions taken out."""
    return str(Where.parse(text).drop(spans(text).index(span)))


class QueryParts(QObject):
    """Under the mouse a condition gets a frame and a button; with Ctrl+Shift+Backspace the one at the cursor goes."""

    dropped = Signal(str)  # what is left of the text

    def __init__(self, field: QPlainTextEdit) -> None:
        super().__init__(field)
        self._field = field
        self._over: Span | None = None
        viewport = field.viewport()
        viewport.setMouseTracking(True)
        viewport.installEventFilter(self)
        field.installEventFilter(self)
        field.textChanged.connect(self._rest)
        self._frame = _Frame(viewport)
        self.button = icon_button("close", "Take this condition out", key="Ctrl+Shift+Backspace")
        self.button.setParent(viewport)
        self.button.setFixedSize(SIDE, SIDE)
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.button.setCursor(Qt.CursorShape.ArrowCursor)
        self.button.clicked.connect(lambda: self._drop(self._over))
        self._rest()

    def _drop(self, span: Span | None) -> None:
        text = self._field.toPlainText()
        if span is not None and span in spans(text):
            self._rest()
            self.dropped.emit(without(text, span))

    def _rest(self) -> None:
        self._over = None
        self._frame.hide()
        self.button.hide()

    def rect(self, span: Span) -> QRect:
        """Where a condition stands in the viewport."""
        left, right = (self._field.cursorRect(self._cursor(at)) for at in span)
        return QRect(left.left() - 3, 0, right.left() - left.left() + 6, self._field.viewport().height())

    def _cursor(self, at: int) -> QTextCursor:
        cursor = QTextCursor(self._field.document())
        cursor.setPosition(at)
        return cursor

    def _look(self, x: int) -> None:
        """Which condition is under the mouse?"""
        found = spans(self._field.toPlainText())
        over = next((span for span in found if self.rect(span).left() <= x < self.rect(span).right() + SIDE), None)
        if over is None:
            self._rest()
            return
        if over == self._over:
            return
        self._over, place = over, self.rect(over)
        viewport = self._field.viewport()
        place.setRight(min(place.right() + SIDE, viewport.width() - 1))
        self._frame.setGeometry(place)
        self._frame.show()
        self.button.move(place.right() - SIDE, (viewport.height() - SIDE) // 2)
        self.button.setToolTip(plain_tip(f"Take out: {self._field.toPlainText()[over[0] : over[1]]}"))
        self.button.show()
        self.button.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._field:
            if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and _is_drop(event):
                at, text = self._field.textCursor().position(), self._field.toPlainText()
                self._drop(next((span for span in spans(text) if at <= span[1]), None))
                return True
        elif isinstance(event, QMouseEvent) and event.type() is QEvent.Type.MouseMove:
            self._look(event.position().toPoint().x())
        elif event.type() is QEvent.Type.Leave:
            self._rest()
        return super().eventFilter(watched, event)


def _is_drop(event: QKeyEvent) -> bool:
    held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    return event.key() == Qt.Key.Key_Backspace and event.modifiers() == held


class _Frame(QWidget):
    """Drawn around a condition and its button, under which nothing shines through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect().adjusted(self.width() - SIDE - 2, 1, -1, -1), theme.color("bg.raised"))
        painter.setPen(theme.color("line.strong"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
