"""Where things stand: turned, moved, stretched, seen from the side, mirrored."""

import re
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from dataimp_gui.core.augment.draws import Draw
from dataimp_gui.core.augment.image.pixels import EDGE, Floats, places, remapped, resized, smooth, warped
from dataimp_gui.core.augment.operations import Keeps, Operation, Parameter, Values
from dataimp_gui.core.augment.values import Picture
from dataimp_gui.core.model import Modality

ALIKE_MIRRORED: Final = frozenset("08AHIMOTUVWXYilovwx")
ALIKE_UPSIDE_DOWN: Final = frozenset("038BCDEHIKOXclox")
ALIKE_TURNED: Final = frozenset("0OXox")
SAID: Final = {"one", "two", "three", "four", "five", "six", "seven", "nine"}
KINDS: Final = {"char", "character", "digit", "letter", "number", "numeral"}
SIDES: Final = {"left", "right", "west", "east", "leftward", "rightward"}
FAR: Final = 60  # degrees
ENDS: Final = {"up", "down", "top", "bottom", "north", "south", "upward", "downward"}
TURNS: Final = {
    "90°": cv2.ROTATE_90_CLOCKWISE,
    "180°": cv2.ROTATE_180,
    "270°": cv2.ROTATE_90_COUNTERCLOCKWISE,
}


def around(
    picture: Picture, *, angle: float = 0, scale: float = 1, x: float = 0, y: float = 0, shear: float = 0
) -> npt.NDArray[np.float64]:
    """2 x 3: turned by ``angle`` degrees, scaled, then sheared about the middle, then moved by shares of its size."""
    height, width = picture.shape[:2]
    turn, lean = np.deg2rad(angle), np.tan(np.deg2rad(shear))
    cos, sin = scale * np.cos(turn), scale * np.sin(turn)
    linear = np.array([[1, lean], [0, 1]]) @ np.array([[cos, sin], [-sin, cos]])
    middle = np.array([(width - 1) / 2, (height - 1) / 2])
    move = middle - linear @ middle + np.array([x * width, y * height])
    return np.column_stack([linear, move])


def rotate(picture: Picture, values: Values, _draw: Draw) -> Picture:
    return warped(picture, around(picture, angle=values.number("angle")), values.text("edge"))


def off_centre(picture: Picture, values: Values, _draw: Draw) -> Picture:
    x, y = values.number("x") / 100, values.number("y") / 100
    return warped(picture, around(picture, x=x, y=y), values.text("edge"))


def scale(picture: Picture, values: Values, _draw: Draw) -> Picture:
    return warped(picture, around(picture, scale=values.number("factor")), values.text("edge"))


def shear(picture: Picture, values: Values, _draw: Draw) -> Picture:
    return warped(picture, around(picture, shear=values.number("angle")), values.text("edge"))


def affine(picture: Picture, values: Values, _draw: Draw) -> Picture:
    matrix = around(
        picture,
        angle=values.number("angle"),
        scale=values.number("factor"),
        x=values.number("x") / 100,
        y=values.number("y") / 100,
        shear=values.number("shear"),
    )
    return warped(picture, matrix, values.text("edge"))


def perspective(picture: Picture, values: Values, draw: Draw) -> Picture:
    height, width = picture.shape[:2]
    corners = np.array([[0, 0], [width - 1, 0], [width - 1, height - 1], [0, height - 1]], np.float32)
    moved = corners + draw.uniform(-1, 1, (4, 2)) * values.number("strength") * [width, height]
    if min(height, width) < 2:
        return picture.copy()
    matrix = cv2.getPerspectiveTransform(corners, moved.astype(np.float32))
    return warped(picture, np.asarray(matrix), values.text("edge"))


def aspect(picture: Picture, values: Values, _draw: Draw) -> Picture:
    """Wider or narrower about the middle; what leaves is cut, size stays."""
    matrix = around(picture)
    factor, middle = values.number("factor"), (picture.shape[1] - 1) / 2
    matrix[0] = [factor, 0, middle - factor * middle]
    return warped(picture, matrix, values.text("edge"))


def elastic(picture: Picture, values: Values, draw: Draw) -> Picture:
    height, width = picture.shape[:2]
    across = max(2, round(100 / values.number("grain")) + 1)
    reach = values.number("reach") / 100 * max(height, width)
    moves = [smooth((height, width), draw.uniform(-1, 1, (across, across)) * reach) for _ in range(2)]
    x = np.arange(width, dtype=np.float32)[None, :] + moves[0]
    y = np.arange(height, dtype=np.float32)[:, None] + moves[1]
    return remapped(picture, x, y, values.text("edge"))


def lens(picture: Picture, values: Values, _draw: Draw) -> Picture:
    x, y = places(picture)
    stretch: Floats = 1 + np.float32(values.number("bend")) * (x * x + y * y)
    height, width = picture.shape[:2]
    half = np.float32(max(height, width) / 2)
    place_x = x * stretch * half + np.float32(width / 2 - 0.5)
    place_y = y * stretch * half + np.float32(height / 2 - 0.5)
    return remapped(picture, place_x.astype(np.float32), place_y.astype(np.float32), values.text("edge"))


def flip_horizontal(picture: Picture, _values: Values, _draw: Draw) -> Picture:
    return picture[:, ::-1].copy()


def flip_vertical(picture: Picture, _values: Values, _draw: Draw) -> Picture:
    return picture[::-1].copy()


def quarter_turn(picture: Picture, values: Values, _draw: Draw) -> Picture:
    """A picture that is not square is fitted into its old size."""
    made = np.asarray(cv2.rotate(picture, TURNS[values.text("turn")])).reshape(-1, *picture.shape[2:])
    upright = values.text("turn") == "180°"
    height, width = picture.shape[:2] if upright else picture.shape[1::-1]
    made = made.reshape(height, width, *picture.shape[2:])
    return made if made.shape == picture.shape else resized(made, picture.shape[1], picture.shape[0])


def _is_written(label: str, alike: frozenset[str], words: set[str]) -> bool:
    """Whether a label names a character that is another one so, or a direction."""
    name = _character(label.strip())
    if len(name) == 1:
        return name.isalnum() and name not in alike
    parts = {part.lower() for part in re.split(r"[\W_\d]+", name)}
    return bool(parts & (words | SAID)) or name.lstrip("-").isdigit()


def _character(name: str) -> str:
    """The 7 of "digit 7", "digit7" or "01_digit_7"; other names as they are."""
    parts = [part for part in re.split(r"[\W_]+|(?<=[a-z])(?=\d)", name) if part]
    kind = next((place for place, part in enumerate(parts) if part.lower() in KINDS), len(parts))
    is_one = kind == len(parts) - 2 and (len(parts[-1]) == 1 or parts[-1].isdigit())
    return parts[-1] if is_one else name


def spoils_mirrored(label: str, _values: Values) -> bool:
    return _is_written(label, ALIKE_MIRRORED, SIDES)


def spoils_upside_down(label: str, _values: Values) -> bool:
    return _is_written(label, ALIKE_UPSIDE_DOWN, ENDS)


def spoils_turned(label: str, _values: Values) -> bool:
    return _is_written(label, ALIKE_TURNED, SIDES | ENDS)


def spoils_turned_far(label: str, values: Values) -> bool:
    """A 6 that leans is a 6; one on its head is a 9."""
    return abs(values.number("angle")) > FAR and spoils_turned(label, values)


_ANGLE: Final = Parameter("angle", "Angle", "°", -180, 180, (-12, 12))
_X: Final = Parameter("x", "Sideways", "% of width", -100, 100, (-6, 6))
_Y: Final = Parameter("y", "Up or down", "% of height", -100, 100, (-6, 6))
_FACTOR: Final = Parameter("factor", "Size", "×", 0.2, 5, (0.85, 1.15), log=True)
_SHEAR: Final = Parameter("angle", "Slant", "°", -60, 60, (-8, 8))

OPERATIONS: Final = (
    Operation(
        "rotate",
        "Rotate",
        Modality.IMAGE,
        "A camera or a thing that is not held straight.",
        (_ANGLE, EDGE),
        Keeps.MOVES,
        rotate,
        icon="rotate",
        spoils=spoils_turned_far,
    ),
    Operation(
        "off_centre",
        "Off centre",
        Modality.IMAGE,
        "A thing that is not in the middle.",
        (_X, _Y, EDGE),
        Keeps.MOVES,
        off_centre,
    ),
    Operation(
        "scale",
        "Nearer or farther",
        Modality.IMAGE,
        "Cameras at other distances.",
        (_FACTOR, EDGE),
        Keeps.MOVES,
        scale,
    ),
    Operation(
        "shear",
        "Slant",
        Modality.IMAGE,
        "Slanted writing; scanners that pull skew.",
        (_SHEAR, EDGE),
        Keeps.MOVES,
        shear,
    ),
    Operation(
        "affine",
        "Rotate, scale, shift and slant",
        Modality.IMAGE,
        "A hand-held camera, all at once.",
        (_ANGLE, _FACTOR, _X, _Y, Parameter("shear", "Slant", "°", -60, 60, (-4, 4)), EDGE),
        Keeps.MOVES,
        affine,
        spoils=spoils_turned_far,
    ),
    Operation(
        "perspective",
        "Perspective",
        Modality.IMAGE,
        "A camera that looks from the side.",
        (Parameter("strength", "Strength", "of size", 0, 0.4, (0, 0.06)), EDGE),
        Keeps.MOVES,
        perspective,
        icon="perspective",
    ),
    Operation(
        "aspect",
        "Wider or narrower",
        Modality.IMAGE,
        "Pictures that someone stretched to fit.",
        (Parameter("factor", "Width", "×", 0.3, 3, (0.85, 1.18), log=True), EDGE),
        Keeps.MOVES,
        aspect,
    ),
    Operation(
        "elastic",
        "Wobble",
        Modality.IMAGE,
        "Cloth, skin, crumpled paper, handwriting.",
        (
            Parameter("reach", "Reach", "% of size", 0, 20, (0.5, 2)),
            Parameter("grain", "Grain", "% of size", 4, 50, (12, 25)),
            EDGE,
        ),
        Keeps.MOVES,
        elastic,
    ),
    Operation(
        "lens",
        "Lens distortion",
        Modality.IMAGE,
        "Wide-angle and cheap lenses, which bend straight lines.",
        (Parameter("bend", "Bend", "", -0.4, 0.6, (-0.08, 0.15)), EDGE),
        Keeps.MOVES,
        lens,
    ),
    Operation(
        "flip_horizontal",
        "Mirror",
        Modality.IMAGE,
        "Things that come facing either way; selfies.",
        (),
        Keeps.SOME_CLASSES,
        flip_horizontal,
        spoils=spoils_mirrored,
    ),
    Operation(
        "flip_vertical",
        "Upside down",
        Modality.IMAGE,
        "Pictures from above, without an up.",
        (),
        Keeps.SOME_CLASSES,
        flip_vertical,
        spoils=spoils_upside_down,
    ),
    Operation(
        "quarter_turn",
        "Quarter turn",
        Modality.IMAGE,
        "Pictures without an up, and phones that lost their orientation.",
        (Parameter("turn", "Turn", choices=tuple(TURNS)),),
        Keeps.SOME_CLASSES,
        quarter_turn,
        spoils=spoils_turned,
    ),
)
