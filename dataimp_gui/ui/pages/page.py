"""What every page is to the window: a left panel, a middle, a right panel, with widths that a person can drag."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from dataimp_gui.ui import theme

LEFT: Final = (200, 248, 400)  # smallest, at first, largest; panels grow with the text in them
RIGHT: Final = (280, 320, 560)
MIDDLE: Final = 360


class Page(QSplitter):
    """``key`` names it in settings. In a narrow window the right panel gives way first, then the left one."""

    panels_changed = Signal()

    def __init__(
        self, key: str, left: QWidget | None, middle: QWidget, right: QWidget | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent, childrenCollapsible=False, handleWidth=1)
        self.key = key
        self.left, self.middle, self.right = left, middle, right
        self._wants_left = self._wants_right = True
        self._hundred = 100  # pixels, as long as they are at the text size in force
        for widget in (left, middle, right):
            if widget is not None:
                self.addWidget(widget)
                self.setStretchFactor(self.count() - 1, 1 if widget is middle else 0)
        middle.setMinimumWidth(MIDDLE)
        self._limit()
        sizes = [LEFT[1]] * (left is not None) + [1000] + [RIGHT[1]] * (right is not None)
        self.setSizes([theme.grown(size) for size in sizes])

    def _limit(self) -> None:
        self._hundred = theme.grown(100)
        for widget, (least, _, most) in ((self.left, LEFT), (self.right, RIGHT)):
            if widget is not None:
                widget.setMinimumWidth(theme.grown(least))
                widget.setMaximumWidth(theme.grown(most))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and self._hundred != theme.grown(100):
            before, sizes = self._hundred, self.sizes()
            self._limit()
            self.setSizes([size * self._hundred // before for size in sizes])
            self._fit()

    def focus_view(self) -> None:
        """The keyboard goes to what the page is about."""
        self.middle.setFocus()

    def remembered(self) -> str:
        """What a page wants to find again the next time beside its panels, as text."""
        return ""

    def recall(self, remembered: str) -> None:
        """Be as it was left. Any text may come."""

    def take_file(self, _path: Path) -> bool:
        """Whether it is one that the page opens; a file that was dropped and nobody takes is offered for import."""
        return False

    @property
    def left_shown(self) -> bool:
        return self._wants_left

    @property
    def right_shown(self) -> bool:
        return self._wants_right

    def show_left(self, on: bool) -> None:
        self._wants_left = on
        self._fit()

    def show_right(self, on: bool) -> None:
        self._wants_right = on
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.width() - MIDDLE
        least_left, least_right = theme.grown(LEFT[0]), theme.grown(RIGHT[0])
        left = self._wants_left and room >= least_left
        right = self._wants_right and room >= least_right + (least_left if left else 0)
        before = [widget is not None and widget.isHidden() for widget in (self.left, self.right)]
        if self.left is not None:
            self.left.setHidden(not left)
        if self.right is not None:
            self.right.setHidden(not right)
        if before != [widget is not None and widget.isHidden() for widget in (self.left, self.right)]:
            self.panels_changed.emit()
