"""What a sound looks like in time and pitch: its waveform above, the loudness of its mel bands below."""

from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.contract import Limits
from dataimp_gui.core.media.audio import Samples, Source, decode
from dataimp_gui.core.media.files import LIMITS
from dataimp_gui.core.media.waveform import WELL, draw, peaks

BANDS: Final = 96
WINDOW_S: Final = 0.025
RANGE_DB: Final = 80.0
LONGEST_S: Final = 120.0
"""Of a longer sound, the beginning is drawn."""

_COLOURS: Final = np.array([WELL, (0x2A, 0x1E, 0x5C), (0x8B, 0x2C, 0x6B), (0xE8, 0x6A, 0x3A), (0xFD, 0xEB, 0xA8)])
_GAP: Final = 8

Pixels = npt.NDArray[np.uint8]


def portrait(source: Source, width: int, height: int, *, limits: Limits = LIMITS) -> tuple[Pixels, float, int]:
    """A picture (height, width, 3) RGB of a sound, its seconds and its rate in hertz. Raises as `audio.decode`."""
    samples, rate = decode(source, limits, seconds=LONGEST_S)
    above = (height - _GAP) // 3
    pixels = np.empty((height, width, 3), np.uint8)
    pixels[:] = WELL
    pixels[:above] = draw(peaks(samples, width), above)
    pixels[above + _GAP :] = spectrogram(samples, rate, width, height - above - _GAP)
    return pixels, len(samples) / rate, rate


def spectrogram(samples: Samples, rate: int, width: int, height: int) -> Pixels:
    """Log-mel loudness over `RANGE_DB` below its loudest point, low pitch at the bottom: (height, width, 3) RGB."""
    import cv2

    mono = samples.mean(axis=1)
    size = max(64, 1 << round(np.log2(max(2, WINDOW_S * rate))))
    hop = max(size // 4, -(-max(len(mono) - size, 1) // width))
    frames = np.lib.stride_tricks.sliding_window_view(np.pad(mono, (0, max(0, size - len(mono)))), size)[::hop]
    power = np.abs(np.fft.rfft(frames * np.hanning(size).astype(np.float32), axis=1)) ** 2
    mel = power @ _filters(rate, size, BANDS)
    loudness = 10 * np.log10(np.maximum(mel, 1e-10))
    scaled = np.clip((loudness - loudness.max()) / RANGE_DB + 1, 0, 1) * (loudness.max() > -90)
    drawn = cv2.resize(np.ascontiguousarray(scaled.T[::-1].astype(np.float32)), (width, height))
    steps, levels = np.linspace(0, 255, len(_COLOURS)), np.arange(256)
    table = np.stack([np.interp(levels, steps, _COLOURS[:, k]) for k in range(3)], axis=1).round().astype(np.uint8)
    return table[np.rint(np.clip(drawn, 0, 1) * 255).astype(np.uint8)]


def _filters(rate: int, size: int, bands: int) -> npt.NDArray[np.float32]:
    """Triangles of equal width on the mel scale 2595 log10(1 + f / 700), each summing to 1: (size // 2 + 1, bands)."""
    pitch = np.linspace(0, 2595 * np.log10(1 + rate / 2 / 700), bands + 2)
    edges = 700 * (10 ** (pitch / 2595) - 1)
    frequency = np.fft.rfftfreq(size, 1 / rate)[:, None]
    rising = (frequency - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - frequency) / (edges[2:] - edges[1:-1])
    weights = np.clip(np.minimum(rising, falling), 0, None)
    nearest = np.argmin(np.abs(frequency - edges[1:-1]), axis=0)
    weights[nearest, np.arange(bands)] += 1e-6  # a band narrower than a step of the transform still has one
    filters: npt.NDArray[np.float32] = (weights / weights.sum(axis=0)).astype(np.float32)
    return filters
