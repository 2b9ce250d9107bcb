"""Limits of single slices: those that have one, and a list to give one to another."""

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QGridLayout, QWidget

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import Elided, icon_button

POINTS = 100.0


class Least(QWidget):
    def __init__(self, least: Mapping[str, float], slices: Sequence[str], parent: QWidget | None = None) -> None:
        """``least`` change of the accuracy by slice, ``slices`` the names of all saved ones."""
        super().__init__(parent)
        self._slices = [*slices, *(name for name in least if name not in slices)]
        self.fields: dict[str, QDoubleSpinBox] = {}
        self._lines: dict[str, list[QWidget]] = {}
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(8)
        self._grid.setColumnStretch(0, 1)
        self.more = QComboBox()
        self.more.setAccessibleName("Give a slice a limit of its own")
        self.more.activated.connect(lambda place: self.add(self.more.itemData(place)) if place else None)
        column = parts.column(self, gap=8)
        column.addLayout(self._grid)
        column.addWidget(self.more)
        for name, limit in least.items():
            self.add(name, limit)
        self._offer()
        self.setHidden(not self._slices)

    def add(self, name: str, limit: float = 0.0) -> None:
        field = parts.inset(QDoubleSpinBox(minimum=-POINTS, maximum=POINTS, decimals=1, suffix=" points"))
        field.setValue(POINTS * limit)
        field.setAccessibleName(f"{theme.one_line(name)} changes by at least")
        remove = icon_button("close", f"Take the limit of {theme.one_line(name)} away")
        remove.clicked.connect(partial(self._remove, name))
        self.fields[name], self._lines[name] = field, [Elided(f"{name} changes by at least"), field, remove]
        line = self._grid.rowCount()
        for column, widget in enumerate(self._lines[name]):
            self._grid.addWidget(widget, line, column)
        self._offer()

    def _remove(self, name: str) -> None:
        for widget in self._lines.pop(name):
            widget.hide()
            widget.deleteLater()
        del self.fields[name]
        self._offer()

    def _offer(self) -> None:
        rest = [name for name in self._slices if name not in self.fields]
        self.more.clear()
        self.more.addItem("A limit for one slice…")
        for name in rest:
            self.more.addItem(theme.one_line(name), name)
        self.more.setHidden(not rest)

    @property
    def limits(self) -> dict[str, float]:
        return {name: round(field.value() / POINTS, 6) for name, field in self.fields.items()}
