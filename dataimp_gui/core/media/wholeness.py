"""How long a sound file says it is, against how long it is: a cut that decoders pass over in silence."""

import struct
from typing import Final

from dataimp_gui.core.media.files import AGAIN_HINT, MediaError, ends_early


def whole(data: bytes, name: str) -> bytes:
    """``data``, with a length put in where a recorder that wrote to a pipe left none.

    ``name`` is WAV, AIFF or OGG; anything else comes back as it is. Raises MediaError when the end is missing.
    """
    match name:
        case "WAV" | "AIFF":
            at, length, is_open = _sound_chunk(data, name)
            if not is_open:
                return data
            order = ">" if data[:4] in (b"RIFX", b"FORM") else "<"
            riff, size = struct.pack(order + "I", len(data) - 8), struct.pack(order + "I", length)
            head = b"RIFF" if data[:4] == b"RF64" else data[:4]
            return head + riff + data[8 : at - 4] + size + data[at:]
        case "OGG":
            _check_ogg(data)
    return data


def open_ended(data: bytes, name: str) -> bool:
    """The header gives no length, as when a recorder wrote to a pipe. Raises as `whole`."""
    return name in ("WAV", "AIFF") and _sound_chunk(data, name)[2]


def _sound_chunk(data: bytes, name: str) -> tuple[int, int, bool]:
    """Where the samples begin, how many bytes they have, and whether the header left that open."""
    order = ">" if data[:4] in (b"RIFX", b"FORM") else "<"
    wanted = b"SSND" if name == "AIFF" else b"data"
    outer = struct.unpack_from(order + "I", data, 4)[0]
    at, end, long_size = 12, len(data), 0
    while at + 8 <= end:
        kind = data[at : at + 4]
        size = struct.unpack_from(order + "I", data, at + 4)[0]
        at += 8
        if kind == b"ds64" and at + 16 <= end:
            long_size = struct.unpack_from("<Q", data, at + 8)[0]
        if kind == wanted:
            there = end - at
            if long_size and size == 0xFFFFFFFF:
                size = long_size
            elif _is_placeholder(size) or (size == 0 and there and (outer == 0 or _is_placeholder(outer))):
                return at, there, True
            if size > there:
                raise MediaError(
                    f"The file ends early: its header promises {size:,} bytes of sound, {there:,} are there.",
                    hint=AGAIN_HINT,
                )
            return at, size, False
        at += size + size % 2
    if at > end or end - at > 1:
        raise ends_early(name)
    raise MediaError(f"It holds no sound: there is no '{wanted.decode()}' part in it.", hint=AGAIN_HINT)


def _is_placeholder(size: int) -> bool:
    """What recorders write that do not know the length yet: all ones, or about 2 GiB."""
    return size >= 0xFFFFF000 or 0x7FFFF000 <= size <= 0x80000000


_EOS: Final = 4


def _check_ogg(data: bytes) -> None:
    """The last page must be all there and say that it is the last."""
    at = data.rfind(b"OggS")
    if at < 0 or at + 27 > len(data):
        raise ends_early("OGG")
    segments = data[at + 26]
    end = at + 27 + segments + sum(data[at + 27 : at + 27 + segments])
    if end > len(data) or not data[at + 5] & _EOS:
        raise ends_early("OGG")
