"""A bar that says something that should not be overlooked, above what it is about, until it is closed."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from dataimp_gui.ui.kit.parts import icon_button, row, sign, text


class Notice(QWidget):
    """Once closed it stays away until it has something else to say."""

    closed = Signal()

    def __init__(self, icon: str = "warning", kind: str = "warn", parent: QWidget | None = None) -> None:
        """``kind``: warn or err."""
        super().__init__(parent)
        self.setObjectName("notice")
        self.setProperty("kind", kind)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._seen = ""
        self._words = text(size="small")
        self._words.setWordWrap(True)
        self._words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.close_button = icon_button("close", "Close this message")
        self.close_button.clicked.connect(self._close)
        line = row(self, margins=(12, 4, 8, 4))
        line.addWidget(sign(icon, f"{kind}.text"))
        line.addWidget(self._words, 1)
        line.addWidget(self.close_button)
        self.hide()

    @property
    def words(self) -> str:
        """What it says, empty while it is away."""
        return "" if self.isHidden() else self._words.text()

    def show_words(self, words: str) -> None:
        """Empty words take it away. It must stand in a window by now."""
        if not words:
            self._seen = ""
        self._words.setText(words)
        self.setAccessibleName(words)
        self.setVisible(bool(words) and words != self._seen)

    def _close(self) -> None:
        self._seen = self._words.text()
        self.hide()
        self.closed.emit()
