"""Faster or slower at one pitch: frames laid over each other where they fit best (WSOLA, Verhelst, Roelands 1993)."""

from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.augment.audio.signal import Samples, fitted, resampled

FRAME_S: Final = 0.04
SEARCH_S: Final = 0.01  # how far a frame may be moved, either way; one wave of 50 Hz in all
COARSE_HZ: Final = 8000  # the rate at which places are compared first


def stretched(samples: Samples, rate: int, tempo: float) -> Samples:
    """(n, channels) -> (about n / ``tempo``, channels); the channels stay together."""
    wanted = max(1, round(len(samples) / tempo))
    hop = max(1, round(FRAME_S * rate / 2))
    if tempo == 1 or len(samples) < 4 * hop:
        return _squeezed(samples, wanted)
    places = _places(samples.mean(axis=1), rate, hop, wanted, tempo)
    window = np.hanning(2 * hop + 1)[:-1].astype(np.float32)[:, None]
    padded = np.concatenate([samples, np.zeros((4 * hop, samples.shape[1]), np.float32)])
    made = np.zeros((hop * (len(places) + 1), samples.shape[1]), np.float32)
    for number, place in enumerate(places):
        made[number * hop : (number + 2) * hop] += padded[place : place + 2 * hop] * window
    made[:hop] = padded[places[0] : places[0] + hop]  # nothing comes before the first frame
    return fitted(made, wanted)


def _places(mono: npt.NDArray[np.float32], rate: int, hop: int, wanted: int, tempo: float) -> list[int]:
    """Where each output frame begins in the input: near its time, and going on from the frame before."""
    each = max(1, rate // COARSE_HZ)
    search = max(1, round(SEARCH_S * rate))
    coarse = _thinned(np.concatenate([np.zeros(search, np.float32), mono, np.zeros(6 * hop, np.float32)]), each)
    fine = np.concatenate([np.zeros(search, np.float32), mono, np.zeros(6 * hop, np.float32)])
    places, last = [0], 0
    for number in range(1, -(-wanted // hop) + 1):
        goal = min(round(number * hop * tempo), len(mono))
        follow = last + hop
        first = _best(coarse, (follow + search) // each, goal // each, 2 * search // each, 2 * hop // each) * each
        near = max(0, min(goal - search + first, len(mono)) - each)
        place = near + _best(fine, follow + search, near + search, 2 * each, hop) if each > 1 else near + each
        last = max(0, min(place, len(mono)))
        places.append(last)
    return places


def _best(wave: npt.NDArray[np.float32], follow: int, start: int, lags: int, count: int) -> int:
    """The lag from ``start``, up to ``lags``, at which ``count`` samples look most like those from ``follow``."""
    template, where = wave[follow : follow + count], wave[start : start + count + lags]
    if len(template) < count or len(where) < count + lags:
        return lags // 2
    energy = np.cumsum(np.concatenate([[0.0], np.square(where, dtype=np.float64)]))
    power = energy[count:] - energy[: lags + 1]
    return int(np.argmax(np.correlate(where, template, "valid") / np.sqrt(power + 1e-9)))


def _thinned(wave: npt.NDArray[np.float32], each: int) -> npt.NDArray[np.float32]:
    return np.asarray(wave[: len(wave) // each * each].reshape(-1, each).mean(axis=1), np.float32)


def _squeezed(samples: Samples, wanted: int) -> Samples:
    """Too short for frames of 40 ms: nothing has a pitch there."""
    if len(samples) == wanted:
        return samples
    return fitted(resampled(samples, len(samples), wanted), wanted)
