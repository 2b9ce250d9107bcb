"""Where the errors are, as areas: by a column that is chosen, and in each part by what was predicted instead."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from dataimp_gui.core.model import Change
from dataimp_gui.core.project import Project
from dataimp_gui.core.slices.parts import Part, parts
from dataimp_gui.core.slicing import knowledge
from dataimp_gui.core.slicing import scope as scoping
from dataimp_gui.progress import Progress
from dataimp_gui.ui import clauses, theme
from dataimp_gui.ui.kit import parts as kit
from dataimp_gui.ui.kit.choice import Choice
from dataimp_gui.ui.kit.parts import Elided, small_button
from dataimp_gui.ui.kit.treemap import Block, Cell, Treemap
from dataimp_gui.ui.pages.slices import words
from dataimp_gui.ui.session import Session

MOST: Final = 40  # blocks; the others are one
KEY: Final = "errors by"
LABEL: Final = "label"
PREDICTED: Final = "predicted"


@dataclass(frozen=True, eq=False)
class Cut:
    """All errors in scope by the words of ``column``, then by the class of ``inner``; ``columns`` can be chosen."""

    column: str
    sql: str
    names: Sequence[str]
    inner: str
    classes: Sequence[str]
    found: Sequence[Part]
    columns: Sequence[str]

    def clause(self, block: int, cell: int) -> str:
        """What selects the examples of a cell."""
        part = self.found[block]
        code = part.inner[cell][0]
        both = (_equals(self.sql, self.names, part.code), _equals(self.inner, self.classes, code))
        return " and ".join((*both, "error"))


def read(project: Project, column: str, where: str, progress: Progress) -> Cut:
    """Runs on a worker."""
    scope = scoping.scope(project, where, "", progress)
    offered, _ = knowledge.columns(project, progress)
    worded = {name: each for name, each in offered.items() if each.codes is not None and not each.flag}
    columns = [LABEL, PREDICTED, *sorted(worded)]
    if column == PREDICTED or column not in worded:
        first, second = (PREDICTED, LABEL) if column == PREDICTED else (LABEL, PREDICTED)
        codes = {LABEL: scope.labels, PREDICTED: scope.predicted}
        found = parts(codes[first], codes[second], scope.counted, scope.errors)
        return Cut(first, first, scope.classes, second, scope.classes, found[:MOST], columns)
    chosen = worded[column]
    assert chosen.codes is not None
    found = parts(chosen.codes, scope.labels, scope.counted, scope.errors)
    return Cut(column, chosen.written, chosen.words, LABEL, scope.classes, found[:MOST], columns)


def blocks(cut: Cut) -> list[Block]:
    """The darkest fails the most."""
    rates = [part.errors / part.n if part.n else 0.0 for part in cut.found]
    high = max(rates, default=0.0) or 1.0
    made = []
    for part, rate in zip(cut.found, rates, strict=True):
        name = _name(cut.names, part.code)
        how = "predicted" if cut.inner == PREDICTED else cut.inner
        cells = [
            Cell(
                _name(cut.classes, code),
                count,
                f"{cut.column} {name}, {how} {_name(cut.classes, code)}: {words.errors(count)}",
            )
            for code, count in part.inner
        ]
        note = f"{part.errors:,} of {part.n:,}, {words.percent(rate)}"
        made.append(Block(name, part.errors, rate / high, cells, note))
    return made


def _name(names: Sequence[str], code: int) -> str:
    return names[code] if code >= 0 else "none"


def _equals(sql: str, names: Sequence[str], code: int) -> str:
    return f"{sql} = {clauses.quote(names[code])}" if code >= 0 else f"{sql} is null"


class ErrorsView(QWidget):
    opened = Signal(str)  # a clause: show these in Triage
    costs_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._scope = ""
        self._cut: Cut | None = None
        self.by = Choice("Errors by", "Column that cuts the errors", 12)
        self.by.addItem(LABEL, LABEL)
        self.by.activated.connect(lambda _: self._read())
        self.words = Elided(size="small", colour="secondary")
        self.costs = small_button("Costs of confusions…")
        self.costs.clicked.connect(self.costs_wanted)
        self.map = Treemap("Where the errors are")
        self.map.moved.connect(self._say)
        self.map.opened.connect(self._open)
        head = kit.row(gap=12)
        head.addWidget(self.by)
        head.addWidget(self.words, 1)
        head.addWidget(self.costs)
        column = kit.column(self, gap=8, margins=(16, 8, 16, 16))
        column.addLayout(head)
        column.addWidget(self.map, 1)
        session.changed.connect(self._follow)

    def show_scope(self, scope: str) -> None:
        self._scope = scope
        self._read()

    def _follow(self, _change: Change) -> None:
        if self.isVisible():
            self._read()

    def _read(self) -> None:
        project, column, scope = self._session.project, str(self.by.currentData()), self._scope
        self._session.reads.start(lambda progress: read(project, column, scope, progress), self._show, key=KEY)

    def _show(self, cut: Cut) -> None:
        self._cut = cut
        self.by.clear()
        for name in cut.columns:
            self.by.addItem(theme.one_line(name), name)
        self.by.setCurrentIndex(self.by.findData(cut.column))
        self.map.show_blocks(blocks(cut))
        inner = "what was predicted instead" if cut.inner == PREDICTED else cut.inner
        self.words.show_words(f"Areas are as large as their errors, cut by {inner}. The strongest colour fails most.")

    def _say(self, block: int, cell: int) -> None:
        self.words.show_words(f"{self.map.blocks[block].cells[cell].about}. Enter shows them in Triage.")

    def _open(self, block: int, cell: int) -> None:
        if self._cut is not None:
            self.opened.emit(self._cut.clause(block, cell))
