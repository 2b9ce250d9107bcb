"""The labels that an example can be given: a key each, what the model gives them, which is suggested."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import icons
from dataimp_gui.ui.kit.places import Places

SMALLEST, LARGEST = 27, 40
GAP: Final = 4
BAR_W: Final = 62
KEY_H: Final = 18
NUMBER_W: Final = 40


@dataclass(frozen=True, slots=True)
class Choice:
    """``sign`` is "", "given", "label" (no longer the given one), "suggested" or "predicted"."""

    key: str
    name: str
    probability: float | None
    sign: str = ""


def choices_for(
    keys: Mapping[str, str],
    probabilities: Mapping[str, float],
    *,
    label: str,
    given: str,
    suggested: str,
    predicted: str,
) -> list[Choice]:
    """The labels on the number keys in the order of the keys, then the suggested one, today's and the predicted one
    where they hold none."""
    by_name = {name: key for key, name in keys.items()}
    more = [name for name in dict.fromkeys((suggested, label, predicted)) if name and name not in by_name]
    signs = {predicted: "predicted", label: "given" if label == given else "label", suggested: "suggested"}
    return [
        Choice(by_name.get(name, ""), name, probabilities.get(name) if probabilities else None, signs.get(name, ""))
        for name in [*keys.values(), *more]
    ]


class Choices(Places):
    """Rows are as high as there is room for."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Label of this example", parent)
        self._rows: Sequence[Choice] = ()
        self._room = 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_choices(self, rows: Sequence[Choice]) -> None:
        if len(rows) != len(self._rows):
            self.updateGeometry()
        self._rows = rows
        self.at = min(self.at, len(rows) - 1)
        said = [f"{row.sign} {row.name}" for row in rows if row.sign]
        self.setAccessibleDescription(theme.one_line(", ".join(said)))
        self.update()

    @property
    def choices(self) -> Sequence[Choice]:
        return self._rows

    def set_room(self, height: int) -> None:
        """How high all of them together should be at most."""
        if height != self._room:
            self._room = height
            self.updateGeometry()
            self.update()

    @property
    def _height(self) -> int:
        least = max(SMALLEST, QFontMetrics(theme.font("body")).height() + 10)
        wanted = self._room // max(1, len(self._rows))
        return min(max(wanted, least), max(LARGEST, least))

    def row_rect(self, number: int) -> QRect:
        return QRect(0, number * self._height, self.width(), self._height - GAP)

    def sizeHint(self) -> QSize:
        return QSize(240, len(self._rows) * self._height)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    # painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(1.0 if self.isEnabled() else 0.45)
        for number, row in enumerate(self._rows):
            self._paint_row(painter, self.row_rect(number), row, number)
        painter.end()

    def _paint_row(self, painter: QPainter, area: QRect, row: Choice, number: int) -> None:
        suggested, hover = row.sign == "suggested", number == self.hovered
        focused = self.hasFocus() and number == self.at
        painter.setPen(
            QPen(theme.color("accent.base" if suggested or focused else "line.default"), 2 if focused else 1)
        )
        painter.setBrush(theme.color("accent.tint" if suggested else "bg.hover" if hover else "bg.raised"))
        painter.drawRoundedRect(QRectF(area).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        middle = area.center().y() + 1
        side, number_w = theme.line_height(KEY_H), theme.grown(NUMBER_W)
        if row.key:
            self._paint_key(painter, QRect(area.left() + 9, middle - side // 2, side, side), row.key)
        right = area.right() - 9
        if row.probability is not None:
            painter.setFont(theme.numbers("body", weight=600 if suggested else 400))
            painter.setPen(theme.color("text.primary" if suggested else "text.muted"))
            box = QRect(right - number_w, area.top(), number_w, area.height())
            painter.drawText(
                box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, f"{row.probability * 100:.1f}"
            )
            right -= number_w + 8
            if self._has_room_for_bar(row):
                self._paint_bar(painter, QRectF(right - BAR_W, middle - 2, BAR_W, 4), row, suggested=suggested)
                right -= BAR_W + 8
        if row.sign:
            right -= self._paint_sign(painter, right, middle, row.sign) + 8
        left = area.left() + side + 18
        painter.setFont(theme.font("body", weight=600 if row.sign else 400))
        painter.setPen(theme.color("text.primary"))
        room = max(20, right - left)
        shown = painter.fontMetrics().elidedText(theme.one_line(row.name), Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(left, area.top(), room, area.height()), int(Qt.AlignmentFlag.AlignVCenter), shown)

    def _has_room_for_bar(self, row: Choice) -> bool:
        """The number says it too; the name comes first."""
        sign = QFontMetrics(theme.font("caption")).horizontalAdvance(row.sign) + 37 if row.sign else 0
        name = QFontMetrics(theme.font("body", weight=600)).horizontalAdvance(row.name[:60])
        edges = theme.line_height(KEY_H) + 18 + theme.grown(NUMBER_W) + 17
        return edges + name + sign + BAR_W + 8 <= self.width()

    def _paint_key(self, painter: QPainter, box: QRect, words: str) -> None:
        painter.setPen(theme.color("line.strong"))
        painter.setBrush(theme.color("bg.window"))
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.color("text.secondary"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

    def _paint_bar(self, painter: QPainter, track: QRectF, row: Choice, *, suggested: bool) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("line.default"))
        painter.drawRoundedRect(track, 2, 2)
        if row.probability is not None and row.probability >= 0.005:
            painter.setBrush(theme.color("accent.base" if suggested else "text.muted"))
            width = max(3.0, track.width() * min(1.0, row.probability))
            painter.drawRoundedRect(QRectF(track.left(), track.top(), width, 4), 2, 2)

    def _paint_sign(self, painter: QPainter, right: int, middle: int, words: str) -> int:
        """Draws the sign ending at ``right``; says how wide it is."""
        painter.setFont(theme.font("caption"))
        suggested = words == "suggested"
        icon = 15 if suggested else 0
        width = painter.fontMetrics().horizontalAdvance(words) + 14 + icon
        height = theme.line_height(KEY_H + 1)
        box = QRectF(right - width + 0.5, middle - height / 2, width - 1, height)
        painter.setPen(theme.color("accent.line" if suggested else "line.strong"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 4, 4)
        colour = theme.color("accent.text" if suggested else "text.secondary")
        if icon:
            icons.paint(painter, "sparkle", QRect(int(box.left()) + 6, middle - 6, 12, 12), colour)
        painter.setPen(colour)
        painter.drawText(box.adjusted(7 + icon, 0, 0, 0), int(Qt.AlignmentFlag.AlignVCenter), words)
        return width

    # hands

    def place_count(self) -> int:
        return len(self._rows)

    def place_under(self, point: QPoint) -> int:
        number = point.y() // self._height
        return number if 0 <= number < len(self._rows) else -1

    def choose(self, place: int) -> None:
        self.chosen.emit(self._rows[place].name)

    def tip_of(self, place: int) -> str:
        return theme.one_line(self._rows[place].name)
