"""The sound in the inspector: drawn once in time and pitch, played, searched through, a part of it repeated."""

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QCheckBox, QToolButton, QWidget

from dataimp_gui.core.media.audio import Samples, decode
from dataimp_gui.core.media.spectrogram import LONGEST_S
from dataimp_gui.core.project import Project
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress
from dataimp_gui.ui.kit import icons, parts
from dataimp_gui.ui.kit.parts import icon_button
from dataimp_gui.ui.kit.player import Player, Span
from dataimp_gui.ui.kit.sound_strip import SoundStrip
from dataimp_gui.ui.pages.triage.inspector import detail
from dataimp_gui.ui.pages.triage.inspector.detail import Detail
from dataimp_gui.ui.session import Session

KEY: Final = "inspector sound"


class SoundView(QWidget):
    def __init__(self, session: Session, tools: Sequence[QToolButton], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._row = session, -1
        self._seconds, self._rate = 0.0, 0
        self._player = Player()
        self._player.setParent(self)
        self._player.moved.connect(self._follow)
        self.strip = SoundStrip(detail.SOUND[1])
        self.strip.sought.connect(self._seek)
        self.strip.marked.connect(self._mark)
        self.strip.pressed.connect(self.toggle)
        self.play = icon_button("play", "Play", key="P")
        self.play.clicked.connect(self.toggle)
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
        self.stop()
        self._row = row
        self._seconds, self._rate = (shown.seconds, shown.rate) if shown else (0.0, 0)
        self.strip.show_sound(shown.picture if shown else None, shown.missing if shown else "")
        self.play.setEnabled(shown is not None and shown.picture is not None)
        self._show_place(0.0)
        if self.on_select.isChecked() and self.play.isEnabled() and self.isVisible():
            self.toggle()

    @property
    def is_playing(self) -> bool:
        return self._player.is_playing

    def toggle(self) -> None:
        """Play on from where it stands, or pause."""
        if self._player.is_playing:
            self.stop()
        elif self.play.isEnabled():
            self._player.stop()  # one that came to its end must not end the next
            start = self.strip.place if self.strip.place < 0.999 else 0.0
            project, row, again, player = self._session.project, self._row, self.strip.span, self._player

            def begin(progress: Progress) -> None:
                samples, rate = _samples(project, row)
                progress.check()
                player.load(samples, rate, start, again)
                if progress.cancelled:  # while the device was opened
                    player.silence()

            self._session.reads.start(begin, self._begun, key=KEY)

    def stop(self) -> None:
        self._session.reads.cancel(KEY)
        self._player.stop()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody sees what plays, or the window goes: a device that nobody closes would hold up its end."""
        super().hideEvent(event)
        self.stop()

    @property
    def ways(self) -> dict[str, object]:
        return {"play": self.on_select.isChecked()}

    def restore_ways(self, ways: Mapping[str, object]) -> None:
        self.on_select.setChecked(ways.get("play") is True)

    def _begun(self, _loaded: None) -> None:
        self._player.follow()

    def _follow(self, share: float) -> None:
        playing = share >= 0
        self.play.setIcon(icons.icon("pause" if playing else "play"))
        self.play.setAccessibleName("Pause" if playing else "Play")
        self.play.setToolTip("Pause (P)" if playing else "Play (P)")
        if playing:
            self._show_place(share)

    def _seek(self, share: float) -> None:
        if self._player.is_playing:
            self._player.seek(share)
        self._show_place(share)

    def _mark(self, span: Span | None) -> None:
        if self._player.is_playing:
            self._player.repeat(span)
        if span is not None and not self._player.is_playing:
            self._show_place(span[0])
        self._show_place(self.strip.place)

    def _show_place(self, share: float) -> None:
        time = f"{share * self._seconds:,.2f} / {self._seconds:,.2f} s" if self._seconds else ""
        span = self.strip.span
        if span is not None:
            time += f" · repeats {span[0] * self._seconds:,.2f} to {span[1] * self._seconds:,.2f}"
        elif self._rate:
            time += f" · {self._rate / 1000:g} kHz"
        self.strip.show_place(share, time)


def _samples(project: Project, row: int) -> tuple[Samples, int]:
    """For a worker."""
    file = project.media_path(row)
    if file is None:
        raise DataimpError("This example has no media.")
    return decode(file, project.contract.limits, seconds=LONGEST_S)
