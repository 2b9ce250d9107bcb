"""What is wrong with a filter, in a note under the query bar."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QWidget

from dataimp_gui.errors import QueryError
from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import sign, text


class QueryNote(QFrame):
    """Takes no focus."""

    def __init__(self, bar: QWidget) -> None:
        super().__init__(bar.window())
        self.setObjectName("queryError")
        self._bar = bar
        self._message = text(colour="err")
        self._message.setWordWrap(True)
        self._hint = text(size="small", colour="secondary")
        self._hint.setWordWrap(True)
        self._still = text(size="small", colour="muted")
        self._instead, self._tab = text(mono=True), parts.key("Tab")
        row = parts.row(gap=6)
        row.addWidget(sign("cross", "err.base"), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._message, 1)
        row.addWidget(self._instead, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._tab, 0, Qt.AlignmentFlag.AlignTop)
        column = parts.column(self, gap=6, margins=(12, 10, 12, 10))
        column.addLayout(row)
        column.addWidget(self._hint)
        column.addWidget(self._still)
        self.hide()

    @property
    def message(self) -> str:
        return self._message.text()

    def tell(self, error: QueryError, still: str) -> None:
        self._message.setText(str(error))
        self._hint.setText(error.hint)
        self._hint.setVisible(bool(error.hint))
        self._instead.setText(theme.one_line(error.instead))
        self._instead.setVisible(bool(error.instead))
        self._tab.setVisible(bool(error.instead))
        self._still.setText(still)
        window = self._bar.window()
        if self.parent() is not window:
            self.setParent(window)
        self.setFixedWidth(max(320, self._bar.width()))
        self.adjustSize()
        self.move(self._bar.mapTo(window, QPoint(0, self._bar.height() + 4)))
        self.show()
        self.raise_()
