"""A list to choose from that says what is chosen with it, in one line: "Sort Confidence"."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPaintEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter, QWidget

from dataimp_gui.ui import theme

PAD = 36  # for the frame and the arrow


class Choice(QComboBox):
    """``title`` stands before the words of the item; ``name`` is for screen readers."""

    def __init__(self, title: str, name: str, letters: int, parent: QWidget | None = None) -> None:
        """As wide as the title and about so many letters; longer words are cut."""
        super().__init__(parent)
        self._title = title
        self._letters = letters
        self.setAccessibleName(name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)

    def _title_width(self) -> int:
        return QFontMetrics(self.font()).horizontalAdvance(self._title) + 8

    def sizeHint(self) -> QSize:
        letters = QFontMetrics(self.font()).averageCharWidth() * self._letters
        return QSize(self._title_width() + letters + PAD, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._title_width() + PAD + 24, super().sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()  # a new one each time, never kept: see kit/cells.py
        self.initStyleOption(option)
        words = option.currentText
        option.currentText = ""
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        room = self.rect().adjusted(9, 0, -26, 0)
        painter.setPen(theme.color("text.muted"))
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), self._title)
        rest = QRect(room).adjusted(self._title_width(), 0, 0, 0)
        shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, rest.width())
        painter.setPen(theme.color("text.primary"))
        painter.drawText(rest, int(Qt.AlignmentFlag.AlignVCenter), shown)
