"""The keys of every action: looked for by words or by a key, changed by pressing others, reset one by one or all."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QHeaderView, QKeySequenceEdit, QLineEdit, QTreeWidget, QTreeWidgetItem, QWidget

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit.keymap import Changed, Keymap, Spec, Table, shown
from dataimp_gui.ui.kit.parts import button, column, row, text

SIZE: Final = (620, 560)
ROW_H: Final = 24
_SPEC: Final = Qt.ItemDataRole.UserRole


class KeysDialog(QDialog):
    """Each change is in force at once. A key that is taken is only taken over after a second click."""

    changed = Signal(object)  # Changed

    def __init__(self, tables: Sequence[Table], changed: Changed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Keys")
        self._map = Keymap(tables, changed)
        self._wanted = ""  # a key that another action has
        self.search = QLineEdit(placeholderText="Search by action or key", clearButtonEnabled=True)
        self.search.setAccessibleName("Search by action or key")
        self.search.textChanged.connect(self._filter)
        self.list = QTreeWidget(columnCount=2)
        self.list.setRootIsDecorated(False)
        self.list.setAllColumnsShowFocus(True)
        self.list.setAccessibleName("Actions and their keys")
        self.list.setHeaderLabels(["Action", "Keys"])
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.list.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.list.header().setStretchLastSection(False)
        self.list.currentItemChanged.connect(lambda *_: self._turn())
        self.list.itemActivated.connect(lambda *_: self.field.setFocus())
        self._items: dict[str, QTreeWidgetItem] = {}
        self._heads: list[QTreeWidgetItem] = []
        self._about = text(strong=True)
        self.field: QKeySequenceEdit = QKeySequenceEdit(maximumSequenceLength=1)
        self.field.setAccessibleName("New keys")
        self.field.setFixedWidth(theme.grown(160))
        self.field.keySequenceChanged.connect(self._press)
        self.note = text(size="small", colour="err")
        self.note.setWordWrap(True)
        self.take = button("Use it here instead", kind="primary")
        self.take.clicked.connect(lambda: self._give((self._wanted,)))
        self.none = button("Remove keys")
        self.none.clicked.connect(lambda: self._give(()))
        self.one = button("Reset")
        self.one.clicked.connect(self._reset)
        self.all = button("Reset all")
        self.all.clicked.connect(lambda: self._use(Keymap(self._map.tables)))
        close = button("Close")
        close.clicked.connect(self.accept)
        for made in (self.take, self.none, self.one, self.all, close):
            made.setAutoDefault(False)
        self._lay_out(close)
        self._fill()
        self.resize(QSize(*map(theme.grown, SIZE)).boundedTo(self.screen().availableSize()))

    def _lay_out(self, close: QWidget) -> None:
        keys = row()
        for part in (self.field, self.none, self.one):
            keys.addWidget(part)
        keys.addStretch(1)
        taken = row()
        taken.addWidget(self.note, 1)
        taken.addWidget(self.take)
        foot = row()
        foot.addWidget(self.all)
        foot.addStretch(1)
        foot.addWidget(close)
        lines = column(self, gap=10, margins=(16, 16, 16, 16))
        lines.addWidget(text("Keys", size="title", strong=True))
        lines.addWidget(self.search)
        lines.addWidget(self.list, 1)
        lines.addWidget(self._about)
        lines.addLayout(keys)
        lines.addLayout(taken)
        lines.addLayout(foot)

    def _fill(self) -> None:
        for table in self._map.tables:
            head = QTreeWidgetItem(self.list, [table.title])
            self._heads.append(head)
            head.setFlags(Qt.ItemFlag.ItemIsEnabled)
            head.setFont(0, theme.font(weight=600))
            for spec in table.specs:
                if spec.fixed:
                    continue
                item = QTreeWidgetItem(head, [_name(spec)])
                item.setData(0, _SPEC, spec)
                item.setSizeHint(0, QSize(0, theme.grown(ROW_H)))
                self._items[spec.id] = item
        self.list.expandAll()
        self._refresh()
        first = next(iter(self._items.values()), None)
        if first is not None:
            self.list.setCurrentItem(first)

    @property
    def spec(self) -> Spec | None:
        """The action that is chosen."""
        item = self.list.currentItem()
        return item.data(0, _SPEC) if item is not None and not item.isHidden() else None

    def choose(self, id_: str) -> None:
        """Go to the line of an action."""
        self.list.setCurrentItem(self._items[id_])

    def _refresh(self) -> None:
        for item in self._items.values():
            spec: Spec = item.data(0, _SPEC)
            different = self._map.is_changed(spec)
            item.setText(1, shown(self._map.keys(spec)) + (" · changed" if different else ""))
            item.setFont(1, theme.font(weight=600 if different else 400))
        self.all.setEnabled(bool(self._map.changed))
        self._turn()

    def _turn(self) -> None:
        """Another action is chosen, or the keys of this one are others."""
        spec = self.spec
        self._wanted = ""
        self._about.setText(_name(spec) if spec else "Choose an action")
        self.field.clear()
        self.field.setEnabled(spec is not None)
        self.none.setEnabled(spec is not None and bool(self._map.keys(spec)))
        self.one.setEnabled(spec is not None and self._map.is_changed(spec))
        self.note.clear()
        self.take.hide()

    def _press(self, pressed: QKeySequence) -> None:
        spec, key = self.spec, pressed.toString()
        if spec is None or not key:
            return
        other = self._map.holder(spec, key)
        if other is None:
            self._give((key,))
            return
        self._wanted = key
        native = pressed.toString(QKeySequence.SequenceFormat.NativeText)
        where = self._map.table(other).title
        if other.fixed:
            self.note.setText(f"{native} is “{_name(other)}” ({where}), which cannot be changed.")
            self.take.hide()
        else:
            self.note.setText(f"{native} is “{_name(other)}” ({where}), which would have no key then.")
            if len(self._map.keys(other)) > 1:
                self.note.setText(f"{native} is “{_name(other)}” ({where}).")
            self.take.show()

    def _give(self, keys: tuple[str, ...]) -> None:
        if (spec := self.spec) is not None:
            self._use(self._map.give(spec, keys))

    def _reset(self) -> None:
        if (spec := self.spec) is not None:
            self._use(self._map.reset(spec))

    def _use(self, keymap: Keymap) -> None:
        self._map = keymap
        self._refresh()
        self.changed.emit(keymap.changed)

    def _filter(self, words: str) -> None:
        needle = words.strip().casefold()
        for item in self._items.values():
            item.setHidden(needle not in f"{item.text(0)} {item.text(1)}".casefold())
        for head in self._heads:
            head.setHidden(all(item.isHidden() for item in self._items.values() if item.parent() is head))
        first = next((item for item in self._items.values() if not item.isHidden()), None)
        if first is not None and self.spec is None:
            self.list.setCurrentItem(first)
        self._turn()


def _name(spec: Spec) -> str:
    return spec.text.replace("&", "").rstrip("…")
