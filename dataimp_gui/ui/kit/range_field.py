"""A figure that can be typed over: a number, or a range such as "2 – 7 px"."""

import math
import re
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit

NUMBER: Final = re.compile(r"(?<![\d.,])[-−]?(?:\d+(?:[.,]\d+)?|[.,]\d+)")  # the dash in 5-9 is no sign
MOST_DECIMALS: Final = 4
PAD: Final = 10


class RangeField(QLineEdit):
    """What is typed beyond ``low`` to ``high`` is brought within; what is no number is put back as it was."""

    typed = Signal(float, float)

    def __init__(self, name: str, low: float, high: float, *, unit: str = "", single: bool = False) -> None:
        super().__init__()
        self.setObjectName("figure")
        self._limits, self._unit, self._single = (low, high), unit, single
        self._shown = ""
        self.setAccessibleName(name)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        many = "a number" if single else "one number or two"
        self.setToolTip(f"Type {many} from {low:g} to {high:g} {unit}".rstrip())
        self.editingFinished.connect(self._take)

    def show_values(self, low: float, high: float) -> None:
        shown = written(low, high) if self._single or low == high else f"{written(low, high)} – {written(high, low)}"
        gap = "" if self._unit in {"%", "°"} else " "
        whole = f"{shown}{gap}{self._unit}".rstrip()
        self._shown = whole if self.fontMetrics().horizontalAdvance(whole) <= self.width() - PAD else shown
        self.setText(self._shown)
        self.setCursorPosition(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.isModified():
            self.setText(self._shown)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.selectAll()

    def _take(self) -> None:
        if self.text() == self._shown:
            return
        given = [float(each.replace("−", "-").replace(",", ".")) for each in NUMBER.findall(self.text())[:2]]
        self.setText(self._shown)
        if given:
            low, high = (min(max(each, self._limits[0]), self._limits[1]) for each in (min(given), max(given)))
            self.typed.emit(low, high)


def written(value: float, other: float) -> str:
    """With about three figures of the larger of the two; never with an exponent."""
    largest = max(abs(value), abs(other))
    decimals = 2 - math.floor(math.log10(largest)) if largest > 0 else 0
    words = f"{value:.{min(max(decimals, 0), MOST_DECIMALS)}f}"
    words = words.rstrip("0").rstrip(".") if "." in words else words
    return "0" if words == "-0" else words.replace("-", "−")
