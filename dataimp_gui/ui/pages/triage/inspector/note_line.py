"""The line on which a note is written."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget


class NoteLine(QLineEdit):
    """Hands over what was written when Enter is pressed or the focus leaves."""

    finished = Signal()
    dropped = Signal()  # Esc: what was written is not wanted

    def __init__(self, *, placeholder: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, placeholderText=placeholder)
        self.setAccessibleName("Note on this example")
        self.returnPressed.connect(self._leave)

    def event(self, event: QEvent) -> bool:
        escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if escape and event.type() is QEvent.Type.ShortcutOverride:  # whatever Esc does elsewhere
            event.accept()
            return True
        if escape and event.type() is QEvent.Type.KeyPress:
            self.dropped.emit()
            self._leave()
            return True
        return super().event(event)

    def _leave(self) -> None:
        """The next number key is about the example again."""
        self.window().setFocus()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.finished.emit()
