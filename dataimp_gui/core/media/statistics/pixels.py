"""What the pixels of pictures show as numbers: of many small ones of a size at once, since a call costs as much."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

Stack = npt.NDArray[np.uint8]
"""Pictures of one size: (count, height, width, 3), RGB, contiguous."""

Planes = npt.NDArray[np.uint8]
"""One channel of them: (count, height, width)."""

Floats = npt.NDArray[np.float32]

PLAIN: Final = 10  # grey levels within which a line is plain: what JPEG leaves around a plain frame
COUNTED: Final = 16  # pixels that an estimate of noise takes at least
_CLIPPED: Final = 32_767

_N: Final = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
_LEVELS: Final = np.arange(256, dtype=np.float64)


def measure(stack: Stack) -> dict[str, Floats]:
    """One number a picture (count,) for each statistic that is of the pixels; NaN where there is none."""
    import cv2

    count, height, width = stack.shape[:3]
    tall = stack.reshape(count * height, width, 3)
    red, green, blue = (np.asarray(cv2.extractChannel(tall, channel), np.uint8) for channel in range(3))
    largest = cv2.max(cv2.max(red, green), blue)
    chroma = cv2.subtract(largest, cv2.min(cv2.min(red, green), blue))
    if cv2.countNonZero(chroma):
        grey = np.asarray(cv2.cvtColor(tall, cv2.COLOR_RGB2GRAY), np.uint8)
        colour = {
            "colourfulness": _colourfulness(red, green, blue, count),
            "saturation": _rows(cv2.divide(chroma, np.maximum(largest, 1), dtype=cv2.CV_32F), count).mean(axis=1),
        }
    else:
        grey, colour = green, {name: np.zeros(count, np.float32) for name in ("colourfulness", "saturation")}
    shape = (count, height, width)
    noise = _noise(green.reshape(shape))
    found = _tones(grey.reshape(shape)) | colour
    return found | {
        "noise": noise,
        "sharpness": _sharpness(grey.reshape(shape), noise),
        "border": _border(grey.reshape(shape)),
    }


def _rows(plane: npt.NDArray[np.generic], count: int) -> Floats:
    rows: Floats = plane.reshape(count, -1).astype(np.float32, copy=False)
    return rows


def _spread(rows: Floats) -> tuple[Floats, Floats]:
    """Mean and variance of each row, exact for a constant one; ``rows`` are used up."""
    mean: Floats = rows.mean(axis=1)
    rows -= mean[:, None]
    return mean, np.einsum("ij,ij->i", rows, rows) / np.float32(rows.shape[1])


def _colourfulness(red: Any, green: Any, blue: Any, count: int) -> Floats:
    import cv2

    rg, rg_variance = _spread(_rows(cv2.subtract(red, green, dtype=cv2.CV_32F), count))
    yellow = cv2.addWeighted(red, 0.5, green, 0.5, 0, dtype=cv2.CV_32F)
    yb, yb_variance = _spread(_rows(cv2.subtract(yellow, blue, dtype=cv2.CV_32F), count))
    found: Floats = np.sqrt(rg_variance + yb_variance) + np.float32(0.3) * np.sqrt(rg**2 + yb**2)
    return found


def _tones(grey: Planes) -> dict[str, Floats]:
    """Brightness, contrast and entropy, all from how often each level occurs."""
    import cv2

    counts = np.empty((len(grey), 256), np.float64)
    for place, one in enumerate(grey):
        counts[place] = cv2.calcHist([one], [0], None, [256], [0, 256]).ravel()
    share = counts / grey[0].size
    mean = share @ _LEVELS
    variance = np.maximum(share @ _LEVELS**2 - mean**2, 0.0)
    logs = np.log2(share, out=np.zeros_like(share), where=share > 0)
    return {
        "brightness": (mean / 255).astype(np.float32),
        "contrast": (np.sqrt(variance) / 255).astype(np.float32),
        "entropy": np.maximum(-(share * logs).sum(axis=1), 0.0).astype(np.float32),
    }


def _noise(green: Planes) -> Floats:
    import cv2

    count, height, width = green.shape
    noise = np.full(count, np.nan, np.float32)
    if min(height, width) < 3:
        return noise
    answer = np.abs(cv2.filter2D(green.reshape(-1, width), cv2.CV_16S, _N))
    clipped = (green - np.uint8(1)).reshape(answer.shape) >= 254  # 0 becomes 255
    some = bool(clipped.any())
    if some:
        answer |= clipped * np.int16(_CLIPPED)  # sorted behind all others
    for place, inner in enumerate(answer.reshape(green.shape)[:, 1:-1, 1:-1]):
        flat = inner.ravel()
        counted = np.count_nonzero(flat < _CLIPPED) if some else flat.size
        if counted >= COUNTED:
            flat.partition(counted // 2)
            noise[place] = flat[counted // 2] / (0.6745 * 6)
    return noise


def _sharpness(grey: Planes, noise: Floats) -> Floats:
    import cv2

    count, height, width = grey.shape
    if min(height, width) < 3:
        return np.full(count, np.nan, np.float32)
    tall = grey.reshape(-1, width)
    across = cv2.subtract(tall[:, 1:], tall[:, :-1], dtype=cv2.CV_32F)
    down = np.zeros(tall.shape, np.float32)  # of all pictures in one: what lies across two of them is left out below
    cv2.subtract(tall[1:], tall[:-1], dst=down[:-1], dtype=cv2.CV_32F)
    twice = np.zeros(tall.shape, np.float32)
    cv2.subtract(down[1:], down[:-1], dst=twice[:-1])
    squares = np.stack(
        [
            _energy(across.reshape(count, height, -1)),
            _energy(down.reshape(grey.shape)[:, :-1]),
            _energy(cv2.subtract(across[:, 1:], across[:, :-1]).reshape(count, height, -1)),
            _energy(twice.reshape(grey.shape)[:, :-2]),
        ],
        axis=1,
    )
    pairs = (height * (width - 1), (height - 1) * width, height * (width - 2), (height - 2) * width)
    means = squares / pairs
    noise_power = np.nan_to_num(noise).astype(np.float64) ** 2
    below = 4 * (means[:, 0] + means[:, 1] - 4 * noise_power)
    above = means[:, 2] + means[:, 3] - 12 * noise_power
    found = np.divide(above, below, out=np.zeros(count), where=below > 1e-6)
    sharpness: Floats = np.clip(found, 0, 1).astype(np.float32)
    return sharpness


def _energy(values: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    found: npt.NDArray[np.float64] = np.einsum("ijk,ijk->i", values, values).astype(np.float64)
    return found


def _border(grey: Planes) -> Floats:
    count, height, width = grey.shape
    border = np.zeros(count, np.float32)
    edges = (grey[:, 0], grey[:, -1], grey[:, :, 0], grey[:, :, -1])
    framed = np.flatnonzero(np.any([np.ptp(edge, axis=1) <= PLAIN for edge in edges], axis=0))
    if not len(framed):
        return border
    some = grey if len(framed) == count else grey[framed]
    inside = np.ones(len(framed), np.float32)
    for axis, size in ((2, height), (1, width)):
        low, high = some.min(axis=axis).astype(np.int16), some.max(axis=axis).astype(np.int16)
        before = _plain_lines(low, high)
        after = _plain_lines(low[:, ::-1], high[:, ::-1])
        inside *= np.maximum(0, size - before - after) / np.float32(size)
    border[framed] = 1 - inside
    return border


def _plain_lines(low: npt.NDArray[np.int16], high: npt.NDArray[np.int16]) -> npt.NDArray[np.int64]:
    """How many lines from the first on are plain and like it, given each line's lowest and highest level."""
    middle = (low[:, :1] + high[:, :1]) // 2
    plain = (high - low <= PLAIN) & (high - middle <= PLAIN) & (middle - low <= PLAIN)
    found: npt.NDArray[np.int64] = np.where(plain.all(axis=1), plain.shape[1], np.argmin(plain, axis=1))
    return found
