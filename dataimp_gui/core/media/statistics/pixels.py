"""What the pixels of pictures show as numbers: of many small ones of a size at once, since a call costs as much."""

from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.media.statistics import detail

Stack = npt.NDArray[np.uint8]
"""Pictures of one size: (count, height, width, 3), RGB, contiguous."""

Planes = npt.NDArray[np.uint8]
"""One channel of them, or some: (count, height, width)."""

Plane = npt.NDArray[np.uint8]
"""One channel, one picture above the other: (count x height, width)."""

Floats = npt.NDArray[np.float32]

SAMPLED: Final = 128
"""Tones and colours of a larger picture are those of so many pixels along its longer side, at equal distances."""

BLOCK: Final = 32_768  # pixels whose colours fit the processor's nearest caches with all that is computed of them

PLAIN: Final = 10  # grey levels within which a line is plain: what JPEG leaves around a plain frame
_POWERS: Final = np.arange(256.0)[:, None] ** (1, 2)  # levels and their squares


def measure(stack: Stack) -> dict[str, Floats]:
    """One number a picture (count,) for each statistic that is of the pixels; NaN where there is none."""
    import cv2

    planes = _planes(stack)
    noise, sharpness = detail.measure(planes[1].reshape(stack.shape[:3]))
    height, width = stack.shape[1:3]
    step = -(-max(height, width) // SAMPLED)
    if step > 1:
        to = (-(-width // step), -(-height // step))
        stack = np.stack([cv2.resize(one, to, interpolation=cv2.INTER_NEAREST) for one in stack])
        planes = _planes(stack)
    return _tones_and_colours(stack, planes) | {"noise": noise, "sharpness": sharpness}


def _planes(stack: Stack) -> Planes:
    """Red, green and blue (3, count x height, width): of each, one picture above the other."""
    import cv2

    count, height, width = stack.shape[:3]
    planes = np.empty((3, count * height, width), np.uint8)  # memory of OpenCV's own would be new each time
    cv2.split(stack.reshape(count * height, width, 3), list(planes))
    return planes


def _tones_and_colours(stack: Stack, planes: Planes) -> dict[str, Floats]:
    """``planes`` are those of ``stack``."""
    import cv2

    count, height, width = stack.shape[:3]
    saturation, colourfulness = np.empty(count, np.float32), np.empty(count, np.float32)
    together = max(1, BLOCK // (height * width))
    for first in range(0, count, together):
        some = slice(first, min(first + together, count))
        red, green, blue = planes[:, some.start * height : some.stop * height]
        saturation[some], colourfulness[some] = _colours(red, green, blue, some.stop - some.start)
    is_coloured = saturation.any()
    tall = stack.reshape(count * height, width, 3)
    grey = np.asarray(cv2.cvtColor(tall, cv2.COLOR_RGB2GRAY), np.uint8) if is_coloured else planes[1]
    grey = grey.reshape(count, height, width)
    return _tones(grey) | {"saturation": saturation, "colourfulness": colourfulness, "border": _border(grey)}


def _colours(red: Plane, green: Plane, blue: Plane, count: int) -> tuple[Floats, Floats]:
    """Saturation and colourfulness (count,)."""
    import cv2

    largest = cv2.max(cv2.max(red, green), blue)
    chroma = cv2.subtract(largest, cv2.min(cv2.min(red, green), blue))
    if not cv2.countNonZero(chroma):
        return np.zeros(count, np.float32), np.zeros(count, np.float32)
    part = np.asarray(cv2.divide(chroma, largest, scale=255), np.uint8).reshape(count, -1)  # of black: 0
    r, g, b = (channel.astype(np.int16) for channel in (red, green, blue))
    pair = (r - g).reshape(count, -1), (r + g - 2 * b).reshape(count, -1)  # rg, and twice yb: both whole numbers
    size = pair[0].shape[1]
    sums, squares = np.empty((count, 2)), np.empty((count, 2))
    for place, values in enumerate(pair):
        for row, one in enumerate(values):
            sums[row, place], squares[row, place] = cv2.sumElems(one)[0], cv2.norm(one, cv2.NORM_L2SQR)
    weights = np.array((1.0, 0.25))
    means = (sums / size) ** 2
    spread = np.maximum((squares / size - means) @ weights, 0)
    colourfulness = np.sqrt(spread) + 0.3 * np.sqrt(means @ weights)
    saturation = np.array([cv2.sumElems(one)[0] for one in part]) / (255 * size)
    return saturation.astype(np.float32), colourfulness.astype(np.float32)


def _tones(grey: Planes) -> dict[str, Floats]:
    """Brightness, contrast and entropy, all from how often each level occurs."""
    import cv2

    counts = np.empty((len(grey), 256), np.float32)
    for place, one in enumerate(grey):
        counts[place] = cv2.calcHist([one], [0], None, [256], [0, 256]).ravel()
    size = grey[0].size
    mean, square = (counts.astype(np.float64) @ _POWERS / size).T
    surprise = np.einsum("ij,ij->i", counts, np.log2(np.maximum(counts, 1)))  # sum p log p = this / size - log size
    return {
        "brightness": (mean / 255).astype(np.float32),
        "contrast": (np.sqrt(np.maximum(square - mean**2, 0)) / 255).astype(np.float32),
        "entropy": np.maximum(np.float32(np.log2(size)) - surprise / np.float32(size), 0),
    }


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
