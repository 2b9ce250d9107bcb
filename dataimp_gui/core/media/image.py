"""What an image file shows: 8-bit RGB pixels, whatever is inside, and why a file shows nothing.

Plain 8-bit JPEG and PNG go through OpenCV, everything else through Pillow; where both can, they agree bit for bit.
Colour profiles of RGB images are not applied: the pixels are those that a training loader sees. CMYK has no such
pixels, so there its profile is.
"""

import contextlib
import importlib
import io
import logging
import os
import threading
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.contract import Limits
from dataimp_gui.core.media.files import AGAIN_HINT, LIMIT_HINT, LIMITS, MediaError, ends_early, read
from dataimp_gui.core.media.headers import Header, check_size, header

if TYPE_CHECKING:
    from PIL import Image

Pixels = npt.NDArray[np.uint8]
"""Height by width by 3 (RGB); contiguous."""

BACKGROUND: Final = 128  # behind transparency: black and white drawings both stay visible on it

Source = bytes | str | os.PathLike[str]


def decode(source: Source, limits: Limits = LIMITS) -> Pixels:
    """The first page or frame, turned as its EXIF says, transparency on mid-grey.

    Integers wider than 8 bits: PNG and PNM use their full range; elsewhere the smallest of 8, 10, 12, 14 and 16 bits
    that holds the largest value is the range. Floats in 0 to 1 or 0 to 255 keep that range, others go from their
    minimum to their maximum; not-a-number is black. Raises MediaError when the bytes are no image, are damaged, cut
    short, or beyond the limits.
    """
    data = source if isinstance(source, bytes) else read(source, limits)[0]
    return _decoded(data, header(data, limits), limits)


def thumbnail(source: Source, size: int, limits: Limits = LIMITS) -> Pixels:
    """The image with its longer side at ``size`` pixels, or as it is when it is smaller. Raises as `decode`."""
    import cv2

    data = source if isinstance(source, bytes) else read(source, limits)[0]
    found = header(data, limits)
    longer = max(found.width, found.height)
    if found.plain and found.format == "JPEG":
        for factor, flag in (
            (8, cv2.IMREAD_REDUCED_COLOR_8),
            (4, cv2.IMREAD_REDUCED_COLOR_4),
            (2, cv2.IMREAD_REDUCED_COLOR_2),
        ):
            if longer >= size * factor and (pixels := _opencv(data, flag)) is not None:
                return np.ascontiguousarray(shrink(pixels, size)[:, :, ::-1])
    return shrink(_decoded(data, found, limits), size)


def decode_with_size(source: Source, size: int, limits: Limits = LIMITS) -> tuple[Pixels, tuple[int, int]]:
    """`thumbnail`, and the width and height of the whole image as it is shown."""
    data = source if isinstance(source, bytes) else read(source, limits)[0]
    found = header(data, limits)
    if not found.width or max(found.width, found.height) <= size:
        whole = _decoded(data, found, limits)
        return shrink(whole, size), (whole.shape[1], whole.shape[0])
    pixels = thumbnail(data, size, limits)
    sides = sorted((found.width, found.height), reverse=pixels.shape[1] >= pixels.shape[0])  # EXIF may turn it
    return pixels, (sides[0], sides[1])


def shrink(pixels: Pixels, size: int) -> Pixels:
    """``pixels`` with the longer side at most ``size``; never larger than they are."""
    import cv2

    height, width = pixels.shape[:2]
    longer = max(height, width)
    if longer <= size:
        return pixels
    to = (max(1, round(width * size / longer)), max(1, round(height * size / longer)))
    step = longer // size
    across, down = width // step, height // step
    if step > 1 and min(across, down) < 32:  # of a strip, the way below would lose too much of the edge
        return cv2.resize(pixels, to, interpolation=cv2.INTER_AREA)  # type: ignore[return-value]
    if step > 1:  # whole blocks are averaged 10 times as fast as areas with broken edges; linear does the rest
        whole = pixels[: down * step, : across * step]
        pixels = cv2.resize(whole, (across, down), interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
    return cv2.resize(pixels, to, interpolation=cv2.INTER_LINEAR)  # type: ignore[return-value]


_PLUGINS: Final = {
    "PNG": "PngImagePlugin",
    "JPEG": "JpegImagePlugin",
    "GIF": "GifImagePlugin",
    "BMP": "BmpImagePlugin",
    "WEBP": "WebPImagePlugin",
    "TIFF": "TiffImagePlugin",
    "AVIF": "AvifImagePlugin",
    "PPM": "PpmImagePlugin",
}


@contextlib.contextmanager
def opened(data: bytes, format_: str) -> "Iterator[Image.Image]":
    """As Pillow sees it, not yet decoded; ``format_`` is one that `header` tells."""
    from PIL import Image

    importlib.import_module(f"PIL.{_PLUGINS[format_]}")  # else Pillow imports all of its plugins to find this one
    with _quiet(), Image.open(io.BytesIO(data), formats=[format_]) as image:
        yield image


def _decoded(data: bytes, found: Header, limits: Limits) -> Pixels:
    if found.plain:
        import cv2

        if (pixels := _opencv(data, cv2.IMREAD_COLOR_RGB)) is not None:
            return pixels
    return _pillow(data, found, limits)


def _opencv(data: bytes, flag: int) -> Pixels | None:
    import cv2

    try:
        return cv2.imdecode(np.frombuffer(data, np.uint8), flag)  # type: ignore[return-value]
    except cv2.error:
        return None


def _pillow(data: bytes, found: Header, limits: Limits) -> Pixels:
    from PIL import Image, ImageOps

    if Image.MAX_IMAGE_PIXELS is not None and limits.max_pixels > Image.MAX_IMAGE_PIXELS:
        Image.MAX_IMAGE_PIXELS = limits.max_pixels  # the contract's limit is the one that counts
    try:
        with opened(data, found.format) as image:
            check_size(*image.size, limits)
            image.load()
            try:
                turned = ImageOps.exif_transpose(image)
            except Exception:  # a broken EXIF block says nothing about how to turn it
                turned = image
            return _rgb(turned, image)
    except (MediaError, MemoryError):
        raise
    except Image.DecompressionBombError as error:
        raise MediaError(
            f"The image has more pixels than the limit of {limits.max_pixels:,}.", hint=LIMIT_HINT
        ) from error
    except Exception as error:  # Pillow's readers raise nearly anything on damaged data
        raise _damaged(error, found.format) from error


def _damaged(error: Exception, name: str) -> MediaError:
    from PIL import UnidentifiedImageError

    text = " ".join(str(error).split())[:120]
    if isinstance(error, UnidentifiedImageError) and name == "TIFF":  # which has kinds that hardly anybody reads
        return MediaError(
            "The TIFF is of a kind that cannot be read, or its header is damaged.", hint="Convert it to PNG."
        )
    if isinstance(error, UnidentifiedImageError):
        return MediaError(f"The {name} header is damaged.", hint=AGAIN_HINT)
    if isinstance(error, EOFError) or any(word in text.lower() for word in _CUT):
        return ends_early(name)
    return MediaError(f"The {name} data is damaged ({text or type(error).__name__}).", hint=AGAIN_HINT)


_CUT: Final = ("truncated", "unexpected end", "not enough", "incomplete", "eof", "premature")


def _rgb(image: "Image.Image", original: "Image.Image") -> Pixels:
    mode = image.mode
    if mode.startswith("I") or mode == "F":
        values = np.asarray(image)
        grey = _eight_bits(values, full=original.format in ("PNG", "PPM"))
        if _white_is_zero(original):
            grey = 255 - grey
        return np.repeat(grey[:, :, None], 3, axis=2)
    if mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        return _on_grey(image)
    if mode == "CMYK" and (profiled := _by_profile(image)) is not None:
        return np.array(profiled)
    if mode == "LAB":
        from PIL import ImageCms

        image = (
            ImageCms.profileToProfile(
                image, ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
            or image
        )
    return np.array(image if image.mode == "RGB" else image.convert("RGB"))


def _on_grey(image: "Image.Image") -> Pixels:
    from PIL import Image

    front = image.convert("RGBA")
    back = Image.new("RGBA", front.size, (BACKGROUND, BACKGROUND, BACKGROUND, 255))
    return np.array(Image.alpha_composite(back, front).convert("RGB"))


def _by_profile(image: "Image.Image") -> "Image.Image | None":
    from PIL import ImageCms

    profile = image.info.get("icc_profile")
    if not profile:
        return None
    try:
        return ImageCms.profileToProfile(image, io.BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None  # a broken profile: the plain conversion is better than none


def _white_is_zero(image: "Image.Image") -> bool:
    tags = getattr(image, "tag_v2", None)
    return tags is not None and tags.get(262) == 0


def _eight_bits(values: npt.NDArray[Any], *, full: bool) -> Pixels:
    """``values`` (height by width, any number type) as 8 bits by the rule of `decode`."""
    if values.dtype.kind == "f":
        finite = np.isfinite(values)
        values = np.where(finite, values, 0.0)
        low, high = (float(values[finite].min()), float(values[finite].max())) if finite.any() else (0.0, 0.0)
        if low >= 0.0 and high <= 1.0:
            low, high = 0.0, 1.0
        elif low >= 0.0 and high <= 255.0:
            low, high = 0.0, 255.0
    else:
        low, high = float(values.min()), float(values.max())
        if full and low >= 0 and high <= 65535:
            low, high = 0.0, 65535.0
        elif low >= 0 and high <= 65535:
            low, high = 0.0, float(next(2**bits - 1 for bits in (8, 10, 12, 14, 16) if high < 2**bits))
    scaled = (values.astype(np.float32) - np.float32(low)) * np.float32(255.0 / max(high - low, 1e-30))
    eight: Pixels = np.clip(np.rint(scaled), 0, 255).astype(np.uint8)
    return eight


_depth = 0
_guard = threading.Lock()
_restore = contextlib.ExitStack()


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Pillow warns and logs about odd headers; we judge by what decodes. Threads share one change of the filters."""
    global _depth  # noqa: PLW0603
    with _guard:
        if _depth == 0:
            _restore.enter_context(warnings.catch_warnings())
            warnings.filterwarnings("ignore", module=r"PIL\.")
            log = logging.getLogger("PIL")
            _restore.callback(log.setLevel, log.level)
            log.setLevel(logging.CRITICAL + 1)
        _depth += 1
    try:
        yield
    finally:
        with _guard:
            _depth -= 1
            if _depth == 0:
                _restore.close()
