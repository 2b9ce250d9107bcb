"""Which part of a version is exported: some of its splits, or what became different since its parent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from dataimp_gui.core.project import Project
from dataimp_gui.core.versions import choosing
from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import text

MOST: Final = 8  # splits to choose from; of more, all are exported


@dataclass(frozen=True, slots=True)
class Parts:
    """Examples of a version in each split, "" for none, and how many of them ``parent`` lacks or has otherwise."""

    splits: Mapping[str, int] = field(default_factory=dict)
    parent: str = ""
    changed: int = 0


def count(project: Project, version: str, parent: str) -> Parts:
    """On a worker. Raises ProjectError for a version whose files were changed."""
    where = project.database, project.path
    changed = choosing.changed(*where, version, parent) if parent else 0
    found = sorted(choosing.splits(*where, version).items(), key=lambda each: -each[1])
    return Parts(dict(found), parent, changed)


class PartsChoice(QWidget):
    moved = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = Parts()
        self.boxes: dict[str, QCheckBox] = {}
        self.since = QCheckBox()
        self._title = text("Include", size="small", colour="secondary")
        self._lines = parts.column(self, gap=8)
        self._lines.addWidget(self._title)
        self._splits = parts.column(gap=8)
        self._lines.addLayout(self._splits)
        self._changed = text(size="small", colour="muted")
        self._lines.addLayout(_line(self.since, self._changed))
        self.since.toggled.connect(lambda _: self.moved.emit())
        self.show_parts(Parts())

    def show_parts(self, found: Parts) -> None:
        """All of it is chosen at first."""
        self._parts = found
        parts.clear(self._splits)
        self.boxes = {}
        for split, held in found.splits.items() if 1 < len(found.splits) <= MOST else ():
            box = QCheckBox(theme.one_line(split or "no split").replace("&", "&&"))
            box.setChecked(True)
            box.toggled.connect(lambda _: self.moved.emit())
            self.boxes[split] = box
            self._splits.addLayout(_line(box, text(f"{held:,} examples", size="small", colour="muted")))
        self.since.setText(f"Only what changed since {found.parent}")
        self.since.setChecked(False)
        self._changed.setText(f"{found.changed:,} examples")
        for widget in (self.since, self._changed):
            widget.setHidden(not found.changed)
        self._title.setHidden(not self.boxes and not found.changed)
        self.moved.emit()

    @property
    def splits(self) -> tuple[str, ...]:
        """Those that are chosen; empty where all are."""
        wanted = tuple(split for split, box in self.boxes.items() if box.isChecked())
        return () if len(wanted) == len(self.boxes) else wanted

    @property
    def parent_version(self) -> str:
        """What is exported is only what differs from this one; empty where it is everything."""
        return self._parts.parent if self.since.isChecked() else ""

    @property
    def is_empty(self) -> bool:
        return bool(self.boxes) and not any(box.isChecked() for box in self.boxes.values())

    @property
    def examples(self) -> tuple[int, bool]:
        """How many are chosen, and whether it is that many exactly; else it is fewer."""
        wanted = self.splits
        held = sum(self._parts.splits[split] for split in wanted or self._parts.splits)
        if not self.since.isChecked():
            return held, True
        return min(held, self._parts.changed), not wanted


def _line(box: QCheckBox, about: QWidget) -> QHBoxLayout:
    line = parts.row(gap=8)
    line.addWidget(box)
    line.addStretch(1)
    line.addWidget(about)
    return line
