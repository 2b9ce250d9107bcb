"""The fields of an example with their values, two beside each other where both are short."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QGridLayout, QWidget

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import Elided, clear, text
from dataimp_gui.ui.pages.triage.inspector import detail
from dataimp_gui.ui.pages.triage.titles import Titles

KEY_SHARE: Final = 0.6  # of half the width: a longer name leaves no room for another field beside it
LONGEST: Final = 200  # characters of a value


class FieldsView(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(2)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(3, 1)

    def empty(self) -> None:
        clear(self._grid)

    def show_fields(self, metadata: Mapping[str, object], titles: Titles, width: int) -> None:
        """In so many pixels. Findings are left out: they stand elsewhere, with their reasons."""
        clear(self._grid)
        metrics, half = QFontMetrics(theme.font("small")), width // 2
        known = {name: value for name, value in metadata.items() if not titles.is_finding(name)}
        listed = [(titles.plain(name), titles.with_unit(name, value)) for name, value in detail.fields(known)]
        keys = [metrics.horizontalAdvance(theme.one_line(name)) + 4 for name, _ in listed]
        widest = max((key_w for key_w in keys if key_w <= KEY_SHARE * half), default=0)
        line = side = 0
        for (name, value), key_w in zip(listed, keys, strict=True):
            key, shown = Elided(name, size="small", colour="muted"), text(value[:LONGEST], size="small")
            shown.setWordWrap(True)
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
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
                key.setFixedWidth(key_w)
                self._grid.addWidget(key, line, 2 * side, Qt.AlignmentFlag.AlignTop)
                self._grid.addWidget(shown, line, 2 * side + 1)
            line, side = (line + 1, 0) if wide or side else (line, 1)
