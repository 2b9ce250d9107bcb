"""The fields of an example with their values, two beside each other where both are short; many can be filtered."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QWidget

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import Elided, clear, text
from dataimp_gui.ui.pages.triage.inspector import detail
from dataimp_gui.ui.pages.triage.titles import Titles

KEY_SHARE: Final = 0.6  # of half the width: a longer name leaves no room for another field beside it
LONGEST: Final = 200  # characters of a value
MANY: Final = 16  # fields from which on there is a filter
MOST: Final = 60  # that are shown at once


class FieldsView(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._given: tuple[Mapping[str, object], Titles, int] = ({}, Titles(), 0)
        self._names: list[str] = []
        self.filter = QLineEdit(placeholderText="Filter fields", clearButtonEnabled=True)
        self.filter.setAccessibleName("Filter the fields by name or value")
        self.filter.textChanged.connect(lambda: self.show_fields(*self._given))
        self.filter.hide()
        self._note = text(size="small", colour="muted")
        self._note.hide()
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(2)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(3, 1)
        column = parts.column(self, gap=4)
        column.addWidget(self.filter)
        column.addLayout(self._grid)
        column.addWidget(self._note)

    def empty(self) -> None:
        """What the filter says stays for the next example."""
        self._given = ({}, Titles(), 0)
        self._names = []
        self._note.hide()
        clear(self._grid)

    def names(self) -> list[str]:
        """Of the fields that are shown."""
        return self._names

    def show_fields(self, metadata: Mapping[str, object], titles: Titles, width: int) -> None:
        """In so many pixels. Findings are left out: they stand elsewhere, with their reasons."""
        clear(self._grid)
        self._given = (metadata, titles, width)
        metrics, half = QFontMetrics(theme.font("small")), width // 2
        known = {name: value for name, value in metadata.items() if not titles.is_finding(name)}
        every = [(titles.plain(name), titles.with_unit(name, value)) for name, value in detail.fields(known)]
        self.filter.setVisible(len(every) >= MANY or bool(self.filter.text()))
        wanted = self.filter.text().strip().casefold()
        found = [(name, value) for name, value in every if wanted in f"{name}\n{value}".casefold()]
        listed = found[:MOST]
        self._names = [name for name, _ in listed]
        rest = f"{len(found) - MOST:,} more fields; filter to see them" if len(found) > MOST else ""
        self._note.setText(rest or ("" if found or not every else "No field matches"))
        self._note.setVisible(bool(self._note.text()))
        keys = [metrics.horizontalAdvance(theme.one_line(name)) + 4 for name, _ in listed]
        widest = max((key_w for key_w in keys if key_w <= KEY_SHARE * half), default=0)
        line = side = 0
        for (name, value), key_w in zip(listed, keys, strict=True):
            key, shown = Elided(name, size="small", colour="muted"), _value(value[:LONGEST], metrics, half)
            wide = key_w > KEY_SHARE * half or widest + metrics.horizontalAdvance(value[:LONGEST]) > half - 28
            if wide and side:
                line, side = line + 1, 0
            if wide:  # in a row of its own, so that its long name leaves the others their room
                key.setFixedWidth(min(max(key_w, widest), half + half // 2))
                whole = parts.row(gap=12)
                whole.addWidget(key, 0, Qt.AlignmentFlag.AlignTop)
                whole.addWidget(shown, 1)
                self._grid.addLayout(whole, line, 0, 1, 4)
            else:
                key.setFixedWidth(widest)
                self._grid.addWidget(key, line, 2 * side, Qt.AlignmentFlag.AlignTop)
                self._grid.addWidget(shown, line, 2 * side + 1)
            line, side = (line + 1, 0) if wide or side else (line, 1)


def _value(value: str, metrics: QFontMetrics, room: int) -> QLabel:
    """Wrapped between its words; one word alone that is wider than ``room``, such as a hash, is cut."""
    if max(map(metrics.horizontalAdvance, value.split()), default=0) > room:
        return Elided(value, size="small")
    shown = text(value, size="small")
    shown.setWordWrap(True)
    shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return shown
