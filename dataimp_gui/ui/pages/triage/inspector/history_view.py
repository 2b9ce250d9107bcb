"""What was done to an example: each edit with who, when and why, the newest first."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import clear, small_button, text
from dataimp_gui.ui.pages.triage.inspector import detail
from dataimp_gui.ui.pages.triage.inspector.detail import Detail

FIRST: Final = 20  # edits that are shown at first
MOST: Final = 500


class HistoryView(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = parts.column(self, gap=4)
        self._shown: Detail | None = None
        self._most = FIRST

    def show_detail(self, shown: Detail | None) -> None:
        if shown is None or self._shown is None or shown.example.row != self._shown.example.row:
            self._most = FIRST
        self._shown = shown
        clear(self._lines)
        if shown is None:
            return
        for line in list(reversed(shown.history))[: self._most]:
            self._lines.addLayout(_row(detail.told(line), f"{line.author} · {detail.when(line.at)}"))
            if line.why:
                why = text(line.why, size="small", colour="muted")
                why.setWordWrap(True)
                self._lines.addWidget(why)
        older = min(len(shown.history), MOST) - self._most
        if older > 0:
            more = small_button(f"Show {older:,} older edit" + ("" if older == 1 else "s"))
            more.clicked.connect(self._show_older)
            self._lines.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)
        given = shown.example.given_label
        self._lines.addLayout(_row(f"Imported as {given}" if given else "Imported without a label", ""))

    def words(self) -> list[str]:
        """What stands on its lines, from above."""
        shown = [label for label in self.findChildren(QLabel) if not label.isHidden()]
        return [label.text() for label in sorted(shown, key=lambda label: label.y())]

    def _show_older(self) -> None:
        self._most = MOST
        self.show_detail(self._shown)


def _row(said: str, who: str) -> QHBoxLayout:
    row = parts.row(gap=8)
    words = text(said, size="small")
    words.setWordWrap(True)
    row.addWidget(words, 1)
    if who:
        by: QLabel = text(who, size="small", colour="muted")
        row.addWidget(by, 0, Qt.AlignmentFlag.AlignTop)
    return row
