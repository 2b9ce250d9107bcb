"""The panel beside a version: how many examples of each label it holds, and what changed in that."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QWidget

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.drift_bars import Drift, DriftBars
from dataimp_gui.ui.kit.parts import section_title, text
from dataimp_gui.ui.pages.versions.gates import Gates
from dataimp_gui.ui.pages.versions.moves import Moves
from dataimp_gui.ui.pages.versions.reading import KINDS, Reading
from dataimp_gui.ui.pages.versions.standing import Entry

MOST_LABELS: Final = 60
MOST_SLICES: Final = 12


class Side(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        body = QWidget()
        body.setObjectName("panelBody")
        self._body = parts.column(body, gap=10, margins=(16, 14, 16, 16))
        self.shown = ""  # the name of the version
        self._against = text(size="small", colour="muted")
        self.balance = DriftBars("Examples of each label")
        self._rest = text(size="small", colour="muted")
        self.slices = text(size="small", colour="secondary")
        self.slices.setWordWrap(True)
        self.gates, self.moves = Gates(), Moves()
        head = parts.row(gap=8)
        head.addWidget(section_title("Label balance"))
        head.addStretch(1)
        head.addWidget(self._against)
        self._body.addWidget(self.gates)
        self._body.addSpacing(8)
        self._body.addLayout(head)
        self._body.addWidget(self.balance)
        self._body.addWidget(self._rest)
        self._in_slices = section_title("Changes in slices")
        self._body.addWidget(self._in_slices)
        self._body.addWidget(self.slices)
        self._body.addSpacing(8)
        self._body.addWidget(self.moves)
        self._body.addStretch(1)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(body)
        column = parts.column(self, gap=0)
        column.addWidget(scroll)

    def show_reading(self, entry: Entry, reading: Reading) -> None:
        """Those that changed most come first, then the most frequent ones."""
        self.shown = reading.name
        before = reading.labels_before
        lines = [
            Drift(
                theme.one_line(label or "no label"),
                reading.labels.get(label, 0),
                before.get(label, 0) if before else None,
            )
            for label in {**reading.labels, **(before or {})}
        ]
        lines.sort(key=lambda line: (-abs(line.now - (line.now if line.before is None else line.before)), -line.now))
        self.balance.show_lines(lines[:MOST_LABELS])
        rest = len(lines) - MOST_LABELS
        self._rest.setText(f"and {rest:,} more labels")
        self._rest.setVisible(rest > 0)
        changed = reading.diff.slices[:MOST_SLICES] if reading.diff else ()
        self.slices.setText("\n".join(_of_slice(name, counts) for name, counts in changed))
        for each in (self._in_slices, self.slices):
            each.setVisible(bool(changed))
        self._against.setText(f"{entry.title} vs {entry.parent}" if entry.parent else entry.title)


def _of_slice(name: str, counts: Mapping[str, int]) -> str:
    told = ", ".join(f"{counts[kind]:,} {kind}" for kind in KINDS if counts.get(kind))
    return f"{theme.one_line(name)}: {told}"
