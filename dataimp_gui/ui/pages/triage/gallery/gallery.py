"""The middle of Triage: toolbar, gallery, and what stands there when there is nothing to show."""

from typing import Final

import numpy as np
from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSlider, QStackedLayout, QWidget

from dataimp_gui.core.model import ColumnInfo, Rows
from dataimp_gui.ui import theme
from dataimp_gui.ui.clauses import Where, held
from dataimp_gui.ui.kit import dragging, parts
from dataimp_gui.ui.kit.choice import Choice
from dataimp_gui.ui.kit.grid_view import MARGIN, GridView
from dataimp_gui.ui.kit.notice import Notice
from dataimp_gui.ui.kit.parts import icon_button, small_button, text
from dataimp_gui.ui.pages.triage import counts
from dataimp_gui.ui.pages.triage.counts import Emptying
from dataimp_gui.ui.pages.triage.gallery.empty import EmptyState
from dataimp_gui.ui.pages.triage.gallery.heads import heads
from dataimp_gui.ui.pages.triage.gallery.model import GalleryModel
from dataimp_gui.ui.pages.triage.gallery.preview import Preview
from dataimp_gui.ui.pages.triage.gallery.tiles import GAP, TileDelegate
from dataimp_gui.ui.pages.triage.study import Study
from dataimp_gui.ui.pages.triage.titles import FALLING, Titles
from dataimp_gui.ui.session import NO_ROWS, Session

SMALLEST, LARGEST = 48, 512
UNSORTED: Final = "Import order"
UNGROUPED: Final = "None"
NOT_GROUPS: Final = ("id", "media", "text", "note")  # hardly two examples have the same


class Gallery(QWidget):
    """Selection and the current example go to the session; sorting and tile size come from the toolbar."""

    opened = Signal()  # Enter or a double click on an example
    predictions_wanted = Signal()
    resized = Signal(int)  # the width of a tile

    def __init__(self, session: Session, study: Study, tile_width: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._study = study
        self.model = GalleryModel(session, study, self._on_screen, self)
        self._delegate = TileDelegate(self.model, self)
        self.view = GridView(self._delegate.cell(), self)
        self.view.setAccessibleName("Examples")
        self.view.setItemDelegate(self._delegate)
        self.view.setModel(self.model)
        self.view.setDragEnabled(True)
        self.view.drag_wanted.connect(self._carry)
        self.view.activated.connect(lambda _: self.opened.emit())
        self.view.selection_changed.connect(self._pass_on)
        self.view.current_changed.connect(self._pass_on)
        self.model.repaint_wanted.connect(self.view.viewport().update)
        self.model.faces.arrived.connect(self._show_faces)
        self._keeping = (NO_ROWS, -1)
        self._titles = Titles()
        self._wanted = tile_width
        self.model.modelAboutToBeReset.connect(self._keep)
        self.model.modelReset.connect(self._restore)
        self.empty = EmptyState()
        self._stack = QStackedLayout()
        column = parts.column(self, gap=0)
        self.tools = self._build_tools(tile_width)
        self.notice = Notice()
        column.addWidget(self.notice)
        column.addLayout(self._stack, 1)  # before its pages: one without a parent would be shown as a window
        self._stack.addWidget(self.view)
        self._stack.addWidget(self.empty)
        self.preview = Preview(session, self.model, self.view, self)
        self._passing = QTimer(self, singleShot=True, interval=0)
        self._passing.timeout.connect(self._select)
        self._telling = False
        session.selected.connect(self._follow)
        session.answered.connect(self._look)
        session.answered.connect(self._show_sort)
        session.predicted.connect(self._look)
        session.drifted.connect(self._tell_drift)
        study.learned.connect(lambda: self.notice.show_words(" ".join(study.standing.warnings)))
        self.set_tile_width(tile_width)

    def _build_tools(self, tile_width: int) -> QWidget:
        """For the bar above the view."""
        bar = QWidget()
        row = parts.row(bar, gap=8)
        self._drift = text(size="small", colour="secondary")
        self._refresh = small_button("Refresh", key="F5")
        self._refresh.clicked.connect(self._session.refresh)
        self.group = Choice("Group", "Group by", 10)
        self.group.activated.connect(lambda _: self._session.group(self.group.currentData() or ""))
        self.sort = Choice("Sort", "Sort by", 13)
        self.sort.activated.connect(lambda _: self._sort_by())
        self._down = icon_button("sort-down", "Highest first", checkable=True)
        self._down.toggled.connect(lambda _: self._sort_now())
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setRange(SMALLEST, LARGEST)
        self._slider.setValue(tile_width)
        self._slider.setAccessibleName("Thumbnail size")
        self._slider.setFixedWidth(76)
        self._slider.valueChanged.connect(self.set_tile_width)
        row.addWidget(self._drift)
        row.addWidget(self._refresh)
        row.addStretch(1)
        row.addWidget(self.group)
        row.addWidget(self.sort)
        row.addWidget(self._down)
        row.addWidget(self._slider)
        self._tell_drift(0)
        return bar

    def show_columns(self, columns: tuple[ColumnInfo, ...], titles: Titles) -> None:
        """Offer every column that has an order: scores of issues and the confidence first."""
        names = [c.name for c in columns if c.type != "list" and c.name not in ("media", "text")]
        first = [name for name in (*FALLING, "confidence") if name in names]
        self.sort.clear()
        self.sort.addItem(UNSORTED, "")
        for name in (*first, *(name for name in names if name not in first)):
            self.sort.addItem(theme.one_line(titles.of(name)), name)
        self.group.clear()
        self.group.addItem(UNGROUPED, "")
        for column in columns:
            if column.type in ("text", "flag", "number") and column.name not in NOT_GROUPS:
                self.group.addItem(theme.one_line(titles.of(column.name)), column.name)
        self._titles = titles
        self._show_sort()

    def _show_sort(self) -> None:
        """The order may have been asked for elsewhere."""
        self.sort.setCurrentIndex(max(0, self.sort.findData(self._session.order)))
        self.group.setCurrentIndex(max(0, self.group.findData(self._session.grouped_by)))
        with QSignalBlocker(self._down):
            self._down.setChecked(self._session.descending)

    def _sort_by(self) -> None:
        """Another column: the highest scores are wanted first."""
        name = self.sort.currentData() or ""
        with QSignalBlocker(self._down):
            self._down.setChecked(name in FALLING)
        self._sort_now()

    def _sort_now(self) -> None:
        self._session.sort(self.sort.currentData() or "", descending=self._down.isChecked())

    def set_tile_width(self, width: int) -> None:
        self._wanted = width
        self._slider.setValue(width)
        self._fit_tiles()
        self.resized.emit(width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_tiles()

    def _fit_tiles(self) -> None:
        """At least as wide as was asked for, and so wide that they fill the line."""
        bar = self.view.verticalScrollBar().sizeHint().width()
        room = max(self._wanted + GAP, self.view.width() - MARGIN - bar)
        width = room // max(1, room // (self._wanted + GAP)) - GAP
        if width != self._delegate.width or self.view.columns == 0:
            self._delegate.width = width
            self.model.faces.set_size(width, self.devicePixelRatioF())
            self.view.set_cell(self._delegate.cell())

    def head_words(self, group: int) -> str:
        """What the header of a group says."""
        return heads(self._session.groups, self._titles).words(group)

    def drift_words(self) -> str:
        return self._drift.text() if not self._drift.isHidden() else ""

    def _tell_drift(self, count: int) -> None:
        self._drift.setText(f"{count:,} edited no longer match" if count > 1 else "1 edited no longer matches")
        self._drift.setVisible(bool(count))
        self._refresh.setVisible(bool(count))

    def _on_screen(self) -> Rows:
        """The places that are seen."""
        return np.asarray(self.view.visible(), dtype=np.int64)

    def _show_faces(self, rows: set[int]) -> None:
        """Paint those tiles alone."""
        for place in self.view.visible():
            if place < self.model.rowCount() and self.model.row(place) in rows:
                self.view.update(self.model.index(place, 0))

    # selection

    def _carry(self) -> None:
        """Drag the selection to a label, a split or a tag."""
        self._select()  # the session may not have heard of the last click
        amount = len(self._session.selection)
        dragging.drag(self.view, f"{amount:,} examples" if amount > 1 else "1 example")

    def _pass_on(self) -> None:
        self._passing.start()  # one question for the pair of signals that a click sends

    def _select(self) -> None:
        rows = self._session.rows
        current = self.view.currentIndex()
        self._telling = True
        self._session.select(self._selected(), int(rows[current.row()]) if current.isValid() else -1)
        self._telling = False

    def _follow(self) -> None:
        """Somebody else selected: show it here."""
        if not self._telling:
            places = self._session.places(self._session.selection)
            current = self._session.place(self._session.current)
            self.view.select(places, current)
            self._passing.stop()  # it is known already; told again later, it would undo a click that came meanwhile
            if current >= 0:
                self.view.scrollTo(self.view.currentIndex())

    def _selected(self) -> Rows:
        """Positions in the order shown."""
        return self._session.rows[self.view.selected]

    def _keep(self) -> None:
        self._keeping = (self._session.selection, self._session.current)

    def _restore(self) -> None:
        """After a new answer, what was selected stays selected where it is still shown."""
        groups = self._session.groups
        self.view.set_groups(heads(groups, self._titles), groups.starts if groups else NO_ROWS)
        chosen, current = self._keeping
        places = self._session.places(chosen) if len(chosen) else NO_ROWS
        self.choose(places, self._session.place(current) if current >= 0 else -1)

    def choose(self, places: Rows, current: int) -> None:
        """Select the examples at these places, in order, and make one current."""
        if current < 0 and self.model.rowCount():
            current = int(places[0]) if len(places) else 0
        self.view.select(places, current)
        if current >= 0:
            self.view.scrollTo(self.view.currentIndex())
        self._select()

    def step(self, by: int) -> None:
        """Move the current example, and the selection with it when it is one example."""
        at = self.view.currentIndex().row()
        target = min(max(at + by, 0), self.model.rowCount() - 1)
        if target >= 0 and target != at:
            places = np.array([target]) if len(self._session.selection) else NO_ROWS
            self.choose(places, target)

    # nothing to show

    def _look(self) -> None:
        session = self._session
        if len(session.rows) or not session.ready:
            self._stack.setCurrentIndex(0)
            return
        where, project = Where.parse(session.shown), session.project
        session.reads.start(
            lambda progress: counts.emptying(project, where, progress),
            lambda found: self._explain(where, found),
            key="emptying",
        )

    def _explain(self, where: Where, found: Emptying | None) -> None:
        if len(self._session.rows):
            return
        if not self._session.project.runs and any(word in str(where) for word in ("error", "correct", "predicted")):
            self.empty.show_state(
                "play",
                "Add predictions to see errors",
                "Import a file with one row per example, or train the built-in baseline."
                if self._study.can_train
                else "Import a file with one row per example.",
                (
                    ("Import predictions…", self.predictions_wanted.emit),
                    *([("Train a baseline", self._study.train)] if self._study.can_train else []),
                    ("Clear filter", lambda: self._session.ask("")),
                ),
            )
        elif found is None:
            self.empty.show_state("filter", "No examples", "This project has no examples.", ())
        else:
            condition = where.conditions[found.position].text
            many = len(where.conditions)
            on = "1 filter is on." if many == 1 else f"{many} filters are on."
            offers = [("Clear " + _short(condition), lambda: self._session.ask(str(where.drop(found.position))))]
            if many > 1:
                offers.append(("Clear all", lambda: self._session.ask("")))
            self.empty.show_state(
                "filter", "No examples match", f"{on} {_short(condition)} removes the last {found.removed:,}.", offers
            )
        self._stack.setCurrentIndex(1)


def _short(condition: str) -> str:
    word = held(condition)
    shown = f"“{word}”" if word else " ".join(condition.split())
    return shown if len(shown) <= 40 else shown[:39] + "…"
