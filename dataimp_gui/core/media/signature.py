"""What a picture or a sound is like in 64 bits: alike media differ in few of them, unlike ones in about half."""

from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.media.audio import Samples
from dataimp_gui.core.media.image import Pixels

FLAT: Final = 2.0  # grey levels (standard deviation) below which a picture shows nothing to be known by
QUIET: Final = 1e-4  # of full scale (root mean square): below it a sound is silence

_SIDE: Final = 32
_BANDS: Final = 9
_STRETCHES: Final = 9
_LOW_HZ: Final = 150.0
_HIGH_HZ: Final = 3400.0  # what a telephone lets through, so that it can be compared with anything better
_FLOOR: Final = 1e-4  # of the strongest band's energy (-40 dB): what is below is as good as silence
_ACTIVE: Final = 0.01  # of the loudest frame's energy (-20 dB): quieter ends are no part of what is said


def picture(pixels: Pixels) -> int | None:
    """As `pictures`, of one: (height, width, 3). None for a flat picture."""
    numbers, known = pictures(pixels[None])
    return int(numbers[0]) if known[0] else None


def pictures(stack: Pixels) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.bool_]]:
    """The signs of the 64 lowest frequencies of pictures of one size (n, height, width, 3) in grey: (n,) numbers.

    The discrete cosine transform of a 32 by 32 thumbnail without its mean, so size, compression, brightness and
    contrast change little (C. Zauner, Implementation and benchmarking of perceptual image hash functions, 2010).
    The second array (n,) is False for a flat picture, whose signs would be noise.
    """
    import cv2

    count, height, width = stack.shape[:3]
    small = np.empty((count * _SIDE, _SIDE, 3), np.uint8)
    if height % _SIDE == width % _SIDE == 0:  # whole blocks never reach into the next picture
        tall = stack.reshape(count * height, width, 3)
        cv2.resize(tall, (_SIDE, count * _SIDE), small, interpolation=cv2.INTER_AREA)
    else:
        for pixels, part in zip(stack, small.reshape(count, _SIDE, _SIDE, 3), strict=True):
            cv2.resize(pixels, (_SIDE, _SIDE), part, interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).reshape(-1, _SIDE, _SIDE).astype(np.float32)
    known = grey.reshape(len(grey), -1).std(axis=1) >= FLAT
    waves = _COSINES @ grey @ _COSINES.T  # of many small pictures at once 4 times as fast as one cv2.dct each
    signs = np.ascontiguousarray(np.packbits(waves[:, *_LOWEST] > 0, axis=1))
    return signs.view(">u8")[:, 0].astype(np.uint64), known


def sound(samples: Samples, rate: int) -> int | None:
    """Where the energy of ``samples`` (frames, channels) moves between 9 bands of pitch over 9 equal stretches.

    A bit is the sign of the difference between neighbouring bands against that of the stretch before, so loudness
    and a constant filter cancel out (J. Haitsma and T. Kalker, A highly robust audio fingerprinting system, 2002).
    Silence at both ends does not count. None for silence and for less than about 0.1 s.
    """
    mono = samples.mean(axis=1, dtype=np.float32)
    if len(mono) < rate // 10 or float(np.sqrt(np.mean(np.square(mono)))) < QUIET:
        return None
    energy = _spectra(mono, rate)
    loud = energy.sum(axis=1)
    active = np.flatnonzero(loud >= _ACTIVE * loud.max())
    energy = energy[active[0] : active[-1] + 1]
    if len(energy) < _STRETCHES:
        return None
    edges = np.linspace(0, len(energy), _STRETCHES + 1).astype(np.int64)[:-1]
    level = np.add.reduceat(energy, edges, axis=0)
    level = np.log(level + _FLOOR * level.max())
    return _number(np.diff(np.diff(level, axis=1), axis=0).ravel() > 0)


def _spectra(mono: npt.NDArray[np.float32], rate: int) -> npt.NDArray[np.float32]:
    """The energy in each band (frames, bands); a frame is 32 ms, a step 4 ms."""
    size, step = max(16, rate * 32 // 1000), max(4, rate * 4 // 1000)
    mono = np.pad(mono, size)  # a sound that begins at once reads as one after a pause
    frames = np.lib.stride_tricks.sliding_window_view(mono, size)[::step]
    frequencies = np.fft.rfftfreq(size, 1 / rate)
    edges = np.geomspace(_LOW_HZ, max(2 * _LOW_HZ, min(_HIGH_HZ, rate / 2)), _BANDS + 1)
    member = (frequencies >= edges[:-1, None]) & (frequencies < edges[1:, None])
    window = np.hanning(size).astype(np.float32)
    parts = [  # a block at a time: an hour of sound would else take gigabytes
        np.square(np.abs(np.fft.rfft(frames[at : at + 4096] * window, axis=1))).astype(np.float32)
        @ member.T.astype(np.float32)
        for at in range(0, len(frames), 4096)
    ]
    energy: npt.NDArray[np.float32] = np.concatenate(parts)
    return energy


def _lowest() -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The places of the 64 lowest frequencies but the mean, by the sum of both, then by row."""
    down, across = np.indices((_SIDE, _SIDE)).reshape(2, -1)
    order = np.lexsort((down, down + across))[1:65]
    return down[order], across[order]


_LOWEST: Final = _lowest()


def _cosines() -> npt.NDArray[np.float32]:
    """Those waves of the discrete cosine transform (wave, place) that the lowest frequencies need, but for scale."""
    wave, place = np.indices((int(max(map(np.max, _LOWEST))) + 1, _SIDE))
    found: npt.NDArray[np.float32] = np.cos(np.pi * wave * (2 * place + 1) / (2 * _SIDE)).astype(np.float32)
    return found


_COSINES: Final = _cosines()


def _number(bits: npt.NDArray[np.bool_]) -> int:
    return int.from_bytes(np.packbits(bits).tobytes(), "big")
