"""What stands in the place of the gallery when nothing is there: what happened, and one or two ways on."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QWidget

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import icons, parts
from dataimp_gui.ui.kit.parts import button, clear, text

Offer = tuple[str, Callable[[], object]]


class _Sign(QWidget):
    name = ""

    def sizeHint(self) -> QSize:
        return QSize(32, 32)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        middle = self.rect().center()
        icons.paint(painter, self.name, QRect(middle.x() - 14, middle.y() - 14, 28, 28), theme.color("text.secondary"))


class EmptyState(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.offers: list[QPushButton] = []
        self._actions: list[Callable[[], object]] = []
        self._shown: object = None
        self._sign = _Sign()
        self._title = text(size="title", strong=True)
        self._words = text(colour="secondary")
        self._words.setWordWrap(True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._words.setFixedWidth(440)
        self._row = parts.row(gap=8)
        column = parts.column(self, gap=8)
        column.addStretch(2)
        for widget in (self._sign, self._title, self._words):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(8)
        column.addLayout(self._row)
        column.addStretch(3)

    def show_state(self, sign: str, title: str, words: str, offers: Sequence[Offer]) -> None:
        self._actions = [do for _, do in offers]
        shown = (sign, title, words, tuple(name for name, _ in offers))
        if shown == self._shown:
            return  # its buttons stay, and the keyboard on them
        self._shown = shown
        self._sign.name = sign
        self._sign.update()
        self._title.setText(title)
        self._words.setText(words)
        self._words.setMinimumHeight(self._words.heightForWidth(self._words.width()))
        self.setAccessibleName(f"{title}. {words}")
        focused = any(offer.hasFocus() for offer in self.offers)
        clear(self._row)
        self.offers = []
        self._row.addStretch(1)
        for number, (name, _) in enumerate(offers):
            offer = button(name, kind="primary" if number == 0 else "")
            offer.clicked.connect(partial(self._do, number))
            self.offers.append(offer)
            self._row.addWidget(offer)
        self._row.addStretch(1)
        if focused and self.offers:
            self.offers[0].show()  # the layout would do that later
            self.offers[0].setFocus()

    def _do(self, number: int) -> None:
        self._actions[number]()
