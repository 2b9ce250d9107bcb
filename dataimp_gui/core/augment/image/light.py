"""How much light there was and where it came from."""

from typing import Final

import cv2
import numpy as np

from dataimp_gui.core.augment.draws import Draw
from dataimp_gui.core.augment.image.pixels import Floats, in_floats, places, shaded, smooth, toned
from dataimp_gui.core.augment.operations import Keeps, Operation, Parameter, Values
from dataimp_gui.core.augment.values import Picture
from dataimp_gui.core.model import Modality

SOFT: Final = 0.1  # an edge of a shadow from here on fits into 32 bits


def exposure(picture: Picture, values: Values, _draw: Draw) -> Picture:
    """In linear light, as a shutter does; white is cut."""
    stops = 2.0 ** (values.number("stops") / 2.2)
    return toned(picture, lambda light: light * stops)


def dim(picture: Picture, values: Values, _draw: Draw) -> Picture:
    gain = values.number("gain")
    return toned(picture, lambda light: light * gain)


def brightness(picture: Picture, values: Values, _draw: Draw) -> Picture:
    added = values.number("added")
    return toned(picture, lambda light: light + added)


def contrast(picture: Picture, values: Values, _draw: Draw) -> Picture:
    factor = values.number("factor")
    return toned(picture, lambda light: (light - 0.5) * factor + 0.5)


def gamma(picture: Picture, values: Values, _draw: Draw) -> Picture:
    power = values.number("gamma")

    def curve(light: Floats) -> Floats:
        return np.asarray(cv2.pow(np.clip(light, 0, 1), power), np.float32).reshape(light.shape)

    return toned(picture, curve)


def haze(picture: Picture, values: Values, _draw: Draw) -> Picture:
    """Black becomes grey, white stays."""
    depth = values.number("depth")
    return toned(picture, lambda light: depth + (1 - depth) * light)


def side_shadow(picture: Picture, values: Values, draw: Draw) -> Picture:
    """Darker toward one side, with a soft edge at a random angle and place."""
    x, y = places(picture)
    angle, edge = draw.uniform(0, 2 * np.pi), draw.uniform(-0.5, 0.5)
    soft = values.number("softness")
    steep, kind = -4 / soft, np.float32 if soft >= SOFT else np.float64
    across = np.exp(steep * (np.cos(angle) * x.astype(np.float64) - edge)).astype(kind)
    down = np.exp(steep * np.sin(angle) * y.astype(np.float64)).astype(kind)
    depth = kind(values.number("depth"))

    def shade(rows: slice) -> Floats:
        with np.errstate(over="ignore", under="ignore"):  # all the light, or none of it
            made = across * down[rows]
            made += 1
        np.divide(-depth, made, out=made)
        made += 1
        return np.asarray(made, np.float32)

    return shaded(picture, shade)


def blotched_shadow(picture: Picture, values: Values, draw: Draw) -> Picture:
    cells = max(2, round(100 / values.number("grain")) + 1)
    field = np.clip(smooth(picture.shape[:2], draw.uniform(-0.5, 1.5, (cells, cells))), 0, 1)
    shade = 1 - np.float32(values.number("depth")) * field
    return shaded(picture, shade)


def vignette(picture: Picture, values: Values, _draw: Draw) -> Picture:
    x, y = places(picture)
    shade = 1 - np.float32(values.number("depth")) * np.clip((x * x + y * y) / 2, 0, 1)
    return shaded(picture, np.asarray(shade, np.float32))


def glare(picture: Picture, values: Values, draw: Draw) -> Picture:
    """A bright spot at a random place."""
    x, y = places(picture)
    middle_x, middle_y = draw.uniform(-0.8, 0.8, 2).tolist()
    spread = values.number("size") / 50
    across, down = (
        np.exp(np.square(each.astype(np.float64) - middle) / (-2 * spread**2)).astype(np.float32)
        for each, middle in ((x, middle_x), (y, middle_y))
    )
    light = across * (down * np.float32(values.number("strength")))
    return in_floats(picture, lambda planes: planes + (1 - planes) * light[:, :, None])


_DEPTH: Final = Parameter("depth", "Depth", "", 0, 1, (0.2, 0.6))

OPERATIONS: Final = (
    Operation(
        "dim",
        "Dim",
        Modality.IMAGE,
        "Rooms that are darker than the studio.",
        (Parameter("gain", "Gain", "×", 0, 4, (0.4, 0.75)),),
        Keeps.LABEL,
        dim,
        icon="sun",
    ),
    Operation(
        "exposure",
        "Exposure",
        Modality.IMAGE,
        "A camera that chose too long or too short.",
        (Parameter("stops", "Stops", "EV", -5, 5, (-1, 1)),),
        Keeps.LABEL,
        exposure,
    ),
    Operation(
        "brightness",
        "Brightness",
        Modality.IMAGE,
        "Screens and scanners set brighter or darker.",
        (Parameter("added", "Added", "of white", -1, 1, (-0.15, 0.15)),),
        Keeps.LABEL,
        brightness,
    ),
    Operation(
        "contrast",
        "Contrast",
        Modality.IMAGE,
        "Flat or hard light, and cameras that sharpen it.",
        (Parameter("factor", "Contrast", "×", 0, 4, (0.7, 1.3), log=True),),
        Keeps.LABEL,
        contrast,
    ),
    Operation(
        "gamma",
        "Gamma",
        Modality.IMAGE,
        "Screens and scanners with other tone curves.",
        (Parameter("gamma", "Gamma", "", 0.2, 5, (0.75, 1.35), log=True),),
        Keeps.LABEL,
        gamma,
    ),
    Operation(
        "haze",
        "Washed-out blacks",
        Modality.IMAGE,
        "A dirty lens, stray light, an old print.",
        (Parameter("depth", "Depth", "of white", 0, 0.9, (0.05, 0.25)),),
        Keeps.LABEL,
        haze,
    ),
    Operation(
        "side_shadow",
        "Side shadow",
        Modality.IMAGE,
        "Light from one side; the shadow of whoever holds the phone.",
        (_DEPTH, Parameter("softness", "Softness", "of size", 0.01, 2, (0.2, 0.8))),
        Keeps.LABEL,
        side_shadow,
        icon="shadow",
    ),
    Operation(
        "blotched_shadow",
        "Blotched shadow",
        Modality.IMAGE,
        "Light through leaves, blinds, fingers.",
        (_DEPTH, Parameter("grain", "Grain", "% of size", 5, 50, (15, 35))),
        Keeps.LABEL,
        blotched_shadow,
    ),
    Operation(
        "vignette",
        "Dark corners",
        Modality.IMAGE,
        "Cheap lenses, and lamps in the middle.",
        (Parameter("depth", "Depth", "", 0, 1, (0.2, 0.5)),),
        Keeps.LABEL,
        vignette,
    ),
    Operation(
        "glare",
        "Glare",
        Modality.IMAGE,
        "A lamp or a flash on something shiny.",
        (
            Parameter("strength", "Strength", "", 0, 1, (0.3, 0.8)),
            Parameter("size", "Size", "% of size", 1, 50, (5, 15)),
        ),
        Keeps.LABEL,
        glare,
    ),
)
