"""The left panel of Triage: facets and histograms, all reading from and writing into the one query text."""

from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QWidget

from dataimp_gui.core.model import Change, ColumnInfo, EditInfo, Field, Rows
from dataimp_gui.core.project import Project
from dataimp_gui.core.runs import BEFORE
from dataimp_gui.ui.clauses import ISSUES, OUTCOME, RUNS, SLICES, TAGS, Where
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import chip, icon_button, text
from dataimp_gui.ui.pages.triage import counts
from dataimp_gui.ui.pages.triage.counts import Asked, Counts
from dataimp_gui.ui.pages.triage.filters.brush import Brush, Range
from dataimp_gui.ui.pages.triage.filters.facet import Facet
from dataimp_gui.ui.pages.triage.filters.facet_search import SearchedFacet
from dataimp_gui.ui.pages.triage.filters.issues_panel import IssuesPanel
from dataimp_gui.ui.pages.triage.filters.no_run import NoRun
from dataimp_gui.ui.pages.triage.filters.runs_panel import RunsPanel
from dataimp_gui.ui.pages.triage.filters.section import Section
from dataimp_gui.ui.pages.triage.study import Study
from dataimp_gui.ui.pages.triage.titles import Titles
from dataimp_gui.ui.session import FLAGGED, Session

TITLES: Final = {
    OUTCOME: "Outcome",
    RUNS: "Between runs",
    ISSUES: "Issues",
    "label": "Label",
    "predicted": "Predicted",
    "split": "Split",
    TAGS: "Tags",
}
PSEUDO: Final = (OUTCOME, RUNS, ISSUES)  # questions that are no columns
STATISTICS: Final = "statistics"  # the heading over what was measured
PREDICTIONS: Final = (OUTCOME, "predicted", "confidence")
MOST: Final = 40  # sections
Give = Callable[[Project, Rows, str], EditInfo | None]


def _rank(column: str) -> int:
    """Which sections stand first: the lower the earlier, equals in the order in which they come."""
    order = (*TITLES, "confidence")
    return order.index(column) if column in order else len(order)


class Filters(QWidget):
    """A section that is closed is not counted. What was measured stands under a heading of its own, at the end."""

    predictions_wanted = Signal()

    def __init__(self, session: Session, study: Study, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("filters")
        self._session = session
        self.issues = IssuesPanel(session, study)
        self.runs = RunsPanel(session)
        self._folds: dict[str, bool] = {}  # the sections that a person opened or closed
        self._sections: dict[str, Section] = {}
        self._facets: dict[str, Facet] = {}
        self._brushes: dict[str, Brush] = {}
        self._shown_for: tuple[tuple[ColumnInfo, ...], bool] = ((), False)
        column = parts.column(self, gap=0)
        column.addWidget(self._build_header())
        self.no_run = NoRun(study)
        self.no_run.predictions_wanted.connect(self.predictions_wanted)
        column.addWidget(self.no_run)
        self.no_run.hide()
        self._body = QWidget()
        self._body.setObjectName("panelBody")
        self._list = parts.column(self._body, gap=2, margins=(12, 4, 10, 12))
        measured = QWidget()
        self._measured_list = parts.column(measured, gap=2, margins=(12, 0, 0, 0))
        self.statistics = Section("Statistics", measured, opened=True)
        self.statistics.folded.connect(lambda: self._fold(STATISTICS, self.statistics, opened=True))
        self.statistics.opened.connect(self.recount)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setObjectName("panelScroll")
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self._body)
        column.addWidget(scroll, 1)
        self._list.addWidget(self.statistics)
        self._list.addStretch(1)
        self.statistics.hide()
        session.answered.connect(self.recount)
        session.changed.connect(self._notice)

    def _build_header(self) -> QWidget:
        header = QWidget()
        header.setObjectName("panelHeader")
        header.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        header.setFixedHeight(40)
        row = parts.row(header, gap=8, margins=(12, 0, 8, 0))
        self._active = chip("", kind="accent")
        self._clear = icon_button("close", "Clear all filters")
        self._clear.clicked.connect(lambda: self._session.ask(""))
        again = icon_button("refresh", "Filter again")
        again.clicked.connect(self._session.refresh)
        row.addWidget(text("Filters", strong=True))
        row.addWidget(self._active)
        row.addStretch(1)
        row.addWidget(self._clear)
        row.addWidget(again)
        return header

    def show_columns(self, columns: tuple[ColumnInfo, ...], titles: Titles) -> None:
        """One section a column that can be counted or drawn; those of the data itself begin closed."""
        has_run = bool(self._session.project.runs)
        self.no_run.setHidden(has_run)
        if (columns, has_run) == self._shown_for:
            return
        self._shown_for = (columns, has_run)
        names = {column.name for column in columns}
        alone = BEFORE not in names or self._session.project.before is None
        for name, title in TITLES.items():
            if name == RUNS and alone:
                continue
            if (has_run or name not in PREDICTIONS) and (name in names or name in PSEUDO):
                self._add_facet(name, title, opened=True)
        if has_run and "confidence" in names:
            self._add_brush("confidence", "Confidence", opened=True)
        for column in columns:
            if len(self._sections) >= MOST:
                break
            if column.kind == "metadata" and column.type == "number":
                self._add_brush(column.name, column.name, opened=False)
            elif column.kind == "metadata" and column.type in ("text", "flag"):
                self._add_facet(column.name, column.name, opened=False)
        for column in columns:
            if column.kind == "media" and (title := titles.of_measure(column.name)):
                add = self._add_brush if column.type == "number" else self._add_facet
                section = add(column.name, title, opened=False, measured=True)
                section.set_about(titles.about(column.name))
        amount = self._measured_list.count()
        self.statistics.setHidden(not amount)
        self.statistics.set_note(f"{amount:,}")
        self._offer_slices()
        self.recount()

    def _offer_slices(self) -> None:
        """Among the questions once there are some, unless a column has that name."""
        if any(column.name.lower() == SLICES for column in self._shown_for[0]):
            return
        some = bool(self._session.project.slices.saved())
        if some and self._shown_for[0]:
            self._add_facet(SLICES, "Slices", opened=True)
        if SLICES in self._sections:
            self._sections[SLICES].setHidden(not some)

    def _add_facet(self, column: str, title: str, *, opened: bool, measured: bool = False) -> Section:
        if column in self._facets:
            return self._sections[column]
        panels: dict[str, IssuesPanel | RunsPanel] = {ISSUES: self.issues, RUNS: self.runs}
        own = panels.get(column)
        facet = own.facet if own else Facet(column, title)
        facet.picked.connect(lambda value, add, refuse: self._ask(self._where().pick(column, value, add, refuse)))
        facet.dropped.connect(lambda value: self._give(column, value))
        self._facets[column] = facet
        return self._add_section(column, title, own or SearchedFacet(facet, title), opened=opened, measured=measured)

    def _add_brush(self, column: str, title: str, *, opened: bool, measured: bool = False) -> Section:
        if column in self._brushes:
            return self._sections[column]
        brush = Brush(title)
        brush.brushed.connect(lambda between: self._narrow(column, between))
        self._brushes[column] = brush
        section = self._add_section(column, title, brush, opened=opened, measured=measured)
        brush.weighed.connect(lambda b, count: section.set_note(f"{b[0]:.3g} – {b[1]:.3g} → {count:,}"))
        return section

    def _add_section(self, column: str, title: str, widget: QWidget, *, opened: bool, measured: bool) -> Section:
        section = Section(title, widget, opened=self._folds.get(column, opened))
        section.opened.connect(self.recount)
        section.folded.connect(lambda: self._fold(column, section, opened=opened))
        section.cleared.connect(lambda: self._ask(self._where().without(column)))
        if measured:
            self._measured_list.addWidget(section)
        else:  # those of a run come later than the others, and stand before them
            later = [self._list.indexOf(each) for name, each in self._sections.items() if _rank(name) > _rank(column)]
            below = self._list.indexOf(self.statistics)
            self._list.insertWidget(min((place for place in later if place >= 0), default=below), section)
        self._sections[column] = section
        return section

    # what is open

    def _fold(self, name: str, section: Section, *, opened: bool) -> None:
        if section.is_open == opened:
            self._folds.pop(name, None)
        else:
            self._folds[name] = section.is_open

    @property
    def folds(self) -> dict[str, bool]:
        """Which sections are open or closed otherwise than they begin."""
        return dict(self._folds)

    def restore_folds(self, folds: Mapping[str, bool]) -> None:
        """For the sections that are here and for those that come."""
        self._folds = dict(folds)
        for name, section in [(STATISTICS, self.statistics), *self._sections.items()]:
            if name in folds:
                section.set_open(folds[name])

    def _is_open(self, name: str) -> bool:
        section = self._sections[name]
        return section.is_open and (self.statistics.is_open or self._measured_list.indexOf(section) < 0)

    # writing

    def _where(self) -> Where:
        return Where.parse(self._session.in_force)

    def _ask(self, where: Where) -> None:
        self._session.ask(str(where))

    def _give(self, column: str, value: str) -> None:
        """The selection was dragged to a value: it is given that label or split, or that tag."""
        if len(self._session.subject):
            give: dict[str, Give] = {"label": Project.relabel, "split": Project.set_split, TAGS: Project.tag}
            edit = self._session.edit_guarded if column == "label" else self._session.edit_rows
            edit(self._session.subject, lambda project, rows: give[column](project, rows, value))

    def _narrow(self, column: str, between: Range | None) -> None:
        where = self._where()
        self._ask(where.narrow(column, *between) if between else where.without(column))

    # counting

    def _notice(self, change: Change) -> None:
        if change.touches(Field.SLICE):
            self._offer_slices()
        self.recount()

    def recount(self) -> None:
        session, where = self._session, Where.parse(self._session.shown)
        number = len(where.conditions)
        self._active.setText(f"{number} active")
        self._active.setVisible(bool(number))
        self._clear.setVisible(bool(number))
        if not self._sections:
            return
        asked = Asked(
            tuple(name for name in self._facets if self._is_open(name)),
            tuple(name for name in self._brushes if self._is_open(name)),
        )
        project = session.project
        session.reads.start(
            lambda progress: counts.count(project, where, asked, progress),
            lambda found: self._show(where, found),
            key="counts",
        )

    def _show(self, where: Where, found: Counts) -> None:
        tags = [tag for tag in self._session.project.state.tags if tag != FLAGGED]
        markers = {tag: number for number, tag in enumerate(tags)}
        saved = {str(name): number for number, (name, _) in enumerate(found.values.get(SLICES, ()))}
        marked = {TAGS: markers, SLICES: saved}
        if ISSUES in found.values:
            self.issues.show_amount(found.with_issues)
        for name, rows in found.values.items():
            chosen, refused = where.chosen(name), where.refused(name)
            self._facets[name].show_counts(rows, chosen, refused, marked.get(name))
            self._sections[name].set_clearable(bool(chosen or refused))
        for name, spread in found.spreads.items():
            between = where.between(name)
            self._brushes[name].show_spread(spread, between)
            self._sections[name].set_clearable(between is not None)
            self._sections[name].set_note(f"{between[0]:.3g} – {between[1]:.3g}" if between else "")

    def shown(self) -> tuple[str, ...]:
        """The columns that have a section."""
        return tuple(self._sections)

    def section(self, column: str) -> Section:
        return self._sections[column]

    def facet(self, column: str) -> Facet:
        return self._facets[column]

    def brush(self, column: str) -> Brush:
        return self._brushes[column]
