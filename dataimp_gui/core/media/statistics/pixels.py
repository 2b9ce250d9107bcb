"""What the pixels of pictures show as numbers: of many small ones of a size at once, since a call costs as much."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.media.statistics import detail

Stack = npt.NDArray[np.uint8]
"""Pictures of one size: (count, height, width, 3), RGB, contiguous."""

Planes = npt.NDArray[np.uint8]
"""One channel of them: (count, height, width)."""

Channel = npt.NDArray[Any]
Floats = npt.NDArray[np.float32]

SAMPLED: Final = 128
"""Tones and colours of a larger picture are those of so many pixels along its longer side, at equal distances."""

PLAIN: Final = 10  # grey levels within which a line is plain: what JPEG leaves around a plain frame
_LEVELS: Final = np.arange(256, dtype=np.float64)


def measure(stack: Stack) -> dict[str, Floats]:
    """One number a picture (count,) for each statistic that is of the pixels; NaN where there is none."""
    import cv2

    count, height, width = stack.shape[:3]
    green = np.asarray(cv2.extractChannel(stack.reshape(count * height, width, 3), 1), np.uint8)
    noise, sharpness = detail.measure(green.reshape(count, height, width))
    step = -(-max(height, width) // SAMPLED)
    if step > 1:
        to = (-(-width // step), -(-height // step))
        stack = np.stack([cv2.resize(one, to, interpolation=cv2.INTER_NEAREST) for one in stack])
        green = green[:0]
    return _tones_and_colours(stack, green) | {"noise": noise, "sharpness": sharpness}


def _tones_and_colours(stack: Stack, green: npt.NDArray[np.uint8]) -> dict[str, Floats]:
    """``green`` is that channel, one picture above the other, or empty when it is not at hand."""
    import cv2

    count, height, width = stack.shape[:3]
    tall = stack.reshape(count * height, width, 3)
    red, own, blue = (
        np.asarray(green if channel == 1 and len(green) else cv2.extractChannel(tall, channel), np.uint8)
        for channel in range(3)
    )
    largest = cv2.max(cv2.max(red, own), blue)
    chroma = cv2.subtract(largest, cv2.min(cv2.min(red, own), blue))
    if cv2.countNonZero(chroma):
        grey = np.asarray(cv2.cvtColor(tall, cv2.COLOR_RGB2GRAY), np.uint8)
        part = np.asarray(cv2.divide(chroma, np.maximum(largest, 1), dtype=cv2.CV_32F), np.float32)
        saturation = part.reshape(count, -1).mean(axis=1)
        colour = {"colourfulness": _colourfulness(red, own, blue, count), "saturation": saturation}
    else:
        grey, colour = own, {name: np.zeros(count, np.float32) for name in ("colourfulness", "saturation")}
    grey = grey.reshape(count, height, width)
    return _tones(grey) | colour | {"border": _border(grey)}


def _colourfulness(red: Channel, green: Channel, blue: Channel, count: int) -> Floats:
    import cv2

    red, green, blue = (channel.astype(np.int16) for channel in (red, green, blue))
    rg, yb = (red - green).reshape(count, -1), (red + green - 2 * blue).reshape(count, -1)
    size = rg.shape[1]
    sums = np.array([(cv2.sumElems(one)[0], cv2.sumElems(two)[0]) for one, two in zip(rg, yb, strict=True)]) / size
    squares = np.array(
        [(cv2.norm(one, cv2.NORM_L2SQR), cv2.norm(two, cv2.NORM_L2SQR)) for one, two in zip(rg, yb, strict=True)]
    )
    weights = np.array((1.0, 0.25))  # the second is twice yb, so that both are whole numbers
    variance = (squares / size - sums**2) @ weights
    found: Floats = (np.sqrt(np.maximum(variance, 0)) + 0.3 * np.sqrt(sums**2 @ weights)).astype(np.float32)
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
