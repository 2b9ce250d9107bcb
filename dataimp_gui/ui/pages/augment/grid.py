"""The grid: an example a line, with the original, its variants, and a real example of the target beside them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QToolTip, QWidget

from dataimp_gui.core.augment.policy import Policy
from dataimp_gui.core.model import Modality
from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import icons, parts
from dataimp_gui.ui.pages.augment import faces
from dataimp_gui.ui.pages.augment.faces import Score
from dataimp_gui.ui.pages.augment.reading import Cell, Shown, Variant

GAP: Final = 10
LINE_GAP: Final = 6
MARGIN: Final = 14
HEAD: Final = 24
FOOT: Final = 22
SIGN: Final = 14
TEXT_H: Final = 120
SIDE_MOST: Final = 148
MOST_LINES: Final = 12
EMPTY: Final = "No examples match. Choose others under For, or change the filter."
MARKED: Final = "With a step that the target does not show, or that breaks labels"
SOUND_SHARE: Final = 0.64  # height of the picture of a sound


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell that is shown, by its ``line`` and ``column``."""

    line: int
    column: int
    rect: QRect
    cell: Cell
    is_target: bool


class Grid(QWidget):
    """The current variant is the one that was pointed at, or moved to with the arrow keys."""

    pressed = Signal(object)  # Sound
    resized = Signal()  # another number of lines fits

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("Variants")
        self.shown: Shown | None = None
        self.heads: tuple[str, ...] = ()
        self.scores: Mapping[Variant, Score] = {}
        self.is_original = False  # while its key is held
        self._costly: tuple[Policy | None, frozenset[int]] = (None, faces.NO_STEPS)
        self._current = (-1, -1)
        self._columns, self._modality, self._fits = 6, Modality.IMAGE, 0

    def expect(self, columns: int, modality: Modality) -> None:
        """How many columns there are to be, so that it can be said how many lines fit."""
        self._columns, self._modality = columns, modality
        self._fits = self.fits

    @property
    def fits(self) -> int:
        """Lines that fit."""
        height = self.height() - MARGIN - theme.grown(HEAD)
        return min(MOST_LINES, max(1, height // (self._size()[1] + theme.grown(FOOT) + LINE_GAP)))

    @property
    def current(self) -> Variant | None:
        placed = next((each for each in self._cells() if (each.line, each.column) == self._current), None)
        return placed.cell.variant if placed else None

    def _size(self) -> tuple[int, int]:
        room = self.width() - 2 * MARGIN - GAP * (self._columns - 1)
        width = max(40, room // max(1, self._columns))
        if self._modality is Modality.TEXT:
            return width, TEXT_H
        side = min(width, SIDE_MOST)
        return (
            (width, round(min(width, 2 * SIDE_MOST) * SOUND_SHARE))
            if self._modality is Modality.AUDIO
            else (side, side)
        )

    def show_original(self, on: bool) -> None:
        self.is_original = on
        self.update()

    def show_read(self, shown: Shown, heads: tuple[str, ...]) -> None:
        self.shown, self.heads = shown, heads
        said = f"{len(shown.lines)} examples: {', '.join(heads)}" if shown.lines else EMPTY
        self.setAccessibleDescription(said)
        self.update()

    def show_scores(self, scores: Mapping[Variant, Score]) -> None:
        self.scores = scores
        self.update()

    def show_costly(self, policy: Policy, places: Iterable[int]) -> None:
        """Steps of a policy that were measured to be bad."""
        self._costly = policy, frozenset(places)
        self.update()

    def costly(self, variant: Variant | None) -> frozenset[int]:
        policy, places = self._costly
        if variant is None or self.shown is None or self.shown.asked.policies[variant.policy] != policy:
            return faces.NO_STEPS
        return places

    def move_to(self, line: int, column: int) -> None:
        if (line, column) != self._current:
            self._current = (line, column)
            said = next((each.cell for each in self._cells() if (each.line, each.column) == self._current), None)
            self.setAccessibleDescription(f"{self.heads[column]}: {self._told(said)}" if said and line >= 0 else "")
            self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.fits != self._fits:
            self._fits = self.fits
            self.resized.emit()

    def _cells(self) -> list[Placed]:
        """Every cell that is shown, with the place of its picture."""
        if (shown := self.shown) is None:
            return []
        width, height = self._size()
        found = []
        for number, line in enumerate(shown.lines):
            cells = [line[0]] * len(line) if self.is_original else list(line)
            targets = shown.targets[number : number + 1]
            y = MARGIN + theme.grown(HEAD) + number * (height + theme.grown(FOOT) + LINE_GAP)
            for at, cell in enumerate([*cells, *targets]):
                rect = QRect(MARGIN + at * (width + GAP), y, width, height)
                found.append(Placed(number, at, rect, cell, is_target=at >= len(cells)))
        return found

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        small = theme.font("small")
        painter.setFont(small)
        words = QFontMetrics(small)
        width = self._size()[0]
        for at, head in enumerate(self.heads):
            room = QRect(MARGIN + at * (width + GAP), MARGIN - 4, width, theme.grown(HEAD) - 4)
            is_target = self.shown is not None and bool(self.shown.targets) and at == len(self.heads) - 1
            painter.setPen(theme.color("series.target" if is_target else "text.secondary"))
            if is_target:
                sign = QRect(room.left(), room.center().y() - SIGN // 2, SIGN, SIGN)
                icons.paint(painter, "target", sign, theme.color("series.target"))
                room.setLeft(sign.right() + 6)
            said = words.elidedText(head, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), said)
        if self.shown is not None and not self.shown.lines:
            painter.setPen(theme.color("text.secondary"))
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), EMPTY)
        for each in self._cells():
            if each.rect.bottom() > self.height():
                continue
            score = self.scores.get(each.cell.variant) if each.cell.variant else None
            is_current = (each.line, each.column) == self._current and each.cell.variant is not None
            costly = self.costly(each.cell.variant)
            frame = "accent.base" if is_current else "series.target" if each.is_target else "line.default"
            faces.face(painter, each.rect, each.cell, score, frame=frame, costly=costly)
            rect = each.rect
            room = QRect(rect.left(), rect.bottom() + 3, rect.width(), theme.grown(FOOT) - 4)
            faces.foot(painter, room, each.cell, score, costly)
        painter.end()

    def _told(self, cell: Cell) -> str:
        is_marked = not self.costly(cell.variant).isdisjoint(cell.done)
        return f"{cell.tip}\n{MARKED}" if is_marked else cell.tip

    # hands

    def _at(self, event: QMouseEvent | QHelpEvent) -> Placed | None:
        point = event.pos() if isinstance(event, QHelpEvent) else event.position().toPoint()
        return next((each for each in self._cells() if each.rect.contains(point)), None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if (placed := self._at(event)) is not None and placed.cell.variant is not None:
            self.move_to(placed.line, placed.column)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        placed = self._at(event)
        if event.button() is not Qt.MouseButton.LeftButton or placed is None:
            return
        if placed.cell.variant is not None:
            self.move_to(placed.line, placed.column)
        if placed.cell.sound is not None:
            self.pressed.emit(placed.cell.sound)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
        }.get(Qt.Key(event.key()))
        cells = [each for each in self._cells() if each.cell.variant is not None]
        here = next((each for each in cells if (each.line, each.column) == self._current), None)
        if event.key() == Qt.Key.Key_Space and here is not None and here.cell.sound is not None:
            self.pressed.emit(here.cell.sound)
        elif by is None or not cells:
            super().keyPressEvent(event)
        elif here is None:
            self.move_to(cells[0].line, cells[0].column)
        else:
            line, column = here.line + by[0], here.column + by[1]
            if any((each.line, each.column) == (line, column) for each in cells):
                self.move_to(line, column)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            placed = self._at(event)
            tip = self._told(placed.cell) if placed else ""
            QToolTip.showText(event.globalPos(), parts.plain_tip(tip) if tip else "", self)
            return True
        return super().event(event)
