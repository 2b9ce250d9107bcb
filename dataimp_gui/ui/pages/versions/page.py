"""Versions: what each one changed, whether it makes better models, and which one is in production."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from dataimp_gui.core.model import VersionInfo
from dataimp_gui.ui import theme
from dataimp_gui.ui.clauses import Where
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import text
from dataimp_gui.ui.pages.page import Page
from dataimp_gui.ui.pages.versions.evaluating import Evaluating
from dataimp_gui.ui.pages.versions.following import Following
from dataimp_gui.ui.pages.versions.history import History
from dataimp_gui.ui.pages.versions.judged import Gated
from dataimp_gui.ui.pages.versions.limits import GatesDialog
from dataimp_gui.ui.pages.versions.middle import Middle
from dataimp_gui.ui.pages.versions.moving import Moving
from dataimp_gui.ui.pages.versions.reading import KINDS, Reading
from dataimp_gui.ui.pages.versions.side import Side
from dataimp_gui.ui.pages.versions.standing import Entry, day
from dataimp_gui.ui.pages.versions.trying import TryingDialog
from dataimp_gui.ui.session import Session

LEFT_W: Final = 288  # "production" fits beside a time and a short name
RIGHT_W: Final = 320
MIDDLE_W: Final = 540  # at least, for the buttons of a version; the panels beside it give way before


class VersionsPage(Page):
    commit_wanted = Signal()
    export_wanted = Signal()
    done = Signal(str)  # what was done, in a few words
    opened = Signal(str, int)  # show these examples in Triage: a clause, and the row to look at, -1 for none
    told = Signal(str)  # "v2, 34 changes since v1, evaluated 22:54"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        self._session = session
        self.following, self.evaluating = Following(session), Evaluating(session)
        self.history, self.content, self.side = History(), Middle(self.evaluating), Side()
        super().__init__("versions", _left(self.history), self.content, self.side, parent)
        self.content.setMinimumWidth(MIDDLE_W)
        self.setSizes([theme.grown(size) for size in (LEFT_W, 1000, RIGHT_W)])
        self.following.setParent(self)
        self.evaluating.setParent(self)
        self.moving = Moving(session, self.following, self)
        self._connect()

    def _connect(self) -> None:
        header, evaluation = self.content.header, self.content.evaluation
        self.evaluating.moved.connect(self._show_evaluating)
        self.evaluating.done.connect(lambda _: self.following.read())
        evaluation.evaluate_wanted.connect(self.evaluate)
        evaluation.stop_wanted.connect(self.evaluating.stop)
        header.restore_wanted.connect(self.restore)
        header.promote_wanted.connect(self.promote)
        header.rollback_wanted.connect(self.roll_back)
        self.moving.done.connect(self.done)
        self.side.gates.edit_wanted.connect(self.edit_gates)
        self.content.opened.connect(lambda clause: self.opened.emit(clause, -1))
        self.side.gates.opened.connect(self._show_evidence)
        self.following.learned.connect(self._show)
        self.following.seen.connect(self._show_reading)
        self.following.failed.connect(self.content.wrong.show_words)
        self.history.moved.connect(self._show_entry)
        self.content.commit_wanted.connect(self.commit_wanted)
        self._session.committed.connect(self._go_to)
        header.export_wanted.connect(self.export_wanted)
        self.content.samples.picked.connect(lambda row: self.opened.emit("", row))

    def focus_view(self) -> None:
        self.history.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.following.look(True)
        self._tell()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.following.look(False)

    def remembered(self) -> str:
        return self.current.name if self.current else ""

    def recall(self, remembered: str) -> None:
        self.history.choose(remembered)

    @property
    def current(self) -> Entry | None:
        return self.history.current

    @property
    def chosen(self) -> str:
        """The version that is looked at; empty for the draft."""
        return self.current.name if self.current is not None and not self.current.is_draft else ""

    # what is shown

    def _show(self) -> None:
        self.history.show_standing(self.following.standing)
        self.side.moves.show_moves(self.following.standing.moves)

    def _go_to(self, version: VersionInfo | None) -> None:
        """One that was not there yet was just committed."""
        known = self.following.standing
        if version is not None and known.entries and known.find(version.name) is None:
            self.history.choose(version.name)

    def _show_entry(self, entry: Entry | None) -> None:
        self._tell()
        if entry is not None:
            state = self._session.project.state
            held = entry.info.examples if entry.info else int((~state.excluded).sum())
            self.content.show_entry(entry, held, can_roll_back=bool(self.following.standing.former))
            self.side.gates.show_judged(entry.judged)
        self.following.see(entry)

    def _show_reading(self, reading: Reading) -> None:
        entry = self.current
        if entry is None or entry.name != reading.name:
            return
        self.content.show_reading(entry, reading)
        self.side.show_reading(entry, reading)
        self._tell(reading)

    def _show_evaluating(self) -> None:
        if (entry := self.current) is not None:
            self.content.show_judged(entry)

    def _show_evidence(self, gate: Gated) -> None:
        clause = gate.where or str(Where().choose("id", list(gate.ids)))
        self.opened.emit(clause, -1)

    def _tell(self, reading: Reading | None = None) -> None:
        """For the status bar: which version, how many changes, when it was evaluated."""
        entry = self.current
        if entry is None:
            self.told.emit("No versions yet")
            return
        said = [f"{entry.title} draft" if entry.is_draft else entry.title]
        if reading is not None and reading.diff is not None:
            many = sum(reading.diff.counts[kind] for kind in KINDS)
            said.append(f"{many:,} change{'' if many == 1 else 's'} since {entry.parent}")
        if entry.judged is not None:
            said.append(f"evaluated {day(entry.judged.at)}")
        self.told.emit(", ".join(said))

    # what can be done

    def has_version(self) -> bool:
        return bool(self.chosen)

    def can_evaluate(self) -> bool:
        return bool(self.chosen) and self.evaluating.job is None and len(self._others()) > 0

    def evaluate(self) -> None:
        """Ask how, then train and compare in the background."""
        if (entry := self.current) is None or not self.can_evaluate():
            return
        runs = {run.version: run.name for run in self._session.project.runs}
        dialog = TryingDialog(entry, self._others(), self.evaluating.last, runs, self)
        dialog.wanted.connect(self.evaluating.start)
        dialog.open()

    def _others(self) -> list[Entry]:
        """The versions that the one in sight can be compared with."""
        now = self.current
        return [each for each in self.following.standing.entries if not each.is_draft and each is not now]

    def can_promote(self) -> bool:
        return self.has_version() and self.current is not None and not self.current.is_production

    def promote(self) -> None:
        if (entry := self.current) is not None and self.can_promote():
            self.moving.promote(entry)

    def can_roll_back(self) -> bool:
        return bool(self.following.standing.former)

    def roll_back(self) -> None:
        if self.can_roll_back():
            self.moving.roll_back()

    def restore(self) -> None:
        if self.has_version():
            self.moving.restore(self.chosen)

    def edit_gates(self) -> None:
        session = self._session
        slices = [each.name for each in session.project.slices.saved()]
        has_costs = bool(session.project.contract.costs)
        dialog = GatesDialog(self.following.standing.gates, slices, has_costs, self)
        dialog.chosen.connect(lambda gates: session.edit(lambda project: project.evaluation.set_gates(gates)))
        dialog.open()

    def newer(self) -> None:
        self._step(-1)

    def older(self) -> None:
        self._step(1)

    def _step(self, by: int) -> None:
        many = len(self.following.standing.entries)
        self.history.go(min(max(self.history.currentIndex().row() + by, 0), many - 1))


def _left(history: History) -> QWidget:
    made = QWidget()
    made.setObjectName("filters")
    made.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    head = QWidget()
    head.setObjectName("panelHeader")
    head.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    head.setFixedHeight(44)
    top = parts.row(head, gap=8, margins=(12, 0, 8, 0))
    top.addWidget(text("History", strong=True))
    top.addStretch(1)
    column = parts.column(made, gap=0)
    column.addWidget(head)
    column.addWidget(history, 1)
    return made
