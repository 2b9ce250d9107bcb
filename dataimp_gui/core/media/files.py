"""How to get at the bytes of a media file that may be no file, too large, or not what its name says."""

import errno
import os
import stat
from typing import Final

from dataimp_gui.core.contract import Limits
from dataimp_gui.errors import FormatError

LIMITS: Final = Limits()
LIMIT_HINT: Final = "Make it smaller, or raise the limit in the contract."
AGAIN_HINT: Final = "Copy it again from where it came from."


class MediaError(FormatError):
    """A sentence without the path, which only the caller knows as the person wrote it, and a hint."""


def read(path: str | bytes | os.PathLike[str], limits: Limits = LIMITS) -> tuple[bytes, os.stat_result]:
    """The bytes of a regular file, at least one, and what the file system says of it.

    Raises MediaError for anything else. Never waits: a pipe, socket or device is refused without being opened.
    """
    try:
        found = os.stat(path)
        if not stat.S_ISREG(found.st_mode):
            raise MediaError(
                f"It is {_kind(found.st_mode)}, not a file.", hint="Name a file of its own for each example."
            )
        if found.st_size > limits.max_bytes:
            raise too_large(found.st_size, limits)
        handle = os.open(path, os.O_RDONLY | _NO_WAIT)
        try:
            before = os.fstat(handle)
            if not stat.S_ISREG(before.st_mode):  # exchanged since the look above
                raise MediaError(f"It is {_kind(before.st_mode)}, not a file.")
            data = os.read(handle, found.st_size + 1)
            while 0 < len(data) < before.st_size and (more := os.read(handle, before.st_size - len(data) + 1)):
                data += more  # one read gives at most 2 GiB, and less on some network file systems
            after = os.fstat(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise _refusal(error) from error
    except ValueError as error:  # a null character in the path
        raise MediaError("Its path is not one that a file can have.") from error
    if len(data) != after.st_size or before.st_mtime_ns != after.st_mtime_ns:
        raise MediaError("It changed while it was being read.", hint="Wait until nothing writes to it, then try again.")
    if not data:
        raise MediaError("The file is empty (0 bytes).", hint=AGAIN_HINT)
    return data, after


def ends_early(name: str) -> MediaError:
    """``name`` is that of the format."""
    return MediaError(f"The file ends early: the {name} data is cut short.", hint=AGAIN_HINT)


def too_large(size: int, limits: Limits) -> MediaError:
    return MediaError(f"The file has {size:,} bytes, the limit is {limits.max_bytes:,}.", hint=LIMIT_HINT)


def looks_like(data: bytes) -> str:
    """What bytes seem to be, as words that fit after "looks like"; never empty."""
    for offset, magic, words in _MAGIC:
        if data[offset : offset + len(magic)] == magic:
            return words
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    lower = head[:512].lower()
    if lower.startswith(b"version https://git-lfs"):
        return "a Git LFS pointer, not the file itself (run: git lfs pull)"
    if b"<svg" in lower:
        return "an SVG drawing"
    if lower.startswith((b"<!doctype html", b"<html")):
        return "a web page (HTML), perhaps an error page that was saved"
    if lower.startswith(b"<?xml"):
        return "an XML document"
    if not data.strip(b"\0"):
        return "nothing but zero bytes"
    if b"\0" not in data[:4096] and sum(byte < 32 and byte not in b"\t\r\n\f\x1b" for byte in head) == 0:
        return "a JSON document" if head[:1] in (b"{", b"[") else "plain text"
    return "unknown binary data"


_NO_WAIT: Final = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)

_MAGIC: Final = (
    (0, b"\x89PNG", "a PNG image"),
    (0, b"\xff\xd8\xff", "a JPEG image"),
    (0, b"GIF8", "a GIF image"),
    (8, b"WEBP", "a WebP image"),
    (4, b"ftypavi", "an AVIF image"),
    (4, b"ftyphei", "a HEIC photo (save it as JPEG)"),
    (4, b"ftyphev", "a HEIC photo (save it as JPEG)"),
    (4, b"ftypmif1", "a HEIF photo (save it as JPEG)"),
    (4, b"ftypM4A", "an M4A (AAC) sound (convert it to WAV or FLAC)"),
    (4, b"ftyp", "an MP4 or QuickTime film"),
    (0, b"\0\0\0\x0cjP  ", "a JPEG 2000 image (save it as PNG or TIFF)"),
    (0, b"\xff\x4f\xff\x51", "a JPEG 2000 image (save it as PNG or TIFF)"),
    (0, b"\0\0\0\x0cJXL ", "a JPEG XL image (save it as PNG or JPEG)"),
    (0, b"\xff\x0a", "a JPEG XL image (save it as PNG or JPEG)"),
    (0, b"BM", "a BMP image"),
    (0, b"II*\0", "a TIFF image"),
    (0, b"MM\0*", "a TIFF image"),
    (0, b"II+\0", "a BigTIFF image"),
    (0, b"MM\0+", "a BigTIFF image"),
    (0, b"8BPS", "a Photoshop document"),
    (0, b"DDS ", "a DDS texture"),
    (0, b"BLP", "a BLP texture"),
    (0, b"icns", "a macOS icon"),
    (0, b"\0\0\1\0", "a Windows icon"),
    (0, b"%!PS", "a PostScript document"),
    (0, b"%PDF", "a PDF document"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
    (8, b"WAVE", "a WAV sound"),
    (8, b"AVI ", "an AVI film"),
    (8, b"AIFF", "an AIFF sound"),
    (8, b"AIFC", "an AIFF sound"),
    (0, b"fLaC", "a FLAC sound"),
    (0, b"OggS", "an Ogg sound"),
    (0, b"ID3", "an MP3 sound"),
    (0, b"\xff\xfb", "an MP3 sound"),
    (0, b"\xff\xf3", "an MP3 sound"),
    (0, b"\x1aE\xdf\xa3", "a Matroska or WebM film"),
    (0, b"PK\3\4", "a ZIP archive or Office document"),
    (0, b"\x1f\x8b", "a gzip archive"),
    (0, b"BZh", "a bzip2 archive"),
    (0, b"\xfd7zXZ", "an XZ archive"),
    (0, b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (0, b"7z\xbc\xaf", "a 7-Zip archive"),
    (0, b"\x93NUMPY", "a NumPy array"),
    (0, b"PAR1", "a Parquet table"),
    (0, b"SQLite format 3", "an SQLite database"),
    (0, b"\x7fELF", "a program"),
    (0, b"MZ", "a Windows program"),
)


def _kind(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return "a folder"
    if stat.S_ISFIFO(mode):
        return "a pipe"
    if stat.S_ISSOCK(mode):
        return "a socket"
    return "a device"


def _refusal(error: OSError) -> MediaError:
    match error.errno:
        case errno.ENOENT | errno.ENOTDIR:
            return MediaError("The file is missing.", hint="Put it back, or name the folder that the media lie in.")
        case errno.EACCES | errno.EPERM:
            return MediaError("You may not read this file (permission denied).", hint="Change its permissions.")
        case errno.ELOOP:
            return MediaError("It is a link that leads back to itself.", hint="Replace the link with the file.")
        case code:
            return MediaError(f"The file cannot be read ({os.strerror(code) if code else error}).")
