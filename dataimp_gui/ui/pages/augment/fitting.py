"""Fit to target: ranges are searched in a job, its curve is seen, and what it found is put beside the policy."""

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from dataimp_gui.core.augment.policy import Policy
from dataimp_gui.core.augmenting.fitting import Fitted
from dataimp_gui.errors import Cancelled, DataimpError
from dataimp_gui.progress import Progress
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.jobs import Job
from dataimp_gui.ui.kit.parts import button, small_button, text
from dataimp_gui.ui.kit.signed_bars import MINUS
from dataimp_gui.ui.kit.spark import Spark
from dataimp_gui.ui.session import Session

KEY: Final = "augment fit"


class Fitting(QWidget):
    """The button, and below it what the search came to so far."""

    found = Signal(object)  # Policy with better ranges
    _tried = Signal(object)  # the curve, from the worker

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._policy: Policy | None = None
        self._target = ""
        self.go = button("Fit to target", icon="target")
        self.go.setToolTip("Search the ranges that bring the variants nearest to the target while labels are kept")
        self.go.clicked.connect(self.fit)
        self.stop = small_button("Stop", icon="stop")
        self.stop.clicked.connect(lambda: session.reads.cancel(KEY))
        self.curve = Spark("Share of the gap that is closed, by try")
        self.said = text(size="small", colour="secondary")
        self.said.setWordWrap(True)
        line = parts.row(gap=8)
        line.addWidget(self.curve, 1)
        line.addWidget(self.stop)
        column = parts.column(self, gap=6)
        column.addLayout(line)
        column.addWidget(self.said)
        for each in (self.curve, self.stop, self.said):
            each.hide()
        self._tried.connect(self._show_curve)
        session.reads.finished.connect(self._end)

    @property
    def is_busy(self) -> bool:
        return any(job.key == KEY for job in self._session.reads.running)

    @property
    def can_fit(self) -> bool:
        policy = self._policy
        return bool(policy and self._target and not self.is_busy and any(step.on for step in policy.steps))

    def show_policy(self, policy: Policy, target: str) -> None:
        """What there is to fit, and to which examples."""
        self._policy, self._target = policy, target
        self.go.setEnabled(self.can_fit)

    def fit(self) -> None:
        if (policy := self._policy) is None or not self.can_fit:
            return
        augment, where, target = self._session.project.augment, self._session.shown, self._target

        def work(progress: Progress) -> Fitted:
            return augment.fit(policy, where, target, progress, on_trial=self._tried.emit)

        self.curve.show_values(())
        self._session.reads.start(
            work, self._take, key=KEY, title=f"Fitting “{policy.name}” to the target", failed=self._fail
        )
        self._say("Looking at the examples…")
        for each in (self.curve, self.stop):
            each.show()
        self.go.setEnabled(False)

    def _show_curve(self, curve: Sequence[float]) -> None:
        self.curve.show_values(curve)
        if self.is_busy:
            self._say(f"{len(curve)} tries, the best closes {curve[-1]:.0%} of the gap".replace("-", MINUS))

    def _take(self, fitted: Fitted) -> None:
        self.curve.show_values(fitted.curve)
        self.curve.show()
        self._say(fitted.said)
        if fitted.is_better:
            self.found.emit(replace(fitted.policy, name=f"{fitted.policy.name}, fitted"))

    def _fail(self, error: Exception) -> None:
        if not isinstance(error, DataimpError) or isinstance(error, Cancelled):
            raise error
        self._say(f"{error} {error.hint}".strip(), "warn")

    def _end(self, job: Job) -> None:
        if job.key == KEY:
            self.stop.hide()
            self.curve.hide()
            self.said.hide()
            self.go.setEnabled(self.can_fit)

    def _say(self, words: str, colour: str = "secondary") -> None:
        self.said.setText(words)
        self.said.setProperty("colour", colour)
        self.said.style().polish(self.said)
        self.said.show()
