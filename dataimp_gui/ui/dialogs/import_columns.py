"""The columns of a source as an editable table: name, a few values, what each is used as, what the check says."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QComboBox, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from dataimp_gui.core.formats.found import Found, FoundColumn
from dataimp_gui.core.importing.rehearsal import Judged
from dataimp_gui.core.model import Modality, Role
from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import icons, parts

Index = QModelIndex | QPersistentModelIndex
ROOT: Final = QModelIndex()
HEADERS: Final = ("Column in file", "Sample values", "Use as", "Type", "Check")
SAMPLES: Final = 1
USE: Final = 2
CHECK: Final = 4
SIGNS: Final = {"pass": ("check", "ok.text"), "warn": ("warning", "warn.text"), "skip": ("minus", "text.muted")}

WORDS: Final[Mapping[Role, str]] = {
    Role.ID: "Id",
    Role.MEDIA: "Media file",
    Role.TEXT: "Text",
    Role.LABEL: "Label",
    Role.SPLIT: "Split",
    Role.GROUP: "Group",
    Role.METADATA: "Metadata",
    Role.SKIP: "Do not import",
}
ONCE: Final = frozenset((Role.ID, Role.MEDIA, Role.TEXT, Role.LABEL, Role.SPLIT, Role.GROUP))


def word(role: Role, modality: Modality) -> str:
    if role is Role.MEDIA:
        return {Modality.IMAGE: "Image", Modality.AUDIO: "Audio"}.get(modality, WORDS[role])
    return WORDS[role]


class ColumnsModel(QAbstractTableModel):
    """A role that one column alone can have is taken from the column that had it."""

    used = Signal()  # a column is used as something else

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns: list[FoundColumn] = []
        self._found: dict[str, Role] = {}
        self._judged: dict[str, Judged] = {}
        self._waits = True  # for what the check says
        self._faces = QImage()
        self.modality = Modality.TABLE

    def show_found(self, found: Found) -> None:
        self.beginResetModel()
        self._columns = list(found.columns)
        self._found = {column.name: column.role for column in found.columns}
        self._judged, self._waits, self._faces = {}, True, QImage()
        self.modality = found.modality
        self.endResetModel()

    def roles(self) -> dict[str, Role]:
        """The roles that were changed by hand, by column name."""
        return {c.name: c.role for c in self._columns if c.role is not self._found[c.name]}

    def use(self, row: int, role: Role) -> None:
        if role in ONCE:
            for other, column in enumerate(self._columns):
                if column.role is role and other != row:
                    self._columns[other] = replace(column, role=Role.METADATA, why="")
        self._columns[row] = replace(self._columns[row], role=role, why="chosen")
        self.wait()
        self.used.emit()

    def show_faces(self, faces: QImage) -> None:
        """A few of the media themselves, beside the values of their column."""
        self._faces = faces
        self.dataChanged.emit(self.index(0, SAMPLES), self.index(len(self._columns) - 1, SAMPLES))

    def wait(self) -> None:
        """What was said of the columns was said of another use of them."""
        self.show_judged(())
        self._waits = True

    def show_judged(self, judged: Iterable[Judged]) -> None:
        self._judged, self._waits = {one.column: one for one in judged}, False
        self.dataChanged.emit(self.index(0, 0), self.index(len(self._columns) - 1, len(HEADERS) - 1))

    def has(self, role: Role) -> bool:
        return any(column.role is role for column in self._columns)

    def column(self, row: int) -> FoundColumn:
        return self._columns[row]

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(HEADERS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return HEADERS[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column = self._columns[index.row()]
        if role == Qt.ItemDataRole.EditRole and index.column() == USE:
            return column.role.value
        if index.column() == CHECK:
            return self._check(column, role)
        if role == Qt.ItemDataRole.DecorationRole and index.column() == SAMPLES and column.role is Role.MEDIA:
            return self._faces if not self._faces.isNull() else None
        shown = self._shown(column, index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            why = f": {column.why}" if index.column() == USE and column.why else ""
            return parts.plain_tip(shown + why)
        return shown if role == Qt.ItemDataRole.DisplayRole else None

    def _shown(self, column: FoundColumn, field: int) -> str:
        match field:
            case 0:
                return " ".join(column.name.split())[:200]
            case 1:
                return ", ".join(" ".join(sample.split())[:80] for sample in column.samples[:4])
            case 2:
                return word(column.role, self.modality)
            case _:
                return column.type

    def _check(self, column: FoundColumn, role: int) -> Any:
        one = self._judged.get(column.name)
        if one is None:
            return "checking…" if role == Qt.ItemDataRole.DisplayRole and self._waits else None
        icon, colour = SIGNS[one.level]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return one.short
            case Qt.ItemDataRole.ToolTipRole:
                return parts.plain_tip(f"{one.said} {one.then}".strip()) if one.said else None
            case Qt.ItemDataRole.DecorationRole:
                return icons.icon(icon, colour)
            case Qt.ItemDataRole.ForegroundRole:
                return theme.color(colour if one.level == "warn" else "text.secondary")
            case _:
                return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or index.column() != USE:
            return False
        self.use(index.row(), Role(value))
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == USE else flags


class RoleDelegate(QStyledItemDelegate):
    """A list of roles in the column "Use as"."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        at = QRect(option.rect.right() - 24, option.rect.center().y() - 6, 14, 14)
        icons.paint(painter, "chevron-down", at, theme.color("text.muted"))

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        model = index.model()
        assert isinstance(model, ColumnsModel)
        box = QComboBox(parent)
        box.setAccessibleName(f"Use {model.column(index.row()).name} as")
        for role in Role:
            box.addItem(word(role, model.modality), role.value)
        box.activated.connect(lambda _: self._take(box))
        return box

    def _take(self, box: QComboBox) -> None:
        self.commitData.emit(box)
        self.closeEditor.emit(box)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        assert isinstance(editor, QComboBox)
        editor.setCurrentIndex(editor.findData(index.data(Qt.ItemDataRole.EditRole)))
        editor.showPopup()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        assert isinstance(editor, QComboBox)
        model.setData(index, editor.currentData())
