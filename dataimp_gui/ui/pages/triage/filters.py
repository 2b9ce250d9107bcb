"""The left panel of Triage: facets and histograms, all reading from and writing into the one query text."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QWidget

from dataimp_gui.core.model import Change, ColumnInfo
from dataimp_gui.ui.clauses import OUTCOME, TAGS, Where
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import chip, icon_button, small_button, text
from dataimp_gui.ui.pages.triage import counts
from dataimp_gui.ui.pages.triage.brush import Brush, Range
from dataimp_gui.ui.pages.triage.counts import Asked, Counts
from dataimp_gui.ui.pages.triage.facet import Facet
from dataimp_gui.ui.pages.triage.section import Section
from dataimp_gui.ui.session import FLAGGED, Session

TITLES: Final = {OUTCOME: "Outcome", "label": "Label", "predicted": "Predicted", "split": "Split", TAGS: "Tags"}
PREDICTIONS: Final = (OUTCOME, "predicted", "confidence")
MOST: Final = 40  # sections


class Filters(QWidget):
    """A section that is closed is not counted."""

    predictions_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("filters")
        self._session = session
        self._sections: dict[str, Section] = {}
        self._facets: dict[str, Facet] = {}
        self._brushes: dict[str, Brush] = {}
        self._shown_for: tuple[tuple[ColumnInfo, ...], bool] = ((), False)
        column = parts.column(self, gap=0)
        column.addWidget(self._build_header())
        self._no_run = self._build_prompt()
        column.addWidget(self._no_run)
        self._no_run.hide()
        self._body = QWidget()
        self._body.setObjectName("panelBody")
        self._list = parts.column(self._body, gap=2, margins=(12, 4, 10, 12))
        scroll = QScrollArea(widgetResizable=True)
        scroll.setObjectName("panelScroll")
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self._body)
        column.addWidget(scroll, 1)
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

    def _build_prompt(self) -> QWidget:
        prompt = QWidget()
        lines = parts.column(prompt, gap=6, margins=(12, 10, 12, 4))
        words = text("Add predictions to see errors.", size="small", colour="secondary")
        words.setWordWrap(True)
        self.import_predictions = small_button("Import predictions…", icon="play")
        self.import_predictions.clicked.connect(self.predictions_wanted)
        lines.addWidget(words)
        lines.addWidget(self.import_predictions)
        return prompt

    def show_columns(self, columns: tuple[ColumnInfo, ...]) -> None:
        """One section a column that can be counted or drawn; those of the data itself begin closed."""
        has_run = bool(self._session.project.runs)
        self._no_run.setHidden(has_run)
        if (columns, has_run) == self._shown_for:
            return
        self._shown_for = (columns, has_run)
        names = {column.name for column in columns}
        for name, title in TITLES.items():
            if (has_run or name not in PREDICTIONS) and (name in names or name == OUTCOME):
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
        if self._list.count() == len(self._sections):
            self._list.addStretch(1)
        self.recount()

    def _add_facet(self, column: str, title: str, *, opened: bool) -> None:
        if column in self._facets:
            return
        facet = Facet(column, title)
        facet.picked.connect(lambda value, add, refuse: self._ask(self._where().pick(column, value, add, refuse)))
        self._facets[column] = facet
        self._add_section(column, title, facet, opened=opened)

    def _add_brush(self, column: str, title: str, *, opened: bool) -> None:
        if column in self._brushes:
            return
        brush = Brush(title)
        brush.brushed.connect(lambda between: self._narrow(column, between))
        self._brushes[column] = brush
        section = self._add_section(column, title, brush, opened=opened)
        brush.weighed.connect(lambda b, count: section.set_note(f"{b[0]:.3g} – {b[1]:.3g} → {count:,}"))

    def _add_section(self, column: str, title: str, widget: QWidget, *, opened: bool) -> Section:
        section = Section(title, widget, opened=opened)
        section.opened.connect(self.recount)
        section.cleared.connect(lambda: self._ask(self._where().without(column)))
        self._sections[column] = section
        self._list.insertWidget(len(self._sections) - 1, section)
        return section

    # writing

    def _where(self) -> Where:
        return Where.parse(self._session.in_force)

    def _ask(self, where: Where) -> None:
        self._session.ask(str(where))

    def _narrow(self, column: str, between: Range | None) -> None:
        where = self._where()
        self._ask(where.narrow(column, *between) if between else where.without(column))

    # counting

    def _notice(self, _change: Change) -> None:
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
            tuple(name for name in self._facets if self._sections[name].is_open),
            tuple(name for name in self._brushes if self._sections[name].is_open),
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
        for name, rows in found.values.items():
            chosen, refused = where.chosen(name), where.refused(name)
            self._facets[name].show_counts(rows, chosen, refused, markers if name == TAGS else None)
            self._sections[name].set_clearable(bool(chosen or refused))
        for name, spread in found.spreads.items():
            between = where.between(name)
            self._brushes[name].show_spread(spread, between)
            self._sections[name].set_clearable(between is not None)
            self._sections[name].set_note(f"{between[0]:.3g} – {between[1]:.3g}" if between else "")

    def shown(self) -> tuple[str, ...]:
        """The columns that have a section."""
        return tuple(self._sections)

    def facet(self, column: str) -> Facet:
        return self._facets[column]

    def brush(self, column: str) -> Brush:
        return self._brushes[column]
