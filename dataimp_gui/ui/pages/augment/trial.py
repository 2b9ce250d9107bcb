"""Whether a simple model gains by the variants: of the policy in sight, and of the one that it is compared with."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QWidget

from dataimp_gui.core.augmenting.trying import Difference, Tried
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import button, key_button, section_title, text
from dataimp_gui.ui.kit.signed_bars import MINUS


@dataclass(frozen=True, slots=True)
class OfPolicy:
    """What came out when the policy on the tab ``letter`` was tried, maybe before it was changed."""

    letter: str
    found: Tried
    is_stale: bool


class Trial(QWidget):
    wanted = Signal()  # for the policy in sight
    other_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.try_it = key_button("Try it", "Ctrl+T")
        self.try_it.setToolTip("Train a simple model with and without the variants, and compare (Ctrl+T)")
        self.try_it.clicked.connect(self.wanted)
        self.try_other = button("Try B")
        self.try_other.setToolTip("The same for the policy that this one is compared with")
        self.try_other.clicked.connect(self.other_wanted)
        self._said = QWidget()
        self._lines = parts.column(self._said, gap=4)
        column = parts.column(self, gap=10)
        column.addWidget(section_title("Does it help a model?"))
        column.addWidget(self._said)
        both = parts.row(gap=8)
        both.addWidget(self.try_it, 1)
        both.addWidget(self.try_other)
        column.addLayout(both)

    @property
    def words(self) -> list[str]:
        return [label.text() for label in self._said.findChildren(QLabel)]

    def show_state(self, *, can_try: bool, other: str, can_try_other: bool) -> None:
        """``other`` is the letter of the policy that is compared with, "" where there is none."""
        self.try_it.setEnabled(can_try)
        self.try_other.setHidden(not other)
        self.try_other.setEnabled(can_try_other)
        self.try_other.setText(f"Try {other}")
        self.try_other.setAccessibleName(self.try_other.text())

    def show_tried(self, tried: Sequence[OfPolicy]) -> None:
        parts.clear(self._lines)
        self.try_it.setText("Try again" if tried else "Try it")
        self._said.setHidden(not tried)
        for each in tried:
            found = each.found
            self._line(f"{each.letter} · {found.seeds} seeds", f"{found.learned:,} examples learned", "muted")
            if each.is_stale:
                self._lines.addWidget(text("Tried before the last change", size="small", colour="warn"))
            rows = (("All of the target", found.overall), ("In the slice", found.slice_), ("The rest", found.rest))
            for title, part in rows:
                if part is not None:
                    self._line(title, f"{part.without:.1%} → {part.with_variants:.1%}", "primary")
                    self._line("", _spread(part), _colour(part))

    def _line(self, title: str, figure: str, colour: str) -> None:
        line = parts.row(gap=8)
        line.addWidget(text(title, size="small"), 1)
        line.addWidget(text(figure, size="small", colour=colour))
        self._lines.addLayout(line)


def _spread(each: Difference) -> str:
    low, high = each.interval
    return f"{each.difference * 100:+.1f} points, {low * 100:+.1f} to {high * 100:+.1f}".replace("-", MINUS)


def _colour(each: Difference) -> str:
    low, high = each.interval
    return "ok" if low > 0 else "err" if high < 0 else "secondary"
