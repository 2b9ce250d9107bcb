"""Four figures of all slices together, and what can be done with those that are ticked."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from dataimp_gui.core.slices.slice import Status
from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import Elided, small_button, text
from dataimp_gui.ui.pages.slices import words
from dataimp_gui.ui.pages.slices.board import REAL, Board, Kind, Line

NARROW: Final = 760


class _Figure(QWidget):
    def __init__(self, *, first: bool) -> None:
        super().__init__()
        self._first = first
        self._number = text(size="page", strong=True)
        self._upper, self._lower = Elided(size="small"), Elided(size="small", colour="muted")
        lines = parts.column(gap=0)
        lines.addWidget(self._upper)
        lines.addWidget(self._lower)
        row = parts.row(self, gap=10, margins=(0 if first else 12, 0, 8, 0))
        row.addWidget(self._number)
        row.addLayout(lines, 1)

    def tell(self, number: str, upper: str, lower: str) -> None:
        self._number.setText(number)
        self._upper.show_words(upper)
        self._lower.show_words(lower)
        self.setAccessibleName(f"{number} {upper}, {lower}")

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._first:
            painter = QPainter(self)
            painter.setPen(theme.color("line.default"))
            painter.drawLine(0, 4, 0, self.height() - 4)


class Summary(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.figures = [_Figure(first=number == 0) for number in range(4)]
        row = parts.row(self, gap=0, margins=(16, 10, 16, 12))
        for figure in self.figures:
            row.addWidget(figure, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.figures[2].setVisible(self.width() > NARROW)  # the panel says it of each slice

    def show_board(self, board: Board) -> None:
        first = next((line for line in board.lines if not line.broken and line.measured.fixable > 0), None)
        tell = [figure.tell for figure in self.figures]
        rate = board.errors / board.n if board.n else None
        tell[0](words.percent(rate), "overall error", f"{board.errors:,} of {board.n:,}")
        real = [line for line in board.lines if line.measured.status in REAL]
        share = board.covered / board.errors if board.errors else None
        many = "1 slice" if len(real) == 1 else f"{len(real):,} slices"
        left = board.errors - board.covered
        tell[1](words.percent(share), f"of errors in {many}", f"{words.errors(left)} scattered")
        if rate is None or first is None:
            tell[2](words.NONE, "accuracy if #1 is fixed", "nothing to fix was found")
        else:
            fixed = 1 - rate + first.measured.headroom
            tell[2](words.percent(fixed), "accuracy if #1 is fixed", f"now {words.percent(1 - rate)}")
        sure = sum(1 for line in real if line.measured.status is Status.CONFIRMED)
        checked = sum(1 for line in board.lines if line.measured.status is Status.CHECKING)
        others = f"{board.count(Kind.ALL) - sure - checked:,} weak or by chance"
        lower = f"{checked:,} being checked" if checked else others
        tell[3](f"{sure:,}", "slice confirmed" if sure == 1 else "slices confirmed", lower)


class TickedBar(QWidget):
    """Stands there while two slices or more are ticked."""

    combine_wanted = Signal(str)  # merge, intersect, subtract
    cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("toolbar")
        self.words = Elided(strong=True)
        self.buttons = {
            "merge": small_button("Merge"),
            "intersect": small_button("Intersect"),
            "subtract": small_button("Subtract"),
        }
        clear = small_button("Untick all", kind="quiet")
        clear.clicked.connect(self.cleared)
        row = parts.row(self, gap=8, margins=(16, 0, 12, 8))
        row.addWidget(self.words, 1)
        for how, made in self.buttons.items():
            made.clicked.connect(lambda _, how=how: self.combine_wanted.emit(how))
            row.addWidget(made)
        row.addWidget(clear, 0, Qt.AlignmentFlag.AlignRight)
        self.hide()

    def show_ticked(self, lines: Sequence[Line]) -> None:
        many = len(lines)
        self.setVisible(many > 1)
        if many < 2:
            return
        self.words.show_words(f"{many:,} slices ticked")
        first = theme.one_line(lines[0].name)
        tips = {
            "merge": f"A slice of what is in any of the {many:,}",
            "intersect": f"A slice of what is in all {many:,} of them",
            "subtract": f"A slice of what is in “{first}” and in none of the others",
        }
        for how, made in self.buttons.items():
            made.setText(
                f"{how.capitalize()} {many:,}" if how != "subtract" else f"Subtract {many - 1:,} from the first"
            )
            made.setToolTip(parts.plain_tip(tips[how]))
