"""Every key at a glance, over the window, until any key or click."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from dataimp_gui.ui.kit.actions import shown_keys
from dataimp_gui.ui.kit.parts import clear, column, key, row, text

COLUMNS = 3


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

    def open_with(self, actions: Sequence[QAction]) -> None:
        clear(self._grid)
        listed = [action for action in actions if shown_keys(action)]
        lines = -(-len(listed) // COLUMNS)
        for number, action in enumerate(listed):
            place, line = divmod(number, max(1, lines))
            keys = QWidget()
            line_of_keys = row(keys, gap=4)
            for one in shown_keys(action):
                line_of_keys.addWidget(key(one))
            line_of_keys.addStretch(1)
            self._grid.addWidget(keys, line, 2 * place)
            self._grid.addWidget(text(action.text().replace("&", "").rstrip("…"), size="small"), line, 2 * place + 1)
        self.adjustSize()
        window = self._window
        self.move((window.width() - self.width()) // 2, max(20, (window.height() - self.height()) // 2))
        self.show()
        self.raise_()
        self.setFocus()

    def keyPressEvent(self, _event: QKeyEvent) -> None:
        self._leave()

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        self._leave()

    def _leave(self) -> None:
        self.hide()
        self._window.setFocus()
