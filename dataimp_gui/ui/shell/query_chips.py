"""A frame around each condition of a filter, so that it reads as the chips that facets, brushes and cells put there."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from dataimp_gui.ui import theme
from dataimp_gui.ui.clauses import Where
from dataimp_gui.ui.shell.query_parts import QueryParts, Span, conditions

MOST: Final = 40  # conditions; a longer text was typed and is left alone


class QueryChips(QWidget):
    """Lies over the text and lets the mouse through. While the text has the focus it is text."""

    def __init__(self, field: QPlainTextEdit, parts: QueryParts) -> None:
        super().__init__(field.viewport())
        self._field, self._parts = field, parts
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        field.textChanged.connect(self._fit)
        field.horizontalScrollBar().valueChanged.connect(self._fit)
        field.installEventFilter(self)
        field.viewport().installEventFilter(self)

    def framed(self) -> list[Span]:
        """Start and end of what has a frame."""
        text = self._field.toPlainText()
        if self._field.hasFocus() or not Where.parse(text).conditions:
            return []
        found = conditions(text)
        return found if len(found) <= MOST else []

    def _fit(self) -> None:
        self.setGeometry(self._field.viewport().rect())
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self._fit()
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.color("line.strong"))
        for span in self.framed():
            painter.drawRoundedRect(QRectF(self._parts.rect(span)).adjusted(0.5, 1.5, -0.5, -1.5), 4, 4)
        painter.end()
