"""How often a slice fails in each run, or by the labels of each version, and what changed from the one before."""

from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QWidget

from dataimp_gui.core.slicing.difference import Difference, difference
from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.choice import Choice
from dataimp_gui.ui.kit.parts import section_title, text
from dataimp_gui.ui.kit.segments import Segments
from dataimp_gui.ui.kit.twin_bars import TwinBars
from dataimp_gui.ui.pages.slices import words
from dataimp_gui.ui.pages.slices.comparing import trend_lines
from dataimp_gui.ui.pages.slices.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dataimp_gui.core.slicing.measuring import OfRun

LETTERS: Final = 10


class Trend(QWidget):
    """Hidden where there is nothing to compare."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._told: dict[str, Sequence[OfRun]] = {}
        self._looks: dict[str, Sequence[OfRun]] = {}
        self.which = Segments("What the trend is over", {"runs": "Runs", "versions": "Versions"}, small=True)
        self.which.chosen.connect(self._refresh)
        self.bars = TwinBars("Error of the slice in each run or version")
        self.before = Choice("From", "What to compare with", LETTERS)
        self.after = Choice("To", "What is compared", LETTERS)
        self.change = text(size="small")
        self.change.setWordWrap(True)
        head = parts.row(gap=8)
        head.addWidget(section_title("Trend"))
        head.addWidget(text("upper bar: slice, lower: all", size="caption", colour="muted"))
        head.addStretch(1)
        head.addWidget(self.which)
        pair = parts.row(gap=8)
        for choice in (self.before, self.after):
            choice.activated.connect(self._compare)
            pair.addWidget(choice, 1)
        column = parts.column(self, gap=6)
        column.addLayout(head)
        column.addWidget(self.bars)
        column.addLayout(pair)
        column.addWidget(self.change)

    def show_reading(self, reading: Reading | None) -> None:
        """None while another slice is being read."""
        self._told = {**self._told, "runs": reading.trend} if reading else {}
        self._show_looks()

    def show_versions(self, looks: "Sequence[OfRun]") -> None:
        self._told = {**self._told, "versions": looks}
        self._show_looks()

    def _show_looks(self) -> None:
        told = self._told if "runs" in self._told else {}  # versions may come first, and wait
        counted = {key: [each for each in looks if each.error_rate is not None] for key, looks in told.items()}
        self._looks = {key: looks for key, looks in counted.items() if len(looks) > 1}
        for key, button in self.which.buttons.items():
            button.setEnabled(key in self._looks)
        if self._looks and self.which.key not in self._looks:
            self.which.choose(next(iter(self._looks)))
        self._refresh()
        self.setVisible(bool(self._looks))

    @property
    def difference(self) -> Difference | None:
        looks = self._looks.get(self.which.key, ())
        first, second = self.before.currentIndex(), self.after.currentIndex()
        if not (0 <= first < len(looks) and 0 <= second < len(looks)):
            return None
        return difference(looks[first], looks[second])

    def _refresh(self, _key: str = "") -> None:
        """The last one beside the one before it, until others are chosen."""
        looks = self._looks.get(self.which.key, ())
        self.bars.show_lines(trend_lines(looks))
        for choice, place in ((self.before, len(looks) - 2), (self.after, len(looks) - 1)):
            choice.clear()
            choice.addItems([theme.one_line(each.run) for each in looks])
            choice.setCurrentIndex(place)
        self._compare()

    def _compare(self, _place: int = 0) -> None:
        found = self.difference
        self.change.setText(words.change(found) if found else "")
