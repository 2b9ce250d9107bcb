"""Sound on the loudspeaker: one clip at a time, from its beginning, until it ends or is stopped."""

from collections.abc import Generator, Sequence
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QTimer, Signal

from dataimp_gui.errors import DataimpError

Samples = npt.NDArray[np.float32]
FRAME_MS = 33


class Player(QObject):
    """`load` may be called on any thread, the others on the thread of this object."""

    moved = Signal(float)  # which share of the clip was heard, in [0, 1]; -1 when nothing plays

    def __init__(self, backends: Sequence[Any] = (), parent: QObject | None = None) -> None:
        """``backends`` of miniaudio to try, by default all that the system has."""
        super().__init__(parent)
        self._backends = list(backends)
        self._device: Any = None
        self._turn = Lock()
        self._at = self._frames = 0
        self._timer = QTimer(self, interval=FRAME_MS)
        self._timer.timeout.connect(self._tell)

    @property
    def is_playing(self) -> bool:
        return self._device is not None and self._at < self._frames

    def load(self, samples: Samples, rate: int) -> None:
        """Begin to play frames by channels in [-1, 1]; what played before stops.

        Raises DataimpError when there is nothing to play on.
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
            self._at, self._frames = 0, len(heard)
            source = self._pour(heard)
            next(source)
            device.start(source)
            self._device = device

    def follow(self) -> None:
        """Tell of the place in the clip until it ends."""
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()
        with self._turn:
            self._close()
        self.moved.emit(-1.0)

    def _pour(self, heard: Samples) -> Generator[bytes, int, None]:
        """Gives the device as many frames as it asks for; runs on its thread."""
        wanted = yield b""
        while self._at < len(heard):
            part = heard[self._at : self._at + wanted]
            self._at += len(part)
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
