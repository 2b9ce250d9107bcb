"""What the first bytes of an image promise, and whether all of it is there; nothing is decoded for that."""

import struct
from dataclasses import dataclass
from typing import Final

from dataimp_gui.core.contract import Limits
from dataimp_gui.core.media.files import AGAIN_HINT, LIMIT_HINT, MediaError, ends_early, looks_like, too_large


@dataclass(frozen=True, slots=True)
class Header:
    """What the first bytes promise. ``plain``: OpenCV shows it as it is meant."""

    format: str
    width: int = 0
    height: int = 0
    plain: bool = False


def header(data: bytes, limits: Limits) -> Header:
    """What ``data`` claims to be, without decoding it. MediaError: it is no image, or too large, or cut short."""
    if len(data) > limits.max_bytes:
        raise too_large(len(data), limits)
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        found = _png(data)
    elif data.startswith(b"\xff\xd8\xff"):
        found = _jpeg(data)
    else:
        for name, offset, magic in _OTHERS:
            if data[offset : offset + len(magic)] == magic:
                return Header(name)
        if not data:
            raise MediaError("The file is empty (0 bytes).", hint=AGAIN_HINT)
        raise MediaError(
            f"It is no image that can be read: it looks like {looks_like(data)}.",
            hint="Images can be JPEG, PNG, GIF, BMP, TIFF, WebP, AVIF or PNM.",
        )
    if found.width:
        check_size(found.width, found.height, limits)
    return found


_OTHERS: Final = (
    ("GIF", 0, b"GIF87a"),
    ("GIF", 0, b"GIF89a"),
    ("BMP", 0, b"BM"),
    ("WEBP", 8, b"WEBP"),
    ("TIFF", 0, b"II*\0"),
    ("TIFF", 0, b"MM\0*"),
    ("TIFF", 0, b"II+\0"),
    ("TIFF", 0, b"MM\0+"),
    ("AVIF", 4, b"ftypavif"),
    ("AVIF", 4, b"ftypavis"),
    *(("PPM", 0, b"P%d%c" % (kind, space)) for kind in range(1, 7) for space in b" \t\r\n#"),
)

_CHUNK: Final = struct.Struct(">I4s")
_IHDR: Final = struct.Struct(">IIBB")
_FRAME: Final = struct.Struct(">BHHB")


def check_size(width: int, height: int, limits: Limits) -> None:
    if width * height > limits.max_pixels:
        raise MediaError(
            f"The image has {width:,} x {height:,} pixels, the limit is {limits.max_pixels:,} in all.", hint=LIMIT_HINT
        )


def _png(data: bytes) -> Header:
    """Walks the chunks to the end mark, so that a cut is found wherever it is."""
    width = height = 0
    plain = False
    at, end = 8, len(data)
    while True:
        if at + 12 > end:
            raise ends_early("PNG")
        length, kind = _CHUNK.unpack_from(data, at)
        after = at + 12 + length
        if after > end:
            raise ends_early("PNG")
        if kind == b"IHDR" and length == 13:
            width, height, depth, colour = _IHDR.unpack_from(data, at + 8)
            plain = depth == 8 and colour in (0, 2, 3)
        elif kind in (b"tRNS", b"eXIf"):
            plain = False
        elif kind == b"IEND":
            return Header("PNG", width, height, plain and width > 0 and height > 0)
        at = after


def _jpeg(data: bytes) -> Header:
    """Walks the segments to the first scan; an end mark must come after it."""
    width = height = 0
    plain = False
    at, end = 2, len(data)
    while at + 4 <= end and data[at] == 0xFF:
        marker = data[at + 1]
        if marker in (0xFF, 0x01) or 0xD0 <= marker <= 0xD8:  # fill, or a mark without a segment
            at += 1 if marker == 0xFF else 2
            continue
        length = data[at + 2] << 8 | data[at + 3]
        if marker == 0xDA:
            if data.rfind(b"\xff\xd9", at) < 0:
                raise ends_early("JPEG")
            return Header("JPEG", width, height, plain and width > 0 and height > 0)
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC) and at + 10 <= end:
            depth, height, width, parts = _FRAME.unpack_from(data, at + 4)
            plain = marker <= 0xC2 and depth == 8 and parts in (1, 3)
        at += 2 + length
    if at + 4 > end:
        raise ends_early("JPEG")
    return Header("JPEG", width, height)
