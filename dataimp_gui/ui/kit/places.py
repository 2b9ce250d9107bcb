"""A painted widget of several places to choose from: one focus stop, in which arrows move."""

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from dataimp_gui.ui.kit.parts import plain_tip


class Places(QWidget):
    """A click or Enter chooses. ``hovered`` and ``at`` are the places under the mouse and of the keyboard, -1
    for none; whoever inherits paints them, and says how many there are, where, and what happens to a chosen one."""

    BACK, FORWARD = Qt.Key.Key_Up, Qt.Key.Key_Down
    CHOOSE: tuple[Qt.Key, ...] = (Qt.Key.Key_Return, Qt.Key.Key_Enter)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hovered = self.at = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)

    def place_count(self) -> int:
        raise NotImplementedError

    def place_under(self, point: QPoint) -> int:
        """-1 for none."""
        raise NotImplementedError

    def choose(self, place: int) -> None:
        raise NotImplementedError

    def tip_of(self, _place: int) -> str:
        """Plain words for the tool tip; empty for none."""
        return ""

    def moved(self) -> None:
        """The keyboard went to another place."""

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            place = self.place_under(event.pos())
            words = self.tip_of(place) if place >= 0 else ""
            QToolTip.showText(event.globalPos(), plain_tip(words) if words else "", self)
            return True
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.hovered = self.place_under(event.position().toPoint())
        self.setCursor(Qt.CursorShape.PointingHandCursor if self.hovered >= 0 else Qt.CursorShape.ArrowCursor)
        self.update()

    def leaveEvent(self, _event: QEvent) -> None:
        self.hovered = -1
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = self.place_under(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and place >= 0:
            self.at = place
            self.choose(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case self.BACK | self.FORWARD:
                step = 1 if event.key() == self.FORWARD else -1
                self.at = min(max(self.at + step, 0), self.place_count() - 1)
                self.moved()
                self.update()
            case key if key in self.CHOOSE and 0 <= self.at < self.place_count():
                self.choose(self.at)
            case _:
                super().keyPressEvent(event)
