"""Give a slice a name and keep it, or change one that is kept: its name, its rule, and how many that is now."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QDialog, QLineEdit, QPlainTextEdit, QWidget

from dataimp_gui.core.slices.slice import Slice
from dataimp_gui.core.slicing import Slices
from dataimp_gui.errors import Cancelled, DataimpError
from dataimp_gui.progress import Progress
from dataimp_gui.ui import theme
from dataimp_gui.ui.kit.parts import button, column, row, text
from dataimp_gui.ui.session import Session

TYPING_MS: Final = 200
KEY: Final = "slice size"


@dataclass(frozen=True, slots=True)
class _Counted:
    rule: str
    count: int
    errors: int
    counted: int


class SliceDialog(QDialog):
    def __init__(self, session: Session, slice_: Slice, is_saved: bool, parent: QWidget | None = None) -> None:
        """``is_saved``: the slice is kept already and is to be changed."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session, self._slice, self._is_saved = session, slice_, is_saved
        title = "Change the slice" if is_saved else "Save a slice"
        self.setWindowTitle(title)
        self.setMinimumWidth(560)
        self.name = QLineEdit(theme.one_line(slice_.name))
        self.name.setAccessibleName("Name")
        self.name.setPlaceholderText("Narrow shirts")
        self.name.textChanged.connect(self._look)
        self.rule = QPlainTextEdit(slice_.where, tabChangesFocus=True)
        self.rule.setAccessibleName("Rule")
        self.rule.setFont(theme.mono("small"))
        self.rule.setPlaceholderText("A rule over the columns, like in the query bar")
        self.rule.setFixedHeight(84)
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._typing.timeout.connect(self._count)
        self.rule.textChanged.connect(self._typing.start)
        self.rule.textChanged.connect(self._look)
        self.about = text(colour="secondary")
        self.wrong = text(colour="err")
        for label in (self.about, self.wrong):
            label.setWordWrap(True)
        self.wrong.hide()
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        self.go = button("Change the slice" if is_saved else "Save the slice", kind="primary", key="Enter")
        self.go.clicked.connect(self.save)
        buttons = row()
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.go)
        lines = column(self, gap=8, margins=(16, 16, 16, 16))
        lines.addWidget(text(title, size="title", strong=True))
        for words, field in (("Name", self.name), ("Rule", self.rule)):
            label = text(words, size="small", colour="secondary")
            label.setBuddy(field)
            lines.addWidget(label)
            lines.addWidget(field)
            if field is self.rule and slice_.rows is not None:
                label.hide()
                field.hide()
        for label in (self.about, self.wrong):
            lines.addWidget(label)
        lines.addStretch(1)
        lines.addLayout(buttons)
        self.go.setDefault(True)  # only now does it know its dialog
        self.name.selectAll()
        self._look()
        self._count()

    @property
    def _where(self) -> str:
        return " ".join(self.rule.toPlainText().split("\n")).strip()

    def _look(self) -> None:
        self.go.setEnabled(bool(self.name.text().strip()) and (self._slice.rows is not None or bool(self._where)))

    def _count(self) -> None:
        """How many examples the rule selects now, and how the run does on them."""
        project, where, rows = self._session.project, self._where, self._slice.rows
        if rows is None and not where:
            self._tell(None)
            return

        def count(progress: Progress) -> _Counted:
            found = project.rows(where, progress=progress) if rows is None else rows
            run, labels = project.predictions(), project.state.labels[found]
            if run is None:
                return _Counted(where, len(found), 0, 0)
            said = run.codes[found]
            counted = (labels >= 0) & (said >= 0)
            return _Counted(where, len(found), int((counted & (labels != said)).sum()), int(counted.sum()))

        self._session.reads.start(count, self._tell, key=KEY, failed=self._refuse)

    def _tell(self, found: _Counted | None) -> None:
        self.wrong.hide()
        if found is None:
            self.about.setText("The rule is asked anew whenever the slice is: its counts follow every edit.")
            return
        kind = "fixed examples" if self._slice.rows is not None else "examples now"
        said = f"{found.count:,} {kind}"
        if found.counted:
            said += f", {100 * found.errors / found.counted:.1f}% of them errors"
        self.about.setText(said)

    def _refuse(self, error: Exception) -> None:
        self.about.setText("")
        self._fail(error)

    def save(self) -> None:
        if not self.go.isEnabled():
            return
        self.go.setEnabled(False)
        self._session.edit_slices(self._work(), self.accept, self._fail)

    def _work(self) -> Callable[[Slices], None]:
        name, where, slice_ = self.name.text().strip(), self._where, self._slice

        def save(slices: Slices) -> None:
            slices.save(name, where, slice_.rows, why=slice_.why)

        def change(slices: Slices) -> None:
            if name != slice_.name:
                slices.rename(slice_.name, name)
            if where != slice_.where:
                slices.change(name, where)

        return change if self._is_saved else save

    def _fail(self, error: Exception) -> None:
        self._look()
        if isinstance(error, Cancelled):
            return
        if not isinstance(error, DataimpError):
            raise error
        self.wrong.setText(error.whole)
        self.wrong.show()

    def done(self, result: int) -> None:
        self._session.reads.cancel(KEY)
        super().done(result)
