"""What sets one parameter of a step: a range, some of its choices, or a file or folder."""

import math
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QLineEdit, QMenu, QPushButton, QWidget

from dataimp_gui.core.augment.operations import Parameter
from dataimp_gui.core.augment.policy import Step, chosen, limits
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import button, icon_button
from dataimp_gui.ui.kit.range_field import RangeField
from dataimp_gui.ui.kit.range_slider import RangeSlider

TITLE_W: Final = 96
WIDER: Final = 110  # where there is no slider
FIGURE_W: Final = 96
AROUND: Final = 2.0  # how many widths of its default a track goes on to either side


class Input(QWidget):
    """One line of a card. Its title opens what it does from low to high."""

    swept = Signal()

    def __init__(self, parameter: Parameter, of: str, width: int = TITLE_W) -> None:
        super().__init__()
        self.parameter = parameter
        self.name = f"{parameter.title} of {of}"
        self.title = QPushButton()
        self.title.setProperty("kind", "quiet")
        self.title.setObjectName("parameter")
        self.title.setFixedWidth(width)
        words = self.title.fontMetrics().elidedText(parameter.title, Qt.TextElideMode.ElideRight, width - 2)
        self.title.setText(words.replace("&", "&&"))
        self.title.setAccessibleName(f"See {self.name} from low to high")
        self.title.setToolTip(parts.plain_tip(f"{parameter.title}: see it from low to high"))
        self.title.clicked.connect(self.swept)
        self.row = parts.row(self, gap=6)
        self.row.addWidget(self.title)

    def show_step(self, step: Step) -> None:
        raise NotImplementedError


class Numbers(Input):
    ranged = Signal(float, float)

    def __init__(self, parameter: Parameter, of: str) -> None:
        super().__init__(parameter, of)
        low, high, is_log = parameter.low, parameter.high, parameter.log
        self.slider = RangeSlider(self.name, low, high, integer=parameter.integer, log=is_log, track=useful(parameter))
        self.figure = RangeField(self.name, low, high, unit=parameter.unit)
        self.figure.setFixedWidth(FIGURE_W)
        self.slider.moved.connect(self.ranged)
        self.figure.typed.connect(self.ranged)
        self.row.addWidget(self.slider, 1)
        self.row.addWidget(self.figure)

    def show_step(self, step: Step) -> None:
        low, high = limits(step, self.parameter)
        self.slider.show_values(low, high)
        self.figure.show_values(low, high)
        for each in (self.slider, self.figure):
            each.setEnabled(step.on)


class Choices(Input):
    """A step draws from all that are ticked; one always is."""

    picked = Signal(tuple)  # of str

    def __init__(self, parameter: Parameter, of: str) -> None:
        super().__init__(parameter, of, WIDER)
        self.button = button("", kind="")
        self.button.setProperty("small", "true")
        self.button.setAccessibleName(self.name)
        menu = QMenu(self.button)
        self.ticks = {word: menu.addAction(word.replace("&", "&&")) for word in parameter.choices}
        for word, action in self.ticks.items():
            action.setCheckable(True)
            action.triggered.connect(partial(self._pick, word))
        self.button.setMenu(menu)
        self.row.addWidget(self.button, 1)

    def show_step(self, step: Step) -> None:
        among = chosen(step, self.parameter)
        for word, action in self.ticks.items():
            action.setChecked(word in among)
        said = among[0] if len(among) == 1 else f"{len(among)} of {len(self.ticks)}: {', '.join(among)}"
        room = self.button.fontMetrics().elidedText(said, Qt.TextElideMode.ElideRight, FIGURE_W)
        self.button.setText(room.replace("&", "&&"))
        self.button.setAccessibleDescription(said)
        self.button.setToolTip(parts.plain_tip(f"Drawn from: {', '.join(among)}"))
        self.button.setEnabled(step.on)

    def _pick(self, word: str) -> None:
        among = tuple(each for each, action in self.ticks.items() if action.isChecked())
        if among:
            self.picked.emit(among)
        else:
            self.ticks[word].setChecked(True)


class Place(Input):
    """A file or folder, typed or chosen."""

    picked = Signal(tuple)  # of one str

    def __init__(self, parameter: Parameter, of: str) -> None:
        super().__init__(parameter, of, WIDER)
        self.title.setEnabled(False)
        self.field = QLineEdit(placeholderText=f"No {parameter.text} yet")
        self.field.setAccessibleName(self.name)
        self.field.editingFinished.connect(lambda: self._take(self.field.text().strip()))
        self.open = icon_button("folder", f"Choose a {parameter.text}")
        self.open.clicked.connect(self._ask)
        self.row.addWidget(self.field, 1)
        self.row.addWidget(self.open)
        self._shown = ""

    def show_step(self, step: Step) -> None:
        self._shown = chosen(step, self.parameter)[0]
        self.field.setText(self._shown)
        self.field.setToolTip(parts.plain_tip(self._shown) if self._shown else "")
        for each in (self.field, self.open):
            each.setEnabled(step.on)

    def _take(self, given: str) -> None:
        if given != self._shown:
            self.picked.emit((given,))

    def _ask(self) -> None:
        dialog = QFileDialog(self.window(), self.parameter.title)
        is_folder = self.parameter.text == "folder"
        dialog.setFileMode(QFileDialog.FileMode.Directory if is_folder else QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._take)
        dialog.open()


def useful(parameter: Parameter) -> tuple[float, float]:
    """The part of what is possible that is worth a slider: around the default."""
    is_log = parameter.log and parameter.low > 0
    least, most, low, high = (
        math.log(each) if is_log else each for each in (parameter.low, parameter.high, *parameter.default)
    )
    reach = (high - low) * AROUND or most - least
    first, last = max(least, low - reach), min(most, high + reach)
    if is_log:
        first, last = max(math.exp(first), parameter.low), min(math.exp(last), parameter.high)
    return (float(math.floor(first)), float(math.ceil(last))) if parameter.integer else (first, last)


def made(parameter: Parameter, of: str) -> Numbers | Choices | Place:
    if parameter.is_number:
        return Numbers(parameter, of)
    return Choices(parameter, of) if parameter.choices else Place(parameter, of)
