"""The text in the inspector: read whole and searched."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QKeyEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QTextEdit, QToolButton, QWidget

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import icon_button, text
from dataimp_gui.ui.pages.triage.inspector import detail
from dataimp_gui.ui.pages.triage.inspector.detail import Detail
from dataimp_gui.ui.session import Session

MOST_MARKED: Final = 1000  # places of what was searched that are coloured; all are counted


class TextView(QWidget):
    def __init__(self, session: Session, tools: Sequence[QToolButton], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._row = session, -1
        self._places: list[tuple[int, int]] = []
        self._here = -1
        self.reading = QPlainTextEdit(readOnly=True)
        self.reading.setObjectName("reading")
        self.reading.setAccessibleName("Text of this example")
        self.reading.setMinimumHeight(160)
        self.reading.setMaximumHeight(260)
        self.field = QLineEdit(placeholderText="Find in this text", clearButtonEnabled=True)
        self.field.setAccessibleName("Find in this text")
        self.field.textChanged.connect(self._search)
        self.field.installEventFilter(self)
        self.count = text(size="small", colour="secondary")
        self.back, self.on = icon_button("chevron-up", "Previous place"), icon_button("chevron-down", "Next place")
        self.back.clicked.connect(lambda: self.step(-1))
        self.on.clicked.connect(lambda: self.step(1))
        line = QWidget()
        row = parts.row(line, gap=4, margins=(8, 4, 8, 4))
        row.addWidget(self.field, 1)
        for widget in (self.count, self.back, self.on, *tools):
            row.addWidget(widget)
        column = parts.column(self, gap=0)
        column.addWidget(self.reading)
        column.addWidget(line)
        self._search()

    def show_detail(self, shown: Detail | None) -> None:
        self._row = -1 if shown is None else shown.example.row
        words = shown.example.text[: detail.LONGEST] if shown else ""
        if self.reading.toPlainText() != words:
            self.reading.setPlainText(words)
            self._search()

    @property
    def ways(self) -> dict[str, object]:
        return {}

    def restore_ways(self, ways: Mapping[str, object]) -> None:
        pass

    # searching

    def _search(self) -> None:
        """What was typed stays when another text comes: the same words are often looked for in all of them."""
        whole, wanted = self.reading.toPlainText(), self.field.text()
        found = list(re.finditer(re.escape(wanted), whole, re.IGNORECASE)) if wanted else []
        units = _units(whole)
        self._places = [(int(units[each.start()]), int(units[each.end()])) for each in found]
        self.back.setEnabled(bool(found))
        self.on.setEnabled(bool(found))
        self._here = -1
        self._mark()
        self.step(1)

    def step(self, by: int) -> None:
        """To the next place, or the one before, round the ends."""
        if not self._places:
            self.count.setText("none" if self.field.text() else "")
            return
        self._here = (self._here + by) % len(self._places)
        cursor = self.reading.textCursor()
        start, end = self._places[self._here]
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        self.reading.setTextCursor(cursor)
        self.reading.ensureCursorVisible()
        self.count.setText(f"{self._here + 1:,} of {len(self._places):,}")

    def _mark(self) -> None:
        marks = [self._coloured(start, end, theme.color("warn.tint")) for start, end in self._places[:MOST_MARKED]]
        self.reading.setExtraSelections(marks)

    def _coloured(self, start: int, end: int, ground: QColor) -> QTextEdit.ExtraSelection:
        cursor = QTextCursor(self.reading.document())
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        form = QTextCharFormat()
        form.setBackground(ground)
        mark = QTextEdit.ExtraSelection()
        mark.cursor, mark.format = cursor, form
        return mark

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Enter and Shift+Enter walk through the places, Esc empties the field."""
        if not isinstance(event, QKeyEvent):
            return False
        is_key = event.type() is QEvent.Type.KeyPress
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if is_key:
                self.step(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
                return True
            case Qt.Key.Key_Escape if event.type() is QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            case Qt.Key.Key_Escape if is_key:
                self.field.clear()
                self.window().setFocus()
                return True
        return False


def _units(words: str) -> npt.NDArray[np.int64]:
    """Where each character, and the end, lies in the UTF-16 units that Qt counts."""
    points = np.frombuffer(words.encode("utf-32-le", "surrogatepass"), np.uint32)
    return np.concatenate([[0], np.cumsum(1 + (points > 0xFFFF))]).astype(np.int64)
