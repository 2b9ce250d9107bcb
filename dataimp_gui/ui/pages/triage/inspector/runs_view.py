"""What each run predicts of an example, a line a run; shown when there is more than one."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit.parts import Elided, chip, clear, section_title, text
from dataimp_gui.ui.pages.triage.inspector.detail import Detail, Said


class RunsView(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 4, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(0, 3)
        self._grid.setColumnStretch(1, 2)
        self._shown: list[tuple[str, str, str]] = []
        self.hide()

    def show_detail(self, shown: Detail | None) -> None:
        clear(self._grid)
        said = shown.said if shown is not None and len(shown.said) > 1 else ()
        self._shown = []
        if said and shown is not None:
            self._grid.addWidget(section_title("Runs"), 0, 0, 1, 3)
            for line, each in enumerate(said, start=1):
                self._add(line, each, shown.example.label)
        self.setVisible(bool(said))

    def words(self) -> list[tuple[str, str, str]]:
        """Run, prediction and confidence of each line."""
        return self._shown

    def _add(self, line: int, said: Said, label: str) -> None:
        name = Elided(said.run, size="small", colour="primary" if said.is_current else "muted", strong=said.is_current)
        kind, icon = ("ok", "check") if said.label == label else ("err", "cross")
        answer = (
            chip(theme.one_line(said.label)[:40], kind=kind, icon=icon)
            if said.label and label
            else Elided(said.label or "no prediction", size="small", colour="secondary")
        )
        sure = text("" if said.confidence is None else f"{said.confidence:.2f}", size="small", colour="secondary")
        sure.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(name, line, 0)
        self._grid.addWidget(answer, line, 1, Qt.AlignmentFlag.AlignLeft)
        self._grid.addWidget(sure, line, 2)
        self._shown.append((said.run, said.label, sure.text()))
