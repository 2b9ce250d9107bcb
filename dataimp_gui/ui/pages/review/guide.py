"""The labelling guide of the project, read beside the example and written in place."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from dataimp_gui.core.project import Project
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import section_title, small_button, text
from dataimp_gui.ui.session import Session

EMPTY = "Say here what tells the labels apart: one sentence a label. It is kept with the project."


class Guide(QWidget):
    """Ctrl+Enter or leaving the field writes it, Esc drops what was typed."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._words = session.project.guide()
        self.shown = text(size="small", colour="secondary")
        self.shown.setWordWrap(True)
        self.shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.field = QPlainTextEdit()
        self.field.setAccessibleName("Labelling guide")
        self.field.setPlaceholderText(EMPTY)
        self.field.setTabChangesFocus(True)
        self.field.setMinimumHeight(120)
        self.field.installEventFilter(self)
        self.field.hide()
        self.button = small_button("edit", kind="link")
        self.button.setAccessibleName("Edit the labelling guide")
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.setEnabled(not session.project.read_only)
        self.button.clicked.connect(self.edit)
        head = parts.row()
        head.addWidget(section_title("Labelling guide"))
        head.addStretch(1)
        head.addWidget(self.button)
        column = parts.column(self, gap=4)
        column.addLayout(head)
        column.addWidget(self.shown)
        column.addWidget(self.field)
        self._show()

    def _show(self) -> None:
        self.shown.setText(self._words or EMPTY)

    def edit(self) -> None:
        self.field.setPlainText(self._words)
        self.shown.hide()
        self.field.show()
        self.field.setFocus()

    def _close(self, *, keep: bool) -> None:
        if self.field.isHidden():
            return
        words = self.field.toPlainText().strip()
        self.field.hide()
        self.shown.show()
        self.window().setFocus()
        if keep and words != self._words:
            self._words = words
            self._session.write(lambda project: Project.set_guide(project, words), _nothing, self._refuse)
        self._show()

    def _refuse(self, error: Exception) -> None:
        """It was not written: what is on the disk is what counts."""
        self._words = self._session.project.guide()
        self._show()
        self._session.writes.failed.emit(error)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent):
            if event.type() is QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:
                event.accept()  # closes the field instead of the page
                return True
            done = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and bool(
                event.modifiers() & Qt.KeyboardModifier.ControlModifier
            )
            if event.type() is QEvent.Type.KeyPress and (done or event.key() == Qt.Key.Key_Escape):
                self._close(keep=done)
                return True
        if event.type() is QEvent.Type.FocusOut:
            self._close(keep=True)
        return super().eventFilter(watched, event)


def _nothing(_answer: object) -> None:
    """It shows already."""
