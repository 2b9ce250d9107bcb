"""Colours: stronger, paler, shifted, warmer, fewer. Grey pictures have none and stay as they are where that is so."""

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from dataimp_gui.core.augment.draws import Draw
from dataimp_gui.core.augment.image.pixels import Floats, grey, in_floats, toned
from dataimp_gui.core.augment.operations import Keeps, Operation, Parameter, Values
from dataimp_gui.core.augment.values import Picture
from dataimp_gui.core.model import Modality

AXIS: Final = np.full((3, 3), 1 / 3)
CROSS: Final = np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]]) / np.sqrt(3)


def is_coloured(picture: Picture) -> bool:
    return picture.ndim == 3 and picture.shape[2] >= 3


def mixed(picture: Picture, matrix: npt.NDArray[np.floating]) -> Picture:
    """Each pixel's red, green and blue by a 3 x 3 matrix."""
    if not is_coloured(picture):
        return picture.copy()
    return in_floats(picture, lambda planes: np.asarray(cv2.transform(planes, matrix.astype(np.float32))))


def saturation(picture: Picture, values: Values, _draw: Draw) -> Picture:
    factor = values.number("factor")
    weights = np.array([0.299, 0.587, 0.114])
    return mixed(picture, factor * np.eye(3) + (1 - factor) * np.tile(weights, (3, 1)))


def hue(picture: Picture, values: Values, _draw: Draw) -> Picture:
    """Turned about the grey axis of RGB, so that greys stay."""
    angle = np.deg2rad(values.number("angle"))
    return mixed(picture, np.cos(angle) * np.eye(3) + np.sin(angle) * CROSS + (1 - np.cos(angle)) * AXIS)


def warmth(picture: Picture, values: Values, _draw: Draw) -> Picture:
    """More red and less blue, or the other way."""
    change = values.number("warmth")
    return _channels(picture, np.array([1 + change, 1.0, 1 - change]))


def colour_cast(picture: Picture, values: Values, draw: Draw) -> Picture:
    """Each channel stronger or weaker on its own."""
    return _channels(picture, 1 + values.number("strength") * draw.uniform(-1, 1, 3))


def greyscale(picture: Picture, _values: Values, _draw: Draw) -> Picture:
    if not is_coloured(picture):
        return picture.copy()
    return in_floats(picture, lambda planes: np.repeat(grey(planes), 3, axis=2))


def posterise(picture: Picture, values: Values, _draw: Draw) -> Picture:
    levels = values.whole("levels")
    return toned(picture, lambda light: np.floor(np.clip(light, 0, 1) * (levels - 1e-4)) / (levels - 1))


def invert(picture: Picture, _values: Values, _draw: Draw) -> Picture:
    return toned(picture, lambda light: 1 - light)


def auto_contrast(picture: Picture, values: Values, _draw: Draw) -> Picture:
    """From the darkest to the brightest ``cut`` percent, all channels alike."""
    cut = values.number("cut") / 100

    def stretched(planes: Floats) -> Floats:
        step = max(1, min(planes.shape[:2]) // 256)
        low, high = np.quantile(grey(planes[::step, ::step]), [cut, 1 - cut]).astype(np.float32)
        return (planes - low) / (high - low) if high > low else planes

    return in_floats(picture, stretched)


def threshold(picture: Picture, values: Values, _draw: Draw) -> Picture:
    """Black and white, as fax and cheap scanners make it."""
    level = values.number("level")

    def cut(planes: Floats) -> Floats:
        return np.repeat(grey(planes) >= level, planes.shape[2], axis=2).astype(np.float32)

    return in_floats(picture, cut)


def _channels(picture: Picture, gains: npt.NDArray[np.floating]) -> Picture:
    return toned(picture, lambda light: light * gains.astype(np.float32)) if is_coloured(picture) else picture.copy()


OPERATIONS: Final = (
    Operation(
        "saturation",
        "Saturation",
        Modality.IMAGE,
        "Cameras and screens with paler or stronger colours.",
        (Parameter("factor", "Colour", "×", 0, 4, (0.6, 1.4)),),
        Keeps.LABEL,
        saturation,
        takes="colour",
    ),
    Operation(
        "hue",
        "Hue",
        Modality.IMAGE,
        "Dyes, prints and screens that are off.",
        (Parameter("angle", "Turn", "°", -180, 180, (-12, 12)),),
        Keeps.MAY_DESTROY,
        hue,
        takes="colour",
    ),
    Operation(
        "warmth",
        "White balance",
        Modality.IMAGE,
        "Lamp light, shade and evening sun.",
        (Parameter("warmth", "Warmer", "", -0.6, 0.6, (-0.15, 0.2)),),
        Keeps.LABEL,
        warmth,
        takes="colour",
    ),
    Operation(
        "colour_cast",
        "Colour cast",
        Modality.IMAGE,
        "Tubes, tinted glass, faded prints.",
        (Parameter("strength", "Strength", "", 0, 0.8, (0.03, 0.15)),),
        Keeps.LABEL,
        colour_cast,
        takes="colour",
    ),
    Operation(
        "greyscale",
        "Grey",
        Modality.IMAGE,
        "Black-and-white scans, night cameras.",
        (),
        Keeps.MAY_DESTROY,
        greyscale,
        takes="colour",
    ),
    Operation(
        "posterise",
        "Few levels",
        Modality.IMAGE,
        "GIFs, palettes, old capture cards.",
        (Parameter("levels", "Levels", "", 2, 64, (6, 24), integer=True),),
        Keeps.LABEL,
        posterise,
    ),
    Operation(
        "invert",
        "Negative",
        Modality.IMAGE,
        "White on black where black on white is usual.",
        (),
        Keeps.MAY_DESTROY,
        invert,
    ),
    Operation(
        "auto_contrast",
        "Automatic contrast",
        Modality.IMAGE,
        "Phones that stretch each picture to full contrast.",
        (Parameter("cut", "Cut at either end", "%", 0, 20, (0.5, 3)),),
        Keeps.LABEL,
        auto_contrast,
    ),
    Operation(
        "threshold",
        "Black and white",
        Modality.IMAGE,
        "Fax, photocopies, cheap scans of text.",
        (Parameter("level", "Level", "of white", 0, 1, (0.4, 0.6)),),
        Keeps.MAY_DESTROY,
        threshold,
    ),
)
