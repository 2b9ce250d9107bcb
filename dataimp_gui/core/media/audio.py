"""What a sound file holds: samples, rate and channels, and why a file holds none."""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.contract import Limits
from dataimp_gui.core.media.files import AGAIN_HINT, LIMITS, MediaError, ends_early, looks_like, read, too_large
from dataimp_gui.core.media.wholeness import open_ended, whole

if TYPE_CHECKING:
    import soundfile

Samples = npt.NDArray[np.float32]
"""Frames by channels, full scale is -1 to 1."""

Source = bytes | str | os.PathLike[str]

MAX_CHANNELS: Final = 64
MAX_RATE: Final = 768_000
BLOCK: Final = 65_536  # frames


def decode(
    source: Source, limits: Limits = LIMITS, *, start_s: float = 0.0, seconds: float | None = None
) -> tuple[Samples, int]:
    """Samples and rate in hertz; ``seconds`` from ``start_s``, or all of it.

    Raises MediaError when the bytes are no sound, are damaged, cut short, or beyond the limits.
    """
    with opened(source, limits) as sound:
        rate = sound.samplerate
        first = min(int(start_s * rate), sound.frames)
        count = sound.frames - first if seconds is None else min(int(seconds * rate), sound.frames - first)
        sound.seek(first)
        samples = np.empty((count, sound.channels), np.float32)
        if len(sound.read(out=samples)) < count:
            raise ends_early(sound.format)
        return samples, rate


def remark(data: bytes) -> str:
    """What is odd about a sound that can be read; mostly empty."""
    return "Its header gives no length; it was read to the end of the file." if open_ended(data, _format(data)) else ""


def measure(data: bytes, limits: Limits = LIMITS) -> tuple[float, int, int]:
    """Duration in seconds, rate in hertz, channels; decodes all of it, a block at a time. Raises as `decode`."""
    with opened(data, limits) as sound:
        frames = sum(len(block) for block in blocks(sound))
        return frames / sound.samplerate, sound.samplerate, sound.channels


@contextmanager
def opened(source: Source, limits: Limits = LIMITS) -> "Iterator[soundfile.SoundFile]":
    """The sound at its beginning, its header checked; what goes wrong while it is read becomes a MediaError."""
    data = source if isinstance(source, bytes) else read(source, limits)[0]
    if len(data) > limits.max_bytes:
        raise too_large(len(data), limits)
    name = _format(data)
    data = whole(data, name)
    import soundfile

    try:
        with soundfile.SoundFile(io.BytesIO(data)) as sound:
            _check_shape(sound, limits)
            yield sound
    except (soundfile.SoundFileError, RuntimeError) as error:
        raise _damaged(error, name) from error


def blocks(sound: "soundfile.SoundFile") -> Iterator[Samples]:
    """All frames, some at a time. Raises MediaError when there are fewer than promised, or some are no numbers."""
    done = 0
    while done < sound.frames:
        block = sound.read(min(BLOCK, sound.frames - done), dtype="float32", always_2d=True)
        if not len(block):
            raise ends_early(sound.format)
        if not np.isfinite(block).all():
            raise MediaError("Some of its samples are no numbers (NaN or infinite).", hint=AGAIN_HINT)
        done += len(block)
        yield block


def _format(data: bytes) -> str:
    for name, offset, magic in _FORMATS:
        if data[offset : offset + len(magic)] == magic:
            return name
    if len(data) > 2 and data[0] == 0xFF and data[1] & 0xE6 == 0xE2:  # an MPEG frame, layer 3
        return "MP3"
    if not data:
        raise MediaError("The file is empty (0 bytes).", hint=AGAIN_HINT)
    raise MediaError(
        f"It is no sound that can be read: it looks like {looks_like(data)}.",
        hint="Sounds can be WAV, FLAC, Ogg, MP3 or AIFF.",
    )


_FORMATS: Final = (
    ("WAV", 8, b"WAVE"),
    ("AIFF", 8, b"AIFF"),
    ("AIFF", 8, b"AIFC"),
    ("FLAC", 0, b"fLaC"),
    ("OGG", 0, b"OggS"),
    ("MP3", 0, b"ID3"),
)


def _check_shape(sound: "soundfile.SoundFile", limits: Limits) -> None:
    if not 1 <= sound.channels <= MAX_CHANNELS:
        raise MediaError(f"It has {sound.channels:,} channels, the limit is {MAX_CHANNELS}.")
    if not 1 <= sound.samplerate <= MAX_RATE:
        raise MediaError(f"Its sample rate of {sound.samplerate:,} Hz is out of range.", hint=AGAIN_HINT)
    if sound.frames <= 0:
        raise MediaError("It holds no sound: after the header comes nothing.", hint=AGAIN_HINT)
    if sound.frames > limits.max_seconds * sound.samplerate:
        raise MediaError(
            f"It is {sound.frames / sound.samplerate:,.0f} seconds long, the limit is {limits.max_seconds:,.0f}.",
            hint="Cut it into clips, or raise the limit in the contract.",
        )


def _damaged(error: Exception, name: str) -> MediaError:
    text = " ".join(getattr(error, "error_string", str(error)).split()).rstrip(".")[:120]
    if "unimplemented format" in text:
        return MediaError(f"Its {name} encoding is one that cannot be read.", hint="Convert it to 16- or 24-bit PCM.")
    return MediaError(f"The {name} data is damaged or cut short ({text}).", hint=AGAIN_HINT)
