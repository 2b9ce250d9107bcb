"""Buttons side by side of which one is chosen."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QButtonGroup, QToolButton, QWidget

from dataimp_gui.ui.kit import parts

PADDING: Final = 24  # of a button, which its own hint does not know
SMALL_PADDING: Final = 14


class Segments(QWidget):
    chosen = Signal(str)  # by hand

    def __init__(
        self, name: str, titles: Mapping[str, str], parent: QWidget | None = None, *, small: bool = False
    ) -> None:
        """``titles`` by key; the first one is chosen."""
        super().__init__(parent)
        self.setAccessibleName(name)
        self._padding = SMALL_PADDING if small else PADDING
        self.buttons: dict[str, QToolButton] = {}
        group = QButtonGroup(self)
        row = parts.row(self, gap=0)
        for key, title in titles.items():
            button = self.buttons[key] = QToolButton()
            button.setCheckable(True)
            button.setChecked(len(self.buttons) == 1)
            button.setProperty("segment", "true")
            button.setProperty("small", "true" if small else "false")
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
            button.clicked.connect(lambda _, key=key: self.chosen.emit(key))
            group.addButton(button)
            row.addWidget(button)
            self.rename(key, title)

    def rename(self, key: str, title: str) -> None:
        button = self.buttons[key]
        button.setText(title)
        button.setMinimumWidth(QFontMetrics(button.font()).horizontalAdvance(title) + self._padding)

    @property
    def key(self) -> str:
        return next(key for key, button in self.buttons.items() if button.isChecked())

    def choose(self, key: str) -> None:
        self.buttons[key].setChecked(True)
