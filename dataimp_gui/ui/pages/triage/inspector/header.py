"""The top line of the inspector: which example, its split, its place among the others, the ways on and back."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import Elided, chip, icon_button, text


class Header(QWidget):
    stepped = Signal(int)  # -1 previous, 1 next

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panelHeader")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(40)
        row = parts.row(self, gap=6, margins=(12, 0, 8, 0))
        self._id = Elided(strong=True)
        self._id.setFont(theme.mono())
        self._split = chip("")
        self.place = text(size="small", colour="secondary")
        back, on = icon_button("chevron-left", "Previous example"), icon_button("chevron-right", "Next example")
        back.clicked.connect(lambda: self.stepped.emit(-1))
        on.clicked.connect(lambda: self.stepped.emit(1))
        row.addWidget(self._id, 1)
        for widget in (self._split, self.place, back, on):
            row.addWidget(widget)

    def show_example(self, name: str, split: str) -> None:
        self._id.show_words(name)
        self._split.setText(split)
        self._split.setVisible(bool(split))

    def id_words(self) -> str:
        return self._id.accessibleName()
