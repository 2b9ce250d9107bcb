"""A person says of the variants that the model is least sure of whether they keep their label: one key each."""

from collections.abc import Sequence
from functools import partial
from typing import Final

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QPixmap, QShortcut
from PySide6.QtWidgets import QDialog, QLabel, QVBoxLayout, QWidget

from dataimp_gui.core.augment.policy import Policy
from dataimp_gui.core.augmenting.checking import Check
from dataimp_gui.ui.kit.parts import column, key_button, row, text
from dataimp_gui.ui.kit.player import Player
from dataimp_gui.ui.pages.augment.reading import Asked, Cell, Shown, read
from dataimp_gui.ui.session import Session

SIDE: Final = 280
READ: Final = "augment checks"


class SpotCheck(QDialog):
    """Each verdict is an edit, on disk before the next variant is shown."""

    closed = Signal(int)  # how many verdicts were given

    def __init__(self, session: Session, policy: Policy, checks: Sequence[Check], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Spot check")
        self.setModal(True)
        session.destroyed.connect(self.close)
        self._session, self._policy, self._checks = session, policy, checks
        self._pairs: dict[str, tuple[Cell, ...]] = {}
        self.at = 0
        self.given: list[int] = []  # places among the checks, in the order of the verdicts
        self.player = Player(parent=self)
        self.place = text("Reading the variants…", size="small", colour="muted")
        self.question = text(size="title", strong=True)
        self.said = text(size="small", colour="secondary")
        self.original, self.variant = QLabel(), QLabel()
        lines = column(self, gap=10, margins=(20, 18, 20, 18))
        for label in (self.place, self.question, self.said):
            lines.addWidget(label)
        both = row(gap=16)
        both.addLayout(_titled("Original", self.original))
        both.addLayout(_titled("Variant", self.variant))
        lines.addLayout(both, 1)
        self.keeps = key_button("Keeps it", "K", kind="primary")
        self.loses = key_button("Lost", "L")
        self.skip = key_button("Skip", "S")
        self.back = key_button("Back", "U")
        buttons = row()
        for each, key, slot in (
            (self.keeps, "K", partial(self._say, True)),
            (self.loses, "L", partial(self._say, False)),
            (self.skip, "S", self._skip),
            (self.back, "U", self._take_back),
        ):
            each.clicked.connect(slot)
            each.setAutoDefault(False)
            each.setEnabled(False)
            QShortcut(QKeySequence(key), self).activated.connect(each.click)
            buttons.addWidget(each)
        QShortcut(QKeySequence(Qt.Key.Key_Space), self).activated.connect(self._play)
        buttons.addStretch(1)
        lines.addLayout(buttons)
        rows = np.array([check.row for check in checks], np.int64)
        asked = Asked(rows, (policy,), (checks[0].draw,))
        session.reads.start(lambda progress: read(session.project, asked, progress), self._take, key=READ)

    def done(self, result: int) -> None:
        self._session.reads.cancel(READ)
        self.player.stop()
        super().done(result)
        self.closed.emit(len(self.given))

    def _take(self, shown: Shown) -> None:
        """What could be read, by the id of the original."""
        self._pairs = {line[0].tip: line for line in shown.lines}
        self._checks = [check for check in self._checks if check.id in self._pairs]
        self._show()

    def _show(self) -> None:
        self.player.stop()
        is_over = self.at >= len(self._checks)
        for each in (self.keeps, self.loses, self.skip):
            each.setEnabled(not is_over)
        self.back.setEnabled(bool(self.given) or 0 < self.at < len(self._checks))
        if is_over:
            self.accept()
            return
        check = self._checks[self.at]
        self.place.setText(f"{self.at + 1:,} of {len(self._checks):,}")
        self.question.setText(f"Is it still “{check.label}”?")
        self.said.setText(f"The model agrees by {check.score:.2f} of 1.")
        original, variant = self._pairs[check.id][:2]
        for label, cell in ((self.original, original), (self.variant, variant)):
            _fill(label, cell, self.devicePixelRatioF())
        self.variant.setToolTip(variant.tip)

    def _say(self, keeps: bool, _checked: bool = False) -> None:
        check = self._checks[self.at]
        self._session.edit(lambda project: project.augment.give_verdict(self._policy, check.row, check.draw, keeps))
        self.given.append(self.at)
        self._skip()

    def _skip(self) -> None:
        self.at += 1
        self._show()

    def _take_back(self) -> None:
        """To the one before; a verdict on it is taken back."""
        self.at -= 1
        if self.given and self.given[-1] == self.at:
            self.given.pop()
            check = self._checks[self.at]
            self._session.edit(lambda project: project.augment.give_verdict(self._policy, check.row, check.draw, None))
        self._show()

    def _play(self) -> None:
        if self.at < len(self._checks) and (sound := self._pairs[self._checks[self.at].id][1].sound) is not None:
            self.player.stop()
            load = partial(self.player.load, sound.samples, sound.rate)
            self._session.reads.start(lambda _: load(), lambda _: self.player.follow(), key="augment play")


def _titled(title: str, label: QLabel) -> QVBoxLayout:
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setFixedSize(SIDE, SIDE)
    label.setWordWrap(True)
    label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
    label.setAccessibleName(title)
    lines = column(gap=4)
    lines.addWidget(text(title, size="small", colour="muted"))
    lines.addWidget(label)
    return lines


def _fill(label: QLabel, cell: Cell, ratio: float) -> None:
    if cell.picture is None:
        label.setText(cell.words)
        return
    wanted = QSize(SIDE, SIDE) * ratio
    smooth = cell.picture.width() > wanted.width()
    how = Qt.TransformationMode.SmoothTransformation if smooth else Qt.TransformationMode.FastTransformation
    fitted = QPixmap.fromImage(cell.picture).scaled(wanted, Qt.AspectRatioMode.KeepAspectRatio, how)
    fitted.setDevicePixelRatio(ratio)
    label.setPixmap(fitted)
