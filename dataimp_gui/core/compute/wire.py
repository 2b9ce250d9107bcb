"""How parent and worker write to each other: frames with their length in front, plain values and arrays as msgpack."""

import struct
from typing import IO, TYPE_CHECKING, Any, Final

import msgspec

if TYPE_CHECKING:
    import numpy as np

_LENGTH: Final = struct.Struct("<I")
_ARRAY: Final = 1


def send(pipe: IO[bytes], frame: bytes) -> None:
    """Raises OSError when the other side is gone."""
    pipe.write(_LENGTH.pack(len(frame)))
    pipe.write(frame)
    pipe.flush()


def receive(pipe: IO[bytes]) -> bytes | None:
    """The next frame, or None when the other side is gone, also in the middle of one."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    size = _LENGTH.unpack(head)[0]
    frame = pipe.read(size)
    return frame if len(frame) == size else None


def _encode_array(value: Any) -> msgspec.msgpack.Ext:
    import numpy as np

    if isinstance(value, np.ndarray | np.generic) and value.dtype.kind in "biufc":
        head = msgspec.msgpack.encode([value.dtype.str, value.shape])
        return msgspec.msgpack.Ext(_ARRAY, _LENGTH.pack(len(head)) + head + value.tobytes())
    raise TypeError(f"{type(value).__name__} is no plain value")


def _decode_array(code: int, data: memoryview) -> "np.ndarray[Any, Any]":
    import numpy as np

    if code != _ARRAY:
        raise ValueError(f"unknown extension {code}")
    start = _LENGTH.size + _LENGTH.unpack(data[: _LENGTH.size])[0]
    dtype, shape = msgspec.msgpack.decode(data[_LENGTH.size : start], type=tuple[str, tuple[int, ...]])
    return np.frombuffer(data[start:], dtype=np.dtype(dtype)).reshape(shape).copy()


pack: Final = msgspec.msgpack.Encoder(enc_hook=_encode_array).encode
"""A plain value as bytes. Raises TypeError, ValueError or OverflowError for what is none."""
unpack: Final = msgspec.msgpack.Decoder(ext_hook=_decode_array).decode
"""What `pack` was given, but with lists for tuples."""
