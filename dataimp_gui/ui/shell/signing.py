"""The question who edits here, asked once, after the first edit, in a card that keeps nobody from going on."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit.parts import button, column, icon_button, row, text
from dataimp_gui.ui.session import Session

if TYPE_CHECKING:
    from dataimp_gui.ui.main_window import MainWindow

WIDTH: Final = 300
GAP: Final = 12


class NameCard(QFrame):
    """Stands over the lower left corner and takes no focus by itself."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self.setObjectName("popover")
        self.setAccessibleName("Your name")
        self._window = window
        self._session: Session | None = None
        self.field = QLineEdit(placeholderText="Your name", maxLength=200)
        self.field.setAccessibleName("Your name")
        self.field.installEventFilter(self)
        self.use = button("Use this name", kind="primary")
        self.use.clicked.connect(self._use)
        self.field.textChanged.connect(lambda typed: self.use.setEnabled(bool(typed.strip())))
        self.close_button = icon_button("close", "Not now")
        self.close_button.clicked.connect(self._leave)
        about = text("Stands beside your edits, decisions and versions. Settings can change it.", size="small")
        about.setWordWrap(True)
        head, line = row(), row()
        head.addWidget(text("Who is editing?", strong=True), 1)
        head.addWidget(self.close_button)
        line.addWidget(self.field, 1)
        line.addWidget(self.use)
        lines = column(self, gap=6, margins=(14, 8, 10, 12))
        lines.addLayout(head)
        lines.addWidget(about)
        lines.addLayout(line)
        window.installEventFilter(self)
        self.hide()

    def follow(self, session: Session) -> None:
        self._session = session
        session.edited.connect(self._ask)

    def end(self) -> None:
        """The project is about to close; the question comes again with the next edit."""
        self._session = None
        self.hide()

    def _ask(self) -> None:
        window, session = self._window, self._session
        if session is None or not session.saved_at or window.settings.author or window.remembered.was_asked_name:
            return
        if self.isHidden():
            self.field.setText(window.settings.signature)
            self._place()
            self.show()
            self.raise_()

    def _use(self) -> None:
        self._window.use_settings(replace(self._window.settings, author=self.field.text().strip()))
        self._leave()

    def _leave(self) -> None:
        """Also without an answer nobody is asked again."""
        self._window.remembered.was_asked_name = True
        self.hide()
        self._window.setFocus()

    def _place(self) -> None:
        self.setFixedWidth(theme.grown(WIDTH))
        self.adjustSize()
        bottom = self._window.status.geometry().top()
        self.move(self._window.rail.width() + GAP, bottom - self.height() - GAP)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() is QEvent.Type.Resize and not self.isHidden():
            self._place()
        if watched is self.field and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape and event.type() is QEvent.Type.ShortcutOverride:
                event.accept()  # it closes the card, whatever it does elsewhere
                return True
            if event.type() is QEvent.Type.KeyPress:
                if event.key() == Qt.Key.Key_Escape:
                    self._leave()
                    return True
                if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                    self.use.click()
                    return True
        return super().eventFilter(watched, event)
