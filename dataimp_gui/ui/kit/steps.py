"""The steps of a wizard in a line: which are done, which one is shown, which are to come."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy, QWidget

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import icons, parts

SIDE: Final = 20  # of the circle
GAP: Final = 8


class Step(QAbstractButton):
    """``done`` is a tick in the circle in place of the number."""

    def __init__(self, number: int, words: str) -> None:
        super().__init__()
        self._number = number
        self.done = False
        self.setText(words)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_done(self, done: bool) -> None:
        self.done = done
        self.setAccessibleName(f"Step {self._number}: {self.text()}{', done' if done else ''}")
        self.update()

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        side = max(SIDE, metrics.height() + 2)
        return QSize(side + GAP + metrics.horizontalAdvance(self.text()) + 8, side + 8)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = self.height() - 8
        circle = QRect(4, 4, side - 1, side - 1)
        kind = "accent" if self.isChecked() else "ok" if self.done else "line"
        line = {"accent": "accent.fill", "ok": "ok.line", "line": "line.strong"}[kind]
        fill = {"accent": "accent.fill", "ok": "ok.tint", "line": "bg.window"}[kind]
        painter.setPen(theme.color(line))
        painter.setBrush(theme.color(fill))
        painter.drawEllipse(circle)
        ink = "text.onfill" if kind == "accent" else "text.primary" if self.isEnabled() else "text.disabled"
        if self.done and not self.isChecked():
            icons.paint(painter, "check", circle.adjusted(4, 4, -3, -3), theme.color("ok.text"))
        else:
            painter.setPen(theme.color(ink))
            painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, str(self._number))
        words = "text.primary" if self.isChecked() else "text.secondary" if self.isEnabled() else "text.disabled"
        painter.setPen(theme.color(words))
        at = QRect(side + GAP, 0, self.width() - side - GAP, self.height())
        painter.drawText(at, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.text())
        if self.hasFocus():
            painter.setPen(QPen(theme.color("accent.base"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 4, 4)
        painter.end()


class Steps(QWidget):
    chosen = Signal(int)  # by hand

    def __init__(self, words: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Steps")
        self.steps: list[Step] = []
        row = parts.row(self, gap=6)
        for number, each in enumerate(words):
            if number:
                rule = QFrame()
                rule.setObjectName("rule")
                rule.setFixedWidth(24)
                row.addWidget(rule, 0, Qt.AlignmentFlag.AlignVCenter)
            step = Step(number + 1, each)
            step.clicked.connect(lambda _, number=number: self.chosen.emit(number))
            self.steps.append(step)
            row.addWidget(step)
        self.show_at(0, reach=0)

    def show_at(self, at: int, *, reach: int) -> None:
        """``at`` is the step shown, ``reach`` the last one that can be gone to; the steps before ``at`` are done."""
        for number, step in enumerate(self.steps):
            step.setChecked(number == at)
            step.setEnabled(number <= reach)
            step.show_done(number < at)
