"""A sound that is shown as a line of time is heard: played, sought through, a part of it repeated."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QToolButton

from dataimp_gui.progress import Progress
from dataimp_gui.ui.kit import icons
from dataimp_gui.ui.kit.jobs import Jobs
from dataimp_gui.ui.kit.player import Player, Samples, Span
from dataimp_gui.ui.kit.sound_strip import SoundStrip

Load = Callable[[Progress], tuple[Samples, int]]
END = 0.999  # from here on, playing begins anew


class Hearing(QObject):
    """``key`` of ``jobs`` is for reading the samples; ``button`` says whether it plays or would."""

    def __init__(
        self,
        jobs: Jobs,
        key: str,
        player: Player,
        strip: SoundStrip,
        button: QToolButton,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._jobs, self._key = jobs, key
        self.player, self._strip, self._button = player, strip, button
        self._seconds, self._rate = 0.0, 0
        self._load: Load | None = None
        player.setParent(self)
        player.moved.connect(self._follow)
        strip.sought.connect(self._seek)
        strip.marked.connect(self._mark)
        strip.pressed.connect(self.toggle)
        button.clicked.connect(self.toggle)

    def show_sound(self, seconds: float, rate: int, load: Load | None) -> None:
        """Another sound is in the strip; ``load`` gives samples and rate on a worker, None: it has none."""
        self.stop()
        self._seconds, self._rate, self._load = seconds, rate, load
        self._button.setEnabled(load is not None)
        self._show_place(0.0)

    @property
    def is_playing(self) -> bool:
        return self.player.is_playing

    def toggle(self) -> None:
        """Play on from where it stands, or pause."""
        if self.player.is_playing:
            self.stop()
        elif self._load is not None:
            self.player.stop()  # one that came to its end must not end the next
            load, player, again = self._load, self.player, self._strip.span
            start = self._strip.place if self._strip.place < END else 0.0

            def begin(progress: Progress) -> None:
                samples, rate = load(progress)
                progress.check()
                player.load(samples, rate, start, again)
                if progress.cancelled:  # while the device was opened
                    player.silence()

            self._jobs.start(begin, self._begun, key=self._key)

    def stop(self) -> None:
        self._jobs.cancel(self._key)
        self.player.stop()

    def _begun(self, _loaded: None) -> None:
        self.player.follow()

    def _follow(self, share: float) -> None:
        playing = share >= 0
        self._button.setIcon(icons.icon("pause" if playing else "play"))
        self._button.setAccessibleName("Pause" if playing else "Play")
        self._button.setToolTip("Pause (P)" if playing else "Play (P)")
        if playing:
            self._show_place(share)

    def _seek(self, share: float) -> None:
        if self.player.is_playing:
            self.player.seek(share)
        self._show_place(share)

    def _mark(self, span: Span | None) -> None:
        if self.player.is_playing:
            self.player.repeat(span)
        if span is not None and not self.player.is_playing:
            self._show_place(span[0])
        self._show_place(self._strip.place)

    def _show_place(self, share: float) -> None:
        time = f"{share * self._seconds:,.2f} / {self._seconds:,.2f} s" if self._seconds else ""
        span = self._strip.span
        if span is not None:
            time += f" · repeats {span[0] * self._seconds:,.2f} to {span[1] * self._seconds:,.2f}"
        elif self._rate:
            time += f" · {self._rate / 1000:g} kHz"
        self._strip.show_place(share, time)
