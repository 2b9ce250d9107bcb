"""The list under the query bar: what can stand at the cursor, or what was asked before."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import text
from dataimp_gui.ui.shell.completing import Offer

LINES: Final = 9  # seen at once
PAD: Final = 10
_ABOUT: Final = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex


class OfferList(QFrame):
    """Takes no focus: the field keeps it and hands over the keys that are meant for the list."""

    picked = Signal(str)

    def __init__(self, bar: QWidget) -> None:
        super().__init__(bar.window())
        self.setObjectName("queryOffers")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._bar = bar
        self.list = QListWidget()
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setAccessibleName("What can stand here")
        self.list.setItemDelegate(_Line(self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.list.setUniformItemSizes(True)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.itemClicked.connect(lambda item: self.picked.emit(item.text()))
        foot = parts.row(gap=6, margins=(PAD, 4, PAD, 6))
        for keys, words in (("↑ ↓", "choose"), ("Tab", "take"), ("Esc", "close")):
            foot.addWidget(parts.key(keys))
            foot.addWidget(text(words, size="small", colour="muted"))
        foot.addStretch(1)
        column = parts.column(self, gap=0, margins=(1, 1, 1, 1))
        column.addWidget(self.list)
        column.addLayout(foot)
        self.hide()

    @property
    def shown(self) -> list[str]:
        """What is offered; nothing while the list is hidden."""
        return [] if self.isHidden() else [self.list.item(i).text() for i in range(self.list.count())]

    @property
    def chosen(self) -> str:
        """What the arrows stand on, empty while they were not used."""
        item = self.list.currentItem()
        return item.text() if item is not None and not self.isHidden() else ""

    def show_offers(self, offers: Sequence[Offer]) -> None:
        if not offers:
            self.hide()
            return
        self.list.clear()
        for offer in offers:
            item = QListWidgetItem(offer.insert)
            item.setData(_ABOUT, offer.about)
            self.list.addItem(item)
        self.list.setCurrentRow(-1)
        window = self._bar.window()
        if self.parent() is not window:
            self.setParent(window)
        lines = min(LINES, len(offers))
        self.list.setFixedHeight(lines * self.list.sizeHintForRow(0) + 2)
        self.setFixedWidth(min(self._bar.width(), 520))
        self.adjustSize()
        self.move(self._bar.mapTo(window, QPoint(0, self._bar.height() + 4)))
        self.show()
        self.raise_()

    def step(self, by: int) -> None:
        count = self.list.count()
        row = self.list.currentRow()
        self.list.setCurrentRow((row + by) % count if row >= 0 else 0 if by > 0 else count - 1)


class _Line(QStyledItemDelegate):
    """The text to insert, and at the right what it is; plain text both."""

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(option.rect.width(), theme.font("small").pixelSize() + 12)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect = option.rect
        chosen = bool(option.state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver))
        painter.save()
        painter.fillRect(rect, theme.color("bg.selected" if chosen else "bg.raised"))
        inner = rect.adjusted(PAD, 0, -PAD, 0)
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color("text.muted"))
        about = str(index.data(_ABOUT) or "")
        painter.drawText(inner, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, about)
        inner.setRight(inner.right() - painter.fontMetrics().horizontalAdvance(about) - PAD)
        painter.setFont(theme.mono("small"))
        painter.setPen(theme.color("text.primary"))
        words = theme.one_line(index.data())
        elided = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, elided)
        painter.restore()
