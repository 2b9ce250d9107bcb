"""How many there are of each, as bars that show beside it how many there were: what came in, what went."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from dataimp_gui.ui import theme

LINE_H: Final = 24
BAR_H: Final = 7
TITLE: Final = 0.3  # of the width, at most
MINUS: Final = "−"


@dataclass(frozen=True, slots=True)
class Drift:
    """``before`` is None where nothing is known of it."""

    title: str
    now: int
    before: int | None


class DriftBars(QWidget):
    """A line each; a screen reader hears all of them."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: Sequence[Drift] = ()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def lines(self) -> Sequence[Drift]:
        return self._lines

    def show_lines(self, lines: Sequence[Drift]) -> None:
        self._lines = lines
        said = "; ".join(f"{line.title} {line.now:,} {change_words(line)}" for line in lines)
        self.setAccessibleDescription(theme.one_line(said))
        self.updateGeometry()
        self.update()

    def _line_height(self) -> int:
        return max(LINE_H, QFontMetrics(theme.numbers("small")).height() + 6)

    def sizeHint(self) -> QSize:
        return QSize(240, self._line_height() * len(self._lines))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.numbers("small"))
        words, high = painter.fontMetrics(), self._line_height()
        titles = min(
            max((words.horizontalAdvance(line.title) for line in self._lines), default=0), int(self.width() * TITLE)
        )
        numbers = max((words.horizontalAdvance(f"{line.now:,}") for line in self._lines), default=0)
        changes = max((words.horizontalAdvance(change_words(line)) for line in self._lines), default=0)
        most = max((max(line.now, line.before or 0) for line in self._lines), default=0) or 1
        left, right = titles + 12, self.width() - numbers - changes - 24
        for number, line in enumerate(self._lines):
            area = QRect(0, number * high, self.width(), high)
            middle = int(Qt.AlignmentFlag.AlignVCenter)
            painter.setPen(theme.color("text.secondary"))
            painter.drawText(area, middle, words.elidedText(line.title, Qt.TextElideMode.ElideRight, titles))
            self._paint_bar(painter, QRectF(left, area.center().y() - BAR_H / 2 + 0.5, right - left, BAR_H), line, most)
            painter.setPen(theme.color("text.primary"))
            ends = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(area.adjusted(0, 0, -changes - 12, 0), int(ends), f"{line.now:,}")
            painter.setPen(theme.color(_colour(line, "text")))
            painter.drawText(area, int(ends), change_words(line))

    def _paint_bar(self, painter: QPainter, room: QRectF, line: Drift, most: int) -> None:
        """What stayed in grey, what came or went after it in colour; what went is only an outline."""
        before = line.now if line.before is None else line.before
        stayed, reach = min(line.now, before), max(line.now, before)
        painter.setPen(Qt.PenStyle.NoPen)
        kept = QRectF(room.left(), room.top(), room.width() * stayed / most, room.height())
        painter.setBrush(theme.color("line.strong"))
        painter.drawRoundedRect(kept, 2, 2)
        if reach > stayed:
            width = max(2.0, room.width() * (reach - stayed) / most)
            part = QRectF(kept.right(), room.top(), width, room.height())
            if line.now > before:
                painter.setBrush(theme.color("ok.base"))
            else:
                painter.setPen(theme.color("err.base"))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                part.adjust(0.5, 0.5, -0.5, -0.5)
            painter.drawRoundedRect(part, 2, 2)


def change_words(line: Drift) -> str:
    if line.before is None:
        return ""
    change = line.now - line.before
    return "±0" if not change else f"{'+' if change > 0 else MINUS}{abs(change):,}"


def _colour(line: Drift, of: str) -> str:
    change = line.now - (line.now if line.before is None else line.before)
    return f"text.{'muted'}" if not change else f"{'ok' if change > 0 else 'err'}.{of}"
