"""Which part of a version is exported: splits, what was made, what became different since its parent."""

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
    """Examples of a version by split ("" for none) and origin with the ``sizes`` of their media in bytes, how many it
    leaves out, how many of its own ``parent`` lacks or has otherwise, and the gates that it ``failed``."""

    held: Mapping[tuple[str, str], int] = field(default_factory=dict)
    sizes: Mapping[tuple[str, str], int] = field(default_factory=dict)
    excluded: int = 0
    parent: str = ""
    changed: int = 0
    failed: tuple[str, ...] = ()

    def count(self, *, split: str | None = None, origin: str | None = None) -> int:
        return sum(many for (of, made), many in self.held.items() if split in (None, of) and origin in (None, made))

    @property
    def splits(self) -> list[str]:
        """The largest first."""
        return sorted({split for split, _ in self.held}, key=lambda split: -self.count(split=split))

    @property
    def made(self) -> list[str]:
        return [origin for origin in choosing.MADE if self.count(origin=origin)]


def count(project: Project, version: str, parent: str) -> Parts:
    """On a worker. Raises ProjectError for a version whose files were changed."""
    where = project.database, project.path
    changed = choosing.changed(*where, version, parent) if parent else 0
    held = choosing.held(*where, version)
    judged = project.evaluation.kept(version)
    return Parts(held.examples, held.bytes, held.excluded, parent, changed, judged[0].failed if judged else ())


class PartsChoice(QWidget):
    moved = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.found = Parts()
        self.boxes: dict[str, QCheckBox] = {}  # by split
        self.made: dict[str, QCheckBox] = {}  # by origin
        self.since, self.excluded = QCheckBox(), QCheckBox("Excluded")
        self.excluded.setToolTip("Lists the ids and reasons of what the version leaves out in manifest.json")
        self._title = text("Include", size="small", colour="secondary")
        self._lines = parts.column(self, gap=8)
        self._lines.addWidget(self._title)
        self._choices = parts.column(gap=8)
        self._lines.addLayout(self._choices)
        self._left_out, self._changed = (text(size="small", colour="muted") for _ in range(2))
        self._lines.addLayout(_line(self.excluded, self._left_out))
        self._lines.addLayout(_line(self.since, self._changed))
        self.since.toggled.connect(lambda _: self.moved.emit())
        self.show_parts(Parts())

    def show_parts(self, found: Parts) -> None:
        """All that the version has is chosen at first."""
        self.found = found
        parts.clear(self._choices)
        many = 1 < len(found.splits) <= MOST
        self.boxes = {split: self._box(split or "no split", found.count(split=split)) for split in found.splits if many}
        self.made = {origin: self._box(origin.capitalize(), found.count(origin=origin)) for origin in found.made}
        self.since.setText(f"Only what changed since {found.parent}")
        self.since.setChecked(False)
        self._changed.setText(_examples(found.changed))
        self.excluded.setChecked(False)
        self._left_out.setText(f"{found.excluded:,}, listed with reasons")
        for widget in (self.since, self._changed):
            widget.setHidden(not found.changed)
        for widget in (self.excluded, self._left_out):
            widget.setHidden(not found.excluded)
        self._title.setHidden(not (self.boxes or self.made or found.changed or found.excluded))
        self.moved.emit()

    def _box(self, words: str, held: int) -> QCheckBox:
        box = QCheckBox(theme.one_line(words).replace("&", "&&"))
        box.setChecked(True)
        box.toggled.connect(lambda _: self.moved.emit())
        self._choices.addLayout(_line(box, text(_examples(held), size="small", colour="muted")))
        return box

    @property
    def splits(self) -> tuple[str, ...]:
        """Those that are chosen; empty where all are."""
        wanted = tuple(split for split, box in self.boxes.items() if box.isChecked())
        return () if len(wanted) == len(self.boxes) else wanted

    @property
    def without(self) -> tuple[str, ...]:
        """The origins that are left out."""
        return tuple(origin for origin, box in self.made.items() if not box.isChecked())

    @property
    def lists_excluded(self) -> bool:
        return self.excluded.isChecked()

    @property
    def parent_version(self) -> str:
        """What is exported is only what differs from this one; empty where it is everything."""
        return self.found.parent if self.since.isChecked() else ""

    @property
    def is_empty(self) -> bool:
        return bool(self.found.held) and not self._chosen(self.found.held)

    @property
    def examples(self) -> tuple[int, bool]:
        """How many are chosen, and whether it is that many exactly; else it is fewer."""
        held = self._chosen(self.found.held)
        if not self.since.isChecked():
            return held, True
        return min(held, self.found.changed), not self.splits and not self.without

    @property
    def media_size(self) -> int:
        """Of their media in bytes; 0 where that is not known."""
        return 0 if self.since.isChecked() else self._chosen(self.found.sizes)

    def _chosen(self, amounts: Mapping[tuple[str, str], int]) -> int:
        if self.boxes and not any(box.isChecked() for box in self.boxes.values()):
            return 0
        splits, without = self.splits or self.found.splits, self.without
        return sum(many for (split, origin), many in amounts.items() if split in splits and origin not in without)


def _examples(many: int) -> str:
    return "1 example" if many == 1 else f"{many:,} examples"


def _line(box: QCheckBox, about: QWidget) -> QHBoxLayout:
    line = parts.row(gap=8)
    line.addWidget(box)
    line.addStretch(1)
    line.addWidget(about)
    return line
