"""As what a version is exported: the format, and how it takes the media."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QRadioButton, QWidget

from dataimp_gui.core.versions import writers
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import text


class FormatChoice(QWidget):
    moved = Signal()

    def __init__(self, parent: QWidget | None = None, *, has_media: bool) -> None:
        super().__init__(parent)
        self._formats = writers.formats()
        self._has_media = has_media
        self.group = QButtonGroup(self)
        self.link = QCheckBox("Link files instead of copying them where the disk can")
        self.embed = QCheckBox("Put the media into the table")
        lines = parts.column(self, gap=8)
        lines.addWidget(text("Format", size="small", colour="secondary"))
        for number, (name, format_) in enumerate(self._formats.items()):
            choice = QRadioButton(format_.title)
            choice.setProperty("format", name)
            choice.setAccessibleDescription(format_.about)
            choice.setChecked(number == 0)
            self.group.addButton(choice, number)
            line = parts.row()
            line.addWidget(choice)
            line.addStretch(1)
            line.addWidget(text(format_.about, size="small", colour="muted"))
            lines.addLayout(line)
        for box in (self.embed, self.link):
            lines.addWidget(box)
            box.toggled.connect(self._look)
        self.group.idToggled.connect(self._look)
        self._look()

    def _look(self) -> None:
        self.embed.setHidden(not self._has_media or not self._formats[self.name].embeds)
        self.link.setHidden(not self._has_media or self.embeds)
        self.moved.emit()

    @property
    def name(self) -> str:
        return list(self._formats)[self.group.checkedId()]

    @property
    def embeds(self) -> bool:
        return self.embed.isChecked() and not self.embed.isHidden()

    @property
    def links(self) -> bool:
        return self.link.isChecked() and not self.link.isHidden()
