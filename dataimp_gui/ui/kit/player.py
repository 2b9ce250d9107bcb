"""Sound on the loudspeaker: one clip at a time, until it ends or is stopped, or a part of it again and again."""

from collections.abc import Generator, Sequence
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QTimer, Signal

from dataimp_gui.errors import DataimpError

Samples = npt.NDArray[np.float32]
Span = tuple[float, float]
FRAME_MS = 33


class Player(QObject):
    """`load` and `silence` may be called on any thread, the others on the thread of this object."""

    moved = Signal(float)  # which share of the clip was heard, in [0, 1]; -1 when nothing plays

    def __init__(self, backends: Sequence[Any] = (), parent: QObject | None = None) -> None:
        """``backends`` of miniaudio to try, by default all that the system has."""
        super().__init__(parent)
        self._backends = list(backends)
        self._device: Any = None
        self._turn = Lock()
        self._at = self._frames = 0
        self._again: tuple[int, int] | None = None  # frames that are repeated
        self._timer = QTimer(self, interval=FRAME_MS)
        self._timer.timeout.connect(self._tell)

    @property
    def is_playing(self) -> bool:
        return self._device is not None and self._at < self._frames

    def load(self, samples: Samples, rate: int, start: float = 0.0, again: Span | None = None) -> None:
        """Begin to play frames by channels in [-1, 1]; what played before stops.

        ``start`` and ``again``, which is repeated, are shares of the clip. Raises DataimpError when there is nothing
        to play on.
        """
        import miniaudio

        heard = np.clip(samples[:, :2], -1, 1).astype(np.float32)
        with self._turn:
            self._close()
            try:
                device = miniaudio.PlaybackDevice(
                    output_format=miniaudio.SampleFormat.FLOAT32,
                    nchannels=heard.shape[1],
                    sample_rate=rate,
                    buffersize_msec=60,
                    backends=self._backends or None,
                    app_name="Dataimp",
                )
            except miniaudio.MiniaudioError as error:
                raise _silent() from error
            if device.backend == "Null" and not self._backends:  # what miniaudio takes when the system has nothing
                device.close()
                raise _silent()
            self._frames = len(heard)
            self._at = round(start * self._frames)
            self.repeat(again)
            source = self._pour(heard)
            next(source)
            device.start(source)
            self._device = device

    def seek(self, share: float) -> None:
        """Go on from there."""
        self._at = min(round(share * self._frames), self._frames - 1)

    def repeat(self, span: Span | None) -> None:
        """Play this part of the clip again and again, None: to the end once."""
        if span is None:
            self._again = None
            return
        first, last = round(span[0] * self._frames), round(span[1] * self._frames)
        self._again = (first, max(last, first + 1))
        if not first <= self._at < last:
            self._at = first

    def follow(self) -> None:
        """Tell of the place in the clip until it ends."""
        self._timer.start()

    def silence(self) -> None:
        """Close the device, without a word; on any thread."""
        with self._turn:
            self._close()

    def stop(self) -> None:
        self._timer.stop()
        self.silence()
        self.moved.emit(-1.0)

    def _pour(self, heard: Samples) -> Generator[bytes, int, None]:
        """Gives the device as many frames as it asks for; runs on its thread."""
        wanted = yield b""
        while self._at < len(heard):
            again = self._again
            if again is not None and self._at >= again[1]:
                self._at = again[0]
            start = self._at  # another thread may move it meanwhile
            part = heard[start : min(start + wanted, again[1] if again else len(heard))]
            end = start + len(part)
            self._at = again[0] if again is not None and end >= again[1] else end
            wanted = yield part.tobytes()

    def _tell(self) -> None:
        if self.is_playing:
            self.moved.emit(self._at / max(1, self._frames))
        else:
            self.stop()

    def _close(self) -> None:
        device, self._device = self._device, None
        if device is not None:
            device.close()


def _silent() -> DataimpError:
    return DataimpError(
        "There is no sound device to play on.", hint="The waveform and the spectrogram show the clip all the same."
    )
