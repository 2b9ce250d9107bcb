"""An image file as it is measured: its pixels at a size that people look at, its true size, its quality."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.contract import Limits
from dataimp_gui.core.media import image, signature
from dataimp_gui.core.media.headers import header
from dataimp_gui.core.media.image import Pixels
from dataimp_gui.core.media.statistics import jpeg, pixels

SIDE: Final = 512
"""Larger images are measured with their longer side at this: finer blur and noise are not seen, and do not count."""

LARGE_BYTES: Final = 20_000  # a JPEG below is decoded whole in no time

STACK: Final = 524_288  # pixels that are measured together: a call costs as much as hundreds of them


class Seen(NamedTuple):
    """``pixels`` have a longer side of at most SIDE; ``width`` and ``height`` are the file's, as it is shown."""

    pixels: Pixels
    width: int
    height: int
    jpeg_quality: float


def look(data: bytes, limits: Limits) -> Seen:
    """Raises MediaError as `image.decode`."""
    quality = jpeg.quality(data)
    if len(data) > LARGE_BYTES and quality == quality:  # noqa: PLR0124 (it is one: not NaN)
        found = header(data, limits)
        if found.plain and max(found.width, found.height) >= 2 * SIDE:  # decoded in a fraction of the time
            small = image.thumbnail(data, SIDE, limits)
            is_turned = (small.shape[1] > small.shape[0]) != (found.width > found.height)
            size = (found.height, found.width) if is_turned else (found.width, found.height)
            return Seen(small, *size, quality)
    shown = image.decode(data, limits)
    return Seen(image.shrink(shown, SIDE), shown.shape[1], shown.shape[0], quality)


def measure(seen: Iterable[tuple[int, Seen]]) -> Iterator[tuple[list[int], dict[str, npt.NDArray[np.float32]]]]:
    """The numbers of pictures by their places, as many of one size at once as pay; signatures are among the numbers.

    ``seen`` are places and pictures; what comes out are places (n,), and arrays (n,) by name, with ``signature`` as
    uint64 and ``has_signature`` as bool.
    """
    waiting: dict[tuple[int, ...], list[tuple[int, Seen]]] = {}
    for place, one in seen:
        alike = waiting.setdefault(one.pixels.shape, [])
        alike.append((place, one))
        if len(alike) * one.pixels.shape[0] * one.pixels.shape[1] >= STACK:
            yield _together(waiting.pop(one.pixels.shape))
    for alike in waiting.values():
        yield _together(alike)


def _together(alike: list[tuple[int, Seen]]) -> tuple[list[int], dict[str, npt.NDArray[np.float32]]]:
    stack = np.stack([one.pixels for _, one in alike])
    width, height = np.array([one.width for _, one in alike]), np.array([one.height for _, one in alike])
    quality = np.array([one.jpeg_quality for _, one in alike])
    numbers, known = signature.pictures(stack)
    of_file = {"width": width, "height": height, "aspect": width / height, "jpeg_quality": quality}
    signed = {"signature": numbers, "has_signature": known}
    return [place for place, _ in alike], of_file | pixels.measure(stack) | signed
