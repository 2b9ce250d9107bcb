"""What sensors and wires add."""

from typing import Final

import cv2
import numpy as np

from dataimp_gui.core.augment.draws import Draw
from dataimp_gui.core.augment.image.pixels import Floats, added, around, coloured, in_floats, shaded, smooth, top
from dataimp_gui.core.augment.operations import Keeps, Operation, Parameter, Values
from dataimp_gui.core.augment.values import Picture
from dataimp_gui.core.model import Modality


def pixel_noise(picture: Picture, values: Values, draw: Draw) -> Picture:
    """Gaussian, each channel of each pixel on its own."""
    return added(picture, draw.normal, values.number("sigma"))


def shot_noise(picture: Picture, values: Values, draw: Draw) -> Picture:
    """As few photons make it: strong in absolute terms where it is bright, in relative ones where it is dark.

    Gaussian with the variance of the Poisson law, which it nears from 20 photons up.
    """
    photons = values.number("photons")

    def noisy(planes: Floats) -> Floats:
        deviation: Floats = np.sqrt(np.maximum(planes, 0) / np.float32(photons))
        return np.asarray(planes + deviation * draw.normal(planes.shape), np.float32)

    return in_floats(picture, noisy)


def sensor_noise(picture: Picture, values: Values, draw: Draw) -> Picture:
    """A small sensor in the dark: coarse spots of colour over fine grain."""
    strength = values.number("strength")
    height, width = picture.shape[:2]
    cells = (max(2, height // 4), max(2, width // 4))

    def noisy(planes: Floats) -> Floats:
        spots = smooth((height, width), draw.normal((*cells, planes.shape[2]), 0.8 * strength)).reshape(planes.shape)
        spots += draw.normal((height, width, 1), 0.6 * strength)
        return planes + (1.2 - np.clip(planes, 0, 1)) * spots

    return in_floats(picture, noisy)


def salt_and_pepper(picture: Picture, values: Values, draw: Draw) -> Picture:
    """Single pixels black or white."""
    share = values.number("share") / 100

    def spotted(planes: Picture) -> Picture:
        drawn = draw.uniform(0, 1, planes.shape[:2])
        made = planes.copy()
        made[drawn < share / 2] = 0
        made[drawn > 1 - share / 2] = top(planes)
        return made

    return coloured(picture, spotted)


def speckle(picture: Picture, values: Values, draw: Draw) -> Picture:
    """Grows with brightness, as in radar and ultrasound."""
    sigma = np.float32(values.number("sigma"))
    return shaded(picture, np.maximum(1 + sigma * draw.normal(picture.shape[:2]), 0))


def banding(picture: Picture, values: Values, draw: Draw) -> Picture:
    """Rows brighter and darker, as lamps that flicker leave them on a rolling shutter."""
    height = picture.shape[0]
    waves, start = values.number("bands"), draw.uniform(0, 2 * np.pi)
    rows = np.sin(np.arange(height) / max(height, 1) * 2 * np.pi * waves + start)
    return shaded(picture, (1 + values.number("depth") * rows).astype(np.float32)[:, None])


def dust(picture: Picture, values: Values, draw: Draw) -> Picture:
    """Soft dark specks."""
    height, width = picture.shape[:2]
    shade = np.ones((height, width), np.float32)
    reach = max(values.number("size") / 100 * max(height, width), 0.5)
    for _ in range(values.whole("count")):
        at_x, at_y, depth = draw.uniform(0, 1, 3)
        inside, far = around(picture, at_x * width, at_y * height, 4 * reach)
        shade[inside] *= 1 - np.float32(0.3 + 0.6 * depth) * cv2.exp(far**2 / np.float32(-2 * reach**2))
    return shaded(picture, shade)


OPERATIONS: Final = (
    Operation(
        "pixel_noise",
        "Pixel noise",
        Modality.IMAGE,
        "A sensor at high gain; seldom what finished photos show.",
        (Parameter("sigma", "Sigma", "of white", 0, 1, (0.05, 0.11)),),
        Keeps.LABEL,
        pixel_noise,
        icon="noise",
    ),
    Operation(
        "shot_noise",
        "Shot noise",
        Modality.IMAGE,
        "Little light: few photons a pixel.",
        (Parameter("photons", "Photons at white", "", 5, 10_000, (80, 600), log=True),),
        Keeps.LABEL,
        shot_noise,
    ),
    Operation(
        "sensor_noise",
        "Night noise",
        Modality.IMAGE,
        "Small sensors in the dark: grain and spots of colour.",
        (Parameter("strength", "Strength", "of white", 0, 0.5, (0.02, 0.07)),),
        Keeps.LABEL,
        sensor_noise,
    ),
    Operation(
        "salt_and_pepper",
        "Salt and pepper",
        Modality.IMAGE,
        "Dead pixels, bad transmission, dusty scans.",
        (Parameter("share", "Of all pixels", "%", 0, 50, (0.2, 2)),),
        Keeps.LABEL,
        salt_and_pepper,
    ),
    Operation(
        "speckle",
        "Speckle",
        Modality.IMAGE,
        "Radar and ultrasound.",
        (Parameter("sigma", "Sigma", "", 0, 1, (0.05, 0.2)),),
        Keeps.LABEL,
        speckle,
    ),
    Operation(
        "banding",
        "Flicker bands",
        Modality.IMAGE,
        "Lamps that flicker under a rolling shutter; old screens.",
        (
            Parameter("depth", "Depth", "", 0, 0.6, (0.03, 0.12)),
            Parameter("bands", "Bands", "", 0.5, 100, (3, 12)),
        ),
        Keeps.LABEL,
        banding,
    ),
    Operation(
        "dust",
        "Dust",
        Modality.IMAGE,
        "Specks on the lens, the glass or the print.",
        (
            Parameter("count", "Specks", "", 1, 60, (2, 10), integer=True),
            Parameter("size", "Size", "% of size", 0.2, 10, (0.5, 1.5)),
        ),
        Keeps.LABEL,
        dust,
    ),
)
