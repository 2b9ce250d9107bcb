"""What a sound is like as numbers, gathered block by block, so that a long one takes little memory."""

from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.contract import Limits
from dataimp_gui.core.media import signature
from dataimp_gui.core.media.audio import Samples, blocks, opened
from dataimp_gui.core.media.statistics.loudness import LOWEST_RATE, Loudness

Power = npt.NDArray[np.float64]

SIGNED_S: Final = 600.0  # the signature is that of the first ten minutes

_STRETCH_S: Final = 0.02
_WINDOW_S: Final = 0.032
_FULL: Final = 0.98  # of full scale: 8-bit files end at 127 / 128
_EQUAL: Final = 1 / 32_768
_SILENT: Final = 1e-6  # power of -60 dBFS
_BELOW: Final = 1e-4  # 40 dB
_FLOOR: Final = 1e-6  # 60 dB
_QUIETEST: Final = 10  # one stretch in so many is taken for noise alone
_MEAN_OF_QUIETEST: Final = 1.755  # standard deviations that the mean of the lowest tenth of normal values lies low
_HIGHEST_DB: Final = 100.0
_NAN: Final = float("nan")


def measure(data: bytes, limits: Limits) -> tuple[dict[str, float], int | None]:
    """Statistics by name, NaN where there is none, and the signature. Raises MediaError as `audio.decode`."""
    with opened(data, limits) as sound:
        rate, channels = sound.samplerate, sound.channels
        gathered = _Gathered(rate, channels)
        for block in blocks(sound):
            gathered.add(block)
    return gathered.result(), gathered.signature()


def of_samples(samples: Samples, rate: int) -> dict[str, float]:
    """Statistics of samples (frames, channels) by name; at least one frame."""
    gathered = _Gathered(rate, samples.shape[1])
    gathered.add(samples)
    return gathered.result()


class _Gathered:
    def __init__(self, rate: int, channels: int) -> None:
        self._rate, self._channels = rate, channels
        self._loudness = Loudness(rate, channels) if rate >= LOWEST_RATE else None
        self._frames = self._clipped = 0
        self._peak = 0.0
        self._stretches = _Stretches(max(1, round(rate * _STRETCH_S)))
        self._spectrum = _Spectrum(max(16, round(rate * _WINDOW_S)))
        self._start: list[npt.NDArray[np.float32]] = []

    def add(self, samples: Samples) -> None:
        peak = float(np.abs(samples).max())
        self._peak = max(self._peak, peak)
        if peak >= _FULL:
            self._clipped += _in_flat_tops(samples)
        if self._loudness:
            self._loudness.add(samples)
        self._stretches.add(np.square(samples, dtype=np.float64).mean(axis=1))
        mono = samples.mean(axis=1, dtype=np.float32)
        self._spectrum.add(mono)
        if self._frames < SIGNED_S * self._rate:
            self._start.append(mono)
        self._frames += len(samples)

    def result(self) -> dict[str, float]:
        power = self._stretches.result()
        return {
            "duration": self._frames / self._rate,
            "sample_rate": float(self._rate),
            "channels": float(self._channels),
            "loudness": self._loudness.lufs() if self._loudness else _NAN,
            "peak": float(20 * np.log10(self._peak)) if self._peak else _NAN,
            "clipping": self._clipped / (self._frames * self._channels),
            "silence": float(np.mean((power < _SILENT) | (power < power.max() * _BELOW))),
            "snr": _snr(power, self._stretches.size),
            "bandwidth": self._spectrum.bandwidth(self._rate),
        }

    def signature(self) -> int | None:
        return signature.sound(np.concatenate(self._start)[:, None], self._rate)


class _Stretches:
    """The mean power of equal stretches of ``size`` frames."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._means: list[Power] = []
        self._rest: Power = np.empty(0)

    def add(self, power: Power) -> None:
        power = np.concatenate([self._rest, power])
        whole = len(power) // self.size * self.size
        self._means.append(power[:whole].reshape(-1, self.size).mean(axis=1))
        self._rest = power[whole:]

    def result(self) -> Power:
        """At least one; what is left over at the end counts only when there is nothing else."""
        means = np.concatenate(self._means)
        return means if len(means) else np.array([self._rest.mean()])


class _Spectrum:
    """The mean power of each frequency over windows that overlap by half (P. Welch, 1967)."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._window = np.hanning(size + 2)[1:-1].astype(np.float32)
        self._sum = np.zeros(size // 2 + 1)
        self._count = 0

    def add(self, mono: npt.NDArray[np.float32]) -> None:
        if len(mono) < self._size:
            if self._count:
                return  # the end of a long sound
            mono = np.pad(mono, (0, self._size - len(mono)))
        frames = np.lib.stride_tricks.sliding_window_view(mono, self._size)[:: self._size // 2]
        frames = (frames - frames.mean(axis=1, keepdims=True)) * self._window
        self._sum += np.square(np.abs(np.fft.rfft(frames, axis=1))).sum(axis=0)
        self._count += len(frames)

    def bandwidth(self, rate: int) -> float:
        strongest = self._sum.max()
        if strongest <= 0:
            return _NAN
        return float(np.flatnonzero(self._sum >= strongest * _FLOOR)[-1] * rate / self._size)


def _in_flat_tops(samples: Samples) -> int:
    """How many samples lie in runs of 3 or more equal ones near full scale; a run across two blocks counts as two."""
    high = np.abs(samples) >= _FULL
    pairs = high[1:] & high[:-1] & (np.abs(np.diff(samples, axis=0)) <= _EQUAL)
    centres = pairs[1:] & pairs[:-1]
    inside = np.zeros(samples.shape, np.bool_)
    for place in range(3):
        inside[place : place + len(centres)] |= centres
    return int(np.count_nonzero(inside))


def _snr(power: Power, size: int) -> float:
    """Mean power against that of the quietest tenth of stretches, as if they held white noise alone."""
    if len(power) < _QUIETEST or power.max() <= 0:
        return _NAN
    count = len(power) // _QUIETEST
    quietest = float(np.partition(power, count - 1)[:count].mean())
    noise = quietest / max(0.1, 1 - _MEAN_OF_QUIETEST * float(np.sqrt(2 / size)))
    signal = float(power.mean()) - noise
    if signal < noise:
        return _NAN
    return min(_HIGHEST_DB, float(10 * np.log10(signal / noise))) if noise > 0 else _HIGHEST_DB
