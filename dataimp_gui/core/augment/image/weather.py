"""What is between the camera and the thing outdoors."""

from typing import Final

import cv2
import numpy as np

from dataimp_gui.core.augment.draws import Draw
from dataimp_gui.core.augment.image.blur import line, softened
from dataimp_gui.core.augment.image.pixels import Floats, around, in_floats, scattered, smooth
from dataimp_gui.core.augment.operations import Keeps, Operation, Parameter, Values
from dataimp_gui.core.augment.values import Picture
from dataimp_gui.core.model import Modality


def fog(picture: Picture, values: Values, draw: Draw) -> Picture:
    """Uneven, and lighter than the scene."""
    field = 0.7 + 0.3 * np.clip(smooth(picture.shape[:2], draw.uniform(0, 1, (5, 5))), 0, 1)
    share = (values.number("density") * field)[:, :, None]
    return in_floats(picture, lambda planes: planes * (1 - share) + np.float32(0.85) * share)


def rain(picture: Picture, values: Values, draw: Draw) -> Picture:
    """Bright streaks, all at one slant."""
    height, width = picture.shape[:2]
    drops = scattered((height, width), values.number("density") / 100, draw)
    length = max(2.0, values.number("length") / 100 * height)
    streaks = np.clip(cv2.filter2D(drops, -1, line(length, 90 + values.number("slant"))) * np.float32(length), 0, 1)
    return in_floats(picture, lambda planes: planes + (np.float32(0.9) - planes) * (0.5 * streaks)[:, :, None])


def snow(picture: Picture, values: Values, draw: Draw) -> Picture:
    """White flakes of several sizes."""
    height, width = picture.shape[:2]
    flakes = np.zeros((height, width), np.float32)
    for size in (1, 2, 3):
        seeds = scattered((height, width), values.number("density") / 100 / size**2, draw)
        reach = max(0.4, values.number("size") / 100 * max(height, width) * size / 3)
        soft = cv2.GaussianBlur(seeds, (0, 0), reach)
        np.maximum(flakes, np.clip(soft * np.float32(6 * reach**2), 0, 1), out=flakes)
    return in_floats(picture, lambda planes: planes + (1 - planes) * flakes[:, :, None])


def wet_lens(picture: Picture, values: Values, draw: Draw) -> Picture:
    """Round spots through which all is blurred."""
    height, width = picture.shape[:2]
    reach = max(1.0, values.number("size") / 100 * max(height, width))
    spots = np.zeros((height, width), np.float32)
    for _ in range(values.whole("count")):
        at_x, at_y, size = draw.uniform(0, 1, 3)
        radius = reach * (0.4 + 0.6 * size)
        inside, far = around(picture, at_x * width, at_y * height, radius)
        np.maximum(spots[inside], np.clip(2 - 2 / np.float32(radius) * far, 0, 1), out=spots[inside])

    def wet(planes: Floats) -> Floats:
        return planes + (softened(planes, reach / 3) - planes) * spots[:, :, None]

    return in_floats(picture, wet)


OPERATIONS: Final = (
    Operation(
        "fog",
        "Fog",
        Modality.IMAGE,
        "Fog, smoke, a steamed-up lens.",
        (Parameter("density", "Density", "", 0, 1, (0.2, 0.5)),),
        Keeps.LABEL,
        fog,
    ),
    Operation(
        "rain",
        "Rain",
        Modality.IMAGE,
        "Cameras outdoors.",
        (
            Parameter("density", "Drops", "% of pixels", 0, 10, (0.1, 0.5)),
            Parameter("length", "Length", "% of height", 1, 50, (5, 12)),
            Parameter("slant", "Slant", "°", -45, 45, (-15, 15)),
        ),
        Keeps.LABEL,
        rain,
    ),
    Operation(
        "snow",
        "Snow",
        Modality.IMAGE,
        "Cameras outdoors in winter.",
        (
            Parameter("density", "Flakes", "% of pixels", 0, 10, (0.1, 0.4)),
            Parameter("size", "Size", "% of size", 0.1, 5, (0.4, 1)),
        ),
        Keeps.LABEL,
        snow,
    ),
    Operation(
        "wet_lens",
        "Drops on the lens",
        Modality.IMAGE,
        "Cameras outdoors, cars, kitchens.",
        (
            Parameter("count", "Drops", "", 1, 40, (2, 8), integer=True),
            Parameter("size", "Size", "% of size", 1, 40, (4, 12)),
        ),
        Keeps.LABEL,
        wet_lens,
    ),
)
