"""A facet of many values with a field to search among them, which is there while all of them are shown."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.pages.triage.filters.facet import Facet


class SearchedFacet(QWidget):
    """Enter picks the first match, Down goes among the matches, Esc empties the field and then leaves it."""

    def __init__(self, facet: Facet, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facet = facet
        self.field = QLineEdit(placeholderText="Search values", clearButtonEnabled=True)
        self.field.setAccessibleName(f"Search values of {title}")
        self.field.textChanged.connect(facet.search)
        self.field.installEventFilter(self)
        column = parts.column(self, gap=4)
        column.addWidget(self.field)
        column.addWidget(facet)
        self.field.hide()
        facet.unfolded.connect(self._offer)

    def _offer(self, on: bool) -> None:
        self.field.setVisible(on and self._facet.is_long)
        if self.field.isVisible():
            self.field.setFocus()
        elif self.field.text():
            self.field.clear()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or watched is not self.field:
            return super().eventFilter(watched, event)
        if event.type() is QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:
            event.accept()  # else it would be a key of the page
            return True
        if event.type() is QEvent.Type.KeyPress:
            match event.key():
                case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                    self._facet.pick_first(event.modifiers())
                    return True
                case Qt.Key.Key_Down:
                    self._facet.setFocus()
                    return True
                case Qt.Key.Key_Escape:
                    if self.field.text():
                        self.field.clear()
                    else:
                        self._facet.setFocus()
                    return True
        return super().eventFilter(watched, event)
