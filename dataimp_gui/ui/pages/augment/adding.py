"""What each step adds to the realism of the others, and what to do about one that costs."""

from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from dataimp_gui.core.augment.operations import table
from dataimp_gui.core.augment.policy import Policy
from dataimp_gui.core.augment.realism.closing import Closed
from dataimp_gui.core.augment.realism.steps import OfStep, Verdict
from dataimp_gui.core.augmenting.measuring import Measured
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import section_title, sign, small_button, text
from dataimp_gui.ui.kit.signed_bars import MINUS, Signed, SignedBars

MOST_CARDS: Final = 3
BAD: Final = (Verdict.UNSEEN, Verdict.BREAKS)


@dataclass(frozen=True, slots=True)
class Added:
    """In shares of the whole gap: what the step adds to the others, with its interval, and the realism without it."""

    step: OfStep
    title: str
    share: float
    low: float
    high: float
    without: float

    @property
    def is_bad(self) -> bool:
        return self.step.verdict in BAD or self.high < 0


def added(found: Measured) -> list[Added]:
    """The most helpful first. Nothing where there is no gap to close."""
    overall = found.realism.overall
    if found.realism.is_closed_already or not overall.share:
        return []
    gap = overall.gained / overall.share
    lines = [_added(each, each.added or each.alone, overall, gap) for each in found.steps]
    return sorted(lines, key=lambda line: -line.share)


def _added(step: OfStep, closed: Closed, overall: Closed, gap: float) -> Added:
    title = table()[step.op].title if step.op in table() else step.op
    low, high = (end / gap for end in closed.gained_interval)
    share = closed.gained / gap
    return Added(step, title, share, low, high, overall.share - share)


class StepsAdded(QWidget):
    turned_off = Signal(int)  # the place of a step

    def __init__(self) -> None:
        super().__init__()
        self.bars = SignedBars("What each step adds, in points of realism")
        self.off_buttons: dict[int, QPushButton] = {}
        self._cards = parts.column(gap=6)
        lines = parts.column(self, gap=6)
        head = parts.row()
        head.addWidget(section_title("What each step adds"))
        head.addStretch(1)
        head.addWidget(text("points of realism", size="small", colour="muted"))
        lines.addLayout(head)
        lines.addWidget(self.bars)
        lines.addLayout(self._cards)

    def show_added(self, found: Measured | None, policy: Policy, *, can_turn_off: bool) -> None:
        parts.clear(self._cards)
        self.off_buttons = {}
        lines = added(found) if found else []
        self.setVisible(bool(lines))
        self.bars.show_lines(
            [Signed(line.title, 100 * line.share, 100 * line.low, 100 * line.high, line.is_bad) for line in lines]
        )
        worst = [line for line in reversed(lines) if line.is_bad]
        for line in worst[:MOST_CARDS]:
            self._cards.addWidget(self._card(line, can_turn_off=can_turn_off and line.step.place < len(policy.steps)))

    def _card(self, line: Added, *, can_turn_off: bool) -> QFrame:
        card = QFrame()
        card.setObjectName("issueCard")
        inner = parts.row(card, gap=8, margins=(10, 8, 10, 8))
        said = parts.column(gap=2)
        verdict = line.step.verdict.value if line.step.verdict in BAD else "costs realism"
        head = parts.row(gap=6)
        head.addWidget(sign("warning", "err.text"), 0, Qt.AlignmentFlag.AlignTop)
        words = [text(f"{line.title}: {verdict}", size="small", colour="err")]
        head.addWidget(words[0], 1)
        said.addLayout(head)
        if line.step.verdict is Verdict.BREAKS and line.step.kept.share is not None:
            words.append(text(f"Alone it keeps {line.step.kept.share:.0%} of the labels.", size="small"))
        elif line.share > 0:  # what is held against it is what it does by itself
            words.append(text("By itself it moves examples away from the target.", size="small"))
        else:
            words.append(text(f"Without it realism is {line.without:.0%}.".replace("-", MINUS), size="small"))
        said.addWidget(words[1])
        for each in words:
            each.setWordWrap(True)
        inner.addLayout(said, 1)
        if can_turn_off:
            off = small_button("Turn off")
            off.setAccessibleName(f"Turn off {line.title}")
            off.clicked.connect(partial(self.turned_off.emit, line.step.place))
            self.off_buttons[line.step.place] = off
            inner.addWidget(off, 0, Qt.AlignmentFlag.AlignVCenter)
        return card
