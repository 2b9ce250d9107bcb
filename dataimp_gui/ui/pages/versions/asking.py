"""A question before something that counts: what will happen, and a reason for it where one is wanted."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QWidget

from dataimp_gui.ui.kit.parts import button, column, row, text


class Asking(QDialog):
    agreed = Signal(str)  # the reason, empty where none was given

    def __init__(
        self, title: str, said: Sequence[str], go: str, parent: QWidget, *, reason: str = "", must: bool = False
    ) -> None:
        """``reason`` stands over the field for one, none is asked for where it is empty; ``must``: it is needed."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setMinimumWidth(460)
        self._must = must
        lines = column(self, gap=10, margins=(16, 16, 16, 16))
        lines.addWidget(text(title, size="title", strong=True))
        self.said = []
        for sentence in said:
            label = text(sentence, colour="secondary")
            label.setWordWrap(True)
            self.said.append(label)
            lines.addWidget(label)
        self.reason = QPlainTextEdit(tabChangesFocus=True)
        self.reason.setAccessibleName(reason)
        self.reason.setFixedHeight(64)
        over = text(reason, size="small", colour="secondary")
        over.setBuddy(self.reason)
        for widget in (over, self.reason):
            lines.addWidget(widget)
            widget.setHidden(not reason)
        self.reason.textChanged.connect(self._look)
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        self.go = button(go, kind="primary", key="Ctrl+Enter" if reason else "Enter")
        self.go.clicked.connect(self._agree)
        QShortcut(QKeySequence("Ctrl+Return"), self).activated.connect(self._agree)
        buttons = row()
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.go)
        lines.addStretch(1)
        lines.addLayout(buttons)
        self.go.setDefault(True)  # only now does it know its dialog
        self._look()

    def _look(self) -> None:
        self.go.setEnabled(not self._must or bool(self.reason.toPlainText().strip()))

    def _agree(self) -> None:
        if self.go.isEnabled():
            self.agreed.emit(" ".join(self.reason.toPlainText().split()))
            self.accept()
