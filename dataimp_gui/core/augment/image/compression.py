"""What files and networks take away: codecs, small sizes, few colours. Depth stays, detail below 8 bits goes."""

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from dataimp_gui.core.augment.draws import Draw
from dataimp_gui.core.augment.image.pixels import Floats, coloured, in_floats, top
from dataimp_gui.core.augment.operations import Keeps, Operation, Parameter, Values
from dataimp_gui.core.augment.values import Picture
from dataimp_gui.core.model import Modality

CODECS: Final = {
    ".jpg": cv2.IMWRITE_JPEG_QUALITY,
    ".webp": cv2.IMWRITE_WEBP_QUALITY,
}
RESAMPLING: Final = {
    "smooth": cv2.INTER_LINEAR,
    "blocky": cv2.INTER_NEAREST,
    "sharp": cv2.INTER_CUBIC,
}


def jpeg(picture: Picture, values: Values, _draw: Draw) -> Picture:
    return through(picture, ".jpg", values.whole("quality"))


def webp(picture: Picture, values: Values, _draw: Draw) -> Picture:
    return through(picture, ".webp", values.whole("quality"))


def jpeg_again(picture: Picture, values: Values, _draw: Draw) -> Picture:
    """Shared again and again: each time a pixel smaller, so that the blocks fall elsewhere."""
    height, width = picture.shape[:2]

    def shared(planes: Picture) -> Picture:
        made = planes
        for time in range(values.whole("times")):
            size = (max(1, width - 1 - time), max(1, height - 1 - time))
            made = cv2.resize(made, size, interpolation=cv2.INTER_AREA).reshape(size[1], size[0], -1)
            made = through(made, ".jpg", values.whole("quality"))
        return cv2.resize(made, (width, height), interpolation=cv2.INTER_LINEAR)

    return coloured(picture, shared)


def through(picture: Picture, ending: str, quality: int) -> Picture:
    """Encoded and decoded again."""

    def coded(planes: Picture) -> Picture:
        white = top(planes)
        eight = planes if planes.dtype == np.uint8 else np.rint(np.clip(planes / white, 0, 1) * 255).astype(np.uint8)
        is_grey = planes.shape[2] == 1
        given = eight if is_grey else cv2.cvtColor(eight, cv2.COLOR_RGB2BGR)
        done, data = cv2.imencode(ending, given, [CODECS[ending], quality])
        made = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE if is_grey else cv2.IMREAD_COLOR_RGB) if done else None
        if made is None:
            raise ValueError(f"the picture cannot be written as {ending[1:].upper()}")
        if planes.dtype == np.uint8:
            return made
        wide = made.astype(np.float32) / 255 * white
        return (wide if planes.dtype.kind == "f" else np.rint(wide)).astype(planes.dtype)

    return coloured(picture, coded)


def low_resolution(picture: Picture, values: Values, _draw: Draw) -> Picture:
    """Made smaller and larger again."""
    height, width = picture.shape[:2]
    small = (max(1, round(width * values.number("factor"))), max(1, round(height * values.number("factor"))))

    def rescaled(planes: Picture) -> Picture:
        made = cv2.resize(planes, small, interpolation=cv2.INTER_AREA)
        made = np.asarray(cv2.resize(made, (width, height), interpolation=RESAMPLING[values.text("enlarged")]))
        return np.clip(made, 0, 1) if made.dtype.kind == "f" else made  # sharp edges swing over

    return coloured(picture, rescaled)


def few_colours(picture: Picture, values: Values, _draw: Draw) -> Picture:
    """Levels of each channel with a fixed pattern of dots between them, as in GIFs."""
    levels = values.whole("levels")
    pattern = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]], np.float32) / 16 - 0.5

    def dotted(planes: Floats) -> npt.NDArray[np.floating]:
        height, width = planes.shape[:2]
        dots = np.tile(pattern, (height // 4 + 1, width // 4 + 1))[:height, :width, None]
        return np.rint(np.clip(planes, 0, 1) * (levels - 1) + dots * 0.99) / np.float32(levels - 1)

    return in_floats(picture, dotted)


def chroma_loss(picture: Picture, values: Values, _draw: Draw) -> Picture:
    """Colours at a smaller size than brightness, as video stores them."""
    if picture.ndim == 2 or picture.shape[2] < 3:
        return picture.copy()
    factor = values.whole("factor")

    def lost(planes: Floats) -> Floats:
        height, width = planes.shape[:2]
        tones = cv2.cvtColor(planes, cv2.COLOR_RGB2YCrCb)
        small = cv2.resize(tones, (max(1, width // factor), max(1, height // factor)), interpolation=cv2.INTER_AREA)
        tones[:, :, 1:] = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)[:, :, 1:]
        return np.asarray(cv2.cvtColor(tones, cv2.COLOR_YCrCb2RGB))

    return in_floats(picture, lost)


_QUALITY: Final = Parameter("quality", "Quality", "", 1, 100, (25, 75), integer=True)

OPERATIONS: Final = (
    Operation(
        "jpeg",
        "JPEG",
        Modality.IMAGE,
        "Phones, messengers and web pages.",
        (_QUALITY,),
        Keeps.LABEL,
        jpeg,
        icon="file",
    ),
    Operation("webp", "WebP", Modality.IMAGE, "Web pages and messengers.", (_QUALITY,), Keeps.LABEL, webp),
    Operation(
        "jpeg_again",
        "Shared again",
        Modality.IMAGE,
        "Pictures that went through several messengers.",
        (_QUALITY, Parameter("times", "Times", "", 1, 6, (2, 3), integer=True)),
        Keeps.LABEL,
        jpeg_again,
    ),
    Operation(
        "low_resolution",
        "Low resolution",
        Modality.IMAGE,
        "Thumbnails, far things, small cameras.",
        (
            Parameter("factor", "Size", "×", 0.02, 1, (0.35, 0.75)),
            Parameter("enlarged", "Enlarged", choices=tuple(RESAMPLING)),
        ),
        Keeps.LABEL,
        low_resolution,
    ),
    Operation(
        "few_colours",
        "Few colours",
        Modality.IMAGE,
        "GIFs, palettes, e-paper.",
        (Parameter("levels", "Levels a channel", "", 2, 32, (3, 8), integer=True),),
        Keeps.LABEL,
        few_colours,
    ),
    Operation(
        "chroma_loss",
        "Smeared colour",
        Modality.IMAGE,
        "Video and analogue cameras.",
        (Parameter("factor", "Colour smaller", "×", 1, 16, (2, 6), integer=True),),
        Keeps.LABEL,
        chroma_loss,
        takes="colour",
    ),
)
