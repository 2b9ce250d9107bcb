"""What was in production when, who put it there and why."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtWidgets import QWidget

from dataimp_gui.core.evaluate.moves import Move
from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import section_title, text
from dataimp_gui.ui.pages.versions.standing import day

MOST: Final = 6


class Moves(QWidget):
    """The newest first; nothing while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = parts.column(gap=6)
        column = parts.column(self, gap=8)
        column.addWidget(section_title("Production"))
        column.addLayout(self._lines)
        self.hide()

    def show_moves(self, moves: Sequence[Move]) -> None:
        parts.clear(self._lines)
        for move in moves[:MOST]:
            line = text(move_words(move), size="small", colour="secondary")
            line.setWordWrap(True)
            self._lines.addWidget(line)
        self.setVisible(bool(moves))


def move_words(move: Move) -> str:
    did = f"Rolled back to {move.version}" if move.kind == "rollback" else f"{move.version} promoted"
    failed = f", {move.in_spite}" if move.in_spite else ""
    reason = f": {move.reason}" if move.reason else ""
    return theme.one_line(f"{did} by {move.author}, {day(move.at)}{failed}{reason}")
