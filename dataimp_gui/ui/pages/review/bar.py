"""The bar above a review: the way back, what is reviewed, how far and how fast, blind or not."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import Elided, icon_button, text
from dataimp_gui.ui.pages.review.keyed import KeyedButton
from dataimp_gui.ui.pages.review.meter import Meter

HEIGHT = 48


class ReviewBar(QWidget):
    left = Signal()
    undo_wanted = Signal()
    redo_wanted = Signal()
    keys_wanted = Signal()

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("topBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        back = KeyedButton("Triage", "Esc", kind="quiet", icon="chevron-left")
        back.clicked.connect(self.left)
        self._title = Elided(title, size="small", colour="secondary")
        self._title.setProperty("chip", "neutral")
        self._title.setMaximumWidth(300)
        self.place, self._of = text(size="title", strong=True), text(size="title", colour="muted")
        self._bar = Meter("Decided")
        self._bar.setFixedWidth(160)
        self.pace = text(size="small", colour="secondary")
        self.blind = Switch("Blind mode")
        self.undo = icon_button("undo", "Step back and undo", key="U")
        self.redo = icon_button("redo", "Redo", key="Ctrl+Shift+Z")
        keys = icon_button("help", "All keys", key="?")
        self.undo.clicked.connect(self.undo_wanted)
        self.redo.clicked.connect(self.redo_wanted)
        keys.clicked.connect(self.keys_wanted)
        row = parts.row(self, gap=8, margins=(6, 0, 12, 0))
        row.addWidget(back)
        row.addWidget(text("Review labels", size="title", strong=True))
        row.addWidget(self._title, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch(1)
        row.addWidget(self.place)
        row.addWidget(self._of)
        row.addWidget(self._bar, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.pace)
        row.addStretch(1)
        row.addWidget(text("Blind mode"))
        row.addWidget(self.blind)
        row.addWidget(parts.key("B"))
        for widget in (self.undo, self.redo, keys):
            row.addWidget(widget)

    def show_place(self, place: int, count: int, decided: int) -> None:
        """``place`` counts from 0; at ``count`` all is decided."""
        self.place.setText(f"{min(place + 1, count):,}")
        self._of.setText(f"/ {count:,}")
        self._bar.show_share(decided / max(1, count))

    def words(self) -> str:
        return f"{self.place.text()} {self._of.text()}"


class Switch(QAbstractButton):
    """On or off, with the state in the place of the knob."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, checkable=True)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        return QSize(32, 20)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        track = QRectF(2, 2, 28, 16)
        painter.setPen(
            QPen(theme.color("accent.base" if self.hasFocus() else "line.strong"), 2 if self.hasFocus() else 1)
        )
        painter.setBrush(theme.color("accent.fill" if on else "line.default"))
        painter.drawRoundedRect(track, 8, 8)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("text.onfill"))
        painter.drawEllipse(QRectF(17 if on else 5, 5, 10, 10))
        painter.end()
