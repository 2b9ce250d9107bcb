"""A list over the window to choose a word from by typing a part of it; a word that is not there can be made."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QWidget

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import parts

WIDTH: Final = 280
MOST: Final = 200
ROWS: Final = 11  # that show at once
NEW: Final = Qt.ItemDataRole.UserRole + 1


def matching(words: Sequence[str], typed: str) -> list[str]:
    """Words that begin with what was typed, then those that hold it; case does not matter."""
    needle = typed.strip().casefold()
    if not needle:
        return list(words)
    begin = [word for word in words if word.casefold().startswith(needle)]
    return begin + [word for word in words if needle in word.casefold() and word not in begin]


class Picker(QFrame):
    chosen = Signal(str, bool)  # the word, and whether it is a new one

    def __init__(self, title: str, make: str, parent: QWidget) -> None:
        """``make`` is what a new word is called, e.g. "New class"."""
        super().__init__(parent.window())
        self.setObjectName("picker")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._before = parent.window().focusWidget()
        self._words: Sequence[str] = ()
        self._make = make
        self.field = QLineEdit(placeholderText=title)
        self.field.setAccessibleName(title)
        self.field.textChanged.connect(self._fill)
        self.field.installEventFilter(self)
        self.list = QListWidget()
        self.list.setObjectName("pickerList")
        self.list.setAccessibleName(title)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemClicked.connect(self._take)
        column = parts.column(self, gap=4, margins=(6, 6, 6, 6))
        column.addWidget(self.field)
        column.addWidget(self.list)
        self.setFixedWidth(WIDTH)

    def open_at(self, corner: QPoint, words: Sequence[str]) -> None:
        """``words`` with the most likely first; ``corner`` is the top left one in the window."""
        self._words = words
        self._fill("")
        self.move(corner)
        self.show()
        self.raise_()
        self.field.setFocus()

    def _fill(self, typed: str) -> None:
        self.list.clear()
        found = matching(self._words, typed)
        for word in found[:MOST]:
            item = QListWidgetItem(theme.one_line(word) or "(blank)")
            item.setData(Qt.ItemDataRole.UserRole, word)
            self.list.addItem(item)
        fresh = typed.strip()
        if fresh and fresh not in self._words:
            item = QListWidgetItem(f"{self._make} “{theme.one_line(fresh)}”")
            item.setData(Qt.ItemDataRole.UserRole, fresh)
            item.setData(NEW, True)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        rows = min(self.list.count(), ROWS)
        self.list.setVisible(bool(rows))
        self.list.setFixedHeight(rows * max(1, self.list.sizeHintForRow(0)) + 4)
        self.adjustSize()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride:
            if event.key() == Qt.Key.Key_Escape:  # closes the list instead of what Esc does elsewhere
                event.accept()
                return True
        elif watched is self.field and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            match event.key():
                case Qt.Key.Key_Down | Qt.Key.Key_Up:
                    step = 1 if event.key() == Qt.Key.Key_Down else -1
                    row = min(max(self.list.currentRow() + step, 0), self.list.count() - 1)
                    self.list.setCurrentRow(row)
                    return True
                case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                    if item := self.list.currentItem():
                        self._take(item)
                    return True
                case Qt.Key.Key_Escape:
                    self._leave()
                    return True
                case _:
                    pass
        if watched is self.field and event.type() == QEvent.Type.FocusOut:
            self._leave()
        return super().eventFilter(watched, event)

    def _leave(self) -> None:
        if self.isHidden():
            return
        self.hide()
        if self._before is not None:
            self._before.setFocus()
        self.deleteLater()

    def _take(self, item: QListWidgetItem) -> None:
        word, fresh = str(item.data(Qt.ItemDataRole.UserRole)), bool(item.data(NEW))
        self._leave()
        self.chosen.emit(word, fresh)
