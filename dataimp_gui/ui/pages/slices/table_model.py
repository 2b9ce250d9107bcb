"""The slices as lines of a table, with a tick each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit.interval_bar import full_of
from dataimp_gui.ui.kit.parts import plain_tip
from dataimp_gui.ui.pages.slices import words
from dataimp_gui.ui.pages.slices.arranging import RISING, Arrangement
from dataimp_gui.ui.pages.slices.board import Board, Line

Index = QModelIndex | QPersistentModelIndex
ROOT: Final = QModelIndex()
Role = Qt.ItemDataRole
Key = tuple[bool, str, str]


@dataclass(frozen=True, slots=True)
class Column:
    """``width`` in pixels, 0 for what is left over; columns with a higher ``rank`` go first where there is no room."""

    key: str
    title: str
    width: int
    rank: int
    words: Callable[[Line], str]
    is_number: bool = True
    about: str = ""


COLUMNS: Final = (
    Column("tick", "", 36, 0, lambda _: "", is_number=False),
    Column("name", "Name and rule", 0, 0, lambda line: line.name, is_number=False),
    Column("size", "Size", 62, 0, lambda line: f"{line.measured.n:,}", about="Examples with a label and a prediction"),
    Column("error", "Error", 70, 0, lambda line: words.percent(line.measured.error_rate), about="Share that fails"),
    Column(
        "interval",
        "95% interval ┊ overall",
        172,
        1,
        lambda line: words.interval(line.measured),
        is_number=False,
        about="Wilson interval of the error rate; the dotted line is the error of all examples in scope",
    ),
    Column("lift", "Lift", 50, 6, lambda line: words.times(line.measured.lift), about="Error over that of all"),
    Column(
        "share",
        "Share",
        60,
        5,
        lambda line: words.percent(line.measured.share_of_errors),
        about="Of all errors, so many lie here",
    ),
    Column(
        "fixable",
        "Fixable",
        80,
        0,
        lambda line: f"{line.measured.fixable:,.0f}",
        about="Errors that would go away if it failed as often as the rest",
    ),
    Column(
        "cost",
        "Cost",
        62,
        3,
        lambda line: f"{line.measured.loss:,.0f}",
        about="What its errors cost, by the costs of the project",
    ),
    Column(
        "p",
        "Adj. p",
        84,
        4,
        lambda line: words.chance(line.measured.p_adjusted),
        about="Chance of so many errors if it were like the rest, adjusted for all that were tried",
    ),
    Column("status", "Status", 98, 2, lambda line: line.measured.status.value, is_number=False),
    Column("source", "Source", 72, 7, lambda line: words.SOURCES[line.slice.source], is_number=False),
)
KEYS: Final = tuple(column.key for column in COLUMNS)


class TableModel(QAbstractTableModel):
    """``lines`` are those that are shown, in their order. Ticks stay with a slice when others come and go."""

    ticked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.board = Board()
        self.lines: Sequence[Line] = ()
        self.arrangement = Arrangement()
        self._ticks: dict[Key, None] = {}
        self.full = 1.0  # the error rate at which a bar is full

    def show(self, board: Board, arrangement: Arrangement) -> None:
        self.beginResetModel()
        self.board, self.arrangement = board, arrangement
        self.lines = arrangement.apply(board.lines)
        there = {line.key for line in board.lines}
        self._ticks = {key: None for key in self._ticks if key in there}
        self.full = full_of([line.measured.ci[1] for line in self.lines if line.measured.ci])
        self.endResetModel()
        self.ticked.emit()

    # ticks

    @property
    def ticked_lines(self) -> list[Line]:
        """In the order in which they were ticked."""
        by_key = {line.key: line for line in self.board.lines}
        return [by_key[key] for key in self._ticks if key in by_key]

    def is_ticked(self, place: int) -> bool:
        return self.lines[place].key in self._ticks

    def toggle(self, place: int) -> None:
        key = self.lines[place].key
        if key in self._ticks:
            del self._ticks[key]
        else:
            self._ticks[key] = None
        self._tell_ticks()

    def toggle_all(self) -> None:
        keys = [line.key for line in self.lines]
        everyone = all(key in self._ticks for key in keys)
        self._ticks = {} if everyone else dict.fromkeys(keys)
        self._tell_ticks()

    def untick(self) -> None:
        self._ticks = {}
        self._tell_ticks()

    def _tell_ticks(self) -> None:
        if self.lines:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.lines) - 1, 0), [Role.CheckStateRole])
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, 0)
        self.ticked.emit()

    # what Qt asks

    def place(self, key: Key) -> int:
        return next((place for place, line in enumerate(self.lines) if line.key == key), -1)

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.lines):
            return None
        line, column = self.lines[index.row()], COLUMNS[index.column()]
        match role:
            case Role.DisplayRole:
                return theme.one_line(column.words(line))
            case Role.CheckStateRole if column.key == "tick":
                return Qt.CheckState.Checked if self.is_ticked(index.row()) else Qt.CheckState.Unchecked
            case Role.TextAlignmentRole:
                return _side(column)
            case Role.ToolTipRole:
                return plain_tip(_tip(line, column.key))
            case Role.AccessibleTextRole:
                return _said(line) if column.key == "name" else theme.one_line(column.words(line))
            case _:
                return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(COLUMNS):
            return None
        column = COLUMNS[section]
        match role:
            case Role.DisplayRole if column.key == self.arrangement.order:
                return f"{column.title} {'↓' if self.arrangement.descending else '↑'}"
            case Role.DisplayRole:
                return column.title
            case Role.TextAlignmentRole:
                return _side(column)
            case Role.ToolTipRole if column.about:
                return plain_tip(column.about)
            case Role.AccessibleTextRole:
                return column.title or "Tick all"
            case _:
                return None

    def ordered_by(self, section: int) -> Arrangement:
        """The arrangement after a click on a column."""
        key, now = KEYS[section], self.arrangement
        descending = not now.descending if key == now.order else key not in RISING
        return replace(now, order=key, descending=descending)


def _side(column: Column) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.is_number else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def _tip(line: Line, key: str) -> str:
    if line.broken:
        return line.broken
    match key:
        case "status":
            return words.about(line.measured)
        case "interval":
            return f"{words.percent(line.measured.error_rate)}, between {words.interval(line.measured)}"
        case _:
            under = f"Overlaps “{line.under}”" if line.under else ""
            return words.sentences(line.name, line.rule, line.slice.why, line.measured.reason, under)


def _said(line: Line) -> str:
    """A line for a screen reader."""
    measured = line.measured
    rate = f"{words.percent(measured.error_rate)} of {measured.n:,} fail, {measured.fixable:,.0f} fixable"
    return theme.one_line(f"{line.name}, {line.rule}. {line.broken or f'{rate}, {measured.status.value}'}")
