"""Slices: where the model fails, how sure that is, and what would be won by mending it."""

from dataclasses import replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import QMetaMethod, Signal, SignalInstance
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from dataimp_gui.core.slices.slice import Slice
from dataimp_gui.core.slicing.saved import How, combined
from dataimp_gui.errors import DataimpError
from dataimp_gui.ui import clauses
from dataimp_gui.ui.clauses import Where
from dataimp_gui.ui.pages.page import Page
from dataimp_gui.ui.pages.slices import arranging, exporting, reading
from dataimp_gui.ui.pages.slices.board import Kind, Line
from dataimp_gui.ui.pages.slices.detail import Detail
from dataimp_gui.ui.pages.slices.finding import Finding
from dataimp_gui.ui.pages.slices.middle import Middle
from dataimp_gui.ui.pages.slices.reading import Reading
from dataimp_gui.ui.session import Queue, Session

RIGHT_W: Final = 368
MOST_IDS: Final = 500
JOINED: Final = {"merge": " or ", "intersect": " and ", "subtract": " without "}


class SlicesPage(Page):
    opened = Signal(str, int)  # show these examples in Triage: a clause, and the row to look at, -1 for none
    predictions_wanted = Signal()
    costs_wanted = Signal()
    augment_wanted = Signal(object)  # Slice; what nobody listens to is not offered
    collection_wanted = Signal(object)  # Slice
    exported = Signal(str, object)  # what was done, and the folder of the file
    told = Signal(str)  # "3 of 14 slices"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        self._session = session
        self.finding = Finding(session)
        self.content = Middle(session, self.finding)
        self.detail = Detail()
        self._reading: Reading | None = None
        super().__init__("slices", None, self.content, self.detail, parent)
        self.finding.setParent(self)
        self.setSizes([1000, RIGHT_W])
        self._connect()

    def _connect(self) -> None:
        session, content, detail = self._session, self.content, self.detail
        self.finding.learned.connect(self._show)
        self.finding.searching.connect(self._show_standing)
        session.answered.connect(self._follow_scope)
        session.predicted.connect(self._show_standing)
        content.toolbar.arranged.connect(self._show)
        content.toolbar.new_wanted.connect(self.new)
        content.toolbar.search_wanted.connect(self.search)
        content.news.compare.clicked.connect(lambda: self.finding.compare(content.toolbar.arrangement.least))
        content.toolbar.stop_wanted.connect(self.finding.stop)
        content.table.sorted_by.connect(content.toolbar.arrange)
        content.table.moved.connect(self._show_line)
        content.table.opened.connect(self.open)
        content.table.table.ticked.connect(self._show_ticked)
        content.ticked.combine_wanted.connect(self.combine)
        content.ticked.cleared.connect(content.table.table.untick)
        content.predictions_wanted.connect(self.predictions_wanted)
        content.areas.costs_wanted.connect(self.costs_wanted)
        content.areas.opened.connect(lambda clause: self._open_where("", clause, -1))
        content.unfiltered.connect(self._show_all)
        detail.review_wanted.connect(self.review)
        detail.augment.clicked.connect(self.augment)
        detail.collect.clicked.connect(self.collect)
        detail.save_wanted.connect(self.save)
        detail.open_wanted.connect(self.open)
        detail.export_wanted.connect(self.export)
        detail.rename_wanted.connect(self.rename)
        detail.remove_wanted.connect(self.remove)
        detail.tried.connect(self._try)
        detail.instead_picked.connect(lambda name: self._open(f"predicted = {clauses.quote(name)}"))
        detail.example_picked.connect(lambda row: self._open(row=row))

    def focus_view(self) -> None:
        content = self.content
        (content.areas.map if content.shows_areas else content.table).setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.detail.augment.setVisible(self._is_heard(self.augment_wanted))
        self.detail.collect.setVisible(self._is_heard(self.collection_wanted))
        self.finding.look(True)
        self._show_standing()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.finding.look(False)

    def remembered(self) -> str:
        return arranging.written(self.content.toolbar.arrangement)

    def recall(self, remembered: str) -> None:
        if (kept := arranging.read(remembered)) is not None:
            self.content.toolbar.arrange(kept)

    # what is shown

    @property
    def current(self) -> Line | None:
        return self.content.table.current

    def _show(self, _arrangement: object = None) -> None:
        board, content = self.finding.board, self.content
        content.toolbar.show_board(board)
        content.summary.show_board(board)
        costs = bool(self._session.project.contract.costs)
        content.table.show_board(board, content.toolbar.arrangement, shows_cost=costs)
        self._show_standing()

    def _show_standing(self) -> None:
        session = self._session
        self.content.show_standing(self.finding.board, has_run=bool(session.project.runs), scope=session.shown)
        self._tell()

    def _tell(self) -> None:
        table = self.content.table
        shown, at = len(table.table.lines), table.currentIndex().row()
        self.told.emit(f"Slice {at + 1:,} of {shown:,}" if shown else "No slices")

    def _show_all(self) -> None:
        now = self.content.toolbar.arrangement
        self.content.toolbar.arrange(replace(now, kind=Kind.ALL, typed="", least=0, hides_overlapping=False))

    def _show_ticked(self) -> None:
        self.content.ticked.show_ticked(self.content.table.table.ticked_lines)

    def _follow_scope(self) -> None:
        if not self.finding.board.is_searched and self.isVisible():
            self.finding.read()
        else:
            self._show_standing()

    def _show_line(self, line: Line | None) -> None:
        session, board = self._session, self.finding.board
        self.detail.show_line(line, board)
        self._tell()
        self._reading = self._reading if self._reading and line and self._reading.key == line.key else None
        if line is None:
            session.reads.cancel("slice")
            session.reads.cancel("slice versions")
            return
        session.reads.start(
            lambda progress: reading.read(session.project, line, board.scope, progress),
            self._show_reading,
            key="slice",
        )
        session.reads.start(
            lambda progress: reading.read_versions(session.project, line, board.scope, progress),
            self.detail.trend.show_versions,
            key="slice versions",
        )

    def _show_reading(self, found: Reading) -> None:
        self._reading = found
        self.detail.show_reading(found, self.finding.board)

    # what can be done

    def has_slice(self) -> bool:
        return self.current is not None

    def has_saved(self) -> bool:
        return self.current is not None and self.current.is_saved and self.current.slice not in self.finding.drafts

    def has_unsaved(self) -> bool:
        return self.current is not None and not self.has_saved() and not self.current.broken

    def can_search(self) -> bool:
        return bool(self._session.project.runs) and not self.finding.is_searching

    def search(self) -> None:
        if self.can_search():
            self.finding.search(self.content.toolbar.arrangement.least)

    def step(self, by: int) -> None:
        table = self.content.table
        table.go(min(max(table.currentIndex().row() + by, 0), len(table.table.lines) - 1))

    def can_show_areas(self) -> bool:
        return self.content.toolbar.areas.isEnabled()

    def show_areas(self) -> None:
        """Where the errors are, or the table again."""
        self.content.toolbar.areas.toggle()

    def tick_all(self) -> None:
        self.content.table.table.toggle_all()

    def open(self) -> None:
        """The examples of the slice, in Triage."""
        self._open()

    def _open(self, more: str = "", row: int = -1) -> None:
        if (line := self.current) is None or line.broken:
            return
        if line.slice.where:
            self._open_where(line.slice.where, more, row)
        elif self.has_saved():
            self._open_where(f"slice = {clauses.quote(line.name)}", more, row)
        elif len(line.rows) > MOST_IDS:
            said = f"“{line.name}” has no rule, but {len(line.rows):,} fixed examples."
            error = DataimpError(said, hint="Save it under a name (S), then it opens.")
            self._session.reads.failed.emit(error)
        else:
            project, rows = self._session.project, line.rows
            self._session.reads.start(
                lambda _: project.ids(rows),
                lambda ids: self._open_where(str(Where().choose("id", ids)), more, row),
                key="slice ids",
            )

    def _open_where(self, rule: str, more: str, row: int) -> None:
        asked = [Where.parse(part).conditions for part in (self.finding.board.scope, rule, more)]
        self.opened.emit(str(Where(tuple(condition for part in asked for condition in part))), row)

    def review(self) -> None:
        """Where the label is likely wrong first, then where the prediction is."""
        line, found = self.current, self._reading
        if line is None or not len(line.rows):
            return
        rows = found.queue if found is not None else line.rows
        self._session.review_wanted.emit(Queue(line.name, rows))

    def can_augment(self) -> bool:
        return self.has_slice() and self._is_heard(self.augment_wanted)

    def can_collect(self) -> bool:
        return self.has_slice() and self._is_heard(self.collection_wanted)

    def augment(self) -> None:
        self._hand_over(self.augment_wanted)

    def collect(self) -> None:
        self._hand_over(self.collection_wanted)

    def _hand_over(self, signal: SignalInstance) -> None:
        if (line := self.current) and not line.broken:
            signal.emit(line.slice)

    def _is_heard(self, signal: SignalInstance) -> bool:
        return self.isSignalConnected(QMetaMethod.fromSignal(signal))

    def export(self) -> None:
        """The examples of the slice as a table, to a file that is asked for."""
        if (line := self.current) is None or not len(line.rows):
            return
        exporting.ask_file(line, lambda file: self.export_to(line, file), self)

    def export_to(self, line: Line, file: Path) -> None:
        exporting.export(self._session, line, file, self.exported.emit)

    def new(self) -> None:
        """A rule of one's own; what the query bar asks for stands there already."""
        self._session.slice_wanted.emit(Slice("", self._session.shown), False)

    def save(self) -> None:
        if (line := self.current) and self.has_unsaved():
            kept = Slice(line.name, line.slice.where, line.slice.rows, line.slice.why)
            self._session.slice_wanted.emit(kept, False)

    def rename(self) -> None:
        if (line := self.current) and self.has_saved():
            self._session.slice_wanted.emit(line.slice, True)

    def remove(self) -> None:
        """A saved slice, with undo; a rule that was only tried is forgotten."""
        if (line := self.current) is None or not line.is_saved:
            return
        if not self.has_saved():
            self.finding.forget(line.name)
            self.finding.read()
            return
        name = line.name
        self._session.edit_slices(lambda slices: slices.remove(name))

    def combine(self, how: How) -> None:
        """One slice of those that are ticked."""
        lines = self.content.table.table.ticked_lines
        name = JOINED[how].join(line.name for line in lines)
        try:
            made = combined([line.slice for line in lines], how, name, [line.rows for line in lines])
        except DataimpError as error:
            self._session.writes.failed.emit(error)
            return
        self._session.slice_wanted.emit(made, False)

    def _try(self, where: str) -> None:
        """Measure another rule beside the slice that it comes from."""
        if (line := self.current) is None:
            return
        name = f"Tried: {line.name.removeprefix('Tried: ')}"
        draft = Slice(name, where)
        self.content.table.go_to((True, name, where))
        self.finding.try_rule(draft)
