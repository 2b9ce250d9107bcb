"""A button with the key that does the same drawn on it."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import Elided, sign


class KeyedButton(QPushButton):
    """``kind`` as of `parts.button`."""

    def __init__(self, words: str, key: str, *, kind: str = "", icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", kind)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)  # long words give way
        colour = "onfill" if kind == "primary" else "primary"
        self._words, self._key = Elided(colour=colour), parts.key(key)
        row = parts.row(self, gap=6, margins=(8, 0, 8, 0))
        row.addStretch(1)
        if icon:
            row.addWidget(sign(icon, "text.onfill" if kind == "primary" else "text.secondary", 14))
        row.addWidget(self._words)
        row.addWidget(self._key)
        row.addStretch(1)
        for child in self.findChildren(QWidget):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.show_words(words)

    def show_words(self, words: str) -> None:
        if words == self.accessibleName():
            return
        self._words.show_words(words)
        self.setAccessibleName(words)
        self.setToolTip(parts.plain_tip(f"{words} ({self._key.text()})"))
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        layout = self.layout()
        wanted = layout.sizeHint() if layout is not None else QSize()
        return QSize(wanted.width(), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(64, self.sizeHint().height())
