"""A part of the filter panel that opens and closes, with its title, a note and a way to clear it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QToolButton, QWidget

from dataimp_gui.ui.kit import icons, parts
from dataimp_gui.ui.kit.parts import plain_tip, small_button, text


class Section(QWidget):
    opened = Signal()
    folded = Signal()  # opened or closed, by hand or not
    cleared = Signal()

    def __init__(self, title: str, content: QWidget, *, opened: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content = content
        self._title = QToolButton()
        self._title.setCheckable(True)
        self._title.setChecked(opened)
        self._title.setObjectName("sectionTitle")
        self._title.setText(" ".join(title.split())[:60].replace("&", "&&"))
        self._title.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._title.setAccessibleName(f"{title} section")
        self._title.toggled.connect(self._open)
        self._note = text(size="small", colour="secondary")
        self._clear = small_button("clear", kind="link")
        self._clear.setAccessibleName(f"Clear {title}")
        self._clear.clicked.connect(self.cleared)
        self._clear.hide()
        row = parts.row(gap=8, margins=(0, 4, 0, 0))
        row.addWidget(self._title)
        row.addStretch(1)
        row.addWidget(self._note)
        row.addWidget(self._clear)
        column = parts.column(self, gap=0)
        column.addLayout(row)
        column.addWidget(content)
        self._open(opened)

    @property
    def is_open(self) -> bool:
        return self._title.isChecked()

    def set_open(self, on: bool) -> None:
        self._title.setChecked(on)

    def set_note(self, words: str) -> None:
        self._note.setText(words)

    def set_about(self, words: str) -> None:
        """What the numbers or words in it mean, for the tool tip of the title."""
        self._title.setToolTip(plain_tip(words))

    def set_clearable(self, on: bool) -> None:
        self._clear.setVisible(on)

    def _open(self, on: bool) -> None:
        self._title.setIcon(icons.icon("chevron-down" if on else "chevron-right", "text.muted"))
        self._content.setVisible(on)
        self.folded.emit()
        if on:
            self.opened.emit()
