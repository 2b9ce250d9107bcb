"""The line of the query bar: what is typed into it, its values and fields in colour."""

import re
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextDocument,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit

from dataimp_gui.ui import theme

_PARTS: Final = re.compile(r"'(?:[^']|'')*'?|\"(?:[^\"]|\"\")*\"?|\b\d+\.?\d*\b|\w+|.")
_WORDS: Final = frozenset(
    [
        "and",
        "or",
        "not",
        "in",
        "is",
        "null",
        "between",
        "like",
        "ilike",
        "distinct",
        "from",
        "true",
        "false",
        "case",
        "when",
        "then",
        "else",
        "end",
    ]
)


class QueryLine(QPlainTextEdit):
    entered = Signal()
    focused = Signal(bool)
    stepped = Signal(int)  # 1 for down, -1 for up

    closes: Callable[[], bool] | None = None  # asked at Esc; True: something was closed, and the focus stays
    accepts: Callable[[], bool] | None = None  # asked at Tab; True: it was used, and the focus stays

    def __init__(self) -> None:
        super().__init__(lineWrapMode=QPlainTextEdit.LineWrapMode.NoWrap, tabChangesFocus=True)
        self.setObjectName("queryLine")
        self.setWordWrapMode(QTextOption.WrapMode.NoWrap)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.document().setDocumentMargin(2)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._fit()

    def _fit(self) -> None:
        self.setFont(theme.mono("small"))
        self.viewport().setFont(self.font())  # in which the placeholder is painted
        self.setFixedHeight(QFontMetrics(self.font()).height() + 5)

    def event(self, event: QEvent) -> bool:
        escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if escape and event.type() is QEvent.Type.ShortcutOverride:  # leaves the field, whatever Esc does elsewhere
            event.accept()
            return True
        tab = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Tab and event.type() is QEvent.Type.KeyPress
        if tab and self.accepts is not None and self.accepts():
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.entered.emit()
            case Qt.Key.Key_Escape:
                if self.closes is None or not self.closes():
                    self.window().setFocus()
            case Qt.Key.Key_Down | Qt.Key.Key_Up:
                self.stepped.emit(1 if event.key() == Qt.Key.Key_Down else -1)
            case _:
                super().keyPressEvent(event)

    def insertFromMimeData(self, source: object) -> None:
        self.insertPlainText(" ".join(source.text().split("\n")))  # type: ignore[attr-defined]

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focused.emit(False)


class Highlighter(QSyntaxHighlighter):
    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._start, self._length = -1, 0

    def mark(self, start: int, length: int) -> None:
        if (start, length) != (self._start, self._length):
            self._start, self._length = start, length
            self.rehighlight()

    def highlightBlock(self, line: str) -> None:
        for match in _PARTS.finditer(line):
            word = match.group()
            style = QTextCharFormat()
            if word[0] == "'":
                style.setForeground(theme.color("accent.text"))
                style.setBackground(theme.color("accent.tint"))
            elif word in ("error", "correct"):
                kind = "err" if word == "error" else "ok"
                style.setForeground(theme.color(f"{kind}.text"))
                style.setBackground(theme.color(f"{kind}.tint"))
            elif word.lower() in _WORDS or not (word[0].isalnum() or word[0] in '_"'):
                style.setForeground(theme.color("text.secondary"))
            else:
                continue
            self.setFormat(match.start(), len(word), style)
        if self._start >= 0:
            wrong = QTextCharFormat()
            wrong.setForeground(theme.color("err.text"))
            wrong.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
            wrong.setUnderlineColor(theme.color("err.base"))
            self.setFormat(self._start, max(1, self._length), wrong)
