"""What a sound is like: the statistics of its mel spectrum, and how the shape of the spectrum goes in time.

Log-mel energies (Davis and Mermelstein, 1980) of 32 ms every 10 ms at 8 kHz. Mean, deviation and deviation of the
change of 40 bands say who speaks and through what; 12 cepstral coefficients of 8 soft stretches between the first and
the last loud frame say what is spoken.
"""

from functools import lru_cache
from math import gcd
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.contract import Limits
from dataimp_gui.core.features.embedding import Floats
from dataimp_gui.core.features.embedding_each import source_of
from dataimp_gui.core.features.embedding_space import Raw, Turn, directions, evened_columns
from dataimp_gui.core.media import audio
from dataimp_gui.core.media.files import MediaError

RATE: Final = 8000  # hertz
WINDOW: Final = 256  # frames
HOP: Final = 80
BANDS: Final = 40
CEPSTRA: Final = 12
STRETCHES: Final = 8
LOUD_DB: Final = 30.0  # below the loudest frame; what is quieter at the ends is a pause
FLOOR_DB: Final = 80.0  # below the loudest band of all
LONGEST_S: Final = 120.0


def describe(item: list[Any], limits: dict[str, Any]) -> Floats:
    """Runs in a worker: (3 x BANDS + STRETCHES x CEPSTRA,) of one sound. Raises MediaError."""
    return of_samples(mono(source_of(item), RATE, Limits(**limits), LONGEST_S))


def of_samples(samples: Floats) -> Floats:
    """`describe` of samples (frames,) at RATE."""
    levels = log_mel(samples)
    change = np.diff(levels, axis=0) if len(levels) > 1 else np.zeros_like(levels)
    statistics = (levels.mean(axis=0), levels.std(axis=0), change.std(axis=0))
    return np.concatenate([*statistics, _stretches(_between_pauses(levels) @ _cosines()).ravel()]).astype(np.float32)


def fit(raw: Raw) -> Turn:
    """Columns are evened, both halves weigh the same, then as `directions`."""
    mean, scale = evened_columns(raw)
    first = 3 * BANDS
    if scale.any():
        scale[:first] /= np.sqrt(first)
        scale[first:] /= np.sqrt(len(scale) - first)
    turn = directions((raw - mean) * scale)
    return lambda block: turn((block - mean) * scale)


def mono(source: str | bytes, rate: int, limits: Limits, longest_s: float) -> Floats:
    """All channels as one, at ``rate`` hertz, the first ``longest_s`` seconds: (frames,). Raises MediaError."""
    samples, found = audio.decode(source, limits, seconds=longest_s)
    values = samples.mean(axis=1)
    if not np.isfinite(values).all():
        raise MediaError("Some of its samples are no numbers (NaN or infinite).")
    return at_rate(values, found, rate)


def at_rate(values: Floats, found: int, rate: int) -> Floats:
    """Samples (frames,) at ``found`` hertz as they are at ``rate``."""
    if found != rate:
        from scipy.signal import resample_poly

        step = gcd(found, rate)
        if max(found, rate) // step > 4096:  # an odd rate would need a filter of millions of taps
            places = np.arange(0, len(values), found / rate)
            return np.asarray(np.interp(places, np.arange(len(values)), values), np.float32)
        values = resample_poly(values, rate // step, found // step)
    return np.asarray(values, np.float32)


def log_mel(samples: Floats) -> Floats:
    """Decibels of BANDS mel bands: (frames, BANDS), none more than FLOOR_DB below the loudest."""
    padded = np.pad(samples, (0, max(0, WINDOW - len(samples))))
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP]
    bank, window = _bank(), np.hanning(WINDOW).astype(np.float32)
    parts = [
        np.square(np.abs(np.fft.rfft(frames[start : start + 4096] * window, 2 * WINDOW))) @ bank
        for start in range(0, len(frames), 4096)
    ]
    levels = 10 * np.log10(np.concatenate(parts) + 1e-10)
    return np.asarray(np.maximum(levels, levels.max() - FLOOR_DB), np.float32)


def _between_pauses(levels: Floats) -> Floats:
    loudest = levels.max(axis=1)
    loud = np.flatnonzero(loudest > loudest.max() - LOUD_DB)
    return levels[loud[0] : loud[-1] + 1]


def _stretches(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The means of STRETCHES overlapping triangles in time: (STRETCHES, columns)."""
    width = len(values) / STRETCHES
    centres = (np.arange(STRETCHES) + 0.5) * width - 0.5
    weights = np.maximum(0, 1 - np.abs(np.arange(len(values))[:, None] - centres) / max(width, 1.0))
    return np.asarray((weights / np.maximum(weights.sum(axis=0), 1e-9)).T @ values)


@lru_cache(maxsize=1)
def _bank() -> Floats:
    """Triangles of equal width in mel (O'Shaughnessy, 1987), 50 Hz to half the rate: (bins, BANDS)."""
    lowest, highest = 2595 * np.log10(1 + np.array((50.0, RATE / 2)) / 700)
    edges = 700 * (10 ** (np.linspace(lowest, highest, BANDS + 2) / 2595) - 1)
    bins = np.fft.rfftfreq(2 * WINDOW, 1 / RATE)[:, None]
    rising = (bins - edges[:-2]) / np.diff(edges)[:-1]
    falling = (edges[2:] - bins) / np.diff(edges)[1:]
    return np.maximum(0, np.minimum(rising, falling)).astype(np.float32)


@lru_cache(maxsize=1)
def _cosines() -> Floats:
    """The cosine transform to cepstra 1 to CEPSTRA; the 0th is loudness."""
    places = (np.arange(BANDS) + 0.5)[:, None] * np.arange(1, CEPSTRA + 1)
    return np.asarray(np.cos(np.pi * places / BANDS) * np.sqrt(2 / BANDS), np.float32)
