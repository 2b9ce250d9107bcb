"""The second step of an import: what each column is used as, and what the check says of it."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QTableView, QWidget

from dataimp_gui.core.formats import Found
from dataimp_gui.core.importing.rehearsal import Judged
from dataimp_gui.core.model import Role
from dataimp_gui.ui.dialogs.import_check import ContractCheck
from dataimp_gui.ui.dialogs.import_columns import USE, ColumnsModel, RoleDelegate
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import small_button, text

FOLDERS: Final = frozenset(("class-folders", "hugging-face", "dataimp-export"))  # their media can be nowhere else
WIDTHS: Final = (150, 250, 150, 90)


class MatchStep(QWidget):
    """``matched`` says that another role or media folder was chosen."""

    matched = Signal()
    media_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found: Found | None = None
        self.columns = ColumnsModel(self)
        self.columns.used.connect(self._look_at_roles)
        self.check = ContractCheck()
        self.media = QLineEdit()
        self.media.setAccessibleName("Media folder")
        self.media.editingFinished.connect(self._media_typed)
        self._root = ""
        choose = small_button("Choose…")
        choose.clicked.connect(self.media_wanted)
        label = text("Media folder", size="small", colour="secondary")
        label.setBuddy(self.media)
        self._media_row: tuple[QWidget, ...] = (label, self.media, choose)
        self.about = text(size="small", colour="secondary")
        head, media = parts.row(gap=8), parts.row(gap=8)
        head.addWidget(text("Columns", strong=True))
        head.addWidget(self.about, 1)
        for widget in self._media_row:
            media.addWidget(widget, 1 if widget is self.media else 0)
            widget.hide()
        self.unlabelled = text("No column is the label yet; choose one under Use as.", size="small", colour="warn")
        self.unlabelled.hide()
        column = parts.column(self, gap=8)
        column.addLayout(media)
        column.addLayout(head)
        column.addWidget(self._build_table(), 1)
        column.addWidget(self.unlabelled)
        column.addWidget(self.check)

    def _build_table(self) -> QTableView:
        self.table = table = QTableView()
        table.setObjectName("columns")
        table.setModel(self.columns)
        table.setItemDelegateForColumn(USE, RoleDelegate(table))
        table.setEditTriggers(
            QAbstractItemView.EditTrigger.CurrentChanged
            | QAbstractItemView.EditTrigger.SelectedClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setAccessibleName("Columns and what they are used as")
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.setMinimumHeight(140)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(32)
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for number, width in enumerate(WIDTHS):
            header.resizeSection(number, width)
        header.setStretchLastSection(True)
        table.setWordWrap(False)
        return table

    def show_found(self, found: Found) -> None:
        self._found = found
        self._root = str(found.media_root or found.path.parent)
        self.media.setText(self._root)
        self.columns.show_found(found)
        count = len(found.columns)
        matched = sum(column.role not in (Role.METADATA, Role.SKIP) for column in found.columns)
        self.about.setText(f"{count:,} found, {matched:,} matched for you")
        self.check.clear()
        self._show_roles()

    def show_judged(self, judged: Iterable[Judged]) -> None:
        self.columns.show_judged(judged)

    @property
    def root(self) -> Path | None:
        """The folder that media paths start from, where it is another one than was found."""
        if self._found is None or self.media.isHidden():
            return None
        root = Path(self.media.text().strip()).expanduser()
        return root if root != self._found.media_root else None

    def use_media(self, folder: Path) -> None:
        self.media.setText(str(folder))
        self._media_typed()

    def _media_typed(self) -> None:
        if self.media.text() != self._root:
            self._root = self.media.text()
            self.matched.emit()

    def _look_at_roles(self) -> None:
        self._show_roles()
        self.matched.emit()

    def _show_roles(self) -> None:
        found = self._found
        self.unlabelled.setHidden(found is None or self.columns.has(Role.LABEL))
        for widget in self._media_row:
            widget.setHidden(found is None or found.format in FOLDERS or not self.columns.has(Role.MEDIA))
