"""The conditions that a version has to meet, each with its verdict and the reason for it."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QWidget

from dataimp_gui.core.evaluate.judgement import PASS
from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import Elided, section_title, small_button, text
from dataimp_gui.ui.pages.versions.judged import BADGES, GRAVITY, Gated, Judged


class Gates(QWidget):
    edit_wanted = Signal()
    opened = Signal(object)  # Gated: show the examples that are its evidence

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit = small_button("Edit gates…", icon="pencil", key="G")
        self.edit.clicked.connect(self.edit_wanted)
        head = parts.row(gap=8)
        head.addWidget(section_title("Gates"))
        head.addStretch(1)
        head.addWidget(self.edit)
        self._none = text(size="small", colour="muted")
        self._none.setWordWrap(True)
        self._lines = parts.column(gap=8)
        self.lines: list[_Line] = []
        column = parts.column(self, gap=8)
        column.addLayout(head)
        column.addLayout(self._lines)
        column.addWidget(self._none)

    def show_judged(self, judged: Judged | None) -> None:
        """The worst come first; of gates on figures only those that do not pass, since the table shows them all."""
        every = tuple(judged.gates) if judged else ()
        gates = sorted(
            (gate for gate in every if not gate.is_figure or gate.result != PASS),
            key=lambda gate: -GRAVITY.index(gate.result),
        )
        rest = len(every) - len(gates)
        parts.clear(self._lines)
        self.lines = [_Line(gate) for gate in gates]
        for line in self.lines:
            line.show_examples.clicked.connect(partial(self.opened.emit, line.gate))
            self._lines.addWidget(line)
        more = f"{rest:,} gate{'s' if rest > 1 else ''} on figures pass{'' if rest > 1 else 'es'}"
        self._none.setText(
            "An evaluation says whether they are met." if judged is None else more if rest else "No gates are set."
        )
        self._none.setHidden(bool(gates) and not rest)


class _Line(QFrame):
    def __init__(self, gate: Gated) -> None:
        super().__init__()
        self.gate = gate
        kind, icon = BADGES[gate.result]
        top = parts.row(gap=8)
        top.addWidget(Elided(gate.title), 1)
        top.addWidget(parts.chip(gate.result, kind, icon), 0, Qt.AlignmentFlag.AlignVCenter)
        self.why = text(gate.reason, size="small", colour="secondary")
        self.why.setWordWrap(True)
        many = len(gate.ids)
        self.show_examples = small_button(f"Show {many:,} example{'' if many == 1 else 's'}", kind="link")
        self.show_examples.setHidden(not many)
        column = parts.column(self, gap=2)
        column.addLayout(top)
        column.addWidget(self.why)
        column.addWidget(self.show_examples, 0, Qt.AlignmentFlag.AlignLeft)
        self.setAccessibleName(theme.one_line(f"{gate.title}: {gate.result}. {gate.reason}"))
