"""What accuracy would be if a slice failed no more often than the rest: the two figures, a bar, and a sentence."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from dataimp_gui.core.slices.slice import Measured
from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import text
from dataimp_gui.ui.pages.slices import words
from dataimp_gui.ui.pages.slices.board import Board


class Headroom(QFrame):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("issueCard")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._of = text(size="caption", colour="muted")
        self._now = text(size="metric", colour="secondary")
        self._then = text(size="metric", colour="ok", strong=True)
        self._gain = parts.row(gap=0)
        self._bar = _Bar()
        self.words = text(size="small", colour="secondary")
        self.words.setWordWrap(True)
        head = parts.row(gap=8)
        head.addWidget(text("Headroom", size="small", colour="secondary"))
        head.addStretch(1)
        head.addWidget(self._of)
        figures = parts.row(gap=8)
        for widget in (self._now, text("→", size="page", colour="muted"), self._then):
            figures.addWidget(widget)
        figures.addStretch(1)
        figures.addLayout(self._gain)
        column = parts.column(self, gap=6, margins=(12, 8, 12, 10))
        column.addLayout(head)
        column.addLayout(figures)
        column.addWidget(self._bar)
        column.addWidget(self.words)

    def show_figures(self, measured: Measured, board: Board) -> None:
        now = 1 - board.errors / board.n if board.n else 0.0
        then = min(1.0, now + measured.headroom)
        self._of.setText(f"accuracy, {'in scope' if board.scope else 'all'} {board.n:,}")
        self._now.setText(f"{100 * now:.1f}")
        self._then.setText(words.percent(then))
        parts.clear(self._gain)
        gain = 100 * measured.headroom
        self._gain.addWidget(parts.chip(f"↑ {gain:.1f} points", "ok" if measured.fixable >= 1 else ""))
        self._bar.show_share(now, then)
        self.words.setText(_said(measured, board))
        self.setAccessibleName(f"Headroom: accuracy {words.percent(now)} to {words.percent(then)}. {self.words.text()}")


def _said(measured: Measured, board: Board) -> str:
    rest = board.rest_rate(measured)
    if not measured.n:
        return "No example of this slice has a label and a prediction."
    if rest is None:
        return "The slice is everything in scope: there is no rest to compare it with."
    if measured.fixable < 0.5:
        return f"It fails no more often than the rest ({words.percent(rest)})."
    return (
        f"If it failed as often as the rest ({words.percent(rest)}), {measured.fixable:,.0f} of its"
        f" {words.errors(measured.errors)} would go away."
    )


class _Bar(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._now = self._then = 0.0
        self.setFixedHeight(8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_share(self, now: float, then: float) -> None:
        self._now, self._then = now, then
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for share, colour in ((1.0, "line.default"), (self._then, "ok.base"), (self._now, "text.muted")):
            painter.setBrush(theme.color(colour))
            painter.drawRoundedRect(QRectF(0, 0, self.width() * share, self.height()), 2, 2)
