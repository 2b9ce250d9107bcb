"""What a sound looks like: the extremes of its stretches, and their picture."""

from typing import Final, Self

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.contract import Limits
from dataimp_gui.core.media.audio import Samples, Source, blocks, opened
from dataimp_gui.core.media.files import LIMITS

TEAL: Final = (0x2D, 0xB5, 0xA3)
WELL: Final = (0x0A, 0x0B, 0x0D)


def peaks(samples: Samples, width: int) -> npt.NDArray[np.float32]:
    """The lowest and highest sample of each of ``width`` equal stretches, over all channels: (width, 2)."""
    return _Envelope(len(samples), width).add(samples).result()


def waveform(
    source: Source,
    width: int,
    height: int,
    *,
    colour: tuple[int, int, int] = TEAL,
    well: tuple[int, int, int] = WELL,
    limits: Limits = LIMITS,
) -> npt.NDArray[np.uint8]:
    """The picture of a sound: (height, width, 3) RGB. Raises as `audio.decode`; long ones take no more memory."""
    with opened(source, limits) as sound:
        envelope = _Envelope(sound.frames, width)
        for block in blocks(sound):
            envelope.add(block)
    return draw(envelope.result(), height, colour=colour, well=well)


def draw(
    extremes: npt.NDArray[np.float32],
    height: int,
    *,
    colour: tuple[int, int, int] = TEAL,
    well: tuple[int, int, int] = WELL,
) -> npt.NDArray[np.uint8]:
    """`peaks` as a picture: (height, len(extremes), 3) RGB. Quiet clips are not made louder."""
    centre = (height - 1) / 2
    low, high = (np.clip(centre - extremes[:, side] * centre, 0, height - 1) for side in (0, 1))
    y = np.arange(height, dtype=np.float32)[:, None]
    cover = np.clip(np.minimum(low, y + 0.5) - np.maximum(high, y - 0.5), 0, 1)  # how much of the pixel lies between
    cover = np.maximum(cover, (np.abs(y - centre) <= 0.5) * 1.0)[:, :, None]  # silence is a line
    ends = np.array(well, np.float32), np.array(colour, np.float32)
    picture: npt.NDArray[np.uint8] = np.rint(ends[0] + cover * (ends[1] - ends[0])).astype(np.uint8)
    return picture


class _Envelope:
    """Gathers the extremes of stretches while blocks go by."""

    def __init__(self, frames: int, width: int) -> None:
        self._frames, self._width, self._at = max(1, frames), width, 0
        self._low = np.full(width, np.inf, np.float32)
        self._high = np.full(width, -np.inf, np.float32)

    def add(self, samples: Samples) -> Self:
        end = self._at + len(samples)
        columns = np.arange(self._at * self._width // self._frames, (end - 1) * self._width // self._frames + 1)
        starts = np.maximum(-(-columns * self._frames // self._width), self._at)  # the first frame of each stretch
        some = np.diff(starts, append=end) > 0  # a short clip leaves stretches empty
        columns, places = columns[some], (starts[some] - self._at) * samples.shape[1]
        flat = samples.ravel()
        if len(columns):
            self._low[columns] = np.minimum(self._low[columns], np.minimum.reduceat(flat, places))
            self._high[columns] = np.maximum(self._high[columns], np.maximum.reduceat(flat, places))
        self._at = end
        return self

    def result(self) -> npt.NDArray[np.float32]:
        known = np.flatnonzero(np.isfinite(self._low))
        if not len(known):
            return np.zeros((self._width, 2), np.float32)
        nearest = known[np.clip(np.searchsorted(known, np.arange(self._width), side="right") - 1, 0, None)]
        return np.stack([self._low[nearest], self._high[nearest]], axis=1)  # a clip of few samples is drawn in steps
