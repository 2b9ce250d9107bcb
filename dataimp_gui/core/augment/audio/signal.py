"""What the audio operations share: levels, filters, convolution, resampling and mixing, on samples (n, channels)."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.augment.values import Sound

Samples = npt.NDArray[np.float32]
Response = Callable[[npt.NDArray[np.float64]], npt.NDArray[np.float64]]
"""Frequencies in hertz -> gains."""

DIGITS: Final = 9  # of gains: in the last bits of exp and log, processors differ
SMALLEST_BLOCK: Final = 1 << 14
RESOLUTION_HZ: Final = 10  # what a filter can tell apart; its kernel lasts as long as one such wave


def as_sound(samples: npt.ArrayLike, rate: int) -> Sound:
    """Samples as other programs hold them, (n,) or (n, channels): whole numbers are taken by their full scale."""
    given = np.asarray(samples)
    given = given[:, None] if given.ndim == 1 else given
    if given.dtype.kind in "iu":
        half = 2.0 ** (8 * given.dtype.itemsize - 1)
        given = (given - half if given.dtype.kind == "u" else given) / half
    return Sound(given.astype(np.float32), int(rate))


def factor(decibels: float) -> float:
    return float(10 ** (decibels / 20))


def rms(samples: Samples) -> float:
    return float(np.sqrt(np.mean(np.square(samples, dtype=np.float64)))) if samples.size else 0.0


def peak(samples: npt.NDArray[np.floating]) -> float:
    return float(np.abs(samples).max(initial=0.0))


def recorded(sound: Sound, samples: npt.NDArray[np.floating]) -> Sound:
    """The samples as a file holds them: 32-bit, and no louder than full scale (or than the sound already was)."""
    limit = max(1.0, peak(sound.samples))
    return Sound(np.clip(samples, -limit, limit).astype(np.float32, copy=False), sound.rate)


def fitted(samples: Samples, count: int) -> Samples:
    """Cut at the end, or filled with silence, to ``count`` frames."""
    if len(samples) >= count:
        return samples[:count]
    return np.concatenate([samples, np.zeros((count - len(samples), samples.shape[1]), np.float32)])


def mixed(sound: Sound, noise: npt.NDArray[np.floating], snr: float) -> Sound:
    """The sound with the noise ``snr`` decibels below it, both taken as RMS over all of it.

    Silence stays silence: it has no level to be above.
    """
    level, loud = rms(sound.samples), rms(noise.astype(np.float32, copy=False))
    if not level or not loud:
        return sound
    return recorded(sound, sound.samples + noise * (level / loud / factor(snr)))


def resampled(samples: Samples, rate_in: float, rate_out: float) -> Samples:
    if rate_in == rate_out or not len(samples):
        return samples
    import soxr

    made = soxr.resample(np.ascontiguousarray(samples), rate_in, rate_out, "HQ")
    return np.asarray(made, np.float32).reshape(-1, samples.shape[1])


def convolved(samples: Samples, kernel: npt.NDArray[np.floating]) -> Samples:
    """(n, channels) with (k,) or (k, channels) -> (n + k - 1, channels), block by block: an hour needs no more."""
    count, channels = samples.shape
    kernel = kernel.reshape(len(kernel), -1).astype(np.float32, copy=False)
    size = max(SMALLEST_BLOCK, 1 << (2 * len(kernel)).bit_length())
    size = min(size, 1 << (count + len(kernel)).bit_length())
    step = size - len(kernel) + 1
    spectrum = np.fft.rfft(kernel.T, size)
    made = np.zeros((channels, count + len(kernel) - 1), np.float32)
    for start in range(0, count, step):
        block = np.fft.rfft(samples[start : start + step].T, size)
        piece = np.fft.irfft(times(block, spectrum), size)
        end = min(start + size, made.shape[1])
        made[:, start:end] += piece[:, : end - start]
    return made.T


def times(one: npt.NDArray[Any], other: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The product of complex numbers, each operation rounded by itself: numpy joins two of them where it can."""
    made = np.empty_like(one)
    made.real = one.real * other.real - one.imag * other.imag
    made.imag = one.real * other.imag + one.imag * other.real
    return made


def filtered(samples: Samples, rate: int, response: Response) -> Samples:
    """The samples through a filter without delay, of the same length."""
    half = max(8, rate // (2 * RESOLUTION_HZ))
    size = 1 << (4 * half).bit_length()
    gains = np.round(response(np.fft.rfftfreq(size, 1 / rate).astype(np.float64)), DIGITS)
    wave = np.fft.irfft(gains, size)
    kernel = np.concatenate([wave[-half:], wave[: half + 1]]) * np.hanning(2 * half + 3)[1:-1]
    return convolved(samples, kernel)[half : half + len(samples)]


def low_pass(frequencies: npt.NDArray[np.float64], cut: float, order: int = 4) -> npt.NDArray[np.float64]:
    """Gains of a Butterworth filter: -3 dB at ``cut``, 6 dB an octave per order."""
    return np.asarray(1 / np.sqrt(1 + (frequencies / cut) ** (2 * order)))


def high_pass(frequencies: npt.NDArray[np.float64], cut: float, order: int = 4) -> npt.NDArray[np.float64]:
    return np.asarray(1 / np.sqrt(1 + (cut / np.maximum(frequencies, 1e-3)) ** (2 * order)))


def coloured(white: npt.NDArray[np.floating], rate: int, exponent: float, corner: float = 20.0) -> Samples:
    """White noise (n, channels) whose power falls with frequency ** -exponent: 1 is pink, 2 brown, -1 blue.

    Below the ``corner`` in hertz it is even: a swing that nobody hears would take all the power.
    """
    size = 1 << max(len(white) - 1, 1).bit_length()
    spectrum = np.fft.rfft(white.astype(np.float32, copy=False).T, size)
    frequencies = np.maximum(np.fft.rfftfreq(size, 1 / rate), corner)
    spectrum *= ((frequencies / 1000) ** (-exponent / 2)).astype(np.float32)
    spectrum[:, 0] = 0
    return np.asarray(np.fft.irfft(spectrum, size)[:, : len(white)].T)
