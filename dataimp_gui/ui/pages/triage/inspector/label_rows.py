"""The classes of an example in the inspector: number key, name, probability; a click relabels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import dragging, icons
from dataimp_gui.ui.kit.places import Places

KEYS: Final = "1234567890"
ROW_H: Final = 24
CHIP_H: Final = 17
NUMBER_W: Final = 40


@dataclass(frozen=True, slots=True)
class LabelRow:
    """``probability`` is None without a run; ``sign`` is "", "given", "predicted" or "label"."""

    key: str
    name: str
    probability: float | None
    sign: str
    wrong: bool = False


def rows_for(
    keys: Mapping[str, str], probabilities: Mapping[str, float], *, label: str, given: str, predicted: str
) -> list[LabelRow]:
    """The classes on the number keys in the order of the keys, then the label and the prediction if they hold none."""
    by_name = {name: key for key, name in keys.items()}
    names = list(keys.values())
    names += [name for name in dict.fromkeys((label, predicted, given)) if name and name not in by_name]
    rows = []
    for name in names:
        sign = ""
        if name == label:
            sign = "given" if label == given else "label"
        elif name == predicted:
            sign = "predicted"
        elif name == given:
            sign = "was"
        known = probabilities.get(name) if probabilities else None
        rows.append(LabelRow(by_name.get(name, ""), name, known, sign, name == predicted and predicted != label))
    return rows


class LabelRows(Places):
    """A selection that is dragged to a row chooses it, too."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Label of this example", parent)
        self._rows: Sequence[LabelRow] = ()
        self._target = -1
        self.setAcceptDrops(True)

    def show_rows(self, rows: Sequence[LabelRow]) -> None:
        self._rows = rows
        self.at = min(self.at, len(rows) - 1)
        label = next((row.name for row in rows if row.sign in ("given", "label")), "none")
        self.setAccessibleDescription(f"Label {label}")
        self.updateGeometry()
        self.update()

    def rows(self) -> Sequence[LabelRow]:
        return self._rows

    def row_rect(self, number: int) -> QRect:
        return QRect(0, number * self._height, self.width(), self._height)

    @property
    def _height(self) -> int:
        return max(ROW_H, QFontMetrics(theme.font("small")).height() + 6)

    def sizeHint(self) -> QSize:
        return QSize(240, len(self._rows) * self._height)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = QFontMetrics(theme.font("small", weight=600))
        longest = max((metrics.horizontalAdvance(row.name[:60]) for row in self._rows), default=0)
        has_bars = any(row.probability is not None for row in self._rows)
        name_w = min(longest + 4, max(54, self.width() // (3 if has_bars else 1)))
        for number, row in enumerate(self._rows):
            self._paint_row(painter, self.row_rect(number), row, number, name_w)
        if 0 <= self._target < len(self._rows):
            dragging.mark(painter, self.row_rect(self._target))

    def _paint_row(self, painter: QPainter, area: QRect, row: LabelRow, number: int, name_w: int) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        if number == self.hovered or row.sign in ("given", "label"):
            painter.setBrush(theme.color("bg.hover" if number == self.hovered else "bg.raised"))
            painter.drawRoundedRect(QRectF(area).adjusted(0, 1, 0, -1), 4, 4)
        if self.hasFocus() and number == self.at:
            painter.setPen(QPen(theme.color("accent.base"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(area).adjusted(1, 2, -1, -2), 4, 4)
        side, number_w = theme.line_height(CHIP_H), theme.grown(NUMBER_W)
        if row.key:
            _key(painter, QRect(area.left() + 1, area.center().y() - side // 2, side, side), row.key)
        strong = bool(row.sign)
        left, right = area.left() + side + 9, area.right() - 2
        if row.probability is not None:
            painter.setFont(theme.numbers("small"))
            painter.setPen(theme.color("text.primary" if strong else "text.muted"))
            painter.drawText(
                QRect(right - number_w, area.top(), number_w, area.height()),
                Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
                f"{row.probability * 100:.1f}",
            )
            right -= number_w + 6
        if row.sign:
            right -= self._chip(painter, area, right, row) + 6
        name = QRect(left, area.top(), min(name_w, right - left), area.height())
        painter.setFont(theme.font("small", weight=600 if strong else 400))
        painter.setPen(theme.color("text.primary" if strong else "text.secondary"))
        shown = painter.fontMetrics().elidedText(theme.one_line(row.name), Qt.TextElideMode.ElideRight, name.width())
        painter.drawText(name, Qt.AlignmentFlag.AlignVCenter, shown)
        if row.probability is not None:
            self._bar(painter, QRectF(name.right() + 8, area.center().y() - 1.5, right - name.right() - 8, 4), row)

    def _bar(self, painter: QPainter, track: QRectF, row: LabelRow) -> None:
        if track.width() < 8 or row.probability is None:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("line.default"))
        painter.drawRoundedRect(track, 2, 2)
        if row.probability >= 0.005:
            colour = "err.base" if row.wrong else "ok.base" if row.sign == "predicted" else "accent.base"
            painter.setBrush(theme.color(colour))
            width = max(3.0, track.width() * min(1.0, row.probability))
            painter.drawRoundedRect(QRectF(track.left(), track.top(), width, 4), 2, 2)

    def _chip(self, painter: QPainter, area: QRect, right: int, row: LabelRow) -> int:
        """Draws the sign ending at ``right``; says how wide it is."""
        painter.setFont(theme.font("caption"))
        text = f"{row.sign}"
        icon = 14 if row.wrong else 0
        width = painter.fontMetrics().horizontalAdvance(text) + 12 + icon
        kind = "err" if row.wrong else ""
        height = theme.line_height(CHIP_H)
        box = QRectF(right - width + 0.5, area.center().y() - height / 2, width - 1, height)
        painter.setPen(theme.color(f"{kind}.line" if kind else "line.default"))
        painter.setBrush(theme.color(f"{kind}.tint" if kind else "bg.raised"))
        painter.drawRoundedRect(box, 4, 4)
        colour = theme.color(f"{kind}.text" if kind else "text.secondary")
        if icon:
            icons.paint(painter, "cross", QRect(int(box.left()) + 5, area.center().y() - 5, 11, 11), colour)
        painter.setPen(colour)
        painter.drawText(box.adjusted(6 + icon, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, text)
        return width

    def place_count(self) -> int:
        return len(self._rows)

    def place_under(self, point: QPoint) -> int:
        number = point.y() // self._height
        return number if 0 <= number < len(self._rows) else -1

    def choose(self, place: int) -> None:
        self.chosen.emit(self._rows[place].name)

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
            self.choose(number)

    def _aim(self, event: QDropEvent) -> None:
        self._target = self.place_under(event.position().toPoint()) if dragging.is_selection(event) else -1
        self.update()
        event.setAccepted(self._target >= 0)


def _key(painter: QPainter, box: QRect, text: str) -> None:
    painter.setPen(theme.color("line.strong"))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    painter.setFont(theme.font("caption"))
    painter.setPen(theme.color("text.secondary"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
