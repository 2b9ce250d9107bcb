"""What blurs, and what sharpens too much."""

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from dataimp_gui.core.augment.draws import Draw
from dataimp_gui.core.augment.image.pixels import Floats, coloured, in_floats
from dataimp_gui.core.augment.operations import Keeps, Operation, Parameter, Values
from dataimp_gui.core.augment.values import Picture
from dataimp_gui.core.model import Modality

LARGEST: Final = 255  # a kernel is never wider


def blur(picture: Picture, values: Values, _draw: Draw) -> Picture:
    sigma = values.number("radius")
    if sigma < 0.01:
        return picture.copy()
    return coloured(picture, lambda planes: _gaussian(planes, sigma))


def motion_blur(picture: Picture, values: Values, _draw: Draw) -> Picture:
    """Along a line of ``length`` pixels at an angle."""
    return filtered(picture, line(values.number("length"), values.number("angle")))


def defocus(picture: Picture, values: Values, _draw: Draw) -> Picture:
    """By a disc, as a lens does that is not in focus."""
    return filtered(picture, disc(values.number("radius")))


def zoom_blur(picture: Picture, values: Values, _draw: Draw) -> Picture:
    """Eight pictures of growing size, averaged: each time one is added that is as much larger as there are."""
    height, width = picture.shape[:2]
    once = (1 + values.number("reach") / 100) ** (1 / 7)

    def zoomed(planes: Floats) -> Floats:
        for factor in (once, once**2, once**4):
            rest = (1 - factor) / 2
            matrix = np.array([[factor, 0, rest * (width - 1)], [0, factor, rest * (height - 1)]])
            made = cv2.warpAffine(planes, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
            planes = (planes + np.asarray(made, np.float32).reshape(planes.shape)) / np.float32(2)
        return planes

    return in_floats(picture, zoomed)


def sharpen(picture: Picture, values: Values, _draw: Draw) -> Picture:
    """More than the scene has, with the light seams that cameras leave."""
    amount, sigma = np.float32(values.number("amount")), values.number("radius")
    return in_floats(picture, lambda planes: planes + amount * (planes - _gaussian(planes, max(sigma, 0.05))))


def median(picture: Picture, values: Values, _draw: Draw) -> Picture:
    """Edges stay, grain goes: what strong noise reduction leaves."""
    size = 2 * values.whole("radius") + 1
    if size > 5 and picture.dtype != np.uint8:
        size = 5  # OpenCV does larger ones on 8 bits only
    return coloured(picture, lambda planes: np.asarray(cv2.medianBlur(planes, size)))


def filtered(picture: Picture, kernel: Floats) -> Picture:
    return coloured(picture, lambda planes: np.asarray(cv2.filter2D(planes, -1, kernel, borderType=cv2.BORDER_REFLECT)))


def line(length: float, angle: float) -> Floats:
    """A kernel that sums to 1."""
    half = min(length, LARGEST) / 2
    reach = int(np.ceil(half))
    turn = np.deg2rad(angle)
    place = np.arange(-reach, reach + 1)
    x, y = place[None, :], place[:, None]
    along, off = x * np.cos(turn) + y * np.sin(turn), -x * np.sin(turn) + y * np.cos(turn)
    weights = np.clip(half + 0.5 - np.abs(along), 0, 1) * np.clip(1 - np.abs(off), 0, 1)
    return _summing_to_one(weights)


def disc(radius: float) -> Floats:
    reach = int(np.ceil(min(radius, LARGEST / 2)))
    place = np.arange(-reach, reach + 1)
    return _summing_to_one(np.clip(radius + 0.5 - np.hypot(place[None, :], place[:, None]), 0, 1))


def softened(planes: Floats, sigma: float) -> Floats:
    """A wide blur, made of a smaller picture: what is finer than it is gone anyway."""
    height, width = planes.shape[:2]
    shrink = max(1.0, min(sigma / 4, height / 4, width / 4))
    small = cv2.resize(planes, (round(width / shrink), round(height / shrink)), interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(small, (0, 0), sigma / shrink, borderType=cv2.BORDER_REFLECT)
    made: Floats = np.asarray(cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)
    return made.reshape(planes.shape)


def _summing_to_one(weights: npt.NDArray[np.floating]) -> Floats:
    kernel: Floats = (weights / weights.sum()).astype(np.float32)
    return kernel


def _gaussian(planes: Picture, sigma: float) -> Picture:
    reach = min(int(np.ceil(3.5 * sigma)), LARGEST // 2)
    size = (2 * reach + 1, 2 * reach + 1)
    made: Picture = cv2.GaussianBlur(planes, size, sigma, borderType=cv2.BORDER_REFLECT)
    return made.reshape(planes.shape)


OPERATIONS: Final = (
    Operation(
        "blur",
        "Blur",
        Modality.IMAGE,
        "A lens that is slightly out of focus, a smear on it.",
        (Parameter("radius", "Radius", "px", 0, 30, (0.4, 0.9)),),
        Keeps.LABEL,
        blur,
        icon="drop",
    ),
    Operation(
        "motion_blur",
        "Motion blur",
        Modality.IMAGE,
        "A hand that shakes, a thing that moves.",
        (Parameter("length", "Length", "px", 0, 100, (2, 7)), Parameter("angle", "Angle", "°", -180, 180, (-90, 90))),
        Keeps.LABEL,
        motion_blur,
    ),
    Operation(
        "defocus",
        "Out of focus",
        Modality.IMAGE,
        "A camera focused on something else.",
        (Parameter("radius", "Radius", "px", 0, 40, (1, 3)),),
        Keeps.LABEL,
        defocus,
    ),
    Operation(
        "zoom_blur",
        "Zoom blur",
        Modality.IMAGE,
        "A camera that moves toward the thing.",
        (Parameter("reach", "Reach", "%", 0, 60, (4, 12)),),
        Keeps.LABEL,
        zoom_blur,
    ),
    Operation(
        "median",
        "Smeared detail",
        Modality.IMAGE,
        "Phones that remove noise and detail with it.",
        (Parameter("radius", "Radius", "px", 1, 7, (1, 2), integer=True),),
        Keeps.LABEL,
        median,
    ),
    Operation(
        "sharpen",
        "Oversharpened",
        Modality.IMAGE,
        "Phones and scanners that sharpen, with light seams.",
        (
            Parameter("amount", "Amount", "×", 0, 8, (0.5, 1.5)),
            Parameter("radius", "Radius", "px", 0.1, 10, (0.8, 1.5)),
        ),
        Keeps.LABEL,
        sharpen,
    ),
)
