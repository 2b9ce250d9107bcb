"""What is in the picture: cut closer, set into a border, thrown off centre, covered in part."""

from typing import Final

import cv2
import numpy as np

from dataimp_gui.core.augment.draws import Draw
from dataimp_gui.core.augment.image.pixels import EDGE, EDGES, coloured, resized, top
from dataimp_gui.core.augment.operations import Keeps, Operation, Parameter, Values
from dataimp_gui.core.augment.values import Picture
from dataimp_gui.core.model import Modality

FILLS: Final = ("black", "white", "grey", "average")


def crop(picture: Picture, values: Values, draw: Draw) -> Picture:
    """A part at a random place, at the old size."""
    height, width = picture.shape[:2]
    side = float(np.sqrt(values.number("area") / 100))
    across, down = max(1, round(width * side)), max(1, round(height * side))
    x, y = draw.integer(0, width - across), draw.integer(0, height - down)
    return resized(np.ascontiguousarray(picture[y : y + down, x : x + across]), width, height)


def border(picture: Picture, values: Values, _draw: Draw) -> Picture:
    """Smaller, with an edge around it, at the old size."""
    height, width = picture.shape[:2]
    across, down = (max(1, round(side * (1 - values.number("width") / 100))) for side in (width, height))
    left, above = (width - across) // 2, (height - down) // 2
    small = resized(picture, across, down)
    kind = EDGES[values.text("edge")] if min(across, down) > 1 else cv2.BORDER_REPLICATE
    made = cv2.copyMakeBorder(small, above, height - down - above, left, width - across - left, kind)
    return np.asarray(made).reshape(picture.shape)


def patches(picture: Picture, values: Values, draw: Draw) -> Picture:
    height, width = picture.shape[:2]
    share = values.number("size") / 100

    def covered(planes: Picture) -> Picture:
        made = planes.copy()
        for _ in range(values.whole("count")):
            down, across = max(1, round(height * share)), max(1, round(width * share))
            y, x = draw.integer(0, height - down), draw.integer(0, width - across)
            made[y : y + down, x : x + across] = filling(planes, values.text("fill"))
        return made

    return coloured(picture, covered)


def covered_side(picture: Picture, values: Values, draw: Draw) -> Picture:
    """From one side, drawn anew each time."""
    side, share = draw.choice(4), values.number("share") / 100

    def covered(planes: Picture) -> Picture:
        made = planes.copy()
        turned = np.rot90(made, side)
        turned[: round(len(turned) * share)] = filling(planes, values.text("fill"))
        return made

    return coloured(picture, covered)


def scratches(picture: Picture, values: Values, draw: Draw) -> Picture:
    height, width = picture.shape[:2]

    def scratched(planes: Picture) -> Picture:
        made = planes.copy()
        for _ in range(values.whole("count")):
            (x, y), (x_end, y_end) = draw.uniform(-0.1, 1.1, (2, 2)).tolist()
            bright = draw.uniform(0, 1) * top(planes)
            cv2.line(
                made,
                (round(x * width), round(y * height)),
                (round(x_end * width), round(y_end * height)),
                (bright,) * planes.shape[2],
                max(1, round(values.number("width") / 100 * max(height, width))),
            )
        return made

    return coloured(picture, scratched)


def filling(planes: Picture, fill: str) -> object:
    if fill == "average":
        return planes.mean(axis=(0, 1)).astype(planes.dtype)
    return {"black": 0.0, "white": 1.0, "grey": 0.5}[fill] * top(planes)


_FILL: Final = Parameter("fill", "Covered with", choices=FILLS)

OPERATIONS: Final = (
    Operation(
        "crop",
        "Random crop",
        Modality.IMAGE,
        "Things that are cut off, or nearer than usual.",
        (Parameter("area", "Area kept", "%", 5, 100, (60, 95)),),
        Keeps.MAY_DESTROY,
        crop,
        icon="crop",
    ),
    Operation(
        "border",
        "Border",
        Modality.IMAGE,
        "Screenshots and scans with something around.",
        (Parameter("width", "Taken by the border", "%", 0, 80, (5, 20)), EDGE),
        Keeps.MOVES,
        border,
    ),
    Operation(
        "patches",
        "Covered patches",
        Modality.IMAGE,
        "Stickers, fingers, other things in front.",
        (
            Parameter("count", "Patches", "", 1, 20, (1, 3), integer=True),
            Parameter("size", "Size", "% of size", 1, 80, (8, 25)),
            _FILL,
        ),
        Keeps.MAY_DESTROY,
        patches,
    ),
    Operation(
        "covered_side",
        "Covered side",
        Modality.IMAGE,
        "A thumb or a frame over one side.",
        (Parameter("share", "Share", "%", 0, 80, (5, 25)), _FILL),
        Keeps.MAY_DESTROY,
        covered_side,
    ),
    Operation(
        "scratches",
        "Scratches",
        Modality.IMAGE,
        "Worn prints, wires, a cracked lens.",
        (
            Parameter("count", "Scratches", "", 1, 40, (1, 5), integer=True),
            Parameter("width", "Width", "% of size", 0.1, 10, (0.3, 1)),
        ),
        Keeps.LABEL,
        scratches,
    ),
)
