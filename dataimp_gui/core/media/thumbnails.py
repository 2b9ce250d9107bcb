"""What an example looks like in a tile, and where such pictures are kept so that the second look is quick."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import numpy as np

from dataimp_gui.core.contract import Limits
from dataimp_gui.core.media import image
from dataimp_gui.core.media.files import LIMITS, MediaError
from dataimp_gui.core.media.image import Pixels, Source
from dataimp_gui.core.model import Modality

WORTH_BYTES: Final = 64 * 2**10
"""A smaller image file is decoded as fast as its thumbnail would be read."""

QUALITY: Final = 90
WAVEFORM_ASPECT: Final = 0.625  # height by width


def picture(source: Source, modality: Modality, size: int, limits: Limits = LIMITS) -> Pixels:
    """An image with its longer side at most ``size``, or the waveform of a sound ``size`` wide: (height, width, 3) RGB.

    Raises MediaError when the source cannot be shown.
    """
    match modality:
        case Modality.IMAGE:
            return image.thumbnail(source, size, limits)
        case Modality.AUDIO:
            from dataimp_gui.core.media.waveform import waveform

            return waveform(source, size, max(1, round(size * WAVEFORM_ASPECT)), limits=limits)
    raise MediaError(f"A {modality.value} has no picture.")


class Thumbnails:
    """Pictures kept as small JPEG files under ``folder``, which may be deleted at any time; safe for many threads."""

    def __init__(self, folder: Path, limits: Limits = LIMITS) -> None:
        self._folder = folder
        self._limits = limits

    def picture(self, source: Source, modality: Modality, size: int, *, sha256: str = "") -> Pixels:
        """As the function `picture`. With ``sha256`` the picture is that of the content, wherever it lies; without,
        that of the path as long as its size and time stay the same."""
        if not self._is_worth_it(source, modality):
            return picture(source, modality, size, self._limits)
        kept = self._path(source, modality, size, sha256)
        found = _load(kept, size)
        if found is None:
            found = picture(source, modality, size, self._limits)
            _save(kept, found)
        return found

    def trim(self, max_bytes: int) -> int:
        """Delete the pictures that were made longest ago until at most ``max_bytes`` are left; says how many went."""
        entries = sorted(self._entries(), key=lambda entry: entry[1].st_mtime_ns)
        excess = sum(found.st_size for _, found in entries) - max_bytes
        gone = 0
        for path, found in entries:
            if excess <= 0:
                break
            with suppress(OSError):
                path.unlink()
                excess -= found.st_size
                gone += 1
        return gone

    def _is_worth_it(self, source: Source, modality: Modality) -> bool:
        if modality is not Modality.IMAGE:
            return True
        with suppress(OSError, ValueError):
            return (len(source) if isinstance(source, bytes) else os.stat(source).st_size) >= WORTH_BYTES
        return False  # reading it says what is wrong

    def _path(self, source: Source, modality: Modality, size: int, sha256: str) -> Path:
        key = hashlib.sha256(source if isinstance(source, bytes) and not sha256 else b"")
        if sha256:
            key.update(sha256.encode())
        elif not isinstance(source, bytes):
            with suppress(OSError):
                found = os.stat(source)
                key.update(f"{found.st_size} {found.st_mtime_ns} ".encode() + os.fsencode(os.path.abspath(source)))
        name = key.hexdigest()
        return self._folder / name[:2] / f"{name[2:40]}-{modality.value}-{size}.jpg"

    def _entries(self) -> Iterator[tuple[Path, os.stat_result]]:
        for path in self._folder.glob("??/*"):
            with suppress(OSError):
                yield path, path.stat()


def _load(path: Path, size: int) -> Pixels | None:
    """A kept picture; None when there is none or it is damaged."""
    try:
        pixels = image.decode(path.read_bytes())
    except (OSError, MediaError):
        return None
    return pixels if max(pixels.shape[:2]) <= size else None


def _save(path: Path, pixels: Pixels) -> None:
    """Whole or not at all; a full disk or a read-only project costs only the speed."""
    import cv2

    done, encoded = cv2.imencode(".jpg", np.ascontiguousarray(pixels[:, :, ::-1]), [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    if not done:
        return
    with suppress(OSError):
        if not path.parent.is_dir():
            path.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(encoded.tobytes())
            os.replace(part, path)
        except OSError:
            os.unlink(part)
            raise
