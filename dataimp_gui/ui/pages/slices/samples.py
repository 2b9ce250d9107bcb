"""Examples of a slice that fail, or that do not, as lines of small pictures or texts."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import section_title, text
from dataimp_gui.ui.kit.segments import Segments
from dataimp_gui.ui.kit.strip import Strip, Thumb
from dataimp_gui.ui.pages.slices.reading import Reading

LINES: Final = 2


class Samples(QWidget):
    picked = Signal(int)  # a row

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reading: Reading | None = None
        self.which = Segments("Which samples are shown", {"errors": "Errors", "correct": "Correct"}, small=True)
        self.which.chosen.connect(self._refresh)
        head = parts.row(gap=8)
        head.addWidget(section_title("Samples"))
        head.addStretch(1)
        head.addWidget(self.which)
        self.strips = [Strip(f"Samples of the slice, line {number + 1}") for number in range(LINES)]
        self._none = text(size="small", colour="muted")
        column = parts.column(self, gap=6)
        column.addLayout(head)
        for number, strip in enumerate(self.strips):
            strip.picked.connect(lambda place, number=number: self._pick(number, place))
            column.addWidget(strip)
        column.addWidget(self._none)
        self._fitting = QTimer(self, singleShot=True, interval=0)
        self._fitting.timeout.connect(self._refresh)

    def show_reading(self, reading: Reading | None) -> None:
        self._reading = reading
        self._refresh()

    @property
    def thumbs(self) -> Sequence[Thumb]:
        if self._reading is None:
            return ()
        return self._reading.error_thumbs if self.which.key == "errors" else self._reading.correct_thumbs

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fitting.start()

    def _refresh(self, _key: str = "") -> None:
        """As many lines as they fill; each holds as many as fit."""
        left = list(self.thumbs)
        for strip in self.strips:
            strip.show_thumbs(left)
            strip.setVisible(bool(left))
            left = left[len(strip.thumbs) :]
        which = "errors" if self.which.key == "errors" else "correct examples"
        self._none.setText(f"No {which} here" if self._reading is not None else "")
        self._none.setVisible(not self.thumbs)

    def _pick(self, number: int, place: int) -> None:
        if self._reading is None:
            return
        before = sum(len(strip.thumbs) for strip in self.strips[:number])
        rows = self._reading.errors if self.which.key == "errors" else self._reading.correct
        if before + place < len(rows):
            self.picked.emit(int(rows[before + place]))
