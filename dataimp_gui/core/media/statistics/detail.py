"""How much of a picture's finest detail is noise, and how sharp it is without: from differences of neighbours."""

from typing import Final

import numpy as np
import numpy.typing as npt

Planes = npt.NDArray[np.uint8]
Differences = npt.NDArray[np.int16]
Floats = npt.NDArray[np.float32]

COUNTED: Final = 16  # pixels that an estimate of noise takes at least

_ROUNDING: Final = 1 / 12  # variance of what is lost where levels are whole numbers
_LAST: Final = np.int16(32_767)  # in order of size: behind all those that count
_GAIN: Final = 0.6745 * 6  # of the median of the answers: that of a normal distribution, and the norm of the mask


def measure(green: Planes) -> tuple[Floats, Floats]:
    """Noise in grey levels and sharpness in 0 to 1, one each (count,), of one channel (count, height, width).

    NaN where `STATISTICS` says so. The formulas are there.
    """
    count, height, width = green.shape
    if min(height, width) < 3:
        return np.full(count, np.nan, np.float32), np.full(count, np.nan, np.float32)
    width = green.shape[2]
    levels = green.astype(np.int16).ravel()  # all in one row, the fastest way; what lies across two lines is left out
    across = _step(levels, 1)
    first = _energy(across.reshape(green.shape)[:, :, :-1])
    second = _energy(_step(across, 1).reshape(green.shape)[:, :, :-2])
    del across  # one array less to keep in the processor's cache
    down = _step(levels, width)
    first += _energy(down.reshape(green.shape)[:, :-1])
    down = _step(down, width)
    second += _energy(down.reshape(green.shape)[:, :-2])
    answers = _step(_step(down, 1), 1).reshape(green.shape)[:, :-2, :-2]
    noise = _noise(answers, green[:, 1:-1, 1:-1])
    noise_power = np.fmax(np.nan_to_num(noise).astype(np.float64) ** 2, _ROUNDING)
    first, second = first - 4 * noise_power, second - 12 * noise_power
    sharpness = np.divide(second, 4 * first, out=np.zeros(count), where=first > 1e-6)
    return noise, np.clip(sharpness, 0, 1).astype(np.float32)


def _step(levels: Differences, by: int) -> Differences:
    """Each level's difference to the one ``by`` places on; the last ones mean nothing."""
    found = np.empty_like(levels)
    np.subtract(levels[by:], levels[:-by], out=found[:-by])
    found[-by:] = 0
    return found


def _energy(values: Differences) -> npt.NDArray[np.float64]:
    """The mean square of each picture's."""
    import cv2

    found: npt.NDArray[np.float64] = np.array([cv2.norm(one, cv2.NORM_L2SQR) for one in values]) / values[0].size
    return found


def _noise(answers: Differences, levels: Planes) -> Floats:
    """The median size of the ``answers`` where ``levels`` are neither black nor white."""
    count, size = len(answers), answers[0].size
    sizes = np.abs(answers).reshape(count, size)
    clipped = (levels - np.uint8(1) >= 254).reshape(count, size)  # 0 becomes 255
    counted = np.full(count, size)
    if clipped.any():
        sizes |= clipped * _LAST
        counted -= [np.count_nonzero(row) for row in clipped]
    noise = np.full(count, np.nan, np.float32)
    for middle in np.unique(counted // 2):  # mostly one: of all
        rows = np.flatnonzero((counted // 2 == middle) & (counted >= COUNTED))
        alike = sizes if len(rows) == count else sizes[rows]
        noise[rows] = np.partition(alike, middle, axis=1)[:, middle] / _GAIN
    return noise
