"""NumPy's own files, read without trusting them: no pickles, no more bytes than the header and a limit allow."""

import os
import tokenize
import zipfile
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.errors import FormatError

Array = npt.NDArray[Any]

MAX_BYTES: Final = 2**31
"""What an array inside an .npz may unpack to."""

_MAX_HEADER: Final = 10_000
_MAX_ARRAYS: Final = 1000
_READABLE: Final = frozenset("fiubUS")
_MAGIC: Final = b"\x93NUMPY"
_BROKEN: Final = (
    *(ValueError, TypeError, SyntaxError, EOFError, OverflowError, MemoryError, RecursionError, OSError, KeyError),
    *(zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, tokenize.TokenError),
)


def read(path: Path) -> dict[str, Array]:
    """Arrays by name; the one of an .npy is called "". Numbers, flags and text of fixed width, of at most 2 dimensions.

    Raises FormatError for pickles, for other types and for files that are cut short or lie about their size.
    """
    try:
        with path.open("rb") as file:
            start = file.read(len(_MAGIC))
            if start == _MAGIC:
                file.seek(0)
                shape, dtype, is_fortran = _header(file, path.name)
                size = os.fstat(file.fileno()).st_size - file.tell()
                needed = _bytes(shape, dtype)
                if size < needed:
                    raise FormatError(
                        f"{path.name} is cut short: it has {size:,} of {needed:,} bytes.", hint="Write the file again."
                    )
                if not needed:
                    return {"": np.empty(shape, dtype)}
                mapped = np.memmap(
                    path, dtype, "r", file.tell(), shape, "F" if is_fortran else "C"
                )  # mapped, so that a file larger than memory is read column by column
                return {"": mapped}
        if start[:2] == b"PK":
            return _unpack(path)
    except FormatError:
        raise
    except _BROKEN as error:
        raise _broken(path.name, error) from error
    if start[:1] == b"\x80":
        raise _pickled(path.name)
    raise FormatError(f"{path.name} is no NumPy file.", hint="Write it with numpy.save or numpy.savez.")


def _unpack(path: Path) -> dict[str, Array]:
    arrays: dict[str, Array] = {}
    left = MAX_BYTES
    with zipfile.ZipFile(path) as archive:
        members = [member for member in archive.infolist() if member.filename.endswith(".npy")]
        if len(members) > _MAX_ARRAYS:
            raise FormatError(f"{path.name} has {len(members):,} arrays; it should have one or two.")
        for member in members:
            place = f"{member.filename} in {path.name}"
            with archive.open(member) as file:
                shape, dtype, is_fortran = _header(file, place)
                needed = _bytes(shape, dtype)
                if needed > left:
                    raise FormatError(
                        f"{place} unpacks to {needed / 2**30:,.1f} GiB; the limit is {MAX_BYTES / 2**30:.0f} GiB.",
                        hint="Save the probabilities alone, as float32 in an .npy file.",
                    )
                left -= needed
                data = file.read(needed)
            if len(data) < needed:
                raise FormatError(f"{place} is cut short: it has {len(data):,} of {needed:,} bytes.")
            array = np.frombuffer(data, dtype) if needed else np.empty(0, dtype)
            arrays[member.filename.removesuffix(".npy")] = array.reshape(shape, order="F" if is_fortran else "C")
    return arrays


def _header(file: IO[bytes], place: str) -> tuple[tuple[int, ...], np.dtype[Any], bool]:
    """(shape, dtype, is Fortran order); the file stands at the first byte of the data afterwards."""
    version = np.lib.format.read_magic(file)
    readers: dict[tuple[int, int], Any] = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }
    if version not in readers:
        raise FormatError(f"{place} is written in version {version[0]}.{version[1]} of the format, which is not read.")
    shape, is_fortran, dtype = readers[version](file, max_header_size=_MAX_HEADER)
    if dtype.hasobject:
        raise _pickled(place)
    if dtype.kind not in _READABLE:
        raise FormatError(f"{place} holds {dtype}, not numbers.", hint="Save an array of floats or of class numbers.")
    if len(shape) > 2 or any(length < 0 for length in shape):
        raise FormatError(
            f"{place} has the shape {shape}; predictions have one row for each example.",
            hint="Save an array of the shape (examples, classes), or (examples,) of class numbers.",
        )
    return shape, dtype, is_fortran


def _bytes(shape: tuple[int, ...], dtype: np.dtype[Any]) -> int:
    count = 1
    for length in shape:
        count *= length
    return count * dtype.itemsize


def _pickled(place: str) -> FormatError:
    return FormatError(
        f"{place} holds Python objects (a pickle), which could run code and are never opened.",
        hint="Save a plain array of floats: numpy.save(file, array.astype('float32')).",
    )


def _broken(place: str, error: BaseException) -> FormatError:
    said = str(error).split("\n", 1)[0][:200]
    return FormatError(f"{place} cannot be read: {said or type(error).__name__}.", hint="Write the file again.")
