"""The versions as a list with the lines of their tree beside it."""

from typing import Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from dataimp_gui.core.evaluate.judgement import FAIL
from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import icons
from dataimp_gui.ui.kit.interval_bar import paint_badge
from dataimp_gui.ui.pages.versions.standing import Entry, Standing, day

LINE_H: Final = 60
LANE_W: Final = 18
FIRST_X: Final = 22
RING: Final = 8
SIGN_W: Final = 30  # of a badge without its words
MOST_LANES: Final = 5  # further branches share the last one
LINES: Final = ("line.strong", "synth.base", "aug.base", "accent.base", "warn.base")
Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
ROOT: Final = QModelIndex()


class HistoryModel(QAbstractListModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.standing = Standing()

    def show(self, standing: Standing) -> None:
        self.beginResetModel()
        self.standing = standing
        self.endResetModel()

    @property
    def lanes(self) -> int:
        return max((min(entry.lane, MOST_LANES - 1) for entry in self.standing.entries), default=0) + 1

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.standing.entries)

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.standing.entries):
            return None
        entry = self.standing.entries[index.row()]
        match role:
            case Role.DisplayRole:
                return entry.title
            case Role.AccessibleTextRole:
                return said(entry)
            case _:
                return None


class History(QListView):
    moved = Signal(object)  # the current Entry, None for none
    opened = Signal()  # Enter or a double click

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("history")
        self.setAccessibleName("History of versions")
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.list = HistoryModel(self)
        self.setModel(self.list)
        self.setItemDelegate(_LineDelegate(self))
        self._name = ""
        self.activated.connect(lambda _: self.opened.emit())

    def show_standing(self, standing: Standing) -> None:
        """The chosen one stays chosen where it is still there, else the newest is."""
        kept = self._name
        self.list.show(standing)
        names = [entry.name for entry in standing.entries]
        if names:
            self.go(names.index(kept) if kept in names else 0)
        else:
            self.moved.emit(None)

    @property
    def current(self) -> Entry | None:
        place, entries = self.currentIndex().row(), self.list.standing.entries
        return entries[place] if 0 <= place < len(entries) else None

    def go(self, place: int) -> None:
        self.setCurrentIndex(self.list.index(place))

    def choose(self, name: str) -> None:
        """Make one current, now or as soon as it is there."""
        self._name = name
        names = [entry.name for entry in self.list.standing.entries]
        if name in names:
            self.go(names.index(name))

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if (entry := self.current) is not None:
            self._name = entry.name
            self.moved.emit(entry)

    def selectionCommand(self, _index: Index, _event: object = None) -> QItemSelectionModel.SelectionFlag:
        return QItemSelectionModel.SelectionFlag.ClearAndSelect

    def keyboardSearch(self, _search: str) -> None:
        """Letters are shortcuts here."""


class _LineDelegate(QStyledItemDelegate):
    def __init__(self, view: History) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(160, theme.grown(LINE_H))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        view, rect, place = self._view, QRect(option.rect), index.row()
        entries = view.list.standing.entries
        entry, chosen = entries[place], place == view.currentIndex().row()
        painter.save()
        painter.fillRect(rect, theme.color("bg.selected" if chosen else "bg.panel"))
        painter.setPen(QPen(theme.color("line.subtle"), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if chosen:
            painter.fillRect(QRect(rect.left(), rect.top(), 2, rect.height()), theme.color("accent.base"))
        if chosen and view.hasFocus():
            painter.setPen(QPen(theme.color("accent.base"), 1))
            painter.drawRect(rect.adjusted(0, 0, -1, -1))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_lines(painter, rect, place)
        self._paint_ring(painter, QPointF(_x(rect, entry), rect.center().y() + 0.5), entry)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self._paint_words(painter, rect.adjusted(_indent(self._lanes_at(place)), 0, -12, 0), entry)
        painter.restore()

    def _lanes_at(self, place: int) -> int:
        """The outermost lane that has something in a row."""
        entries = self._view.list.standing.entries
        places = {entry.name: number for number, entry in enumerate(entries)}
        crossing = (entry.lane for at, entry in enumerate(entries) if at < place < places.get(entry.parent, -1))
        return max(entries[place].lane, *crossing, 0)

    def _paint_lines(self, painter: QPainter, rect: QRect, place: int) -> None:
        """The pieces of all lines that cross this row; a line leaves its parent towards its own lane."""
        entries = self._view.list.standing.entries
        places = {entry.name: number for number, entry in enumerate(entries)}
        middle = rect.center().y() + 0.5
        for number, entry in enumerate(entries):
            down = places.get(entry.parent, -1)
            if down <= number or not number <= place <= down:
                continue
            colour = theme.color("accent.base" if entry.is_draft else LINES[min(entry.lane, len(LINES) - 1)])
            dash = Qt.PenStyle.DotLine if entry.is_draft else Qt.PenStyle.SolidLine
            painter.setPen(QPen(colour, 2, dash))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            x, end = _x(rect, entry), _x(rect, entries[down])
            if place == number:
                painter.drawLine(QPointF(x, middle + RING), QPointF(x, rect.bottom() + 1))
            elif place < down:
                painter.drawLine(QPointF(x, rect.top()), QPointF(x, rect.bottom() + 1))
            else:
                path = QPainterPath(QPointF(x, rect.top()))
                half = (rect.top() + middle - RING) / 2
                path.cubicTo(QPointF(x, half), QPointF(end, half), QPointF(end, middle - RING))
                painter.drawPath(path)

    def _paint_ring(self, painter: QPainter, at: QPointF, entry: Entry) -> None:
        colour, sign = _ring(entry)
        pen = QPen(theme.color(colour), 2, Qt.PenStyle.DotLine if entry.is_draft else Qt.PenStyle.SolidLine)
        painter.setPen(pen)
        painter.setBrush(theme.color("bg.panel"))
        painter.drawEllipse(at, RING - 1, RING - 1)
        if sign:
            icons.paint(painter, sign, QRectF(at.x() - 5, at.y() - 5, 10, 10), theme.color(colour))

    def _paint_words(self, painter: QPainter, area: QRect, entry: Entry) -> None:
        half = area.height() // 2
        upper, lower = area.adjusted(0, 6, 0, -half), area.adjusted(0, half, 0, -8)
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color("text.muted"))
        at = _when(entry)
        room = min(painter.fontMetrics().horizontalAdvance(at) + 8, upper.width() // 2)
        painter.drawText(upper, int(Qt.AlignmentFlag.AlignRight) | middle, _cut(painter, at, room))
        painter.setFont(theme.font(weight=600))
        painter.setPen(theme.color("text.primary"))
        painter.drawText(upper, middle, entry.title)
        x = upper.left() + painter.fontMetrics().horizontalAdvance(entry.title) + 8
        for words, kind, icon in badges(entry):
            free = upper.right() - room - x - 6
            if free < SIGN_W:
                break
            fits = QFontMetrics(theme.font("caption")).horizontalAdvance(words) + SIGN_W <= free
            box = QRect(x, upper.top(), free if fits else SIGN_W, upper.height())
            wide = paint_badge(painter, box, words if fits else "", kind=kind, icon=icon)
            x += wide + 6
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color("text.secondary"))
        painter.drawText(lower, middle, _cut(painter, message(entry), lower.width()))


def badges(entry: Entry) -> list[tuple[str, str, str]]:
    """Words, kind and sign of what is special about it."""
    said = [("draft", "accent", "pencil")] if entry.is_draft else []
    if entry.is_production:
        said.append(("production", "ok", "flag"))
    if entry.judged and (many := entry.judged.count(FAIL)):
        said.append(("1 gate" if many == 1 else f"{many:,} gates", "err", "cross"))
    return said


def message(entry: Entry) -> str:
    return theme.one_line(entry.info.message) if entry.info else "Examples as they stand now"


def said(entry: Entry) -> str:
    """A line for a screen reader."""
    special = ", ".join(words for words, _, _ in badges(entry))
    parent = f"from {entry.parent}" if entry.parent else ""
    gates = "gates pass" if entry.judged and entry.judged.passed else ""
    return ", ".join(filter(None, (entry.title, special, gates, _when(entry), parent, message(entry))))


def _when(entry: Entry) -> str:
    return f"{day(entry.info.at)}, {theme.one_line(entry.info.author)}" if entry.info else "now"


def _ring(entry: Entry) -> tuple[str, str]:
    """Colour and sign; an empty ring was not evaluated."""
    if entry.judged is not None:
        return ("ok.base", "check") if entry.judged.passed else ("err.base", "cross")
    return ("accent.base", "") if entry.is_draft else ("text.muted", "")


def _x(rect: QRect, entry: Entry) -> float:
    return rect.left() + FIRST_X + LANE_W * min(entry.lane, MOST_LANES - 1)


def _indent(lane: int) -> int:
    return FIRST_X + LANE_W * min(lane, MOST_LANES - 1) + 22


def _cut(painter: QPainter, words: str, width: int) -> str:
    return painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, width)
