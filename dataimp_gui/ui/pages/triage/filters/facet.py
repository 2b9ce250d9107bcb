"""The values of one column with their counts: a click filters by one, Ctrl adds it, Alt keeps it out."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from dataimp_gui.core.model import IssueKind
from dataimp_gui.ui import theme
from dataimp_gui.ui.clauses import BROKEN, CHANGED, FIXED, ISSUES, OUTCOME, RUNS, TAGS, Value
from dataimp_gui.ui.kit import dragging, icons
from dataimp_gui.ui.pages.triage.filters import facet_marks
from dataimp_gui.ui.pages.triage.issue_words import WORDS
from dataimp_gui.ui.session import FLAGGED

ROW_H: Final = 24
BAR_W: Final = 60
FEW: Final = 6
LONG: Final = 20  # values that are worth a search
MANY: Final = 200
SEARCHED: Final = 100_000  # most frequent values that a search looks through: it must not be felt
EDITED: Final = ("label", "split", TAGS)
"""Columns whose values examples can be given."""
OUTCOMES: Final = {"error": ("Error", "cross", "err"), "correct": ("Correct", "check", "ok")}

BETWEEN_RUNS: Final = {
    BROKEN: ("Was right, now wrong", "cross", "err"),
    FIXED: ("Was wrong, now right", "check", "ok"),
    CHANGED: ("Changed its mind", "refresh", "accent"),
}
SIGNS: Final = {OUTCOME: OUTCOMES, RUNS: BETWEEN_RUNS}


class Facet(QWidget):
    """One focus stop; arrows move in it, Space or Enter toggles. At first only the few most frequent values show."""

    dropped = Signal(str)  # the value that the selection was dragged to; only from columns in `EDITED`
    picked = Signal(object, bool, bool)  # Value, whether it is added to those chosen, whether it is kept out
    unfolded = Signal(bool)  # all values are shown, or the few most frequent

    def __init__(self, column: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column = column
        self._rows: list[tuple[Value, int]] = []
        self._chosen: frozenset[Value] = frozenset()
        self._refused: frozenset[Value] = frozenset()
        self._all = False
        self._words = ""  # that are searched for
        self._matching: list[tuple[Value, int]] = []
        self._hover = self._target = -1
        self._at = 0
        self.setAcceptDrops(column in EDITED)
        self._colours: dict[str, int] = {}
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"Filter by {title}")

    def show_counts(
        self,
        rows: Sequence[tuple[Value, int]],
        chosen: frozenset[Value],
        refused: frozenset[Value],
        colours: dict[str, int] | None = None,
    ) -> None:
        """``colours`` numbers the tags, so that a tag has one marker everywhere."""
        known = {value for value, _ in rows}
        gone = [(value, 0) for value in sorted(chosen | refused, key=str) if value not in known]
        self._rows = [*rows, *gone]
        self._chosen, self._refused = chosen, refused
        self._colours = colours or {}
        self._match()
        self._at = min(self._at, max(0, len(self._visible()) - 1))
        names = ", ".join(str(value) for value in sorted(chosen, key=str))
        self.setAccessibleDescription(f"Only {names}" if chosen else "All")
        self.updateGeometry()
        self.update()

    def rows(self) -> list[tuple[Value, int]]:
        return self._visible()

    def row_rect(self, number: int) -> QRect:
        return QRect(0, number * self._height, self.width(), self._height)

    @property
    def is_long(self) -> bool:
        return len(self._rows) > LONG

    def search(self, words: str) -> None:
        """Show the values that hold ``words``, in any case."""
        self._words, self._at = words.strip().lower(), 0
        self._match()
        self.updateGeometry()
        self.update()

    def _match(self) -> None:
        if self._words:
            self._matching = [row for row in self._rows[:SEARCHED] if self._words in str(row[0] or "none").lower()]

    def pick_first(self, modifiers: Qt.KeyboardModifier) -> None:
        if self._visible():
            self._toggle(0, modifiers)

    def _visible(self) -> list[tuple[Value, int]]:
        if self._words:
            return self._matching[:MANY]
        if self._all:
            return self._rows[:MANY]
        first = self._rows[:FEW]
        asked = self._chosen | self._refused
        return first + [row for row in self._rows[FEW:] if row[0] in asked]

    @property
    def _last_line(self) -> str:
        """What is said below the values, and offered there: more or fewer of them."""
        shown, rows = len(self._visible()), len(self._rows)
        if self._words:
            found = len(self._matching)
            return "no value holds that" if not found else f"{shown:,} of {found:,} shown" if found > shown else ""
        if self._all:
            return f"fewer ({shown:,} of {rows:,} shown)" if rows > shown else "fewer" if rows > FEW else ""
        return f"{rows - shown:,} more" if rows > shown else ""

    @property
    def _height(self) -> int:
        return max(ROW_H, QFontMetrics(theme.font("small")).height() + 6)

    def sizeHint(self) -> QSize:
        more = 1 if self._last_line else 0
        return QSize(200, (len(self._visible()) + more) * self._height)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    # painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        visible = self._visible()
        most = max((count for _, count in visible), default=0)
        for number, (value, count) in enumerate(visible):
            self._paint_row(painter, number, value, count, most)
        if self._target >= 0:
            dragging.mark(painter, self.row_rect(self._target))
        if words := self._last_line:
            last = self.row_rect(len(visible))
            painter.setFont(theme.font("small"))
            painter.setPen(theme.color("text.muted" if self._words else "accent.text"))
            painter.drawText(last.adjusted(22, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, words)
            if self.hasFocus() and self._at == len(visible):
                painter.setPen(QPen(theme.color("accent.base"), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(QRectF(last).adjusted(1, 1, -1, -1), 4, 4)

    def _paint_row(self, painter: QPainter, number: int, value: Value, count: int, most: int) -> None:
        area = self.row_rect(number)
        chosen, refused = value in self._chosen, value in self._refused
        if number == self._hover:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("bg.hover"))
            painter.drawRoundedRect(QRectF(area).adjusted(-1, 1, 0, -1), 4, 4)
        facet_marks.check_box(
            painter, QRect(area.left() + 1, area.center().y() - 6, 14, 14), chosen=chosen, refused=refused
        )
        x = area.left() + 22
        title, colour = self._sign(painter, value, x, area.center().y())
        if colour:
            x += 17
        right = area.right()
        painter.setFont(theme.numbers("small"))
        painter.setPen(theme.color("text.primary" if chosen else "text.muted"))
        shown = f"{count:,}"
        width = max(painter.fontMetrics().horizontalAdvance(shown), 26)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(QRect(right - width, area.top(), width, area.height()), flags, shown)
        right -= width + 6
        long = BAR_W if self.column != RUNS else 0  # its words need the room
        track = QRectF(right - long, area.center().y() - 1.5, long, 4)
        if long:
            facet_marks.bar(painter, track, count / most if most else 0.0, self._bar_colour(value, chosen=chosen))
        painter.setFont(theme.font("small", weight=500 if chosen else 400, struck=refused))
        painter.setPen(theme.color("text.primary" if chosen else "text.secondary"))
        room = int(track.left()) - x - 8
        title = painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(x, area.top(), room, area.height()), Qt.AlignmentFlag.AlignVCenter, title)
        if self.hasFocus() and number == self._at:
            painter.setPen(QPen(theme.color("accent.base"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(area).adjusted(1, 1, -1, -1), 4, 4)

    def _sign(self, painter: QPainter, value: Value, x: int, y: int) -> tuple[str, str]:
        """Draws the sign of an outcome or a tag; says the words of the row and whether there was a sign."""
        if value is not None and value in SIGNS.get(self.column, {}):
            title, icon, kind = SIGNS[self.column][value]
            icons.paint(painter, icon, QRect(x, y - 5, 12, 12), theme.color(f"{kind}.base"))
            return title, kind
        if self.column == ISSUES and value in tuple(IssueKind):
            words = WORDS[IssueKind(value)]
            icons.paint(painter, words.icon, QRect(x, y - 5, 12, 12), theme.color("text.secondary"))
            return words.title, "kind"
        if self.column == TAGS and value == FLAGGED:
            icons.paint(painter, "flag", QRect(x, y - 5, 12, 12), theme.color("warn.text"))
            return value, "flag"
        if self.column == TAGS and value in self._colours:
            icons.marker(painter, QRect(x + 1, y - 3, 8, 8), self._colours[value])
            return theme.one_line(value), "tag"
        return _title(value), ""

    def _bar_colour(self, value: Value, *, chosen: bool) -> QColor:
        if value is not None and value in SIGNS.get(self.column, {}):
            return theme.color(f"{SIGNS[self.column][value][2]}.base")
        active = chosen or not (self._chosen or self._refused)
        return theme.color("hist.active" if active and value not in self._refused else "line.strong")

    # hands

    def _number(self, at: QPoint) -> int:
        return at.y() // self._height

    def _toggle(self, number: int, modifiers: Qt.KeyboardModifier) -> None:
        visible = self._visible()
        if number >= len(visible):
            self._unfold()
            return
        value = visible[number][0]
        add, refuse = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
        self.picked.emit(value, bool(modifiers & add), bool(modifiers & refuse))

    def _unfold(self) -> None:
        if self._words or not self._last_line:
            return
        self._all, self._at = not self._all, 0
        self.updateGeometry()
        self.update()
        self.unfolded.emit(self._all)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            number = self._number(event.position().toPoint())
            self._at = min(number, max(0, len(self._visible()) - 1))  # the keyboard goes on from where the mouse was
            self._toggle(number, event.modifiers())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover = self._number(event.position().toPoint())
        self.update()

    def leaveEvent(self, _event: QEvent) -> None:
        self._hover = -1
        self.update()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._aim(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._aim(event)

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        self._target = -1
        self.update()

    def dropEvent(self, event: QDropEvent) -> None:
        self._aim(event)
        number, self._target = self._target, -1
        self.update()
        if number >= 0:
            self.dropped.emit(self._visible()[number][0])

    def _aim(self, event: QDropEvent) -> None:
        number, visible = self._number(event.position().toPoint()), self._visible()
        takes = dragging.is_selection(event) and 0 <= number < len(visible) and isinstance(visible[number][0], str)
        self._target = number if takes else -1
        self.update()
        event.setAccepted(takes)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Up | Qt.Key.Key_Down:
                step = 1 if event.key() == Qt.Key.Key_Down else -1
                last = len(self._visible()) - (0 if self._last_line and not self._words else 1)
                self._at = min(max(self._at + step, 0), max(0, last))
                self.update()
            case Qt.Key.Key_Space | Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._toggle(self._at, event.modifiers())
            case _:
                super().keyPressEvent(event)


def _title(value: Value) -> str:
    return "none" if value is None else theme.one_line(value) or "(blank)"
