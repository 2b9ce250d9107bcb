"""Which views of the examples are shown: one, or two beside each other, and below a matrix or a map a tray."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFontMetrics, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QSplitter, QToolButton, QWidget

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import icons, parts
from dataimp_gui.ui.kit.parts import Elided, small_button

ROOM: Final = 50  # of a button, around its words
ICON_ROOM: Final = 44  # of one without
MARGINS: Final = 32  # of the bar, and between switch and tools
GIVE: Final = 48  # that the tools can do without and still be read


@dataclass(frozen=True, slots=True)
class Row:
    """``make`` is called when the view is first looked at; what it has as ``tools`` goes into the bar above.

    With ``tray`` the selected examples stand below it.
    """

    key: str
    title: str
    icon: str
    shortcut: str
    make: Callable[[], QWidget]
    tray: bool = False


class Views(QWidget):
    """A click shows one view; with Shift it comes beside the one that is shown."""

    split = Signal(bool)  # two views from now on, or one again

    def __init__(self, rows: Mapping[str, Row], tray: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = rows
        self._made: dict[str, QWidget] = {}
        self.shown: tuple[str, ...] = ()
        self._tray = tray
        self.buttons: dict[str, QToolButton] = {}
        bar = QWidget()
        bar.setObjectName("toolbar")
        line = parts.row(bar, gap=8, margins=(12, 6, 12, 6))
        line.addWidget(self._build_switch())
        self._hint = Elided("Shift-click a second view to split", size="small", colour="muted")
        self._close = small_button("Close split", icon="close")
        self._close.clicked.connect(self.close_split)
        self._tools = QWidget()  # no stack: that would be as wide as the widest, and push the switch together
        parts.row(self._tools, gap=0)
        line.addWidget(self._hint)
        line.addWidget(self._tools, 1)
        line.addWidget(self._close)
        self._body = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False, handleWidth=1)
        self._halves = QSplitter(Qt.Orientation.Vertical, childrenCollapsible=False, handleWidth=1)
        self._halves.addWidget(self._body)
        self._halves.addWidget(tray)
        self._halves.setStretchFactor(0, 1)
        column = parts.column(self, gap=0)
        column.addWidget(bar)
        column.addWidget(self._halves, 1)
        self._tools.installEventFilter(self)
        self.show_view(next(iter(rows)))

    def _build_switch(self) -> QWidget:
        switch = QWidget()
        switch.setObjectName("switch")
        line = parts.row(switch, gap=0)
        self._group = QButtonGroup(self, exclusive=False)
        for row in self._rows.values():
            made = QToolButton()
            made.setText(row.title)
            made.setCheckable(True)
            made.setIcon(icons.icon(row.icon))
            made.setProperty("segment", "true")
            made.setAccessibleName(row.title)
            made.setToolTip(f"{row.title} ({row.shortcut}), with Shift beside what is shown")
            made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            made.clicked.connect(partial(self._switch, row.key))
            self._group.addButton(made)
            line.addWidget(made)
            self.buttons[row.key] = made
        return switch

    def _fit_switch(self) -> None:
        """Icons and words, or icons alone where the tools of the view would have to be cut."""
        metrics = QFontMetrics(theme.font())  # a hint would be without the style sheet's padding
        widths = [metrics.horizontalAdvance(made.text()) + ROOM for made in self.buttons.values()]
        in_full = sum(widths) + self._tools.sizeHint().width() - GIVE + MARGINS <= self.width() or len(self.shown) > 1
        style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon if in_full else Qt.ToolButtonStyle.ToolButtonIconOnly
        for made, width in zip(self.buttons.values(), widths, strict=True):
            made.setToolButtonStyle(style)
            made.setFixedWidth(width if in_full else ICON_ROOM)

    def _switch(self, key: str) -> None:
        beside = bool(QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier)
        self.show_view(key, beside=beside)

    def view(self, key: str) -> QWidget:
        """The view of that name, made now when nobody looked at it before."""
        if key not in self._made:
            made = self._rows[key].make()
            self._made[key] = made
            self._body.addWidget(made)
            if (tools := getattr(made, "tools", None)) is not None:
                line = self._tools.layout()
                assert line is not None
                line.addWidget(tools)
        return self._made[key]

    def has(self, key: str) -> bool:
        """Whether somebody looked at that view already."""
        return key in self._made

    def show_view(self, key: str, *, beside: bool = False) -> None:
        """Alone, or beside the main one; asked for beside when it is already there, it goes."""
        was_split = len(self.shown) > 1
        if beside and key in self.shown:
            wanted = tuple(shown for shown in self.shown if shown != key) or (key,)
        elif beside:
            wanted = (*self.shown[:1], key)
        else:
            wanted = (key,)
        self.shown = tuple(sorted(wanted, key=list(self._rows).index, reverse=len(wanted) > 1))
        for other in self.shown:
            self.view(other)
        for place, other in enumerate(self.shown):
            self._body.insertWidget(place, self._made[other])
        for other, view in self._made.items():
            view.setVisible(other in self.shown)
        for other, button in self.buttons.items():
            button.setChecked(other in self.shown)
        split = len(self.shown) > 1
        if split:
            half = max(1, self._body.width() // 2)
            inside = set(self.shown)
            order = sorted(self._made, key=lambda other: self._body.indexOf(self._made[other]))
            self._body.setSizes([half if other in inside else 0 for other in order])
        tools = None if split else getattr(self._made[key], "tools", None)
        for view in self._made.values():
            if (own := getattr(view, "tools", None)) is not None:
                own.setVisible(own is tools)
        self._hint.setVisible(not split and tools is None)
        self._close.setVisible(split)
        self._tray.setVisible(any(self._rows[other].tray for other in self.shown))
        self._fit_switch()
        if split != was_split:
            self.split.emit(split)

    def close_split(self) -> None:
        self.show_view(self.shown[0])

    @property
    def main(self) -> QWidget:
        """The view that the keyboard belongs to when nobody has it."""
        return self._made[self.shown[0]]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_switch()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:  # of the tools: one of them came or went
            self._fit_switch()
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._fit_switch()
            for row in self._rows.values():
                self.buttons[row.key].setIcon(icons.icon(row.icon))
