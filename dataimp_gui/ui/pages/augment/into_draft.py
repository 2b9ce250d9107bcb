"""Variants become part of the dataset: how many of which examples is asked, the rest is a job that can be stopped."""

from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QFormLayout, QLineEdit, QSpinBox, QWidget

from dataimp_gui.core.augment.policy import Policy, content_id
from dataimp_gui.core.augmenting.writing import MOST_EACH, Chosen, Written
from dataimp_gui.core.project import Project
from dataimp_gui.errors import Cancelled, DataimpError
from dataimp_gui.progress import Progress
from dataimp_gui.ui import clauses
from dataimp_gui.ui.kit.parts import button, column, key_button, row, text
from dataimp_gui.ui.session import Session

USUAL: Final = 4
TYPED_MS: Final = 150
KEY: Final = "augment write"


class IntoDraft(QObject):
    written = Signal(str)  # a clause that selects the new examples
    told = Signal(str)

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._window = session, parent
        self.dialog: DraftDialog | None = None

    @property
    def is_busy(self) -> bool:
        return any(job.key == KEY for job in self._session.reads.running)

    def ask(self, policy: Policy, warning: str = "") -> None:
        """``warning`` says why it may be better not to."""
        self.dialog = DraftDialog(self._session, policy, warning, self._window.window())
        self.dialog.wanted.connect(lambda where, each: self.write(policy, where, each))
        self.dialog.open()

    def write(self, policy: Policy, where: str, each: int) -> None:
        project = self._session.project

        def work(progress: Progress) -> Written:
            without = rejected(project, policy, where)
            return project.augment.write(policy, where, each, without=without, progress=progress)

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


class DraftDialog(QDialog):
    wanted = Signal(str, int)  # clause, and variants of each example

    def __init__(self, session: Session, policy: Policy, warning: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Add variants to the draft")
        self.resize(520, 0)
        self._session, self._policy = session, policy
        self._chosen: Chosen | None = None
        self._rejected = sum(not keeps for keeps in session.project.augment.verdicts(policy).values())
        self.where = QLineEdit(session.shown, placeholderText="The training examples, or e.g. label = 'Bag'")
        self.where.setAccessibleName("Which examples")
        self.each = QSpinBox(minimum=1, maximum=MOST_EACH, value=USUAL)
        self.each.setAccessibleName("Variants of each example")
        self.said = text(colour="secondary")
        self.wrong = text(warning, colour="warn")
        for label in (self.said, self.wrong):
            label.setWordWrap(True)
        self.wrong.setHidden(not warning)
        self._later = QTimer(self, singleShot=True, interval=TYPED_MS)
        self._later.timeout.connect(self._choose)
        self.where.textChanged.connect(lambda _: self._later.start())
        self.each.valueChanged.connect(lambda _: self._show())
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        self.go = key_button("Add variants", "Ctrl+Enter", kind="primary")
        self.go.clicked.connect(self._go)
        QShortcut(QKeySequence("Ctrl+Return"), self).activated.connect(self._go)
        self.go.setEnabled(False)
        form = QFormLayout(horizontalSpacing=12, verticalSpacing=8)
        form.addRow(text("Examples", colour="secondary"), self.where)
        form.addRow(text("Variants of each", colour="secondary"), self.each)
        buttons = row()
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.go)
        lines = column(self, gap=12, margins=(16, 16, 16, 16))
        lines.addWidget(text(f"Add variants by “{policy.name}”", size="title", strong=True))
        lines.addLayout(form)
        lines.addWidget(self.said)
        lines.addWidget(self.wrong)
        lines.addStretch(1)
        lines.addLayout(buttons)
        self.go.setDefault(True)
        self.each.setFocus()
        self._choose()

    def _choose(self) -> None:
        self._chosen = None
        self._show()
        where, augment = self.where.text().strip(), self._session.project.augment
        self._session.reads.start(
            lambda _: augment.writable(where), self._take, key="augment writable", failed=self._refuse
        )

    def _take(self, chosen: Chosen) -> None:
        self._chosen = chosen
        self._show()

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, Cancelled):
            return
        if not isinstance(error, DataimpError):
            raise error
        self.said.setText(f"{error} {error.hint}".strip())

    def _show(self) -> None:
        found = self._chosen
        count = len(found.rows) if found else 0
        self.go.setEnabled(count > 0)
        self.go.setText(f"Add {count * self.each.value():,} variants" if count else "Add variants")
        if found is None:
            self.said.setText("Looking which examples may be varied…")
            return
        said = [f"{count:,} × {self.each.value():,} = {count * self.each.value():,} new examples, with their labels."]
        if self._rejected:
            said.append(f"Those that you rejected ({self._rejected:,}) are left out.")
        self.said.setText(" ".join([*(said if count else ["There is no example to vary."]), *found.notes]))

    def _go(self) -> None:
        if self.go.isEnabled():
            self.wanted.emit(self.where.text().strip(), self.each.value())
            self.accept()

    def done(self, result: int) -> None:
        self._session.reads.cancel("augment writable")
        super().done(result)


def rejected(project: Project, policy: Policy, where: str) -> set[tuple[int, int]]:
    """Rows and draws of variants that a person said lose their label."""
    lost = [key for key, keeps in project.augment.verdicts(policy).items() if not keeps]
    if not lost:
        return set()
    rows = project.augment.writable(where).rows
    wanted = {id_ for id_, _ in lost}
    found = {id_: int(at) for id_, at in zip(project.ids(rows), rows, strict=True) if id_ in wanted}
    return {(found[id_], draw) for id_, draw in lost if id_ in found}
