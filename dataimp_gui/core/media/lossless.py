"""Pictures and sounds with all that their files hold, and as bytes that lose nothing of it."""

import io
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.contract import Limits
from dataimp_gui.core.media import audio, image
from dataimp_gui.core.media.audio import Samples
from dataimp_gui.core.media.files import LIMITS, MediaError, read
from dataimp_gui.core.media.headers import header

Picture = npt.NDArray[Any]
"""Height by width, by channels where there are several (2 grey and alpha, 3 RGB, 4 RGBA); uint8, uint16 or float32 in
0 to 1."""

_COMPRESSION: Final = 3  # of 9: the next levels take twice the time for a few percent
_IN_16_BITS: Final = ("PCM_S8", "PCM_U8", "PCM_16", "ULAW", "ALAW", "VORBIS", "OPUS", "MPEG_LAYER_III")
_FLAC_CHANNELS: Final = 8
_FLAC_RATE: Final = 655_350


def picture(file: Path | bytes, limits: Limits = LIMITS, *, whole: bool = False) -> Picture:
    """As `image.decode`, but with the channels, alpha and depth of the file where they are 8 or 16 bits or floats in 0
    to 1; of others its 8-bit RGB, which is refused where it is to be the ``whole`` of it. Raises as `image.decode`."""
    data = file if isinstance(file, bytes) else read(file, limits)[0]
    found = header(data, limits)
    mode = _mode(data, found.format)
    if mode == "RGB" and found.plain:
        return image.decode(data, limits)
    if found.format in ("PNG", "TIFF") and (deep := _deep(data)) is not None:
        return deep
    shown = image.decode(data, limits)  # also finds out what is damaged
    if mode in ("RGB", "CMYK", "YCbCr", "LAB", "HSV"):
        return shown
    full = _pillow(data, found.format, mode)
    if full is None and whole:
        raise MediaError("Its values are neither 8 or 16 bits nor numbers from 0 to 1.", hint="Scale them to 0 to 1.")
    return shown if full is None else np.ascontiguousarray(full)


def picture_bytes(pixels: Picture) -> bytes:
    """A PNG, or of floats a TIFF."""
    import cv2

    channels = pixels.shape[2] if pixels.ndim == 3 else 1
    if channels == 2 and pixels.dtype == np.uint8:
        return _grey_alpha(pixels)
    if channels == 2:
        pixels = np.concatenate([np.repeat(pixels[:, :, :1], 3, axis=2), pixels[:, :, 1:]], axis=2)
    elif channels == 3:
        pixels = pixels[:, :, ::-1]
    if pixels.ndim == 3 and pixels.shape[2] == 4:
        pixels = pixels[:, :, [2, 1, 0, 3]]
    is_float = pixels.dtype.kind == "f"
    how = [] if is_float else [cv2.IMWRITE_PNG_COMPRESSION, _COMPRESSION]
    made, coded = cv2.imencode(".tiff" if is_float else ".png", np.ascontiguousarray(pixels), how)
    if not made:
        raise MediaError("The picture that was made cannot be written.")
    return coded.tobytes()


def sound(file: Path | bytes, limits: Limits = LIMITS) -> tuple[Samples, int, int]:
    """Samples, rate in hertz, and whether 16 or 24 bits hold what the file says. Raises as `audio.decode`."""
    data = file if isinstance(file, bytes) else read(file, limits)[0]
    with audio.opened(data, limits) as opened:
        bits = 16 if opened.subtype in _IN_16_BITS else 24
    return *audio.decode(data, limits), bits


def sound_bytes(samples: Samples, rate: int, bits: int = 16) -> bytes:
    """A FLAC of so many bits, or a WAV of floats where FLAC has too few channels or too low a rate."""
    import soundfile

    file = io.BytesIO()
    if samples.shape[1] > _FLAC_CHANNELS or rate > _FLAC_RATE:
        soundfile.write(file, samples, rate, format="WAV", subtype="FLOAT")
    else:
        soundfile.write(file, np.clip(samples, -1, 1), rate, format="FLAC", subtype=f"PCM_{bits}")
    return file.getvalue()


def _mode(data: bytes, format_: str) -> str:
    """Pillow's word for what the pixels are; "" where it cannot tell."""
    try:
        with image.opened(data, format_) as opened:
            return str(opened.mode)
    except Exception:  # whatever is wrong with it, `image.decode` says so
        return ""


def _deep(data: bytes) -> Picture | None:
    """Colours of 16 bits, which Pillow cuts to 8."""
    import cv2

    try:
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error:
        return None
    if pixels is None or pixels.dtype != np.uint16 or pixels.ndim != 3:
        return None
    return np.ascontiguousarray(pixels[:, :, [2, 1, 0, 3][: pixels.shape[2]]])


def _pillow(data: bytes, format_: str, mode: str) -> Picture | None:
    from PIL import ImageOps

    with image.opened(data, format_) as opened:
        opened.load()
        turned = ImageOps.exif_transpose(opened)
        if mode in ("P", "PA"):
            turned = turned.convert("RGBA" if mode == "PA" or "transparency" in turned.info else "RGB")
        elif mode == "1":
            turned = turned.convert("L")
        pixels = np.array(turned)
    if pixels.dtype == np.float32 and np.isfinite(pixels).all() and pixels.min() >= 0 and pixels.max() <= 1:
        return pixels
    if pixels.dtype.kind in "iu" and pixels.dtype != np.uint8 and pixels.min() >= 0 and pixels.max() < 2**16:
        return pixels.astype(np.uint16)
    return pixels if pixels.dtype == np.uint8 else None


def _grey_alpha(pixels: Picture) -> bytes:
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(pixels, "LA").save(file, "PNG", compress_level=_COMPRESSION)
    return file.getvalue()
