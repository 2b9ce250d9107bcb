"""The command palette: every action by its name, from the keyboard."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QWidget

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit.actions import shown_icon, shown_keys, shown_place
from dataimp_gui.ui.kit.parts import column, key, row, sign, text

WIDTH = 560
ROW_H = 34


class CommandPalette(QFrame):
    """Opens in the upper middle of ``window`` and goes away when it loses the focus, on Esc, and after a choice."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setObjectName("popover")
        self.setAccessibleName("Commands")
        self._window = window
        self._actions: Sequence[QAction] = ()
        self.field = QLineEdit(placeholderText="Type a command")
        self.field.setObjectName("paletteField")
        self.field.setAccessibleName("Command")
        self.field.textChanged.connect(self._filter)
        self.field.installEventFilter(self)
        self.found = QListWidget()
        self.found.setObjectName("popup")
        self.found.setAccessibleName("Commands that match")
        self.found.itemActivated.connect(self._run)
        self.found.itemClicked.connect(self._run)
        top = row(margins=(14, 4, 12, 4))
        top.addWidget(sign("search", "text.muted"))
        top.addWidget(self.field, 1)
        top.addWidget(key("Esc"))
        rule = QFrame()
        rule.setObjectName("rule")
        self._lines = column(self, gap=0, margins=(1, 1, 1, 5))
        self._lines.addLayout(top)
        self._lines.addWidget(rule)
        self._none = text("No command matches", size="small", colour="secondary")
        self._none.setContentsMargins(14, 8, 0, 4)
        self._none.hide()
        self._lines.addWidget(self._none)
        self._lines.addWidget(self.found)
        self.setFixedWidth(WIDTH)

    def open_with(self, actions: Sequence[QAction]) -> None:
        self._actions = [action for action in actions if action.isEnabled() and action.text()]
        self.field.clear()
        self._filter("")
        window = self._window.window()
        self.move(window.mapToGlobal(QPoint((window.width() - WIDTH) // 2, 80)))
        self.show()
        self.field.setFocus()

    def _filter(self, words: str) -> None:
        ranked = sorted(
            (score, place)
            for place, action in enumerate(self._actions)
            if (score := match(words, _name(action))) is not None
        )
        self.found.clear()
        for _, place in ranked:
            self._add(self._actions[place])
        if ranked:
            self.found.setCurrentRow(0)
        self._none.setVisible(not ranked)
        rows = min(len(ranked), 10)
        self.found.setFixedHeight(rows * ROW_H + 4)
        self.setFixedHeight(self._lines.totalSizeHint().height())

    def _add(self, action: QAction) -> None:
        item = QListWidgetItem(self.found)
        item.setData(Qt.ItemDataRole.UserRole, action)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, _name(action))
        item.setSizeHint(QSize(0, ROW_H))
        face = QWidget()
        face.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        line = row(face, gap=4, margins=(6, 0, 4, 0))
        line.addWidget(sign(shown_icon(action)))
        line.addSpacing(4)
        line.addWidget(text(_name(action)))
        line.addStretch(1)
        line.addWidget(text(shown_place(action), size="small", colour="muted"))
        line.addSpacing(4)
        for one in shown_keys(action):
            line.addWidget(key(one))
        self.found.setItemWidget(item, face)

    def _run(self, item: QListWidgetItem) -> None:
        action: QAction = item.data(Qt.ItemDataRole.UserRole)
        self.hide()
        action.trigger()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
            pressed = Qt.Key(event.key())
            if pressed in steps and self.found.count():
                at = self.found.currentRow() + steps[pressed]
                self.found.setCurrentRow(min(max(at, 0), self.found.count() - 1))
                return True
            if pressed in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and (item := self.found.currentItem()) is not None:
                self._run(item)
                return True
        return super().eventFilter(watched, event)


def match(words: str, name: str) -> tuple[int, int] | None:
    """How well typed ``words`` fit a name, smaller is better; None when they do not.

    They fit when their letters come in that order; a run at the start of a word beats letters that are strewn.
    """
    typed, low = words.lower().strip(), name.lower()
    if not typed:
        return (0, 0)
    if (at := low.find(typed)) >= 0:
        starts = at == 0 or not low[at - 1].isalnum()
        return (0 if starts else 1, at)
    place, first = -1, -1
    for letter in typed:
        place = low.find(letter, place + 1)
        if place < 0:
            return None
        first = place if first < 0 else first
    return (2, place - first)


def _name(action: QAction) -> str:
    return theme.one_line(action.text().replace("&&", "\0").replace("&", "").replace("\0", "&"))
