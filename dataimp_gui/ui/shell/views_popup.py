"""The list of saved views under the query bar: give the one that is shown a name, choose, rename, remove."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QWidget

from dataimp_gui.core.views import View
from dataimp_gui.ui import theme
from dataimp_gui.ui.kit.parts import Elided, button, column, icon_button, row, text

WIDTH: Final = 400
ROW_H: Final = 46
ROWS: Final = 7  # that show at once
READ_ONLY: Final = "This project is open read-only: its views can be used, not changed."


class ViewsPopup(QFrame):
    """Goes away on Esc, on a click elsewhere, and after a choice."""

    chosen = Signal(object)  # View
    saved = Signal(str)  # the name for what is shown now
    renamed = Signal(str, str)  # from, to
    removed = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setObjectName("popover")
        self.setAccessibleName("Saved views")
        self._views: Sequence[View] = ()
        self._renaming = ""
        self._read_only = False
        self.field = QLineEdit(placeholderText="Name for this view", maxLength=200)
        self.field.setAccessibleName("Name for this view")
        self.field.textChanged.connect(self._show_button)
        self.field.installEventFilter(self)
        self.save = button("Save view", kind="primary")
        self.save.clicked.connect(self._accept)
        self.about = Elided(size="small", colour="muted")
        self._none = text("No view is saved yet.", size="small", colour="muted")
        self.list = QListWidget()
        self.list.setObjectName("popup")
        self.list.setAccessibleName("Saved views")
        self.list.itemActivated.connect(self._choose)
        self.list.itemClicked.connect(self._choose)
        self.list.installEventFilter(self)
        top = row()
        top.addWidget(self.field, 1)
        top.addWidget(self.save)
        self._lines = column(self, gap=8, margins=(12, 12, 12, 8))
        self._lines.addLayout(top)
        for part in (self.about, self._none, self.list):
            self._lines.addWidget(part)

    def open_under(self, corner: QPoint, views: Sequence[View], about: str, *, read_only: bool) -> None:
        """``corner`` is the bottom right one of what it hangs from, on the screen; ``about`` says what is shown now."""
        self.field.setVisible(not read_only)
        self.save.setVisible(not read_only)
        self.about.show_words(READ_ONLY if read_only else about)
        self._read_only, self._renaming = read_only, ""
        self.field.clear()
        self.show_views(views)
        self._show_button()
        self.setFixedWidth(theme.grown(WIDTH))
        self.move(corner - QPoint(self.width(), 0))
        self.show()
        (self.list if read_only else self.field).setFocus()

    def show_views(self, views: Sequence[View]) -> None:
        self._views = views
        at = self.list.currentRow()
        self.list.clear()
        for view in views:
            item = QListWidgetItem(self.list)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{view.name}, {words(view)}")
            item.setSizeHint(QSize(0, theme.grown(ROW_H)))
            self.list.setItemWidget(item, self._face(view))
        self.list.setCurrentRow(min(at, len(views) - 1))
        self.list.setFixedHeight(min(len(views), ROWS) * theme.grown(ROW_H) + 4)
        self.list.setVisible(bool(views))
        self._none.setVisible(not views)
        self._show_button()
        self._lines.activate()
        self.setFixedHeight(self._lines.totalSizeHint().height())

    def _face(self, view: View) -> QWidget:
        face = QWidget()
        lines = column(gap=0)
        lines.addWidget(Elided(view.name))
        lines.addWidget(Elided(words(view), size="small", colour="muted"))
        whole = row(face, gap=2, margins=(8, 4, 4, 4))
        whole.addLayout(lines, 1)
        if not self._read_only:
            rename = icon_button("pencil", f"Rename {view.name}", key="F2")
            rename.clicked.connect(lambda: self._rename(view.name))
            remove = icon_button("close", f"Remove {view.name}", key="Del")
            remove.clicked.connect(lambda: self.removed.emit(view.name))
            whole.addWidget(rename)
            whole.addWidget(remove)
        return face

    def _choose(self, item: QListWidgetItem) -> None:
        view = self._views[self.list.row(item)]
        self.hide()
        self.chosen.emit(view)

    def _rename(self, name: str) -> None:
        """The field takes the new name."""
        self._renaming = name
        self.field.setText(name)
        self.field.selectAll()
        self.field.setFocus()
        self._show_button()

    def _show_button(self) -> None:
        name = self.field.text().strip()
        known = any(view.name == name for view in self._views)
        self.save.setText("Rename" if self._renaming else "Replace view" if known else "Save view")
        self.save.setEnabled(bool(name) and name != self._renaming and not (self._renaming and known))

    def _accept(self) -> None:
        name, old = self.field.text().strip(), self._renaming
        if not self.save.isEnabled():
            return
        self._renaming = ""
        self.field.clear()
        if old:
            self.renamed.emit(old, name)
        else:
            self.hide()
            self.saved.emit(name)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            key = event.key()
            if watched is self.field and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._accept()
                return True
            if watched is self.field and key == Qt.Key.Key_Down and self._views:
                self.list.setCurrentRow(max(0, self.list.currentRow()))
                self.list.setFocus()
                return True
            at = self.list.currentRow()
            if watched is self.list and at >= 0 and not self._read_only:
                if key == Qt.Key.Key_F2:
                    self._rename(self._views[at].name)
                    return True
                if key == Qt.Key.Key_Delete:
                    self.removed.emit(self._views[at].name)
                    return True
        return super().eventFilter(watched, event)


def words(view: View) -> str:
    """What a view shows and how."""
    said = [view.where or "All examples"]
    if view.group:
        said.append(f"grouped by {view.group}")
    if view.order:
        said.append(f"{'highest' if view.descending else 'lowest'} {view.order} first")
    if view.shown not in ((), ("gallery",)):
        said.append(f"as {' and '.join(view.shown)}")
    return " · ".join(said)
