"""The examples as a table: sort by a click on a column, move and hide columns, the one selection of all views."""

import json
from typing import Any, Final

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QContextMenuEvent, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from dataimp_gui.core.model import ColumnInfo
from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import icons
from dataimp_gui.ui.kit.selection import Selection
from dataimp_gui.ui.pages.triage.table.model import TableModel
from dataimp_gui.ui.session import Session

ROW_H: Final = theme.METRICS["table"]["row_h"]
WIDTHS: Final = {"text": 160, "number": 96, "flag": 80, "time": 150, "list": 140}
HIDDEN_KINDS: Final = ("media", "issue")  # at first: statistics and scores are many
HIDDEN: Final = frozenset({"given_label", "edited", "correct", "media", "excluded", "reviewed", "note"})
SIGN: Final = 14
Index = QModelIndex | QPersistentModelIndex
Flag = QItemSelectionModel.SelectionFlag


class TableView(QTableView):
    """One line an example, as many as there are: only lines that are seen are asked for."""

    opened = Signal()
    menu_wanted = Signal(QPoint)
    arranged = Signal()  # columns were moved, sized, hidden

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.table = TableModel(session, self)
        self._chosen = Selection()
        self._telling = False
        self._arrangement: dict[str, dict[str, Any]] = {}
        self.setAccessibleName("Examples as a table")
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)  # the mask is ours: Qt's stalls on many
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setItemDelegate(_CellDelegate(self))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(max(ROW_H, theme.font().pixelSize() + 16))
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head = self.horizontalHeader()
        head.setSectionsMovable(True)
        head.setSectionsClickable(True)
        head.setHighlightSections(False)
        head.setSortIndicatorShown(True)
        head.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        head.customContextMenuRequested.connect(self._offer_columns)
        head.sectionClicked.connect(self._sort)
        self.setModel(self.table)
        self.table.modelReset.connect(self._start_over)
        self._resting = QTimer(self, singleShot=True, interval=0)
        self._resting.timeout.connect(self._keep_arrangement)
        for signal in (head.sectionMoved, head.sectionResized):
            signal.connect(self._rest)
        self._passing = QTimer(self, singleShot=True, interval=0)
        self._passing.timeout.connect(self._select)
        session.selected.connect(self._follow)

    # columns

    def show_columns(self, columns: tuple[ColumnInfo, ...]) -> None:
        self.table.show_columns(columns)
        self._arrange()

    def saved(self) -> str:
        """How the columns are arranged, for `restore`."""
        return json.dumps(self._arrangement)

    def restore(self, text: str) -> None:
        """As `saved` gave it; anything else is ignored."""
        try:
            found = json.loads(text)
        except ValueError:
            return
        if isinstance(found, dict) and all(isinstance(value, dict) for value in found.values()):
            self._arrangement = found
            self._arrange()

    def _arrange(self) -> None:
        """Widths, order and absence as they were left; new columns at their places."""
        head = self.horizontalHeader()
        head.blockSignals(True)
        columns = self.table.columns
        for section, column in enumerate(columns):
            known = self._arrangement.get(column.name, {})
            head.resizeSection(section, int(known.get("width", WIDTHS.get(column.type, 120))))
            head.setSectionHidden(section, bool(known.get("hidden", _is_hidden(column))))
        wanted = sorted(
            range(len(columns)),
            key=lambda section: self._arrangement.get(columns[section].name, {}).get("place", section),
        )
        for place, section in enumerate(wanted):
            head.moveSection(head.visualIndex(section), place)
        head.blockSignals(False)
        head.viewport().update()
        self.updateGeometries()
        self._look()
        self._show_order()

    def _rest(self, *_: object) -> None:
        self._resting.start()

    def _keep_arrangement(self) -> None:
        head = self.horizontalHeader()
        for section, column in enumerate(self.table.columns):
            hidden = head.isSectionHidden(section)
            width = head.sectionSize(section) or int(self._arrangement.get(column.name, {}).get("width", 120))
            self._arrangement[column.name] = {"place": head.visualIndex(section), "width": width, "hidden": hidden}
        self._look()
        self.arranged.emit()

    def _look(self) -> None:
        head = self.horizontalHeader()
        shown = {c.name for section, c in enumerate(self.table.columns) if not head.isSectionHidden(section)}
        self.table.look_at(frozenset(shown | {"error"} & {c.name for c in self.table.columns}))

    def show_column(self, name: str, on: bool) -> None:
        section = [column.name for column in self.table.columns].index(name)
        self.horizontalHeader().setSectionHidden(section, not on)
        self._keep_arrangement()

    def _offer_columns(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        head = self.horizontalHeader()
        for section, column in enumerate(self.table.columns):
            action = QAction(theme.one_line(column.name).replace("&", "&&"), menu, checkable=True)
            action.setChecked(not head.isSectionHidden(section))
            action.toggled.connect(lambda on, name=column.name: self.show_column(name, on))
            menu.addAction(action)
        menu.popup(head.viewport().mapToGlobal(at))

    # order

    def _sort(self, section: int) -> None:
        """Ascending, descending, and as imported again."""
        column, session = self.table.columns[section], self._session
        if column.type == "list":
            return
        if session.order != column.name:
            session.sort(column.name, descending=False)
        elif not session.descending:
            session.sort(column.name, descending=True)
        else:
            session.sort("", descending=False)
        self._show_order()

    def _show_order(self) -> None:
        names = [column.name for column in self.table.columns]
        at = names.index(self._session.order) if self._session.order in names else -1
        way = Qt.SortOrder.DescendingOrder if self._session.descending else Qt.SortOrder.AscendingOrder
        self.horizontalHeader().setSortIndicator(at, way)

    # selection

    @property
    def current(self) -> int:
        return self.currentIndex().row()

    def is_selected(self, place: int) -> bool:
        return place in self._chosen

    def _start_over(self) -> None:
        self._chosen = Selection(self.table.rowCount())
        self._arrange()
        self._follow()

    def _follow(self) -> None:
        """Somebody else selected: show it here."""
        if self._telling or self._passing.isActive():  # what was clicked here meanwhile is newer
            return
        session = self._session
        self._chosen = Selection(self.table.rowCount())
        places = session.places(session.selection) if len(session.selection) else None
        current = session.place(session.current) if session.current >= 0 else -1
        if places is not None:
            self._chosen.replace(places, current)
        if current >= 0:
            self._go(current)
        self.viewport().update()

    def _go(self, place: int) -> None:
        column = max(0, self.currentIndex().column())
        head = self.horizontalHeader()
        if column >= len(self.table.columns) or head.isSectionHidden(column):
            column = head.logicalIndex(0)
        index = self.table.index(place, column)
        self.selectionModel().setCurrentIndex(index, Flag.NoUpdate)
        if self.isVisible():
            self.scrollTo(index)

    def _click(self, place: int) -> None:
        self._go(place)
        self.viewport().update()
        self._passing.start()

    def _select(self) -> None:
        self._telling = True
        rows = self._session.rows
        current = int(rows[self.current]) if 0 <= self.current < len(rows) else -1
        self._session.select(rows[self._chosen.places], current)
        self._telling = False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if not index.isValid():
            self._chosen.clear()
            self._passing.start()
            self.viewport().update()
            return
        place, keys = index.row(), event.modifiers()
        self.selectionModel().setCurrentIndex(index, Flag.NoUpdate)
        if event.button() is Qt.MouseButton.RightButton:
            if place not in self._chosen:
                self._chosen.only(place)
        elif keys & Qt.KeyboardModifier.ShiftModifier:
            self._chosen.extend(place)
        elif keys & Qt.KeyboardModifier.ControlModifier:
            self._chosen.toggle(place)
        else:
            self._chosen.only(place)
        self._click(place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if event.buttons() & Qt.MouseButton.LeftButton and index.isValid() and index.row() != self.current:
            self._chosen.extend(index.row())
            self._click(index.row())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.indexAt(event.position().toPoint()).isValid() and event.button() is Qt.MouseButton.LeftButton:
            self.opened.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys, pressed = event.modifiers(), Qt.Key(event.key())
        count, page = self.table.rowCount(), max(1, self.viewport().height() // max(1, self.rowHeight(0)) - 1)
        steps = {
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_PageDown: page,
            Qt.Key.Key_Home: -count,
            Qt.Key.Key_End: count,
        }
        if event.matches(QKeySequence.StandardKey.SelectAll):
            self._chosen.all()
            self._click(max(0, self.current))
        elif pressed in steps and count and not keys & Qt.KeyboardModifier.AltModifier:
            place = min(max(self.current + steps[pressed], 0), count - 1)
            if keys & Qt.KeyboardModifier.ShiftModifier:
                self._chosen.extend(place)
            elif not keys & Qt.KeyboardModifier.ControlModifier:
                self._chosen.only(place)
            self._click(place)
        elif pressed in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not keys and self.current >= 0:
            self.opened.emit()
        elif pressed in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            bar, step = self.horizontalScrollBar(), 80
            bar.setValue(bar.value() + (step if pressed is Qt.Key.Key_Right else -step))
        else:
            event.ignore()  # letters and digits are shortcuts here, not a search


class _CellDelegate(QStyledItemDelegate):
    """A cell as plain text; what is wrong has a sign and a colour."""

    def __init__(self, view: TableView) -> None:
        super().__init__(view)
        self._view = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        view, place = self._view, index.row()
        column = view.table.columns[index.column()]
        rect = option.rect
        selected = view.is_selected(place)
        painter.save()
        painter.fillRect(rect, theme.color("bg.selected" if selected else "bg.panel"))
        painter.setPen(QPen(theme.color("line.subtle"), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if place == view.current:
            painter.setPen(QPen(theme.color("accent.base" if view.hasFocus() else "line.strong"), 1))
            painter.drawLine(rect.topLeft(), rect.topRight())
            painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        inner = rect.adjusted(8, 0, -8, 0)
        wrong = column.name == "predicted" and view.table.value(place, "error") is True
        if wrong:
            sign = inner.adjusted(0, (inner.height() - SIGN) // 2, 0, 0)
            sign.setSize(sign.size().scaled(SIGN, SIGN, Qt.AspectRatioMode.IgnoreAspectRatio))
            icons.paint(painter, "cross", sign, theme.color("err.base"))
            inner.adjust(SIGN + 4, 0, 0, 0)
        number = column.type == "number"
        painter.setFont(theme.numbers("small") if number else theme.font("small"))
        strong = column.name in ("id", "label") or option.state & QStyle.StateFlag.State_HasFocus
        painter.setPen(theme.color("err.text" if wrong else "text.primary" if strong else "text.secondary"))
        words = painter.fontMetrics().elidedText(str(index.data() or ""), Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, index.data(Qt.ItemDataRole.TextAlignmentRole), words)
        painter.restore()


def _is_hidden(column: ColumnInfo) -> bool:
    return column.name in HIDDEN or column.kind in HIDDEN_KINDS
