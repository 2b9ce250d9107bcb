"""Areas in proportion to counts: a block a group with its name above, cut into the cells of the group."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QToolTip, QWidget

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit.parts import plain_tip

HEAD_H: Final = 22
LEAST: Final = 4.0  # pixels of a side that a cell is still drawn with
SHADES: Final = (1, 4)  # steps of the scale of errors on which words can be read in both themes


@dataclass(frozen=True, slots=True)
class Cell:
    name: str
    count: int
    about: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """``shade`` in [0, 1] chooses the colour of its cells; ``note`` stands beside the name."""

    name: str
    count: int
    shade: float
    cells: Sequence[Cell]
    note: str = ""


def squarified(counts: Sequence[float], area: QRectF) -> list[QRectF]:
    """Rectangles as square as they go (Bruls, Huizing and van Wijk 2000); ``counts`` come largest first."""
    placed: list[QRectF] = []
    left, total = QRectF(area), sum(counts)
    if total <= 0 or area.width() <= 0 or area.height() <= 0:
        return [QRectF(area.topLeft(), area.topLeft()) for _ in counts]
    scale = area.width() * area.height() / total
    sizes = [count * scale for count in counts]
    at = 0
    while at < len(sizes):
        side = max(min(left.width(), left.height()), 1e-9)
        end = at + 1
        while end < len(sizes) and _worst(sizes[at : end + 1], side) <= _worst(sizes[at:end], side):
            end += 1
        depth = sum(sizes[at:end]) / side
        along = 0.0
        for size in sizes[at:end]:
            length = size / depth if depth else 0.0
            if left.width() >= left.height():
                placed.append(QRectF(left.left(), left.top() + along, depth, length))
            else:
                placed.append(QRectF(left.left() + along, left.top(), length, depth))
            along += length
        if left.width() >= left.height():
            left.setLeft(left.left() + depth)
        else:
            left.setTop(left.top() + depth)
        at = end
    return placed


def _worst(sizes: Sequence[float], side: float) -> float:
    """The largest ratio of length to width among cells of these sizes in one line along ``side``."""
    total, low, high = sum(sizes), min(sizes), max(sizes)
    if not low:
        return float("inf")
    return max(side * side * high / (total * total), total * total / (side * side * low))


def _pixels(rect: QRectF) -> QRect:
    """Whole pixels, with one left free to the right and below."""
    left, top = round(rect.left()), round(rect.top())
    return QRect(left, top, max(1, round(rect.right()) - left - 1), max(1, round(rect.bottom()) - top - 1))


class Treemap(QWidget):
    """One focus stop: arrows move from cell to cell, Enter or a double click opens one."""

    opened = Signal(int, int)  # the number of the block, and of the cell in it
    moved = Signal(int, int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._blocks: Sequence[Block] = ()
        self._places: list[tuple[int, int, QRect]] = []
        self._heads: list[QRect] = []
        self._at = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        self.setMinimumHeight(120)

    def show_blocks(self, blocks: Sequence[Block]) -> None:
        self._blocks, self._at = blocks, 0
        self._place()

    @property
    def blocks(self) -> Sequence[Block]:
        return self._blocks

    def cell_rect(self, block: int, cell: int) -> QRect:
        return next((rect for b, c, rect in self._places if (b, c) == (block, cell)), QRect())

    def _place(self) -> None:
        self._places, self._heads = [], []
        outer = squarified([block.count for block in self._blocks], QRectF(self.rect()))
        head = max(HEAD_H, self.fontMetrics().height() + 6)
        for number, (block, area) in enumerate(zip(self._blocks, outer, strict=True)):
            inner = area.adjusted(1, 1, -1, -1)
            self._heads.append(QRect(inner.toRect().topLeft(), inner.toRect().size()))
            inner.setTop(min(inner.top() + head, inner.bottom()))
            for cell, rect in enumerate(squarified([each.count for each in block.cells], inner)):
                if rect.width() >= LEAST and rect.height() >= LEAST:
                    self._places.append((number, cell, _pixels(rect)))
        self._describe()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._place()

    # painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        scale = theme.TOKENS["sequential"]["err"][theme.mode()]
        head = max(HEAD_H, self.fontMetrics().height() + 6)
        for block, area in zip(self._blocks, self._heads, strict=True):
            painter.fillRect(area, theme.color("bg.raised"))
            line = QRect(area.left() + 6, area.top(), area.width() - 12, min(head, area.height()))
            painter.setFont(theme.font("small", weight=600))
            painter.setPen(theme.color("text.primary"))
            name = painter.fontMetrics().elidedText(
                theme.one_line(block.name), Qt.TextElideMode.ElideRight, max(0, line.width())
            )
            painter.drawText(line, int(Qt.AlignmentFlag.AlignVCenter), name)
            taken = painter.fontMetrics().horizontalAdvance(name) + 10
            painter.setFont(theme.numbers("caption"))
            if painter.fontMetrics().horizontalAdvance(block.note) <= line.width() - taken:
                painter.setPen(theme.color("text.secondary"))
                painter.drawText(line, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), block.note)
        for place, (number, cell, rect) in enumerate(self._places):
            block = self._blocks[number]
            low, high = SHADES
            painter.fillRect(rect, scale[low + round(block.shade * (high - low))])
            self._paint_words(painter, rect.adjusted(5, 3, -3, -3), block.cells[cell])
            if place == self._at and self.hasFocus():
                painter.setPen(QPen(theme.color("accent.base"), 2))
                painter.drawRect(rect.adjusted(1, 1, -1, -1))

    def _paint_words(self, painter: QPainter, area: QRect, cell: Cell) -> None:
        painter.setFont(theme.numbers("caption"))
        room = painter.fontMetrics()
        if area.height() < room.height() or area.width() < room.horizontalAdvance("0000"):
            return
        painter.setPen(theme.color("text.primary"))
        said = room.elidedText(f"{cell.count:,} {theme.one_line(cell.name)}", Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop), said)

    # hands

    def _said(self, place: int) -> str:
        number, cell, _ = self._places[place]
        block = self._blocks[number]
        each = block.cells[cell]
        return each.about or f"{block.name}, {each.name}: {each.count:,}"

    def _describe(self) -> None:
        self.setAccessibleDescription(theme.one_line(self._said(self._at)) if self._places else "none")

    def _place_at(self, at: QPoint) -> int:
        return next((n for n, (_, _, rect) in enumerate(self._places) if rect.contains(at)), -1)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            place = self._place_at(event.pos())
            QToolTip.showText(event.globalPos(), plain_tip(self._said(place)) if place >= 0 else "", self)
            return True
        return super().event(event)

    def _go(self, place: int) -> None:
        self._at = place
        self._describe()
        self.update()
        self.moved.emit(*self._places[place][:2])

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._place_at(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and place >= 0:
            self._go(place)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        place = self._place_at(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and place >= 0:
            self.opened.emit(*self._places[place][:2])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._places:
            super().keyPressEvent(event)
            return
        match event.key():
            case Qt.Key.Key_Left | Qt.Key.Key_Up:
                self._go(max(0, self._at - 1))
            case Qt.Key.Key_Right | Qt.Key.Key_Down:
                self._go(min(len(self._places) - 1, self._at + 1))
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.opened.emit(*self._places[self._at][:2])
            case _:
                event.ignore()
