"""The settings as controls: the type of each field chooses its control, and each change is in force at once."""

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any, get_args, get_type_hints

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QGridLayout, QLineEdit, QSpinBox, QWidget

from dataimp_gui.ui.dialogs.keys_dialog import KeysDialog
from dataimp_gui.ui.kit.keymap import Table
from dataimp_gui.ui.kit.parts import button, column, inset, row, text
from dataimp_gui.ui.settings import Settings


class SettingsDialog(QDialog):
    changed = Signal(object)  # Settings

    def __init__(self, settings: Settings, tables: Sequence[Table], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Settings")
        self.setMinimumWidth(480)
        self._settings = settings
        self.controls: dict[str, QWidget] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        kinds = get_type_hints(Settings)
        self._tables = tables
        shown = [field for field in fields(Settings) if field.metadata]
        for number, field in enumerate(shown):
            control = self._control(field.name, kinds[field.name], field.metadata)
            control.setAccessibleName(field.metadata["label"])
            control.setFixedWidth(200)
            self.controls[field.name] = control
            grid.addWidget(text(field.metadata["label"]), 3 * number, 0)
            grid.addWidget(control, 3 * number, 1)
            note = text(field.metadata["note"], size="small", colour="muted")
            note.setWordWrap(True)
            grid.addWidget(note, 3 * number + 1, 0, 1, 2)
            grid.setRowMinimumHeight(3 * number + 2, 10)
        keys = button("Change keys…")
        keys.clicked.connect(self._change_keys)
        self.controls["keys"] = keys
        close = button("Close", kind="primary")
        close.clicked.connect(self.accept)
        buttons = row()
        buttons.addWidget(keys)
        buttons.addStretch(1)
        buttons.addWidget(close)
        lines = column(self, gap=12, margins=(16, 16, 16, 16))
        lines.addWidget(text("Settings", size="title", strong=True))
        lines.addLayout(grid)
        lines.addStretch(1)
        lines.addLayout(buttons)

    def _change_keys(self) -> None:
        dialog = KeysDialog(self._tables, self._settings.keys, self)
        dialog.changed.connect(lambda keys: self._set("keys", keys))
        dialog.open()

    def _control(self, name: str, kind: Any, about: Any) -> QWidget:
        value = getattr(self._settings, name)
        if choices := get_args(kind):
            box = QComboBox()
            for choice in choices:
                box.addItem(choice.capitalize(), choice)
            box.setCurrentIndex(box.findData(value))
            box.activated.connect(lambda _: self._set(name, box.currentData()))
            return box
        if kind is bool:
            check = QCheckBox("On")
            check.setChecked(value)
            check.toggled.connect(lambda on: self._set(name, on))
            return check
        if kind is int:
            spin = inset(QSpinBox(minimum=int(about["low"]), maximum=int(about["high"]), value=value))
            spin.setKeyboardTracking(False)
            spin.setSingleStep(about["step"])
            spin.setGroupSeparatorShown(True)
            spin.valueChanged.connect(lambda number: self._set(name, number))
            return spin
        line = QLineEdit(value)
        if empty := about["empty"]:
            line.setPlaceholderText(empty())
        line.editingFinished.connect(lambda: self._set(name, line.text().strip()))
        return line

    def _set(self, name: str, value: object) -> None:
        if getattr(self._settings, name) != value:
            changed: dict[str, Any] = {name: value}
            self._settings = replace(self._settings, **changed)
            self.changed.emit(self._settings)
