"""The sound in the inspector: drawn once in time and pitch, played, searched through, a part of it repeated."""

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QCheckBox, QToolButton, QWidget

from dataimp_gui.core.media.audio import Samples, decode
from dataimp_gui.core.media.spectrogram import LONGEST_S
from dataimp_gui.core.project import Project
from dataimp_gui.errors import DataimpError
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.hearing import Hearing
from dataimp_gui.ui.kit.parts import icon_button
from dataimp_gui.ui.kit.player import Player
from dataimp_gui.ui.kit.sound_strip import SoundStrip
from dataimp_gui.ui.pages.triage.inspector import detail
from dataimp_gui.ui.pages.triage.inspector.detail import Detail
from dataimp_gui.ui.session import Session

KEY: Final = "inspector sound"


class SoundView(QWidget):
    def __init__(self, session: Session, tools: Sequence[QToolButton], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._row = session, -1
        self.strip = SoundStrip(detail.SOUND[1])
        self.play = icon_button("play", "Play", key="P")
        self.hearing = Hearing(session.reads, KEY, Player(), self.strip, self.play, self)
        self.on_select = QCheckBox("Play on select")
        line = QWidget()
        row = parts.row(line, gap=6, margins=(8, 4, 8, 4))
        row.addWidget(self.play)
        row.addWidget(self.on_select)
        row.addStretch(1)
        for tool in tools:
            row.addWidget(tool)
        column = parts.column(self, gap=0)
        column.addWidget(self.strip)
        column.addWidget(line)

    def show_detail(self, shown: Detail | None) -> None:
        row = -1 if shown is None else shown.example.row
        if shown is not None and row == self._row:
            return  # an edit: what plays goes on
        self._row = row
        self.strip.show_sound(shown.picture if shown else None, shown.missing if shown else "")
        project = self._session.project
        load = (lambda _: _samples(project, row)) if shown is not None and shown.picture is not None else None
        self.hearing.show_sound(shown.seconds if shown else 0.0, shown.rate if shown else 0, load)
        if self.on_select.isChecked() and self.play.isEnabled() and self.isVisible():
            self.toggle()

    @property
    def is_playing(self) -> bool:
        return self.hearing.is_playing

    def toggle(self) -> None:
        """Play on from where it stands, or pause."""
        self.hearing.toggle()

    def stop(self) -> None:
        self.hearing.stop()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody sees what plays, or the window goes: a device that nobody closes would hold up its end."""
        super().hideEvent(event)
        self.stop()

    @property
    def ways(self) -> dict[str, object]:
        return {"play": self.on_select.isChecked()}

    def restore_ways(self, ways: Mapping[str, object]) -> None:
        self.on_select.setChecked(ways.get("play") is True)


def _samples(project: Project, row: int) -> tuple[Samples, int]:
    """For a worker."""
    file = project.media_path(row)
    if file is None:
        raise DataimpError("This example has no media.")
    return decode(file, project.contract.limits, seconds=LONGEST_S)
