"""One step of a policy: on or off, its chance, from where to where its parameters are drawn."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout

from dataimp_gui.core.augment.operations import Operation, Parameter, find
from dataimp_gui.core.augment.policy import Fault, Step, limits
from dataimp_gui.errors import DataimpError
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import Elided, icon_button, text
from dataimp_gui.ui.kit.range_slider import RangeSlider

NUMBER_W: Final = 40
RANGE_W: Final = 96
TITLE_W: Final = 76


class Card(QFrame):
    turned = Signal(bool)
    chanced = Signal(float)
    ranged = Signal(str, float, float)
    moved = Signal(int)  # up: -1, down: 1
    removed = Signal()

    def __init__(self, step: Step) -> None:
        super().__init__()
        self.setObjectName("card")
        self.op = step.op
        operation = _found(step.op)
        title = operation.title if operation else step.op
        self.setAccessibleName(title)
        self.on = QCheckBox(title.replace("&", "&&"))
        self.on.setToolTip(parts.plain_tip(operation.noise) if operation else "")
        self.on.toggled.connect(self.turned)
        self.up, self.down = (
            icon_button("chevron-up", f"Move {title} up"),
            icon_button("chevron-down", f"Move {title} down"),
        )
        self.up.clicked.connect(lambda: self.moved.emit(-1))
        self.down.clicked.connect(lambda: self.moved.emit(1))
        self.remove = icon_button("close", f"Remove {title}")
        self.remove.clicked.connect(self.removed)
        for each in (self.up, self.down, self.remove):
            each.setFixedSize(22, 22)
        self.chance = RangeSlider(f"Chance of {title}", 0, 1, single=True)
        self.chance.moved.connect(lambda value, _: self.chanced.emit(value))
        self._chance_words = _figure(NUMBER_W)
        self.warning = text(size="small", colour="warn")
        self.warning.setWordWrap(True)
        self.warning.hide()
        head = parts.row(gap=2)
        head.addWidget(self.on)
        head.addStretch(1)
        for each in (self.up, self.down, self.remove):
            head.addWidget(each)
        column = parts.column(self, gap=2, margins=(10, 6, 8, 8))
        column.addLayout(head)
        column.addLayout(_line("Chance", self.chance, self._chance_words))
        self.sliders: dict[str, RangeSlider] = {}
        self._figures: dict[str, tuple[Parameter, Elided]] = {}
        for parameter in operation.parameters if operation else ():
            if parameter.is_number:
                column.addLayout(self._parameter(parameter, title))
        column.addWidget(self.warning)

    def _parameter(self, parameter: Parameter, title: str) -> QHBoxLayout:
        name, is_log = f"{parameter.title} of {title}", parameter.log
        slider = RangeSlider(name, parameter.low, parameter.high, integer=parameter.integer, log=is_log)
        slider.moved.connect(lambda low, high: self.ranged.emit(parameter.name, low, high))
        words = _figure(RANGE_W)
        self.sliders[parameter.name] = slider
        self._figures[parameter.name] = (parameter, words)
        return _line(parameter.title, slider, words)

    def show_step(self, step: Step, fault: Fault | None) -> None:
        self.on.blockSignals(True)
        self.on.setChecked(step.on)
        self.on.blockSignals(False)
        self.chance.show_values(step.chance, step.chance)
        self._chance_words.show_words(f"{step.chance:.0%}")
        self.chance.setEnabled(step.on)
        for name, (parameter, words) in self._figures.items():
            low, high = limits(step, parameter)
            self.sliders[name].show_values(low, high)
            self.sliders[name].setEnabled(step.on)
            words.show_words(f"{low:.3g} – {high:.3g} {parameter.unit}".rstrip())
        self.warning.setText(" ".join(filter(None, (fault.message, fault.hint))) if fault else "")
        self.warning.setHidden(fault is None)


def _found(op: str) -> Operation | None:
    try:
        return find(op)
    except DataimpError:
        return None


def _figure(width: int) -> Elided:
    words = Elided(size="small")
    words.setFixedWidth(width)
    words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return words


def _line(title: str, slider: RangeSlider, words: Elided) -> QHBoxLayout:
    line = parts.row(gap=6)
    name = Elided(title, size="small", colour="secondary")
    name.setFixedWidth(TITLE_W)
    line.addWidget(name)
    line.addWidget(slider, 1)
    line.addWidget(words)
    return line
