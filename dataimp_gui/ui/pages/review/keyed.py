"""A button with the key that does the same drawn on it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from dataimp_gui.ui.kit import icons, parts


class KeyedButton(QPushButton):
    def __init__(self, words: str, key: str, *, kind: str = "", icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", kind)
        if icon:
            self.setIcon(icons.icon(icon, "text.onfill" if kind == "primary" else "text.secondary"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        label = parts.key(key)
        label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row = parts.row(self, margins=(8, 0, 8, 0))
        row.addStretch(1)
        row.addWidget(label)
        self._key = key
        self.show_words(words)

    def show_words(self, words: str) -> None:
        shown = words if len(words) <= 34 else words[:33] + "…"
        self.setText(shown.replace("&", "&&"))
        self.setAccessibleName(words)
        self.setToolTip(f"({self._key})" if shown == words else parts.plain_tip(f"{words} ({self._key})"))
