"""Which classes the current run takes for which, among the examples shown; a cell selects its examples."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QStackedLayout, QWidget

from dataimp_gui.core import confusion as matrices
from dataimp_gui.core.confusion import Confusion, Counts
from dataimp_gui.core.model import Change, Field, Rows
from dataimp_gui.progress import Progress
from dataimp_gui.ui import theme
from dataimp_gui.ui.clauses import Where, name, quote
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.matrix import Matrix, MatrixData, heat_color
from dataimp_gui.ui.pages.triage.gallery.empty import EmptyState, Offer
from dataimp_gui.ui.pages.triage.study import Study, Task
from dataimp_gui.ui.session import Session

ROWS, COLUMNS, DIFFERENCE = "rows", "columns", "against "
ORDERS: Final = (("Class list", "list"), ("Alike together", "alike"), ("Most errors first", "errors"))
SOME: Final = 0.35  # a share of errors that is already bad is half-way up the colours


@dataclass(frozen=True, slots=True)
class _Counted:
    """What a worker found: the matrix of the current run and, in the same classes, of the run it is put beside."""

    found: Confusion
    other: Counts | None
    order: npt.NDArray[np.int64]


class ConfusionView(QWidget):
    opened = Signal()  # show the chosen cells' examples
    predictions_wanted = Signal()

    def __init__(self, session: Session, study: Study, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._study = session, study
        self._found: Confusion | None = None
        self._order: npt.NDArray[np.int64] = np.empty(0, dtype=np.int64)
        self._telling = False
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._told: Rows = session.rows[:0]  # what was selected by the cells
        self.matrix = Matrix()
        self.matrix.chosen.connect(self._select)
        self.matrix.opened.connect(self.open_cells)
        self.shown = _box("Show")
        self.order = _box("Order")
        for words, key in ORDERS:
            self.order.addItem(words, key)
        self._title = parts.Elided(size="small", colour="muted")
        self._fill_shown()
        self.shown.activated.connect(lambda _: self._count())
        self.order.activated.connect(lambda _: self._count())
        head = parts.row(gap=8, margins=(16, 10, 16, 6))
        head.addWidget(parts.text("Confusion", size="title", strong=True))
        head.addWidget(self._title, 1)
        for box in (self.shown, self.order):
            head.addWidget(box)
        self._legend = _Legend()
        foot = parts.row(gap=8, margins=(16, 6, 16, 10))
        foot.addWidget(self._legend, 1)
        self.empty = EmptyState()
        body = QWidget()
        inner = parts.column(body, gap=0, margins=(16, 0, 8, 0))
        inner.addWidget(self.matrix)
        self._stack = QStackedLayout()
        column = parts.column(self, gap=0)
        column.addLayout(head)
        column.addLayout(self._stack, 1)  # before its pages: one without a parent would be shown as a window
        self._stack.addWidget(body)
        self._stack.addWidget(self.empty)
        column.addLayout(foot)
        session.answered.connect(self._refresh)
        session.predicted.connect(self._refresh)
        session.changed.connect(self._follow)
        session.selected.connect(self._release)
        study.changed.connect(self._offer)
        study.learned.connect(self._offer)

    def take_focus(self) -> None:
        """The keyboard goes to the matrix, or to what stands in its place."""
        nothing = self._stack.currentWidget() is self.empty and self.empty.offers
        (self.empty.offers[0] if nothing else self.matrix if self.matrix.isVisible() else self).setFocus()

    # counting

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()

    def _follow(self, change: Change) -> None:
        if change.touches(Field.LABEL | Field.RUN):
            self._refresh()

    def _refresh(self) -> None:
        self._fill_shown()
        if self.isVisible():
            self._count()

    def _fill_shown(self) -> None:
        """How the cells can be read; beside every other run, when there is one."""
        run = self._session.project.run
        others = [info.name for info in self._session.project.runs if run is None or info.number != run.number]
        wanted = [("Count and row %", ROWS), ("Count and column %", COLUMNS)]
        wanted += [(f"Change from {theme.one_line(other)}", DIFFERENCE + other) for other in others]
        if [self.shown.itemData(i) for i in range(self.shown.count())] == [key for _, key in wanted]:
            return
        kept = self.shown.currentData()
        self.shown.clear()
        for words, key in wanted:
            self.shown.addItem(words, key)
        self.shown.setCurrentIndex(max(0, self.shown.findData(kept)))

    def _count(self) -> None:
        session, predictions = self._session, self._session.predictions
        if predictions is None:
            self._ask_for_predictions()
            return
        rows, project = session.rows, session.project
        mode, order = self.shown.currentData() or ROWS, self.order.currentData()

        def count(progress: Progress) -> _Counted:
            labels, classes = project.state.labels, len(project.classes)
            found = matrices.confusion(labels, predictions.codes, classes, rows)
            other = None
            if mode.startswith(DIFFERENCE):
                said = project.predictions(mode.removeprefix(DIFFERENCE))
                if said is not None:
                    other = matrices.aligned(matrices.confusion(labels, said.codes, classes, rows), found.codes)
            progress.check()
            ways = {"alike": matrices.by_likeness, "errors": matrices.by_errors}
            way = ways[order](found.counts) if order in ways else np.arange(len(found.codes))
            return _Counted(found, other, way)

        session.reads.start(count, self._show, key="confusion")

    def _offer(self) -> None:
        if self._session.predictions is None and self.isVisible():
            self._ask_for_predictions()

    def _ask_for_predictions(self) -> None:
        if self._study.is_coming(Task.BASELINE):
            self._show_nothing("A baseline is being trained", "The matrix comes right after.")
            return
        offers: list[Offer] = [("Import predictions…", self.predictions_wanted.emit)]
        words = "Import a file with one row per example"
        if self._study.can_train:
            offers.append(("Train a baseline", self._train))
            words += ", or train the built-in baseline"
        self._show_nothing("No predictions yet", f"{words}.", offers)

    def _train(self) -> None:
        self.setFocus()  # the button goes away
        self._study.train()

    def _show_nothing(self, title: str, words: str, offers: Sequence[Offer] = ()) -> None:
        self._found = None
        self.empty.show_state("play" if offers else "matrix", title, words, offers)
        self._stack.setCurrentIndex(1)
        self._legend.hide()
        self._title.show_words("")

    def _show(self, counted: _Counted) -> None:
        found, order = counted.found, counted.order
        if not found.total:
            self._show_nothing("Nothing to count", "None of the examples shown has both a label and a prediction.")
            return
        self._found, self._order = found, order
        classes = self._session.project.classes
        names = [classes[code] for code in found.codes[order].tolist()]
        counts = found.counts[np.ix_(order, order)]
        other = counted.other[np.ix_(order, order)] if counted.other is not None else None
        ranked = Confusion(found.codes[order], counts, found.left_out)
        by_column = self.shown.currentData() == COLUMNS
        self.matrix.show_data(_written(names, ranked, other, by_column=by_column))
        rest = f" · {found.left_out:,} of rarer classes not shown" if found.left_out else ""
        self._title.show_words(f"label in rows, predicted in columns{rest}")
        self._legend.show_words(changed=other is not None, by_column=by_column)
        self._legend.show()
        self._stack.setCurrentIndex(0)
        if self.hasFocus():
            self.matrix.setFocus()

    # choosing

    def chosen_rows(self) -> Rows:
        """The examples of the chosen cells, in the order shown."""
        found, predictions, rows = self._found, self._session.predictions, self._session.rows
        if found is None or predictions is None or not self.matrix.cells.any():
            return np.empty(0, dtype=np.int64)
        k, m = len(self._session.project.classes), len(found.codes)
        place = np.full(k + 1, m, dtype=np.int32)
        place[found.codes[self._order]] = np.arange(m)
        wanted = np.zeros((m + 1, m + 1), dtype=np.bool_)
        wanted[:m, :m] = self.matrix.cells
        labels, said = self._session.project.state.labels, predictions.codes
        cells = place.take(labels)  # -1 is the last place, which nobody wants
        cells *= m + 1
        cells += place.take(said)
        return rows[wanted.ravel().take(cells)[rows]]

    def _select(self) -> None:
        rows = self._told = self.chosen_rows()
        self._telling = True
        self._session.select(rows, int(rows[0]) if len(rows) else -1)
        self._telling = False

    def _release(self) -> None:
        """Somebody else selected: the cells are no longer what is selected."""
        if self._telling or not self.matrix.cells.any():
            return
        if not np.array_equal(self._session.selection, self._told):
            self.matrix.clear()

    def clause(self) -> str:
        """What the chosen cells hold, in words of the query, beside what is in force."""
        if self._found is None:
            return self._session.in_force
        names = [self._session.project.classes[code] for code in self._found.codes[self._order].tolist()]
        cells = self.matrix.cells
        lines, columns = np.flatnonzero(cells.any(axis=1)), np.flatnonzero(cells.any(axis=0))
        where = Where.parse(self._session.in_force).without("label").without("predicted")
        if int(cells.sum()) == len(lines) * len(columns):
            for column, places in (("label", lines), ("predicted", columns)):
                if len(places) < len(names):
                    where = where.choose(column, [names[place] for place in places])
            return str(where)
        pairs = [
            f"{name('label')} = {quote(names[line])} and {name('predicted')} in "
            f"({', '.join(quote(names[column]) for column in np.flatnonzero(cells[line]))})"
            for line in lines
        ]
        return " and ".join(filter(None, (str(where), "(" + " or ".join(f"({pair})" for pair in pairs) + ")")))

    def open_cells(self) -> None:
        """Filter by the chosen cells."""
        self._session.ask(self.clause())
        self.opened.emit()


def _written(names: list[str], found: Confusion, other: Counts | None, *, by_column: bool) -> MatrixData:
    """The numbers as words and colours."""
    counts, m = found.counts, len(names)
    share = matrices.shares(counts, 0 if by_column else 1)
    right = np.eye(m, dtype=np.bool_)
    upper = np.where(counts > 0, np.char.mod("%d", counts).astype(object), "")
    lower = np.where(counts > 0, np.char.mod("%.1f", 100 * share).astype(object), "")
    heat = np.where(right, np.clip((share - 0.5) / 0.5, 0.02, 1), -np.minimum(1, (share / SOME) ** 0.6))
    recall, precision = found.recall(), found.precision()
    accuracy = (found.total - found.errors) / found.total
    edges = [_percents(recall), _percents(precision)]
    corner = f"{100 * accuracy:.1f}"
    if other is not None:
        change, before = counts - other, matrices.shares(other, 1)
        upper = np.where(change != 0, np.char.mod("%+d", change).astype(object), "")
        lower = np.where(
            change != 0, np.char.mod("%+.1f", 100 * (matrices.shares(counts, 1) - before)).astype(object), ""
        )
        largest = max(1, int(np.abs(change).max()))
        better = np.where(right, change, -change)
        heat = np.sign(better) * np.sqrt(np.abs(better) / largest)
        old = Confusion(found.codes, other, 0)
        edges = [_changes(recall - old.recall()), _changes(precision - old.precision())]
        corner = f"{100 * (accuracy - (old.total - old.errors) / max(1, old.total)):+.1f}"
    heat = np.where(np.asarray(upper == "", dtype=np.bool_), 0.0, heat)
    return MatrixData(names, upper, lower, heat, edges[0], edges[1], corner, "Recall", "Precision")


def _percents(values: npt.NDArray[np.float64]) -> list[str]:
    return ["" if np.isnan(value) else f"{100 * value:.1f}" for value in values]


def _changes(values: npt.NDArray[np.float64]) -> list[str]:
    return ["" if np.isnan(value) else f"{100 * value:+.1f}" for value in values]


def _box(title: str) -> QComboBox:
    made = QComboBox()
    made.setAccessibleName(title)
    made.setMinimumWidth(160)
    return made


class _Legend(QWidget):
    """What the colours mean."""

    def __init__(self) -> None:
        super().__init__()
        self._words = ("", "")
        self.setFixedHeight(20)

    def show_words(self, *, changed: bool, by_column: bool) -> None:
        share = "column" if by_column else "row"
        self._words = ("worse", "better") if changed else (f"wrong, {share} %", f"right, {share} %")
        self.setAccessibleName(f"Orange: {self._words[0]}; teal: {self._words[1]}")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color("text.muted"))
        left = 0
        for words, sign in zip(self._words, (-1, 1), strict=True):
            for step in range(6):
                painter.fillRect(left, 5, 14, 10, heat_color(sign * (step + 0.5) / 6))
                left += 16
            left += 6
            painter.drawText(left, 15, words)
            left += painter.fontMetrics().horizontalAdvance(words) + 24
        painter.end()
