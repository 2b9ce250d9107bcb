"""Keep the examples as they stand as a version: a message, and what became different since the last one."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QLabel, QPlainTextEdit, QWidget

from dataimp_gui.core.versions.changes import Diff
from dataimp_gui.errors import Cancelled, DataimpError
from dataimp_gui.progress import Progress
from dataimp_gui.ui import theme
from dataimp_gui.ui.kit.parts import button, column, row, text
from dataimp_gui.ui.session import Session

if TYPE_CHECKING:
    from dataimp_gui.core.versions.commit import Result

COUNTED = {
    "added": "added",
    "removed": "removed",
    "relabelled": "relabelled",
    "moved": "moved to another split",
    "tagged": "tagged or untagged",
    "media": "with other media",
}


class CommitDialog(QDialog):
    committed = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Commit a version")
        self.resize(560, 360)
        self._session = session
        number = int(session.version.name[1:]) + 1 if session.version else 1
        self._title = text(f"Commit v{number}", size="title", strong=True)
        self.message = QPlainTextEdit(placeholderText="What changed and why", tabChangesFocus=True)
        self.message.setAccessibleName("Message")
        self.message.textChanged.connect(self._look)
        self.changes = text(colour="secondary")
        self.changes.setWordWrap(True)
        self.changes.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.wrong = text(colour="err")
        self.wrong.setWordWrap(True)
        self.wrong.hide()
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        self.go = button("Commit", kind="primary", key="Ctrl+Enter")
        self.go.clicked.connect(self.commit)
        QShortcut(QKeySequence("Ctrl+Return"), self).activated.connect(self.commit)
        buttons = row()
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.go)
        lines = column(self, gap=10, margins=(16, 16, 16, 16))
        label: QLabel = text("Message", size="small", colour="secondary")
        label.setBuddy(self.message)
        for widget in (self._title, label, self.message, self.changes, self.wrong):
            lines.addWidget(widget, 1 if widget is self.message else 0)
        lines.addLayout(buttons)
        self.go.setDefault(True)  # only now does it know its dialog
        self._look()
        self._compare()

    def _look(self) -> None:
        self.go.setEnabled(bool(self.message.toPlainText().strip()))

    def _compare(self) -> None:
        session = self._session
        if session.version is None:
            kept = int((~session.project.state.excluded).sum())
            out = session.project.size - kept
            left = f"; {out:,} excluded {'is' if out == 1 else 'are'} not in it" if out else ""
            self.changes.setText(f"The first version: {kept:,} examples as they stand{left}.")
            return
        self.changes.setText("Comparing with the version before it…")

        def compare(progress: Progress) -> Diff:
            return session.project.diff(session.project.base, progress=progress)

        session.reads.start(compare, self._tell, key="diff", failed=self._fail)

    def _tell(self, diff: Diff) -> None:
        self.changes.setText(f"Since {diff.a}: {change_words(diff)}")

    def commit(self) -> None:
        if not self.go.isEnabled():
            return
        self.go.setEnabled(False)
        self.wrong.hide()
        self.changes.setText("Committing…")
        self._session.commit(self.message.toPlainText().strip(), self._done, self._fail)

    def _done(self, result: "Result") -> None:
        words = f"Committed {result.version.name}, {result.version.examples:,} examples"
        if changed := result.changed_words:
            words += f"; {theme.one_line(changed)}"
        self.committed.emit(words)
        self.accept()

    def _fail(self, error: Exception) -> None:
        self._look()
        if isinstance(error, Cancelled):
            return
        if not isinstance(error, DataimpError):
            raise error
        self.changes.setText("")
        self.wrong.setText(error.whole)
        self.wrong.show()

    def done(self, result: int) -> None:
        self._session.reads.cancel("diff")
        super().done(result)


def change_words(diff: Diff) -> str:
    """What became different, in one sentence."""
    said = [f"{diff.counts[kind]:,} {word}" for kind, word in COUNTED.items() if diff.counts.get(kind)]
    if not said:
        return "nothing changed."
    most = [f"{before or 'none'} → {after or 'none'} {count:,}" for before, after, count in diff.labels[:3]]
    return ", ".join(said) + (f" ({'; '.join(most)})" if most else "") + "."
