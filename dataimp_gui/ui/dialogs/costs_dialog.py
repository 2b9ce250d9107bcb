"""What each confusion costs, the most frequent ones first: it ranks slices and weighs errors in the metrics."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHeaderView, QLineEdit, QTableView, QWidget

from dataimp_gui.core.confusion import confusion
from dataimp_gui.core.metrics import Costs
from dataimp_gui.core.project import Project
from dataimp_gui.errors import DataimpError
from dataimp_gui.ui import theme
from dataimp_gui.ui.kit.parts import button, column, row, text
from dataimp_gui.ui.session import Session

HEADERS: Final = ("Label", "Predicted", "Errors now", "Cost of each", "Cost of all")
COST: Final = 3
ALL_PAIRS: Final = 30  # classes up to which pairs that never occurred are listed too
MOST: Final = 5_000
PLAIN: Final = 1.0
ROOT: Final = QModelIndex()
Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole


@dataclass(frozen=True, slots=True)
class Pair:
    label: str
    predicted: str
    count: int


def pairs(project: Project) -> list[Pair]:
    """What is confused in the current run, most first, then what has a cost, then the rest of few classes."""
    run, classes = project.predictions(), project.classes
    found: dict[tuple[str, str], int] = {}
    if run is not None:
        rows = np.flatnonzero(~project.state.excluded)
        counted = confusion(project.state.labels, run.codes, len(classes), rows)
        counts = counted.counts.copy()
        np.fill_diagonal(counts, 0)
        for place in np.argsort(-counts, axis=None, kind="stable")[:MOST].tolist():
            line, column_ = divmod(place, len(counts))
            if not counts[line, column_]:
                break
            found[classes[counted.codes[line]], classes[counted.codes[column_]]] = int(counts[line, column_])
    for label, costs in project.contract.costs.items():
        for predicted in costs:
            found.setdefault((label, predicted), 0)
    if len(classes) <= ALL_PAIRS:
        for label in classes:
            for predicted in classes:
                if label != predicted:
                    found.setdefault((label, predicted), 0)
    return [Pair(*key, count) for key, count in found.items()]


class PairsModel(QAbstractTableModel):
    """The cost can be written over."""

    edited = Signal()

    def __init__(self, listed: Sequence[Pair], costs: Costs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pairs = listed
        self._costs = [float(costs.get(pair.label, {}).get(pair.predicted, PLAIN)) for pair in listed]

    def costs(self) -> Mapping[str, Mapping[str, float]]:
        """Those that differ from 1."""
        named: dict[str, dict[str, float]] = defaultdict(dict)
        for pair, cost in zip(self._pairs, self._costs, strict=True):
            if cost != PLAIN:
                named[pair.label][pair.predicted] = cost
        return dict(named)

    @property
    def total(self) -> float:
        return sum(pair.count * cost for pair, cost in zip(self._pairs, self._costs, strict=True))

    def reset(self) -> None:
        """Every confusion costs 1 again."""
        self.beginResetModel()
        self._costs = [PLAIN] * len(self._pairs)
        self.endResetModel()
        self.edited.emit()

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._pairs)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(HEADERS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Role.DisplayRole:
            return HEADERS[section]
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        found = super().flags(index)
        return found | Qt.ItemFlag.ItemIsEditable if index.column() == COST else found

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        pair, cost = self._pairs[index.row()], self._costs[index.row()]
        match role:
            case Role.EditRole if index.column() == COST:
                return f"{cost:g}"
            case Role.DisplayRole:
                shown = (pair.label, pair.predicted, f"{pair.count:,}", f"{cost:g}", f"{pair.count * cost:,.6g}")
                return theme.one_line(shown[index.column()])
            case Role.UserRole:
                return (pair.label, pair.predicted, pair.count, cost, pair.count * cost)[index.column()]
            case Role.ForegroundRole if cost != PLAIN:
                return theme.color("accent.text")
            case Role.TextAlignmentRole if index.column() > 1:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case _:
                return None

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:
        """Numbers from 0 on; anything else changes nothing."""
        try:
            cost = float(str(value).strip().replace(",", "."))
        except ValueError:
            return False
        if role != Role.EditRole or index.column() != COST or not math.isfinite(cost) or cost < 0:
            return False
        self._costs[index.row()] = cost
        self.dataChanged.emit(self.index(index.row(), 0), self.index(index.row(), len(HEADERS) - 1))
        self.edited.emit()
        return True


class CostsDialog(QDialog):
    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Costs of confusions")
        self.resize(680, 520)
        self._session = session
        self.pairs: PairsModel | None = None
        self.field = QLineEdit(placeholderText="Search labels", clearButtonEnabled=True)
        self.field.setAccessibleName("Search labels")
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSortRole(Role.UserRole)
        self._sorted.setFilterKeyColumn(-1)
        self._sorted.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.field.textChanged.connect(self._sorted.setFilterFixedString)
        self.table = QTableView()
        self.table.setAccessibleName("Costs of confusions")
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.setEditTriggers(QTableView.EditTrigger.AllEditTriggers)
        self.table.verticalHeader().hide()
        self.total = text(colour="secondary")
        self.wrong = text(colour="err")
        self.wrong.setWordWrap(True)
        self.wrong.hide()
        self.reset = button("All cost 1", kind="quiet")
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        self.go = button("Set the costs", kind="primary", key="Ctrl+Enter")
        self.go.clicked.connect(self.save)
        self.go.setEnabled(False)
        QShortcut(QKeySequence("Ctrl+Return"), self).activated.connect(self.save)
        buttons = row()
        buttons.addWidget(self.reset)
        buttons.addWidget(self.total, 1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.go)
        about = text(
            "A confusion costs 1 unless you say otherwise. Costs rank slices and weigh errors.", colour="secondary"
        )
        lines = column(self, gap=10, margins=(16, 16, 16, 16))
        for widget in (text("Costs of confusions", size="title", strong=True), about, self.field):
            lines.addWidget(widget)
        lines.addWidget(self.table, 1)
        lines.addWidget(self.wrong)
        lines.addLayout(buttons)
        session.reads.start(lambda _: pairs(session.project), self._show, key="costs", failed=self._fail)

    def _show(self, listed: list[Pair]) -> None:
        model = self.pairs = PairsModel(listed, self._session.project.contract.costs, self)
        model.edited.connect(self._add_up)
        self.reset.clicked.connect(model.reset)
        self._sorted.setSourceModel(model)
        self.table.setModel(self._sorted)
        self.table.setSortingEnabled(True)
        self._sorted.sort(-1)
        head = self.table.horizontalHeader()
        for section in range(len(HEADERS)):
            head.setSectionResizeMode(
                section, QHeaderView.ResizeMode.Stretch if section < 2 else QHeaderView.ResizeMode.ResizeToContents
            )
        self.go.setEnabled(not self._session.project.read_only)
        self._add_up()

    def _add_up(self) -> None:
        if self.pairs is not None:
            self.total.setText(f"All errors cost {self.pairs.total:,.6g}")

    def save(self) -> None:
        if self.pairs is None or not self.go.isEnabled():
            return
        self.go.setEnabled(False)
        costs = self.pairs.costs()
        self._session.edit(lambda project: project.set_costs(costs))
        self.accept()

    def _fail(self, error: Exception) -> None:
        if not isinstance(error, DataimpError):
            raise error
        self.wrong.setText(error.whole)
        self.wrong.show()

    def done(self, result: int) -> None:
        self._session.reads.cancel("costs")
        super().done(result)
