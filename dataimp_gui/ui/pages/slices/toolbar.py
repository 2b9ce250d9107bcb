"""What stands above the table of slices: which are shown, what to look for, and the search."""

from dataclasses import replace
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from dataimp_gui.ui.kit import icons, parts
from dataimp_gui.ui.kit.choice import Choice
from dataimp_gui.ui.kit.parts import button, icon_button, key_button
from dataimp_gui.ui.kit.segments import Segments
from dataimp_gui.ui.pages.slices.arranging import Arrangement
from dataimp_gui.ui.pages.slices.board import Board, Kind

TITLES: Final = {Kind.ALL: "All", Kind.FOUND: "Found", Kind.SAVED: "Saved"}
SIZES: Final = (0, 10, 20, 50, 100, 200, 500, 1000, 5000)
TYPING_MS: Final = 150
WIDE: Final = 860
NARROW: Final = 720  # the filter by size gives way


class Toolbar(QWidget):
    arranged = Signal(object)  # Arrangement
    new_wanted = Signal()
    search_wanted = Signal()
    stop_wanted = Signal()
    areas_wanted = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("toolbar")
        self._arrangement = Arrangement()
        self.kinds = Segments("Which slices are shown", {kind.value: title for kind, title in TITLES.items()})
        self.kinds.chosen.connect(lambda key: self._change(kind=Kind(key)))
        self.field = QLineEdit(placeholderText="Search name or rule", clearButtonEnabled=True)
        self.field.setAccessibleName("Search name or rule")
        self.field.addAction(icons.icon("search", "text.muted"), QLineEdit.ActionPosition.LeadingPosition)
        self.field.setMaximumWidth(200)
        self.field.setMinimumWidth(80)
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._typing.timeout.connect(lambda: self._change(typed=self.field.text()))
        self.field.textChanged.connect(lambda _: self._typing.start())
        self.least = Choice("Min size", "Smallest size of a slice", 5)
        for size in SIZES:
            self.least.addItem(f"{size:,}" if size else "any", size)
        self.least.setToolTip("Hides found slices with fewer examples; the next search looks for none smaller")
        self.least.activated.connect(lambda _: self._change(least=int(self.least.currentData())))
        self.overlap = QCheckBox("Hide overlapping")
        self.overlap.setChecked(True)
        self.overlap.setToolTip("Of found slices that share half of their examples, show the one with more to fix")
        self.overlap.toggled.connect(lambda on: self._change(hides_overlapping=on))
        self.areas = icon_button("matrix", "Show where the errors are", key="V", checkable=True, raised=True)
        self.areas.toggled.connect(self.areas_wanted)
        self.new = key_button("New slice", "N")
        self.new.clicked.connect(self.new_wanted)
        self.search = button("Find slices", kind="primary", icon="search", key="Ctrl+Enter")
        self.search.clicked.connect(self.search_wanted)
        self.stop = button("Stop the search", icon="stop")
        self.stop.clicked.connect(self.stop_wanted)
        self.stop.hide()
        line = parts.row(self, gap=8, margins=(12, 8, 12, 8))
        line.addWidget(self.kinds)
        line.addWidget(self.field, 1)
        line.addWidget(self.least)
        line.addWidget(self.overlap)
        line.addStretch(0)
        for widget in (self.areas, self.new, self.search, self.stop):
            line.addWidget(widget)

    @property
    def arrangement(self) -> Arrangement:
        return self._arrangement

    def arrange(self, arrangement: Arrangement) -> None:
        """From outside: the order of the table, or what was shown the last time."""
        self._arrangement = arrangement
        self.kinds.choose(arrangement.kind.value)
        self.least.setCurrentIndex(max(0, self.least.findData(arrangement.least)))
        self.overlap.blockSignals(True)
        self.overlap.setChecked(arrangement.hides_overlapping)
        self.overlap.blockSignals(False)
        if arrangement.typed != self.field.text():
            self.field.setText(arrangement.typed)
        self.arranged.emit(arrangement)

    def show_board(self, board: Board) -> None:
        for kind, title in TITLES.items():
            self.kinds.rename(kind.value, f"{title} {board.count(kind):,}")

    def show_searching(self, on: bool) -> None:
        self.search.setVisible(not on)
        self.stop.setVisible(on)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.overlap.setText("Hide overlapping" if self.width() > WIDE else "")
        self.least.setVisible(self.width() > NARROW)
        self.overlap.setAccessibleName("Hide overlapping")

    def _change(self, **changed: object) -> None:
        self._arrangement = replace(self._arrangement, **changed)  # type: ignore[arg-type]
        self.arranged.emit(self._arrangement)
