"""The gates of the project as a form: which there are, and how much each allows."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QDoubleSpinBox, QGridLayout, QWidget

from dataimp_gui.core.evaluate.gates import Gates
from dataimp_gui.ui.kit.parts import button, column, inset, row, text
from dataimp_gui.ui.pages.versions.least import Least

ABOUT: Final = "What a version must meet to be promoted. A gate that is unsure does not block."
POINTS: Final = 100.0
FLAGS: Final = {
    "leak": (
        "No leak between training and evaluation",
        "Fails where a training example equals an evaluation one",
    ),
    "own": ("Only real examples in evaluation", "Fails where an evaluation example was augmented or synthesized"),
    "contract": ("Contract met", "Fails where an example has no label, or none of the classes"),
    "reviewed": ("Every relabel reviewed", "Fails where a relabelled example was not reviewed"),
}
LIMITS: Final = {  # words, unit, factor, lowest, highest, a start
    "overall": ("Overall accuracy changes by at least", " points", POINTS, -100.0, 100.0, 0.0),
    "slices": ("Saved slices change by at least", " points", POINTS, -100.0, 100.0, 0.0),
    "classes": ("Each class changes by at least", " points", POINTS, -100.0, 100.0, -1.0),
    "cost": ("A prediction costs at most more", "", 1.0, 0.0, 1e6, 0.0),
    "calibration": ("Calibration error rises by at most", " points", POINTS, 0.0, 100.0, 1.0),
    "balance": ("The largest class is at most", " times the smallest", 1.0, 1.0, 1e6, 10.0),
}


class GatesDialog(QDialog):
    chosen = Signal(object)  # Gates

    def __init__(self, gates: Gates, slices: Sequence[str], has_costs: bool, parent: QWidget) -> None:
        """``slices`` are the names of the saved ones."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Gates")
        self.least = Least(gates.least, slices)
        self.on: dict[str, QCheckBox] = {}
        self.fields: dict[str, QDoubleSpinBox] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        for line, (name, look) in enumerate(LIMITS.items()):
            self._add_limit(grid, line, name, look, getattr(gates, name))
        for widget in (self.on["cost"], self.fields["cost"]):
            widget.setHidden(not has_costs)
        lines = column(self, gap=10, margins=(16, 16, 16, 16))
        lines.addWidget(text("Gates", size="title", strong=True))
        about = text(ABOUT, colour="secondary")
        about.setWordWrap(True)
        lines.addWidget(about)
        lines.addLayout(grid)
        lines.addWidget(self.least)
        for name, (words, tip) in FLAGS.items():
            box = self.on[name] = QCheckBox(words)
            box.setToolTip(tip)
            box.setChecked(getattr(gates, name))
            lines.addWidget(box)
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        self.go = button("Set gates", kind="primary", key="Enter")
        self.go.clicked.connect(self._choose)
        buttons = row()
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.go)
        lines.addStretch(1)
        lines.addLayout(buttons)
        self.go.setDefault(True)  # only now does it know its dialog

    def _add_limit(
        self,
        grid: QGridLayout,
        line: int,
        name: str,
        look: tuple[str, str, float, float, float, float],
        limit: float | None,
    ) -> None:
        words, unit, factor, lowest, highest, start = look
        box = self.on[name] = QCheckBox(words)
        field = inset(QDoubleSpinBox(minimum=lowest, maximum=highest, decimals=1 if unit else 2))
        self.fields[name] = field
        field.setSuffix(unit)
        field.setAccessibleName(words)
        field.setValue(start if limit is None else factor * limit)
        box.setChecked(limit is not None)
        field.setEnabled(limit is not None)
        box.toggled.connect(field.setEnabled)
        grid.addWidget(box, line, 0)
        grid.addWidget(field, line, 1)

    def _choose(self) -> None:
        def limit(name: str) -> float | None:
            return self.fields[name].value() / LIMITS[name][2] if self.on[name].isChecked() else None

        limits = {name: limit(name) for name in LIMITS}
        flags = {name: self.on[name].isChecked() for name in FLAGS}
        self.chosen.emit(Gates(least=self.least.limits, **limits, **flags))  # type: ignore[arg-type]
        self.accept()
