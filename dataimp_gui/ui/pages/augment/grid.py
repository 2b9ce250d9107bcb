"""The grid: an example a line, with the original, its variants, and a real example of the target beside them."""

from typing import Final

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QToolTip, QWidget

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.pages.augment.reading import Cell, Shown

GAP: Final = 10
MARGIN: Final = 14
HEAD: Final = 24
FOOT: Final = 22
TEXT_H: Final = 120
SIDE_MOST: Final = 148
MOST_LINES: Final = 12


class Grid(QWidget):
    pressed = Signal(object)  # Sound
    resized = Signal()  # another number of lines fits

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("Variants")
        self.shown: Shown | None = None
        self.heads: tuple[str, ...] = ()
        self.is_original = False  # while its key is held
        self._columns, self._is_text, self._fits = 6, False, 0

    def expect(self, columns: int, *, is_text: bool) -> None:
        """How many columns there are to be, so that it can be said how many lines fit."""
        self._columns, self._is_text = columns, is_text
        self._fits = self.fits

    @property
    def fits(self) -> int:
        """Lines that fit."""
        height = self.height() - MARGIN - theme.grown(HEAD)
        return min(MOST_LINES, max(1, height // (self._size()[1] + theme.grown(FOOT) + GAP)))

    def _size(self) -> tuple[int, int]:
        room = self.width() - 2 * MARGIN - GAP * (self._columns - 1)
        width = max(40, room // max(1, self._columns))
        return (width, TEXT_H) if self._is_text else (min(width, SIDE_MOST), min(width, SIDE_MOST))

    def show_original(self, on: bool) -> None:
        self.is_original = on
        self.update()

    def show_read(self, shown: Shown, heads: tuple[str, ...]) -> None:
        self.shown, self.heads = shown, heads
        self.setAccessibleDescription(f"{len(shown.lines)} examples: {', '.join(heads)}")
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.fits != self._fits:
            self._fits = self.fits
            self.resized.emit()

    def _cells(self) -> list[tuple[QRect, Cell]]:
        """Every cell that is shown, with the place of its picture."""
        if (shown := self.shown) is None:
            return []
        width, height = self._size()
        found = []
        for number, line in enumerate(shown.lines):
            cells = [line[0]] * len(line) if self.is_original else list(line)
            cells += shown.targets[number : number + 1]
            y = MARGIN + theme.grown(HEAD) + number * (height + theme.grown(FOOT) + GAP)
            found += [(QRect(MARGIN + at * (width + GAP), y, width, height), cell) for at, cell in enumerate(cells)]
        return found

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        small = theme.font("small")
        painter.setFont(small)
        words = QFontMetrics(small)
        width = self._size()[0]
        elide = Qt.TextElideMode.ElideRight
        for at, head in enumerate(self.heads):
            room = QRect(MARGIN + at * (width + GAP), MARGIN - 4, width, theme.grown(HEAD) - 4)
            painter.setPen(theme.color("text.secondary"))
            painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), words.elidedText(head, elide, width))
        for rect, cell in self._cells():
            if rect.bottom() > self.height():
                continue
            self._paint_cell(painter, rect, cell)
            foot = QRect(rect.left(), rect.bottom() + 3, rect.width(), theme.grown(FOOT) - 4)
            painter.setPen(theme.color("warn.text" if cell.is_warning else "text.secondary"))
            said = words.elidedText(theme.one_line(cell.says), elide, rect.width())
            painter.drawText(foot, int(Qt.AlignmentFlag.AlignVCenter), said)
        painter.end()

    def _paint_cell(self, painter: QPainter, rect: QRect, cell: Cell) -> None:
        if cell.picture is None:
            painter.fillRect(rect, theme.color("bg.raised"))
            painter.setPen(theme.color("text.primary"))
            flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop
            painter.drawText(rect.adjusted(8, 6, -8, -6), int(flags), cell.words[:500])
        else:
            painter.fillRect(rect, theme.color("bg.well"))
            size = cell.picture.size().scaled(rect.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRect(rect.topLeft(), size)
            place.moveCenter(rect.center())
            painter.drawImage(place, cell.picture)
        painter.setPen(QPen(theme.color("warn.line" if cell.is_warning else "line.default"), 1))
        painter.drawRect(rect.adjusted(0, 0, -1, -1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        sound = next((cell.sound for rect, cell in self._cells() if rect.contains(event.position().toPoint())), None)
        if event.button() is Qt.MouseButton.LeftButton and sound is not None:
            self.pressed.emit(sound)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            tip = next((cell.tip for rect, cell in self._cells() if rect.contains(event.pos())), "")
            QToolTip.showText(event.globalPos(), parts.plain_tip(tip) if tip else "", self)
            return True
        return super().event(event)
