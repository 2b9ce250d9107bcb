"""The right panel: how much of the gap to the target the policy closes, and which step is to blame."""

from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QWidget

from dataimp_gui.core.augment.operations import table
from dataimp_gui.core.augment.policy import Policy
from dataimp_gui.core.augmenting.measuring import Measured
from dataimp_gui.core.augmenting.trying import Difference, Tried
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import Elided, key_button, section_title, small_button, text

MOST_STATISTICS: Final = 8


class Realism(QWidget):
    """What was measured for another policy than the one in sight is said to be of before the change."""

    measure_wanted = Signal()
    try_wanted = Signal()
    stop_wanted = Signal()
    turned_off = Signal(int)  # the place of a step

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("inspector")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        body = QWidget()
        body.setObjectName("panelBody")
        self._sizes = text(size="small", colour="muted")
        self._sizes.setWordWrap(True)
        self.figure = text(size="metric", strong=True)
        self._interval = text(size="small", colour="secondary")
        self.summary = text(size="small")
        self._stale = text("Measured before the last change", size="small", colour="warn")
        for label in (self._interval, self.summary, self._stale):
            label.setWordWrap(True)
        self.measure = key_button("Measure realism", "Ctrl+R")
        self.measure.clicked.connect(self.measure_wanted)
        self.stop = small_button("Stop", icon="stop")
        self.stop.clicked.connect(self.stop_wanted)
        self._kept, self._statistics = QWidget(), QWidget()
        self._steps, self._tried = QWidget(), QWidget()
        self._lists = {each: parts.column(each, gap=4) for each in (self._kept, self._statistics, self._steps)}
        self._lists[self._tried] = parts.column(self._tried, gap=4)
        self.off_buttons: dict[int, QPushButton] = {}
        self.try_it = key_button("Try it", "Ctrl+T")
        self.try_it.setToolTip("Train a simple model with and without the variants, and compare (Ctrl+T)")
        self.try_it.clicked.connect(self.try_wanted)
        column = parts.column(body, gap=10, margins=(16, 14, 16, 16))
        column.addWidget(section_title("Realism"))
        for each in (self.figure, self._interval, self._stale, self.summary, self._sizes, self.measure):
            column.addWidget(each)
        for part in (self._kept, self._statistics, self._steps):
            column.addWidget(part)
        column.addWidget(section_title("Does it help a model?"))
        column.addWidget(self._tried)
        column.addWidget(self.try_it)
        column.addWidget(self.stop)
        column.addStretch(1)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(body)
        parts.column(self, gap=0).addWidget(scroll)

    def show_state(self, *, can_measure: bool, is_busy: bool, has_target: bool) -> None:
        self.measure.setEnabled(can_measure)
        self.try_it.setEnabled(can_measure)
        self.stop.setVisible(is_busy)
        if not has_target:
            self._sizes.setText("Say under Match which examples the variants should be like: 30 or more.")

    @property
    def is_stale(self) -> bool:
        """What it shows was measured for another policy, scope or target."""
        return not self._stale.isHidden()

    @property
    def tried_words(self) -> list[str]:
        """What it says of the model that was tried."""
        return [label.text() for label in self._tried.findChildren(QLabel)]

    def show_measured(self, found: Measured | None, policy: Policy, *, is_stale: bool) -> None:
        for layout in (self._lists[each] for each in (self._kept, self._statistics, self._steps)):
            parts.clear(layout)
        self.off_buttons = {}
        for label in (self.figure, self._interval, self.summary):
            label.setVisible(found is not None)
        self._stale.setVisible(found is not None and is_stale)
        if found is None:
            self._sizes.setText("How much of the gap to the target the policy closes is not measured yet.")
            return
        self._sizes.setText(f"{found.n:,} augmented vs {found.n_target:,} of the target")
        closed = found.realism.overall
        has_gap = not found.realism.is_closed_already
        self.figure.setText(f"{closed.share:.0%}" if has_gap else "No gap")
        self.figure.setProperty("colour", "muted" if is_stale else "primary")
        self.figure.style().polish(self.figure)
        low, high = closed.interval
        self._interval.setText(f"of the gap to the target closed, 95 % interval {low:.0%} to {high:.0%}")
        self._interval.setVisible(has_gap)
        self.summary.setText(found.summary)
        kept = found.kept
        said = "cannot be told here" if kept.share is None else f"{kept.share:.1%}"
        self._put(self._kept, _line("Labels still told", said, strong=True))
        self._show_statistics(found)
        self._show_steps(found, policy, has_gap=has_gap, can_turn_off=not is_stale)

    def _show_statistics(self, found: Measured) -> None:
        layout = self._lists[self._statistics]
        layout.addWidget(section_title("Distance to the target, before and after"))
        for each in sorted(found.statistics, key=lambda one: -one.before)[:MOST_STATISTICS]:
            colour = "ok" if each.after < each.before else "warn"
            self._put(self._statistics, _line(each.title, f"{each.before:.2f} → {each.after:.2f}", colour=colour))

    def _show_steps(self, found: Measured, policy: Policy, *, has_gap: bool, can_turn_off: bool) -> None:
        if not found.steps or not has_gap:
            return
        layout = self._lists[self._steps]
        layout.addWidget(section_title("What each step adds, in points"))
        for each in found.steps:
            title = table()[each.op].title if each.op in table() else each.op
            added = each.added if each.added is not None else each.alone
            points = added.share * 100
            colour = "ok" if points > 0 else "warn"
            line = _line(title, f"{points:+.0f}", colour=colour)
            if points < 0 and can_turn_off and each.place < len(policy.steps):
                off = small_button("Turn off")
                off.setAccessibleName(f"Turn off {title}")
                off.clicked.connect(partial(self.turned_off.emit, each.place))
                self.off_buttons[each.place] = off
                line.addWidget(off)
            self._put(self._steps, line)

    def show_tried(self, found: Tried | None, *, is_stale: bool) -> None:
        parts.clear(self._lists[self._tried])
        if found is None:
            return
        self._put(self._tried, _line(f"{found.seeds} seeds, {found.learned:,} examples learned", ""))
        if is_stale:
            self._put(self._tried, _line("Tried before the last change", "", colour="warn"))
        named = (("All of the target", found.overall), ("In the slice", found.slice_), ("The rest", found.rest))
        for title, each in named:
            if each is not None:
                self._put(self._tried, _line(title, _said(each)))
                self._put(self._tried, _line("", _spread(each), colour="secondary"))

    def _put(self, where: QWidget, line: QHBoxLayout) -> None:
        self._lists[where].addLayout(line)


def _said(each: Difference) -> str:
    return f"{each.without:.1%} → {each.with_variants:.1%}"


def _spread(each: Difference) -> str:
    low, high = each.interval
    return f"{each.difference * 100:+.1f} points, {low * 100:+.1f} to {high * 100:+.1f}"


def _line(title: str, figure: str, *, colour: str = "primary", strong: bool = False) -> QHBoxLayout:
    line = parts.row(gap=8)
    line.addWidget(Elided(title, size="small", strong=strong), 1)
    line.addWidget(text(figure, size="small", colour=colour))
    return line
