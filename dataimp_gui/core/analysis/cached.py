"""Files of the cache: named arrays and a few words about them, written whole or not at all, deletable at any time."""

import os
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt

Arrays = Mapping[str, npt.NDArray[Any]]

_ABOUT: Final = "about"


@dataclass(frozen=True, slots=True)
class Cached:
    arrays: Arrays
    about: Mapping[str, Any]


def write(path: Path, arrays: Arrays, about: Mapping[str, Any]) -> bool:
    """Whether it could be kept: on a full disk, say, the next run makes it again. ``about`` holds plain values."""
    part = path.with_name(f"{path.name}.part-{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            np.savez(file, allow_pickle=False, **{_ABOUT: pack(about)}, **arrays)
        os.replace(part, path)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        return False
    return True


def read(path: Path) -> Cached | None:
    """None when it is not there or not whole."""
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files if name != _ABOUT}
            about = unpack(file[_ABOUT])
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    return Cached(arrays, about) if isinstance(about, dict) else None


def pack(value: Mapping[str, Any] | Sequence[str]) -> npt.NDArray[np.uint8]:
    """Plain values as an array that a file can hold without pickle."""
    return np.frombuffer(msgspec.json.encode(value), dtype=np.uint8)


def unpack(array: npt.NDArray[np.uint8]) -> Any:
    """What `pack` was given. Raises ValueError for anything else."""
    return msgspec.json.decode(array.tobytes())
