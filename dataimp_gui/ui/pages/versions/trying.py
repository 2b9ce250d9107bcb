"""How a version is to be evaluated: against which one, by which trainer, with how many seeds."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QLineEdit, QRadioButton, QSpinBox, QWidget

from dataimp_gui.core.evaluate.evaluations import MOST_SEEDS
from dataimp_gui.core.evaluate.predicting import RUNS
from dataimp_gui.ui import theme
from dataimp_gui.ui.kit.parts import button, column, inset, row, text
from dataimp_gui.ui.pages.versions.bringing import Bringing
from dataimp_gui.ui.pages.versions.evaluating import Trial
from dataimp_gui.ui.pages.versions.standing import Entry

BUILT_IN = "Trains a plain classifier on the program's own embedding: minutes at most, nothing to set up."
COMMAND = "python train.py --data {dataset} --out {predictions}"
OWN = (
    "Runs without a shell. {dataset} is an export of the version, {predictions} the file to write: an id and a column "
    "for each class; {seed} differs from run to run."
)
BROUGHT = "For models that were trained elsewhere: a file for each of the two versions, as an import reads them."


class TryingDialog(QDialog):
    wanted = Signal(object)  # Trial

    def __init__(
        self, entry: Entry, others: Sequence[Entry], last: Trial | None, runs: Mapping[str, str], parent: QWidget
    ) -> None:
        """``others`` can be compared with; ``last`` is how it was done the last time; ``runs`` names what was brought
        for each version that has predictions."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"Evaluate {entry.name}")
        self.setMinimumWidth(520)
        self._version = entry.name
        self.against = QComboBox()
        self.against.setAccessibleName("Against")
        for other in others:
            self.against.addItem(
                theme.one_line(f"{other.name}  {other.info.message if other.info else ''}"), other.name
            )
        self.against.setCurrentIndex(max(0, self.against.findData(entry.parent)))
        self.built_in, self.own = QRadioButton("Built-in trainer"), QRadioButton("Own trainer")
        self.brought = QRadioButton("Predictions of your own")
        self.bringing = Bringing(runs)
        trainer = last.trainer if last else ""
        self.command = QLineEdit(trainer if trainer != RUNS else "")
        self.command.setPlaceholderText(COMMAND)
        self.command.setFont(theme.mono("small"))
        self.command.setAccessibleName("Command of the trainer")
        self.command.textChanged.connect(self._look)
        (self.brought if trainer == RUNS else self.own if trainer else self.built_in).setChecked(True)
        for choice in (self.own, self.brought):
            choice.toggled.connect(self._look)
        self.bringing.moved.connect(self._look)
        self.against.currentIndexChanged.connect(self._ask)
        self.seeds = inset(QSpinBox(minimum=1, maximum=MOST_SEEDS, value=last.seeds if last else 3))
        self.seeds.setAccessibleName("Seeds")
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        self.go = button(f"Evaluate {entry.name}", kind="primary", key="Enter")
        self.go.clicked.connect(self._start)
        buttons = row()
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.go)
        lines = column(self, gap=8, margins=(16, 16, 16, 16))
        lines.addWidget(text(f"Evaluate {entry.name}", size="title", strong=True))
        for words, field in (("Against", self.against), ("Seeds", self.seeds)):
            label = text(words, size="small", colour="secondary")
            label.setBuddy(field)
            lines.addWidget(label)
            lines.addWidget(field)
        choices = (self.built_in, BUILT_IN, None), (self.own, OWN, self.command), (self.brought, BROUGHT, self.bringing)
        for choice, said, more in choices:
            about = text(said, size="small", colour="muted")
            about.setWordWrap(True)
            for widget in filter(None, (choice, about, more)):
                lines.addWidget(widget)
        lines.addStretch(1)
        lines.addLayout(buttons)
        self.go.setDefault(True)  # only now does it know its dialog
        self._ask()

    def _ask(self) -> None:
        self.bringing.ask((self._version, str(self.against.currentData() or "")))

    def _look(self) -> None:
        own, brought = self.own.isChecked(), self.brought.isChecked()
        self.command.setEnabled(own)
        self.bringing.setEnabled(brought)
        self.seeds.setEnabled(not brought)
        is_whole = bool(self.command.text().strip()) if own else self.bringing.is_whole if brought else True
        self.go.setEnabled(self.against.count() > 0 and is_whole)

    def _start(self) -> None:
        own, brought = self.own.isChecked(), self.brought.isChecked()
        trainer = self.command.text().strip() if own else RUNS if brought else ""
        files = self.bringing.files if brought else ()
        self.wanted.emit(Trial(self._version, str(self.against.currentData()), trainer, self.seeds.value(), files))
        self.accept()
