"""Which examples a policy is for, and which its variants should be like: chosen from lists, or typed as clauses."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from dataimp_gui.core.model import Change, Field
from dataimp_gui.core.project import Project
from dataimp_gui.errors import QueryError
from dataimp_gui.progress import Progress
from dataimp_gui.ui.clauses import SLICES, TAGS, Where
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.choice import Choice
from dataimp_gui.ui.session import Session

MOST: Final = 100  # slices and tags that are listed
SPLIT: Final = "split"
TYPED: Final = "Type a clause…"
NOTHING: Final = "nothing"
KEY: Final = "augment scopes"


@dataclass(frozen=True, slots=True)
class Named:
    """Examples that go by a name, and the clause that selects them."""

    words: str
    clause: str
    count: int


def named(project: Project, progress: Progress) -> tuple[Named, ...]:
    """Those of each split, saved slice and tag that has some; a slice that cannot be asked any more is left out."""
    wanted = [(f"{name} split", SPLIT, name) for name in project.splits]
    wanted += [(name, SLICES, name) for name in [each.name for each in project.slices.saved()][:MOST]]
    wanted += [(f"tagged {name}", TAGS, name) for name in project.tags[:MOST]]
    found = []
    for words, column, name in wanted:
        clause = str(Where().choose(column, [name]))
        with suppress(QueryError):
            if count := project.query.count(clause, progress):
                found.append(Named(words, clause, count))
    return tuple(found)


class Chooser(Choice):
    """Of what is not in its list it shows the clause itself."""

    asked = Signal(str)  # a clause
    typing = Signal()  # none of the list: one is to be typed

    def __init__(self, title: str, name: str, none: str, *, can_type: bool) -> None:
        """``none`` says what no clause means."""
        super().__init__(title, name, 20)
        self._none, self._can_type = none, can_type
        self._named: tuple[Named, ...] = ()
        self._clause = ""
        self.activated.connect(self._ask)
        self._fill()

    def show_named(self, found: Sequence[Named]) -> None:
        self._named = tuple(found)
        self._fill()

    def show_clause(self, clause: str) -> None:
        self._clause = clause.strip()
        self._fill()

    @property
    def is_listed(self) -> bool:
        return not self._clause or any(each.clause == self._clause for each in self._named)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Another question by accident would be a nuisance."""
        event.ignore()

    def _fill(self) -> None:
        self.clear()
        self.addItem(self._none, "")
        for each in self._named:
            self._add(f"{each.words} · {each.count:,}", each.clause)
        if not self.is_listed:
            self._add(self._clause, self._clause)
        if self._can_type:
            self.addItem(TYPED, None)
        self.setCurrentIndex(self.findData(self._clause))
        self.setToolTip(parts.plain_tip(f"{self.accessibleName()}: {self._clause or self._none}"))

    def _add(self, words: str, clause: str) -> None:
        self.addItem(words, clause)
        self.setItemData(self.count() - 1, parts.plain_tip(clause), Qt.ItemDataRole.ToolTipRole)

    def _ask(self) -> None:
        clause = self.currentData()
        if clause is None:
            self.setCurrentIndex(self.findData(self._clause))
            self.typing.emit()
        elif clause != self._clause:
            self.asked.emit(clause)


class Scope(QWidget):
    """*For* is the question that all pages share, *Match* is of this page alone."""

    matched = Signal(str)  # the clause of the target

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.target = ""
        self.for_ = Chooser("For", "Which examples the policy is for", "all examples", can_type=False)
        self.match = Chooser("Match", "Which examples the variants should be like", NOTHING, can_type=True)
        self.typed = QLineEdit(placeholderText="A clause, e.g. split = 'test'")
        self.typed.setAccessibleName("Clause of the examples that the variants should be like")
        self.typed.hide()
        column = parts.column(self, gap=6)
        each: QWidget
        for each in (self.for_, self.match, self.typed):
            column.addWidget(each)
        self.for_.asked.connect(session.ask)
        self.match.asked.connect(self._match)
        self.match.typing.connect(self._type)
        self.typed.editingFinished.connect(self._take_typed)
        session.answered.connect(self._show_clause)
        session.changed.connect(self._follow)

    def begin(self, target: str) -> None:
        self._show_clause()
        self._show_target(target)
        self._look()

    def _show_clause(self) -> None:
        self.for_.show_clause(self._session.shown)

    def _follow(self, change: Change) -> None:
        if change.touches(Field.SPLIT | Field.TAG | Field.SLICE | Field.RUN):
            self._look()

    def _look(self) -> None:
        project = self._session.project
        self._session.reads.start(lambda progress: named(project, progress), self._know, key=KEY)

    def _know(self, found: tuple[Named, ...]) -> None:
        self.for_.show_named(found)
        self.match.show_named(found)
        self._show_typed()

    def _type(self) -> None:
        self.typed.setText(self.target)
        self.typed.show()
        self.typed.setFocus()
        self.typed.selectAll()

    def _take_typed(self) -> None:
        self._match(self.typed.text().strip())

    def _match(self, clause: str) -> None:
        if clause != self.target:
            self._show_target(clause)
            self.matched.emit(clause)
        else:
            self._show_typed()

    def _show_target(self, clause: str) -> None:
        self.target = clause
        self.match.show_clause(clause)
        self._show_typed()

    def _show_typed(self) -> None:
        """What is not in the list can be corrected where it was typed."""
        if not self.typed.hasFocus():
            self.typed.setText(self.target)
            self.typed.setCursorPosition(0)
            self.typed.setHidden(self.match.is_listed)
