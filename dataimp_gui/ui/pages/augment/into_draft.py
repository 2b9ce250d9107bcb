"""Variants become part of the dataset: at once, or after a question where there is a reason to think twice."""

from typing import Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from dataimp_gui.core.augment.policy import Policy, content_id
from dataimp_gui.core.augmenting.writing import Written
from dataimp_gui.progress import Progress
from dataimp_gui.ui import clauses
from dataimp_gui.ui.kit.amounts import size_words
from dataimp_gui.ui.kit.parts import button, column, key_button, row, text
from dataimp_gui.ui.pages.augment.output import Output
from dataimp_gui.ui.session import Session

LARGE: Final = 2e9  # bytes from which on it is asked
KEY: Final = "augment write"
WIDE, MARGIN = 480, 16


class IntoDraft(QObject):
    written = Signal(str)  # a clause that selects the new examples
    told = Signal(str)

    def __init__(self, session: Session, output: Output, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._output, self._window = session, output, parent
        self.dialog: DoubtDialog | None = None

    @property
    def is_busy(self) -> bool:
        return any(job.key == KEY for job in self._session.reads.running)

    def add(self, policy: Policy, doubt: str = "") -> None:
        """So many as the output says. ``doubt`` tells why it may be better not to."""
        where, each, count = self._session.shown, self._output.each.value(), self._output.count
        doubts = [doubt] if doubt else []
        if self._output.bytes >= LARGE:
            doubts.append(f"They take about {size_words(self._output.bytes)} on the disk.")
        if not doubts:
            self.write(policy, where, each)
            return
        self.dialog = DoubtDialog(policy, count, " ".join(doubts), self._window.window())
        self.dialog.wanted.connect(lambda why: self.write(policy, where, each, why))
        self.dialog.open()

    def write(self, policy: Policy, where: str, each: int, why: str = "") -> None:
        project = self._session.project

        def work(progress: Progress) -> Written:
            without = project.augment.rejected(policy, where)
            return project.augment.write(policy, where, each, without=without, why=why, progress=progress)

        job = self._session.reads.start(
            work, lambda written: self._tell(policy, written), key=KEY, title=f"Adding variants by “{policy.name}”"
        )
        job.can_pause = False  # edits of others wait for its last step

    def _tell(self, policy: Policy, written: Written) -> None:
        if written.skipped:  # in the place of what is told of every edit
            said = f"Added {written.added:,} variants. {' '.join(written.notes[-2:])} Ctrl+Z takes it back."
            self._session.edited.connect(lambda _: self.told.emit(said), Qt.ConnectionType.SingleShotConnection)
        self._session.edit(lambda _: written.edit)  # told, and offered to be undone, like any edit
        self._session.refresh()
        self.written.emit(f"augmented_by = {clauses.quote(content_id(policy))}")


class DoubtDialog(QDialog):
    wanted = Signal(str)  # why, or nothing

    def __init__(self, policy: Policy, count: int | None, doubt: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        many = "the variants" if count is None else f"{count:,} variants"
        self.setWindowTitle(f"Add {many}?")
        self.resize(WIDE, 0)
        self.said = text(f"{doubt} They can be taken back with undo.", colour="secondary")
        self.said.setWordWrap(True)
        self.said.ensurePolished()
        self.said.setMinimumHeight(self.said.heightForWidth(WIDE - 2 * MARGIN))
        self.why = QLineEdit(placeholderText="Why all the same, kept in the history")
        self.why.setAccessibleName("Reason")
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        self.go = key_button(f"Add {many} all the same", "Ctrl+Enter", kind="primary")
        self.go.clicked.connect(self._go)
        QShortcut(QKeySequence("Ctrl+Return"), self).activated.connect(self._go)
        buttons = row()
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.go)
        lines = column(self, gap=12, margins=(MARGIN, MARGIN, MARGIN, MARGIN))
        lines.addWidget(text(f"Add {many} by “{policy.name}”?", size="title", strong=True))
        lines.addWidget(self.said)
        lines.addWidget(self.why)
        lines.addStretch(1)
        lines.addLayout(buttons)
        self.go.setDefault(True)
        cancel.setFocus()  # so that the same key pressed twice adds nothing

    def _go(self) -> None:
        self.wanted.emit(self.why.text().strip())
        self.accept()
