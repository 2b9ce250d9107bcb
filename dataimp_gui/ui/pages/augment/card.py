"""One step of a policy: on or off, its chance, from where to where its parameters are drawn."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QEnterEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QMenu, QToolButton, QWidget

from dataimp_gui.core.augment.operations import Operation, table
from dataimp_gui.core.augment.policy import Fault, Step
from dataimp_gui.ui.kit import icons, parts
from dataimp_gui.ui.kit.parts import Elided, icon_button, sign, text
from dataimp_gui.ui.kit.range_field import RangeField
from dataimp_gui.ui.kit.range_slider import RangeSlider
from dataimp_gui.ui.pages.augment import inputs, signs

CHANCE_W: Final = 44
MOST_LABELS: Final = 60  # in a menu
PERCENT_W: Final = 48
GHOST_MS: Final = 350  # on the title of a step until it is seen without it
DRAG: Final = 4  # pixels until a press is a drag


class Card(QFrame):
    turned = Signal(bool)
    chanced = Signal(float)
    ranged = Signal(str, float, float)
    picked = Signal(str, tuple)  # of str
    spared = Signal(tuple)  # of str, labels
    swept = Signal(str)
    moved = Signal(int)  # up: -1, down: 1
    removed = Signal()
    dragged = Signal(int)  # to this y on the screen
    dropped = Signal()
    ghosted = Signal(bool)  # whether the variants are wanted without this step

    def __init__(self, step: Step, labels: Callable[[], Sequence[str]]) -> None:
        """``labels`` are those that examples may have."""
        super().__init__()
        self.setObjectName("card")
        self.op, self._labels, self._spare = step.op, labels, step.spare
        operation = table().get(step.op)
        self.title = operation.title if operation else step.op
        self.setAccessibleName(self.title)
        self.grip = self._gripped()
        self.on = QCheckBox()
        self.on.setAccessibleName(f"{self.title} is on")
        self.on.toggled.connect(self.turned)
        self.head = Head(signs.icon(operation), self.title, _about(operation) if operation else "")
        self.head.hovered.connect(self.ghosted)
        self.chance = RangeSlider(f"Chance of {self.title}", 0, 1, single=True)
        self.chance.setFixedWidth(CHANCE_W)
        self.chance.moved.connect(lambda value, _: self.chanced.emit(value))
        self.percent = RangeField(f"Chance of {self.title}", 0, 100, unit="%", single=True)
        self.percent.setFixedWidth(PERCENT_W)
        self.percent.typed.connect(lambda value, _: self.chanced.emit(value / 100))
        self.fold = icon_button("chevron-down", f"Show or hide what {self.title} draws")
        self.fold.setFixedSize(20, 22)
        self.fold.clicked.connect(lambda: self.show_open(not self.is_open))
        self.warning = text(size="small", colour="err")
        self.warning.setWordWrap(True)
        self.warning.hide()
        line = parts.row(gap=4)
        whole: tuple[QWidget, ...] = (self.grip, self.on, self.head, self.chance, self.percent, self.fold)
        for each in whole:
            line.addWidget(each, 1 if each is self.head else 0)
        self.spared_line = Elided("", size="small", colour="muted")
        self.spared_line.setContentsMargins(18, 0, 0, 0)
        self.spared_line.hide()
        self._body: QWidget = QWidget()
        body = parts.column(self._body, gap=2, margins=(18, 0, 0, 0))
        self.inputs: dict[str, inputs.Input] = {}
        for parameter in operation.parameters if operation else ():
            self.inputs[parameter.name] = made = inputs.made(parameter, self.title)
            made.swept.connect(partial(self.swept.emit, parameter.name))
            if isinstance(made, inputs.Numbers):
                made.ranged.connect(partial(self.ranged.emit, parameter.name))
            else:
                made.picked.connect(partial(self.picked.emit, parameter.name))
            body.addWidget(made)
        column = parts.column(self, gap=2, margins=(2, 5, 4, 5))
        column.addLayout(line)
        column.addWidget(self._body)
        column.addWidget(self.spared_line)
        column.addWidget(self.warning)
        self.warning.setContentsMargins(18, 0, 0, 2)
        self.fold.setEnabled(bool(self.inputs))
        self.show_open(bool(self.inputs) and step.on)

    def _gripped(self) -> "Grip":
        grip = Grip(self.title)
        grip.dragged.connect(self.dragged)
        grip.dropped.connect(self.dropped)
        grip.moved.connect(self.moved)
        grip.removed.connect(self.removed)
        grip.clicked.connect(lambda: self._open_menu(grip.mapToGlobal(grip.rect().bottomLeft())))
        return grip

    @property
    def is_open(self) -> bool:
        return not self._body.isHidden()

    @property
    def sliders(self) -> dict[str, RangeSlider]:
        return {name: line.slider for name, line in self.inputs.items() if isinstance(line, inputs.Numbers)}

    def show_open(self, on: bool) -> None:
        self._body.setHidden(not on)
        self.fold.setIcon(icons.icon("chevron-down" if on else "chevron-right"))

    def show_step(self, step: Step, fault: Fault | None, cost: str = "") -> None:
        """``cost`` says what speaks against the step: what it lacks, or as far as that was measured."""
        self.on.blockSignals(True)
        self.on.setChecked(step.on)
        self.on.blockSignals(False)
        self.chance.show_values(step.chance, step.chance)
        self.percent.show_values(round(step.chance * 100, 1), round(step.chance * 100, 1))
        for each in (self.chance, self.percent):
            each.setEnabled(step.on)
        self.head.show_on(step.on)
        self._spare = step.spare
        self.spared_line.show_words(f"Never done to {', '.join(step.spare)}")
        self.spared_line.setHidden(not step.spare)
        for line in self.inputs.values():
            line.show_step(step)
        self.show_warning(" ".join(filter(None, (fault.message, fault.hint))) if fault else cost)

    def show_warning(self, words: str) -> None:
        self.warning.setText(words)
        self.warning.setHidden(not words)
        self.setProperty("kind", "err" if words else "")
        self.style().polish(self)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._open_menu(event.globalPos())

    def _open_menu(self, at: QPoint) -> None:
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def menu(self) -> QMenu:
        menu = QMenu(self)
        menu.addAction(f"Move {self.title} up\tAlt+Up", lambda: self.moved.emit(-1))
        menu.addAction(f"Move {self.title} down\tAlt+Down", lambda: self.moved.emit(1))
        swept = menu.addMenu("See from low to high")
        for name, line in self.inputs.items():
            if line.title.isEnabled():
                swept.addAction(line.parameter.title, partial(self.swept.emit, name))
        swept.setEnabled(not swept.isEmpty())
        spared = menu.addMenu("Never do it to")
        for label in dict.fromkeys((*self._spare, *self._labels()[:MOST_LABELS])):
            action = spared.addAction(label.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(label in self._spare)
            action.toggled.connect(partial(self._spare_label, label))
        spared.setEnabled(not spared.isEmpty())
        menu.addSeparator()
        menu.addAction(f"Remove {self.title}\tDel", self.removed.emit)
        return menu

    def _spare_label(self, label: str, on: bool) -> None:
        self.spared.emit(tuple(each for each in self._spare if each != label) + ((label,) if on else ()))


def _about(operation: Operation) -> str:
    return f"{operation.noise} It {operation.keeps.value.replace(' it', ' the label')}."


class Head(QWidget):
    """The icon and title of a step; the pointer that rests on it asks for the variants without it."""

    hovered = Signal(bool)

    def __init__(self, icon: str, title: str, noise: str) -> None:
        super().__init__()
        self._sign, self._icon = sign(icon), icon
        self._words = Elided(title)
        self._rests = QTimer(self, singleShot=True, interval=GHOST_MS)
        self._rests.timeout.connect(lambda: self.hovered.emit(True))
        self.setToolTip(parts.plain_tip(f"{title}. {noise} The grid shows the variants without it meanwhile."))
        row = parts.row(self, gap=6)
        row.addWidget(self._sign)
        row.addWidget(self._words, 1)

    def show_on(self, on: bool) -> None:
        self._sign.show_sign(self._icon, "text.secondary" if on else "text.disabled")
        self._words.setProperty("colour", "primary" if on else "muted")
        self._words.style().polish(self._words)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._rests.start()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._rests.stop()
        self.hovered.emit(False)


class Grip(QToolButton):
    """Dragged it moves the step; clicked it opens its menu; Alt with up or down moves it by one."""

    dragged = Signal(int)
    dropped = Signal()
    moved = Signal(int)
    removed = Signal()

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setIcon(icons.icon("grip", "text.muted"))
        self.setFixedSize(16, 22)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.SizeVerCursor)
        self.setAccessibleName(f"Move {title}")
        self.setToolTip("Drag to another place (Alt+Up, Alt+Down); click for more")
        self._pressed: QPoint | None = None
        self._is_dragging = False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed, self._is_dragging = event.position().toPoint(), False
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        if self._is_dragging or abs(event.position().y() - self._pressed.y()) >= DRAG:
            self._is_dragging = True
            self.dragged.emit(event.globalPosition().toPoint().y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed = None
        if self._is_dragging:
            self._is_dragging = False
            self.setDown(False)
            self.dropped.emit()
        else:
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if by and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.moved.emit(by)
        elif event.key() == Qt.Key.Key_Delete:
            self.removed.emit()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)
