"""The right panel: how much of the gap to the target the policy closes, seen from several angles, and at what cost."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QScrollArea, QWidget

from dataimp_gui.core.augment.policy import Policy
from dataimp_gui.core.augment.realism.angles import Angle
from dataimp_gui.core.augment.realism.closing import Closed
from dataimp_gui.core.augment.realism.densities import Density
from dataimp_gui.core.augment.realism.labels import Kept
from dataimp_gui.core.augment.realism.naming import OfStatistic
from dataimp_gui.core.augmenting.measuring import Measured
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.density_charts import Curves, DensityCharts
from dataimp_gui.ui.kit.parts import Elided, key_button, section_title, small_button, text
from dataimp_gui.ui.kit.scale_bar import Mark, Scale, ScaleBar
from dataimp_gui.ui.kit.signed_bars import MINUS
from dataimp_gui.ui.pages.augment.adding import StepsAdded, added
from dataimp_gui.ui.pages.augment.trial import Trial

FLOOR: Final = 0.95
"""Of the labels, that a policy should keep."""

GUESSED: Final = "Where two differ by two points or more, the better one came first in 87 % of pairs on eleven sets"
ANGLES_BESIDE: Final = 2
FEW: Final = 4  # charts that are shown at first
LOWEST_KEPT: Final = 0.8  # where the bar of kept labels begins


class Realism(QWidget):
    """What was measured for another policy than the one in sight is said to be of before the change."""

    measure_wanted = Signal()
    stop_wanted = Signal()
    check_wanted = Signal()
    turned_off = Signal(int)  # the place of a step

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("inspector")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        body = QWidget()
        body.setObjectName("panelBody")
        self._sizes = text(size="small", colour="muted")
        self._unmeasured = text(size="small", colour="muted")
        self.figure = text(size="metric", strong=True)
        self._of = text("of the gap to the target closed", size="small", colour="secondary")
        self.bar = ScaleBar("Realism")
        self.summary = text(size="small")
        self._stale = text("Measured before the last change", size="small", colour="warn")
        self.order = text(size="small", colour="secondary")  # of the policies, to try them in
        self.order.setToolTip(parts.plain_tip(GUESSED))
        for label in (self._unmeasured, self._of, self.summary, self.order, self._stale):
            label.setWordWrap(True)
        self.measure = key_button("Measure realism", "Ctrl+R")
        self.measure.clicked.connect(self.measure_wanted)
        self.stop = small_button("Stop", icon="stop")
        self.stop.clicked.connect(self.stop_wanted)
        self._build_angles()
        self._curves: list[Curves] = []
        self.charts = DensityCharts("How statistics are spread")
        self.kept = QWidget()
        self._build_kept()
        self.steps = StepsAdded()
        self.steps.turned_off.connect(self.turned_off)
        self.trial = Trial()
        head = parts.row(gap=8)
        head.addWidget(self.figure)
        head.addWidget(self._of, 1)
        column = parts.column(body, gap=10, margins=(16, 14, 16, 16))
        top = parts.row(gap=8)
        top.addWidget(section_title("Realism"))
        top.addStretch(1)
        top.addWidget(self._sizes)
        column.addLayout(top)
        column.addLayout(head)
        for each in (self.bar, self._stale, self.summary, self.order, self._unmeasured, self.measure, self._angles):
            column.addWidget(each)
        column.addLayout(self._build_shift())
        for each in (self.charts, self.kept, self.steps):
            column.addWidget(each)
        column.addWidget(self.trial)
        column.addWidget(self.stop)
        column.addStretch(1)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(body)
        parts.column(self, gap=0).addWidget(scroll)

    def _build_angles(self) -> None:
        self._angles = QWidget()
        self._angle_lines = lines = QGridLayout(self._angles)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setHorizontalSpacing(16)
        lines.setVerticalSpacing(4)
        for at in range(ANGLES_BESIDE):
            lines.setColumnStretch(at, 1)

    def _build_shift(self) -> QHBoxLayout:
        self._shift = section_title("Shift per statistic")
        self.all_charts = small_button("Show all", kind="link")
        self.all_charts.setCheckable(True)
        self.all_charts.toggled.connect(self._show_charts)
        line = parts.row()
        line.addWidget(self._shift)
        line.addStretch(1)
        line.addWidget(self.all_charts)
        return line

    def _show_charts(self) -> None:
        """Those that lie furthest from the target, or all."""
        is_all = self.all_charts.isChecked()
        self.all_charts.setText(f"Show {FEW}" if is_all else f"Show {len(self._curves)}")
        self.all_charts.setVisible(len(self._curves) > FEW)
        self.charts.show_charts(self._curves if is_all else self._curves[:FEW])

    def _build_kept(self) -> None:
        self.kept_figure = text(strong=True)
        self.kept_bar = ScaleBar("Label preserved")
        self._floor = text(size="small", colour="muted")
        self._floor.setWordWrap(True)
        self.check = small_button("Spot check…")
        self.check.clicked.connect(self.check_wanted)
        lines = parts.column(self.kept, gap=4)
        head = parts.row()
        head.addWidget(section_title("Label preserved"))
        head.addStretch(1)
        head.addWidget(self.kept_figure)
        foot = parts.row()
        foot.addWidget(self._floor, 1)
        foot.addWidget(self.check)
        lines.addLayout(head)
        lines.addWidget(self.kept_bar)
        lines.addLayout(foot)

    @property
    def off_buttons(self) -> dict[int, QPushButton]:
        """By the place of the step that they turn off."""
        return self.steps.off_buttons

    def show_state(self, *, can_measure: bool, is_busy: bool, has_target: bool) -> None:
        self.measure.setEnabled(can_measure)
        self.stop.setVisible(is_busy)
        if not has_target:
            self._unmeasured.setText("Say under Match which examples the variants should be like: 30 or more.")

    @property
    def is_stale(self) -> bool:
        """What it shows was measured for another policy, scope or target."""
        return not self._stale.isHidden()

    def show_order(self, words: str) -> None:
        """Which of the policies to try first, if anything can be said."""
        self.order.setHidden(not words)
        self.order.setText(words)

    def show_measured(
        self, found: Measured | None, policy: Policy, others: Mapping[str, float], *, is_stale: bool
    ) -> None:
        """``others``: the shares that other policies close, by their letters."""
        parts.clear(self._angle_lines)
        has_gap = found is not None and not found.realism.is_closed_already
        for each in (self.figure, self.summary, self.kept):
            each.setVisible(found is not None)
        for each in (self._of, self.bar):
            each.setVisible(has_gap)
        self._stale.setVisible(found is not None and is_stale)
        self.steps.show_added(found, policy, can_turn_off=not is_stale)
        for each in (self._shift, self.charts):
            each.setVisible(found is not None and bool(found.densities))
        self._unmeasured.setVisible(found is None)
        self._sizes.setVisible(found is not None)
        if found is None:
            self.all_charts.hide()
            self._unmeasured.setText("How much of the gap to the target the policy closes is not measured yet.")
            return
        self._sizes.setText(f"{found.n:,} augmented vs {found.n_target:,} target")
        closed = found.realism.overall
        self.figure.setText(_percent(closed.share) if has_gap else "No gap")
        self.figure.setProperty("colour", "muted" if is_stale else "primary")
        self.figure.style().polish(self.figure)
        if has_gap:
            self._show_bar(found, closed, others)
        self.summary.setText(found.summary.replace(" -", f" {MINUS}"))
        for place, angle in enumerate(found.angles):
            self._angle_lines.addLayout(_angle_line(angle), *divmod(place, ANGLES_BESIDE))
        distances = {each.name: each for each in found.statistics}
        self._curves = [_curves(each, distances.get(each.statistic)) for each in found.densities]
        self._show_charts()
        self._show_kept(found.kept, len(found.to_check))

    def _show_bar(self, found: Measured, closed: Closed, others: Mapping[str, float]) -> None:
        """With the best that leaving one step out would give as a ghost."""
        low, high = closed.interval
        best = max(added(found), key=lambda line: line.without, default=None)
        marks: tuple[Mark, ...] = ()
        if best is not None and best.is_bad and best.without > max(closed.share, 0):
            marks = (Mark(best.without, f"without {best.title.lower()}", is_ghost=True),)
        marks += tuple(Mark(share, letter) for letter, share in others.items())
        said = f"{_percent(closed.share)} of the gap closed, 95 % interval {_percent(low)} to {_percent(high)}."
        said += "".join(f" {letter}: {_percent(share)}." for letter, share in others.items())
        self.bar.show_scale(Scale(0, 1, closed.share, closed.interval, marks), said)

    def _show_kept(self, kept: Kept, to_check: int) -> None:
        self.check.setVisible(to_check > 0)
        self.check.setText(f"Check {to_check:,}…")
        self.check.setToolTip("Say of the variants that the model is least sure of whether they keep their label")
        if kept.share is None:
            self.kept_figure.setText("cannot be told")
            self.kept_bar.hide()
            self._floor.setText(
                "A simple model cannot tell the originals: they are too few, too much alike, or of one label."
            )
            return
        self.kept_bar.show()
        is_low = kept.share < FLOOR
        self.kept_figure.setText(f"{kept.share:.1%}")
        colour = "err.base" if is_low else "ok.base"
        said = f"{kept.share:.1%} of the labels that a model tells of the originals it tells of the variants"
        scale = Scale(LOWEST_KEPT, 1, kept.share, kept.interval, (Mark(FLOOR),), colour)
        self.kept_bar.show_scale(scale, f"{said}; the floor is {FLOOR:.0%}.")
        self._floor.setText(f"Under the floor of {FLOOR:.0%}" if is_low else f"Floor {FLOOR:.0%}")


def _angle_line(angle: Angle) -> QHBoxLayout:
    figure, colour = "no gap", "muted"
    if angle.closed is not None:
        figure, colour = _percent(angle.closed), _kind(angle.low, angle.high)
    return _line(angle.title.partition(" (")[0], figure, colour=colour, tip=parts.plain_tip(angle.sentence))


def _percent(share: float) -> str:
    return f"{share:.0%}".replace("-", MINUS)


def _kind(low: float | None, high: float | None) -> str:
    """The colour of a share whose interval this is."""
    if low is not None and low > 0:
        return "ok"
    return "err" if high is not None and high < 0 else "secondary"


def _curves(each: Density, distance: OfStatistic | None) -> Curves:
    figure, kind = "", "ok"
    if distance is not None:
        nearer = distance.before - distance.after
        kind = "ok" if nearer >= 0 else "err"
        figure = f"{distance.before:.1f} → {distance.after:.1f}"
    title = f"{each.title}, {each.unit}" if each.unit else each.title
    said = f"{title}: {figure} of the target's spread away" if figure else title
    return Curves(each.title, figure, kind, each.x, np.stack([each.source, each.augmented, each.target]), said)


def _line(title: str, figure: str, *, colour: str = "primary", tip: str = "") -> QHBoxLayout:
    line = parts.row(gap=8)
    said = text(figure, size="small", colour=colour)
    said.setToolTip(tip)
    line.addWidget(Elided(title, size="small"), 1)
    line.addWidget(said)
    return line
