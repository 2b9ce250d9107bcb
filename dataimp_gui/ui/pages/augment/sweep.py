"""A strip of one example along one parameter of a step, from low to high, to choose a value by its looks."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from dataimp_gui.core.augment.applying import apply
from dataimp_gui.core.augment.operations import Parameter, find
from dataimp_gui.core.augment.policy import Policy, Step
from dataimp_gui.progress import Progress
from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import Elided, icon_button, text
from dataimp_gui.ui.kit.range_field import written
from dataimp_gui.ui.pages.augment import faces
from dataimp_gui.ui.pages.augment.reading import Cell, Reader, varied

STOPS: Final = 8
FEW: Final = 5  # where there is little room
NARROW: Final = 600
GAP: Final = 8
FOOT: Final = 20
SIDE: Final = 108
LONGEST_TEXT: Final = 400
Value = float | str


@dataclass(frozen=True, slots=True, eq=False)
class Swept:
    """``values`` are numbers, or choices; ``cells`` what they make of the example."""

    place: int
    name: str
    title: str
    values: tuple[Value, ...]
    cells: tuple[Cell, ...]


def stops(parameter: Parameter, track: tuple[float, float], count: int = STOPS) -> tuple[Value, ...]:
    """Evenly along the track of its slider, or all that there is to choose."""
    if not parameter.is_number:
        return parameter.choices
    low, high = track
    space = np.geomspace if parameter.log and low > 0 else np.linspace
    values = space(low, high, count)
    if parameter.integer:
        values = np.unique(values.round())
    digits = max(0, 2 - math.floor(math.log10(high - low))) if high > low else 3
    return tuple(min(max(round(value, digits), parameter.low), parameter.high) for value in values.tolist())


def fixed(step: Step, name: str, value: Value) -> Step:
    """Always done, with just this value."""
    if isinstance(value, str):
        return replace(step, chance=1.0, on=True, choices={**step.choices, name: (value,)})
    return replace(step, chance=1.0, on=True, ranges={**step.ranges, name: (value, value)})


def sweep(
    reader: Reader,
    policy: Policy,
    place: int,
    name: str,
    values: tuple[Value, ...],
    where: tuple[int, int],
    progress: Progress,
) -> Swept:
    """Of the example and draw in ``where``; the other steps stay as they are drawn for it."""
    row, draw = where
    steps, parameter = policy.steps, find(policy.steps[place].op).parameter(name)
    assert parameter is not None
    loaded = reader.load(np.array([row], np.int64), progress)
    cells = []
    for value in values if len(loaded) else ():
        progress.check()
        one = replace(policy, steps=(*steps[:place], fixed(steps[place], name, value), *steps[place + 1 :]))
        made = varied(apply(one, loaded.values[0], loaded.ids[0], draw, loaded.names[0]), loaded.values[0], False)
        cells.append(made)
    title = f"{parameter.title} of {find(steps[place].op).title}, from low to high"
    return Swept(place, name, title if parameter.is_number else title.partition(",")[0], values, tuple(cells))


class Sweep(QWidget):
    """A click takes the value, with Shift the range grows to hold it."""

    taken = Signal(object, bool)  # the value, and whether the range is to grow
    pressed = Signal(object)  # Sound
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("toolbar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.swept: Swept | None = None
        self._title = Elided("", size="small", strong=True)
        close = icon_button("close", "Close the strip", key="Esc")
        close.clicked.connect(self.closed)
        self.strip = Strip()
        self.strip.taken.connect(self.taken)
        self.strip.pressed.connect(self.pressed)
        head = parts.row(gap=8)
        head.addWidget(self._title, 1)
        self._hint = text("Click takes a value, Shift+click widens the range", size="small", colour="muted")
        head.addWidget(self._hint)
        head.addWidget(close)
        column = parts.column(self, gap=2, margins=(14, 4, 14, 6))
        column.addLayout(head)
        column.addWidget(self.strip)
        self.hide()

    @property
    def count(self) -> int:
        """Values that fit."""
        within = self.parentWidget()
        return FEW if within is not None and within.width() < NARROW else STOPS

    def show_swept(self, swept: Swept, chosen: tuple[Value, ...]) -> None:
        """``chosen`` are the ends of the range, or the choices, that the step draws from."""
        self.swept = swept
        self._title.show_words(swept.title)
        self._hint.setHidden(self.count == FEW)
        self.strip.show_swept(swept, chosen)
        self.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)


class Strip(QWidget):
    taken = Signal(object, bool)
    pressed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._swept: Swept | None = None
        self._chosen: tuple[Value, ...] = ()
        self._at = 0

    def show_swept(self, swept: Swept, chosen: tuple[Value, ...]) -> None:
        self._swept, self._chosen = swept, chosen
        self._at = min(self._at, max(0, len(swept.values) - 1))
        self.setAccessibleName(swept.title)
        self._describe()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(STOPS * SIDE, SIDE + theme.grown(FOOT))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, SIDE + theme.grown(FOOT))

    def rect_of(self, number: int) -> QRect:
        count = max(1, len(self._swept.cells) if self._swept else 1)
        width = (self.width() - GAP * (count - 1)) // count
        is_text = bool(self._swept and self._swept.cells and self._swept.cells[0].picture is None)
        side = min(width, SIDE)
        return (
            QRect(number * (width + GAP), 0, width, SIDE) if is_text else QRect(number * (width + GAP), 0, side, side)
        )

    def is_chosen(self, value: Value) -> bool:
        """Whether the step may draw it now."""
        if isinstance(value, str) or not self._chosen or isinstance(self._chosen[0], str):
            return value in self._chosen
        return self._chosen[0] <= value <= self._chosen[-1]  # type: ignore[operator]

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setFont(theme.font("small"))
        for number, cell in enumerate(self._swept.cells if self._swept else ()):
            assert self._swept is not None
            rect, value = self.rect_of(number), self._swept.values[number]
            is_current = self.hasFocus() and number == self._at
            faces.face(painter, rect, cell, None, frame="accent.base" if is_current else "line.default")
            foot = QRect(rect.left(), rect.bottom() + 2, rect.width(), theme.grown(FOOT) - 4)
            is_in = self.is_chosen(value)
            if is_in:
                painter.fillRect(QRect(rect.left(), rect.bottom() - 2, rect.width(), 3), theme.color("accent.base"))
            painter.setPen(theme.color("accent.text" if is_in else "text.secondary"))
            said = painter.fontMetrics().elidedText(_said(value), Qt.TextElideMode.ElideRight, rect.width())
            painter.drawText(foot, int(Qt.AlignmentFlag.AlignVCenter), said)
        painter.end()

    def _describe(self) -> None:
        if self._swept and self._swept.values:
            value = self._swept.values[self._at]
            self.setAccessibleDescription(f"{_said(value)}{', drawn from now' if self.is_chosen(value) else ''}")

    def _number(self, event: QMouseEvent | QHelpEvent) -> int:
        point = event.pos() if isinstance(event, QHelpEvent) else event.position().toPoint()
        count = len(self._swept.cells) if self._swept else 0
        return next((number for number in range(count) if self.rect_of(number).contains(point)), -1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self._number(event)
        if event.button() is Qt.MouseButton.LeftButton and number >= 0:
            self._at = number
            self._take(grows=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))

    def _take(self, *, grows: bool) -> None:
        if self._swept is None or not self._swept.cells:
            return
        sound = self._swept.cells[self._at].sound
        if sound is not None:
            self.pressed.emit(sound)
        self._describe()
        self.taken.emit(self._swept.values[self._at], grows)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        count = len(self._swept.cells) if self._swept else 0
        if by and count:
            self._at = min(max(self._at + by, 0), count - 1)
            self._describe()
            self.update()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space} and count:
            self._take(grows=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            number = self._number(event)
            tip = self._swept.cells[number].tip if self._swept and number >= 0 else ""
            QToolTip.showText(event.globalPos(), parts.plain_tip(tip[:LONGEST_TEXT]) if tip else "", self)
            return True
        return super().event(event)


def _said(value: Value) -> str:
    return value if isinstance(value, str) else written(value, value)
