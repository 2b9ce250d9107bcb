"""Files of predictions for the two versions that are compared; one that has predictions already needs none."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QGridLayout, QLabel, QLineEdit, QPushButton, QWidget

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit.parts import small_button, text


class Bringing(QWidget):
    moved = Signal()

    def __init__(self, there: Mapping[str, str], parent: QWidget | None = None) -> None:
        """``there`` names the run that was brought for each version that has one."""
        super().__init__(parent)
        self._there = there
        self._versions: Sequence[str] = ()
        self.fields: list[QLineEdit] = []
        self._names: list[QLabel] = []
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        for place in range(2):
            name, field = text(size="small", colour="secondary"), QLineEdit()
            name.setBuddy(field)
            field.textChanged.connect(lambda _: self.moved.emit())
            choose: QPushButton = small_button("Choose…")
            choose.clicked.connect(partial(self._choose, field))
            for column, widget in enumerate((name, field, choose)):
                grid.addWidget(widget, place, column)
            self._names.append(name)
            self.fields.append(field)

    def ask(self, versions: Sequence[str]) -> None:
        """Of which two."""
        self._versions = versions
        for version, name, field in zip(versions, self._names, self.fields, strict=True):
            name.setText(version)
            field.setAccessibleName(f"File of predictions for {version}")
            run = self._there.get(version)
            field.setPlaceholderText(theme.one_line(f"as in the run {run}") if run else "CSV, Parquet, JSON lines …")
        self.moved.emit()

    @property
    def files(self) -> tuple[tuple[str, str], ...]:
        """Version and file of those that were given."""
        given = ((version, field.text().strip()) for version, field in zip(self._versions, self.fields, strict=True))
        return tuple((version, file) for version, file in given if file)

    @property
    def is_whole(self) -> bool:
        return {*self._there, *dict(self.files)} >= set(self._versions)

    def _choose(self, field: QLineEdit) -> None:
        dialog = QFileDialog(self, "Predictions", str(Path(field.text()).parent) if field.text() else "")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(field.setText)
        dialog.open()
