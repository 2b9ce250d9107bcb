"""One bar cut into parts by their counts, each with its word where there is room for it."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit.parts import plain_tip

HEIGHT: Final = 22
SHADES: Final = (4, 3, 2)  # steps of the scale of errors, from the most on


class ShareBar(QWidget):
    """One focus stop: arrows move in it, Enter or a click picks a part."""

    picked = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shares: Sequence[tuple[str, int]] = ()
        self._at = 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)

    def show_shares(self, shares: Sequence[tuple[str, int]]) -> None:
        """Words and counts, the largest first."""
        self._shares, self._at = shares, 0
        self._describe()
        self.update()

    @property
    def shares(self) -> Sequence[tuple[str, int]]:
        return self._shares

    def sizeHint(self) -> QSize:
        return QSize(200, max(HEIGHT, self.fontMetrics().height() + 6))

    def part_rect(self, number: int) -> QRect:
        total = sum(count for _, count in self._shares) or 1
        before = sum(count for _, count in self._shares[:number])
        left = round(self.width() * before / total)
        return QRect(left, 0, round(self.width() * (before + self._shares[number][1]) / total) - left, self.height())

    def _describe(self) -> None:
        self.setAccessibleDescription(theme.one_line(", ".join(f"{word} {count:,}" for word, count in self._shares)))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        scale = theme.TOKENS["sequential"]["err"][theme.mode()]
        painter.setFont(theme.numbers("caption"))
        for number, (word, count) in enumerate(self._shares):
            area = self.part_rect(number).adjusted(0, 0, -1, 0)
            painter.fillRect(area, scale[SHADES[min(number, len(SHADES) - 1)]])
            inner = area.adjusted(6, 0, -4, 0)
            words = f"{word} {count:,}"
            if painter.fontMetrics().horizontalAdvance(words) <= inner.width():
                painter.setPen(theme.color("text.primary"))
                painter.drawText(inner, int(Qt.AlignmentFlag.AlignVCenter), words)
            if self.hasFocus() and number == self._at:
                painter.setPen(QPen(theme.color("accent.base"), 2))
                painter.drawRect(area.adjusted(1, 1, -1, -1))

    def _number(self, at: QPoint) -> int:
        return next((n for n in range(len(self._shares)) if self.part_rect(n).contains(at)), -1)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            number = self._number(event.pos())
            words = f"{self._shares[number][0]} {self._shares[number][1]:,}" if number >= 0 else ""
            QToolTip.showText(event.globalPos(), plain_tip(words) if words else "", self)
            return True
        return super().event(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        number = self._number(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and number >= 0:
            self.picked.emit(number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Left | Qt.Key.Key_Right:
                step = 1 if event.key() == Qt.Key.Key_Right else -1
                self._at = min(max(self._at + step, 0), max(0, len(self._shares) - 1))
                self.update()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Space if self._shares:
                self.picked.emit(self._at)
            case _:
                super().keyPressEvent(event)
