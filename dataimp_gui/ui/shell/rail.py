"""The rail at the left edge: one button a page, settings and help at its foot."""

from collections.abc import Callable

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import icons, parts

WIDTH = 64
ITEM_H = 56
TEXT_Y = 32  # of an item


class RailButton(QAbstractButton):
    def __init__(self, icon: str, title: str, *, checkable: bool) -> None:
        super().__init__()
        self._icon = icon
        self.setText(title)
        self.setAccessibleName(title)
        self.setCheckable(checkable)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        words = QFontMetrics(theme.font("caption"))
        return QSize(max(WIDTH, words.horizontalAdvance(self.text()) + 8), max(ITEM_H, TEXT_Y + words.height() + 6))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        if on or self.underMouse():
            painter.fillRect(self.rect(), theme.color("bg.raised" if on else "bg.hover"))
        if on:
            painter.fillRect(QRect(0, 0, 2, self.height()), theme.color("accent.base"))
        colour = theme.color("accent.text" if on else "text.secondary")
        icons.paint(painter, self._icon, QRect((self.width() - 20) // 2, TEXT_Y - 22, 20, 20), colour)
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.color("text.primary" if on else "text.secondary"))
        painter.drawText(
            QRect(0, TEXT_Y, self.width(), self.height() - TEXT_Y), Qt.AlignmentFlag.AlignHCenter, self.text()
        )
        if self.hasFocus():
            painter.setPen(theme.color("accent.base"))
            painter.drawRect(self.rect().adjusted(2, 2, -3, -3))


class Rail(QWidget):
    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._pages: dict[str, RailButton] = {}
        self._column = parts.column(self, gap=0, margins=(0, 0, 0, 4))
        self._column.addWidget(_Logo())
        self._column.addStretch(1)

    def add_page(self, key: str, icon: str, title: str) -> None:
        button = RailButton(icon, title, checkable=True)
        button.clicked.connect(lambda: self.chosen.emit(key))
        self._column.insertWidget(len(self._pages) + 1, button)
        self._pages[key] = button

    def add_foot(self, icon: str, title: str, do: Callable[[], object]) -> None:
        button = RailButton(icon, title, checkable=False)
        button.clicked.connect(do)
        self._column.addWidget(button)

    def clear_pages(self) -> None:
        for button in self._pages.values():
            button.setParent(None)
            button.deleteLater()
        self._pages.clear()

    def button(self, key: str) -> RailButton:
        return self._pages[key]

    def show_page(self, key: str) -> None:
        for name, button in self._pages.items():
            button.setChecked(name == key)


class _Logo(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(48)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawPixmap((self.width() - 24) // 2, 12, icons.logo(24))
