"""The headers of a grid in groups: what a group is called, how large it is, whether it is folded, "Select all"."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import icons

SELECT: Final = "Select all"
ROOM: Final = 8


@dataclass(frozen=True, slots=True)
class Head:
    """``name`` is what all in the group have, ``before`` what that is of, ``after`` how many; ``sign`` is an icon."""

    before: str
    name: str
    after: str
    sign: str = ""
    colour: str = "text.secondary"


def _nameless(number: int) -> Head:
    return Head("", str(number + 1), "")


class GroupHeads:
    """Draws one header a group and says what a click on it means."""

    def __init__(self, count: int = 0, head: Callable[[int], Head] = _nameless, key: Hashable = None) -> None:
        """``head`` is asked for those that are seen; equal ``key``, equal groups."""
        self._count, self._head = count, head
        self.key = key

    def __len__(self) -> int:
        return self._count

    @staticmethod
    def height() -> int:
        return QFontMetrics(theme.font("small")).height() + 14

    def words(self, number: int) -> str:
        head = self._head(number)
        return f"{head.before} {head.name} {head.after}".strip()

    @staticmethod
    def selects(x: int, width: int) -> bool:
        """Whether a click at ``x`` of a header selects the group, instead of folding it."""
        return x > width - QFontMetrics(theme.font("small")).horizontalAdvance(SELECT) - 2 * ROOM

    def paint(self, painter: QPainter, rect: QRect, number: int, *, folded: bool, hot: bool) -> None:
        head, middle = self._head(number), rect.center().y()
        painter.fillRect(rect, theme.color("bg.window"))
        x = rect.left()
        chevron = "chevron-right" if folded else "chevron-down"
        icons.paint(painter, chevron, QRect(x, middle - 7, 14, 14), theme.color("text.muted"))
        x += 14 + ROOM
        if head.sign:
            icons.paint(painter, head.sign, QRect(x, middle - 6, 12, 12), theme.color(head.colour))
            x += 12 + ROOM
        plain, strong = theme.font("small"), theme.font("small", weight=600)
        select_w = QFontMetrics(plain).horizontalAdvance(SELECT)
        room = rect.right() - select_w - 2 * ROOM
        for words, font, colour in (
            (head.before, plain, "text.secondary"),
            (head.name, strong, "text.primary"),
            (head.after, plain, "text.secondary"),
        ):
            metrics = QFontMetrics(font)
            shown = metrics.elidedText(theme.one_line(words), Qt.TextElideMode.ElideRight, max(0, room - x))
            if shown:
                painter.setFont(font)
                painter.setPen(theme.color(colour))
                painter.drawText(QRect(x, rect.top(), room - x, rect.height()), Qt.AlignmentFlag.AlignVCenter, shown)
                x += metrics.horizontalAdvance(shown) + ROOM
        if x < room:
            painter.fillRect(QRect(x, middle, room - x, 1), theme.color("line.subtle"))
        painter.setFont(plain)
        painter.setPen(theme.color("accent.text" if hot else "text.secondary"))
        select = QRect(rect.right() - select_w - ROOM, rect.top(), select_w + ROOM, rect.height())
        painter.drawText(select, Qt.AlignmentFlag.AlignVCenter, SELECT)
