"""How loud a sound is to an ear: integrated loudness by ITU-R BS.1770-5, gathered while blocks go by."""

from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.media.audio import Samples

LOWEST_RATE: Final = 4_000  # hertz; the shelf at 1.7 kHz must lie well below half of it

_OFFSET: Final = -0.691  # makes 997 Hz at full scale in one channel -3.01 LUFS
_ABSOLUTE: Final = -70.0
_RELATIVE: Final = -10.0
_PARTS: Final = 4  # a gating block of 400 ms is four steps of 100 ms
_WEIGHTS: Final = {5: (1.0, 1.0, 1.0, 1.41, 1.41), 6: (1.0, 1.0, 1.0, 0.0, 1.41, 1.41)}  # else all 1


class Loudness:
    """`add` the blocks of a sound in order, then ask for `lufs`."""

    def __init__(self, rate: int, channels: int) -> None:
        from scipy import signal

        self._filter = signal.sosfilt
        self._stages = _k_weighting(rate)
        self._state = np.zeros((len(self._stages), 2, channels))
        self._step = round(rate / 10)
        self._weights = np.array(_WEIGHTS.get(channels, (1.0,) * channels))
        self._steps: list[npt.NDArray[np.float64]] = []
        self._rest = np.empty(0)
        self._sum, self._frames = 0.0, 0

    def add(self, samples: Samples) -> None:
        """``samples`` (frames, channels)."""
        weighted, self._state = self._filter(self._stages, samples, axis=0, zi=self._state)
        power = np.concatenate([self._rest, np.square(weighted) @ self._weights])
        whole = len(power) // self._step * self._step
        self._steps.append(power[:whole].reshape(-1, self._step).mean(axis=1))
        self._rest = power[whole:]
        self._sum += float(power[:whole].sum())
        self._frames += whole

    def lufs(self) -> float:
        """NaN when nothing is above the gate of -70 LUFS; a sound below 400 ms is one block."""
        steps = np.concatenate([np.empty(0), *self._steps])
        if len(steps) >= _PARTS:
            blocks = np.convolve(steps, np.full(_PARTS, 1 / _PARTS), mode="valid")
        else:
            blocks = np.array([(self._sum + float(self._rest.sum())) / max(1, self._frames + len(self._rest))])
        blocks = blocks[blocks > _power(_ABSOLUTE)]
        if not len(blocks):
            return float("nan")
        loud = blocks[blocks > blocks.mean() * 10 ** (_RELATIVE / 10)]
        return float(_OFFSET + 10 * np.log10(loud.mean()))


def _power(lufs: float) -> float:
    return float(10 ** ((lufs - _OFFSET) / 10))


def _k_weighting(rate: int) -> npt.NDArray[np.float64]:
    """Both stages as second-order sections for any rate: the analogue filters behind the tables for 48 kHz.

    Their frequencies, gains and qualities are those of libebur128 (MIT); at 48 kHz they give the tables of BS.1770.
    """
    k, quality = np.tan(np.pi * 1681.974450955533 / rate), 0.7071752369554196
    high = 10 ** (3.999843853973347 / 20)
    band = high**0.4996667741545416
    norm = 1 + k / quality + k * k
    shelf = [
        (high + band * k / quality + k * k) / norm,
        2 * (k * k - high) / norm,
        (high - band * k / quality + k * k) / norm,
        1.0,
        2 * (k * k - 1) / norm,
        (1 - k / quality + k * k) / norm,
    ]
    k, quality = np.tan(np.pi * 38.13547087602444 / rate), 0.5003270373238773
    norm = 1 + k / quality + k * k
    high_pass = [1.0, -2.0, 1.0, 1.0, 2 * (k * k - 1) / norm, (1 - k / quality + k * k) / norm]
    return np.array([shelf, high_pass])
