"""What adding the variants would come to: how many, how long it takes, how large they are, what stays as it is."""

from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSpinBox, QWidget

from dataimp_gui.core.augment.policy import Policy
from dataimp_gui.core.augmenting.estimating import Estimate
from dataimp_gui.core.augmenting.writing import MOST_EACH
from dataimp_gui.core.model import Modality
from dataimp_gui.errors import Cancelled, DataimpError
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.amounts import size_words
from dataimp_gui.ui.kit.jobs_drawer import time_words
from dataimp_gui.ui.kit.parts import section_title, text
from dataimp_gui.ui.session import Session

USUAL: Final = 4
STILL_MS: Final = 300
TOLD_FROM_S: Final = 3
KEY: Final = "augment estimate"
_TOP, _MIDDLE, _WHOLE = Qt.AlignmentFlag.AlignTop, Qt.AlignmentFlag.AlignVCenter, Qt.AlignmentFlag(0)
THINGS: Final = {Modality.IMAGE: "Images", Modality.AUDIO: "Sounds", Modality.TEXT: "Texts"}


class Output(QWidget):
    changed = Signal()  # what is known of it

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._policy: Policy | None = None
        self._unknown = ""  # what is said as long as nothing is known
        self.known: Estimate | None = None  # of the policy and the question in sight
        self.each = parts.inset(Amount(minimum=1, maximum=MOST_EACH, value=USUAL))
        self.each.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.each.setAccessibleName("Variants of each example")
        self.each.valueChanged.connect(self._show)
        self.many, self.cost = text(size="small"), text(size="small")
        self.untouched, self.said = text(size="small"), text(size="small", colour="warn")
        for label in (self.untouched, self.said):
            label.setWordWrap(True)
        self._later = QTimer(self, singleShot=True, interval=STILL_MS)
        self._later.timeout.connect(self._look)
        column = parts.column(self, gap=6, margins=(0, 8, 0, 0))
        column.addWidget(section_title("Output"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        beside: tuple[tuple[str, QWidget], ...] = (
            ("Variants of each", self.each),
            (THINGS.get(session.project.modality, "Examples"), self.many),
            ("Time and size", self.cost),
            ("Not touched", self.untouched),
        )
        for line, (words, shown) in enumerate(beside):
            title = text(words, size="small", colour="secondary")
            if shown is self.cost:
                self._of_cost = (title, shown)
            grid.addWidget(title, line, 0, _TOP if line else _MIDDLE)
            grid.addWidget(shown, line, 1, Qt.AlignmentFlag.AlignLeft if shown is self.each else _WHOLE)
        column.addLayout(grid)
        column.addWidget(self.said)
        self._show()

    @property
    def count(self) -> int | None:
        """Variants that there would be, None as long as that is not known."""
        return self.known.count(self.each.value()) if self.known else None

    @property
    def bytes(self) -> float:
        """Bytes of all of them, 0 as long as that is not known."""
        return self.known.size * (self.count or 0) if self.known else 0.0

    def show_policy(self, policy: Policy) -> None:
        """Or look again: the examples or what people said of variants may have changed."""
        self._policy = policy
        if not any(step.on for step in policy.steps):
            self._later.stop()
            self._session.reads.cancel(KEY)
            self._forget("Add a step first")
        else:
            if self.known is None:
                self._forget("counting…")
            self._later.start()

    def forget(self) -> None:
        """Another question was asked."""
        self.known = None
        if self._policy is not None:
            self.show_policy(self._policy)

    def _look(self) -> None:
        policy, where, augment = self._policy, self._session.shown, self._session.project.augment
        if policy is not None:
            self._session.reads.start(
                lambda progress: augment.estimate(policy, where, progress), self._know, key=KEY, failed=self._refuse
            )

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, Cancelled):
            return
        if not isinstance(error, DataimpError):
            raise error
        self._forget("cannot be told")
        _say(self.said, f"{error} {error.hint}".strip())

    def _know(self, found: Estimate) -> None:
        self.known = found
        self._show()

    def _forget(self, said: str) -> None:
        self.known, self._unknown = None, said
        self._show()

    def _show(self) -> None:
        found, count = self.known, self.count
        _say(self.said, "")
        self.many.setText(self._unknown)
        self.cost.setText("")
        kept = "labels"
        if found is not None:
            rows, each = len(found.chosen.rows), self.each.value()
            left_out = f" - {rows * each - (count or 0):,} rejected" if count != rows * each else ""
            self.many.setText(f"{rows:,} × {each:,}{left_out} = {count:,}".replace(" - ", " − "))
            self.cost.setText(_cost(found.time(each), self.bytes) if count else "")
            kept = "labels, evaluation splits" if found.chosen.refused or not self._session.shown else kept
            said = " ".join([*([] if rows else ["There is no example to vary."]), *found.chosen.notes])
            _say(self.said, said)
        self.untouched.setText(f"{kept}, source files")
        for part in self._of_cost:
            part.setHidden(not self.cost.text())
        self.changed.emit()


class Amount(QSpinBox):
    """Scrolling past it changes nothing."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


def _cost(seconds: float, size: float) -> str:
    if not size:
        return "cannot be told"
    took = f"about {time_words(seconds)}" if seconds >= TOLD_FROM_S else f"under {TOLD_FROM_S} s"
    return f"{took}, {size_words(size)}"


def _say(label: QLabel, words: str) -> None:
    label.setText(words)
    label.setHidden(not words)
