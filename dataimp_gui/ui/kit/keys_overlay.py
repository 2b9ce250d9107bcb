"""Every key at a glance, over the window, until any key or click."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from dataimp_gui.ui.kit.actions import shown_keys
from dataimp_gui.ui.kit.parts import clear, column, key, row, text

COLUMNS = 3
HeldKeys = tuple[tuple[str, ...], str]
"""Keys that a widget takes by itself, and what it does then."""


class KeysOverlay(QFrame):
    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("popover")
        self.setAccessibleName("Keys")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(32)
        self._grid.setVerticalSpacing(8)
        self._window = window
        lines = column(self, gap=16, margins=(24, 20, 24, 20))
        lines.addWidget(text("Keys", size="title", strong=True))
        lines.addLayout(self._grid)
        self.hide()

    def open_with(self, actions: Sequence[QAction], held: Sequence[HeldKeys] = ()) -> None:
        clear(self._grid)
        listed = [*listing(actions), *held]
        lines = -(-len(listed) // COLUMNS)
        for number, (pressed, words) in enumerate(listed):
            place, line = divmod(number, max(1, lines))
            keys = QWidget()
            line_of_keys = row(keys, gap=4)
            for one in pressed:
                line_of_keys.addWidget(key(one))
            line_of_keys.addStretch(1)
            self._grid.addWidget(keys, line, 2 * place)
            self._grid.addWidget(text(words, size="small"), line, 2 * place + 1)
        self.adjustSize()
        window = self._window
        self.move((window.width() - self.width()) // 2, max(20, (window.height() - self.height()) // 2))
        self.show()
        self.raise_()
        self.setFocus()

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride:  # any key closes it, also one that does something elsewhere
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, _event: QKeyEvent) -> None:
        self._leave()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.hide()

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        self._leave()

    def _leave(self) -> None:
        self.hide()
        self._window.setFocus()


def listing(actions: Sequence[QAction]) -> list[tuple[tuple[str, ...], str]]:
    """Keys and words of every action that has keys; those whose words end with their own key share one line."""
    lines: list[tuple[tuple[str, ...], str]] = []
    for action in actions:
        keys, words = tuple(shown_keys(action)), action.text().replace("&", "").rstrip("…")
        if not keys:
            continue
        stem = words.removesuffix(f" {keys[-1]}") if len(keys) == 1 else words
        before, said = lines[-1] if lines else ((), "")
        if stem != words and said == stem:
            lines[-1] = ((before[0], "…", keys[-1]), stem)
        else:
            lines.append((keys, stem))
    return lines
