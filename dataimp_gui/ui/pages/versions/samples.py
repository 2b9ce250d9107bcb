"""Examples that a version changed, as a line of small pictures or texts, one kind of change at a time."""

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import section_title, text
from dataimp_gui.ui.kit.segments import Segments
from dataimp_gui.ui.kit.strip import Strip
from dataimp_gui.ui.pages.versions.reading import KINDS, Reading

TITLES: Final = {kind: kind.capitalize() for kind in KINDS}


class Samples(QWidget):
    picked = Signal(int)  # a row

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reading: Reading | None = None
        self.title = section_title("Changed examples")
        self.count = text(size="small", colour="muted")
        self.which = Segments("Which changed examples are shown", TITLES)
        self.which.chosen.connect(self._refresh)
        head = parts.row(gap=8)
        head.addWidget(self.title)
        head.addWidget(self.count)
        head.addStretch(1)
        head.addWidget(self.which)
        self.strip = Strip("Changed examples")
        self.strip.picked.connect(self._pick)
        column = parts.column(self, gap=8)
        column.addLayout(head)
        column.addWidget(self.strip)

    def show_reading(self, reading: Reading) -> None:
        """The kind that was chosen stays when there is some of it, else the first of which there is some is shown."""
        self._reading = reading
        there = [kind for kind in KINDS if len(reading.rows.get(kind, ()))]
        for kind, button in self.which.buttons.items():
            button.setVisible(kind in there)
        if there and self.which.key not in there:
            self.which.choose(there[0])
        self.setVisible(bool(there))
        self._refresh()

    def _refresh(self, _key: str = "") -> None:
        reading, kind = self._reading, self.which.key
        if reading is None or reading.diff is None:
            return
        thumbs = reading.thumbs.get(kind, ())
        self.strip.show_thumbs(thumbs)
        self.count.setText(f"{min(len(thumbs), len(self.strip.thumbs)):,} of {reading.diff.counts[kind]:,}")

    def _pick(self, place: int) -> None:
        if self._reading is not None:
            self.picked.emit(int(self._reading.rows[self.which.key][place]))
