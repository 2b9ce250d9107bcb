"""What of an embedding is on the disk: parts of raw descriptions by the key of their content, and the whole of it.

part-000001.npy ...   records of a key and a description; a run that was cancelled goes on behind the last one
refused.json          why contents gave none, by key
vectors-KEY.npy       float32 (n, d), by row
embedding.json        what it is, and which file holds the vectors; the embedding is whole when this is there
"""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Final

import msgspec
import numpy as np
import numpy.typing as npt

from dataimp_gui.core.features.embedding import Embedding, Floats
from dataimp_gui.errors import ProjectError

Keys = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]

MANIFEST: Final = "embedding.json"
STAMP: Final = "stamp"
REFUSED: Final = "refused.json"


class Manifest(msgspec.Struct, frozen=True):
    name: str
    version: str
    made_by: str
    vectors: str  # name of the file beside
    content: str  # of all keys in order, to see whether something changed
    missing: dict[int, str] = {}
    seconds_each: float = 0.0  # as measured, 0 when nothing had to be computed


class Kept:
    """The descriptions in ``folder`` that were made under the same ``stamp``; those of another one are removed."""

    def __init__(self, folder: Path, stamp: str) -> None:
        self._folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if _text(folder / STAMP) != stamp:
                for old in [*folder.glob("part-*.npy"), folder / REFUSED]:
                    old.unlink(missing_ok=True)
                _replace(folder / STAMP, lambda file: file.write(stamp.encode()))
        except OSError as error:
            raise _unwritable(folder, error) from error
        self.refused = _refused(folder / REFUSED)
        self._parts = [part for part in map(_part, sorted(folder.glob("part-*.npy"))) if part is not None]
        self._index: tuple[Keys, Places, Places] | None = None

    @property
    def keys(self) -> Keys:
        """Of the descriptions that are there, in ascending order."""
        return self._places()[0]

    def add(self, keys: Sequence[int], descriptions: Sequence[npt.NDArray[Any]], refused: dict[int, str]) -> None:
        """Write some more; they are there as a whole, or not at all. Raises ProjectError on a full disk."""
        try:
            if refused:
                self.refused |= refused
                text = msgspec.json.encode({str(key): reason for key, reason in self.refused.items()})
                _replace(self._folder / REFUSED, lambda file: file.write(text))
            if keys:
                records = np.empty(len(keys), _record(descriptions[0]))
                records["key"], records["row"] = keys, np.stack(descriptions)
                number = max((int(path.stem[5:]) for path in self._folder.glob("part-??????.npy")), default=0) + 1
                path = self._folder / f"part-{number:06d}.npy"
                _replace(path, lambda file: np.save(file, records, allow_pickle=False))
                self._parts.append(records)
                self._index = None
        except OSError as error:
            raise _unwritable(self._folder, error) from error

    def rows(self, keys: Keys) -> npt.NDArray[Any]:
        """The descriptions of ``keys``, all of which are there: (m, d)."""
        known, part_of, place_in = self._places()
        places = np.searchsorted(known, keys)
        numbers, within = part_of[places], place_in[places]
        found = np.empty((len(keys), *self._parts[0]["row"].shape[1:]), self._parts[0]["row"].dtype)
        for number in np.unique(numbers):
            mine = numbers == number
            found[mine] = self._parts[number]["row"][within[mine]]
        return found

    def _places(self) -> tuple[Keys, Places, Places]:
        """(keys ascending, the number of the part of each, its place in it)."""
        if self._index is None:
            shapes = {(part["row"].dtype, part["row"].shape[1:]) for part in self._parts}
            if len(shapes) > 1:
                raise ProjectError(
                    "An embedding gave vectors of different lengths.", hint="Give it a new version when it changes."
                )
            lengths = [len(part) for part in self._parts]
            every = [np.asarray(part["key"]) for part in self._parts]
            keys, first = np.unique(np.concatenate(every or [np.empty(0, np.uint64)]), return_index=True)
            part_of = np.repeat(np.arange(len(every)), lengths)[first]
            self._index = keys, part_of, first - np.concatenate([[0], np.cumsum(lengths)])[:-1][part_of]
        return self._index


def load(folder: Path) -> Embedding | None:
    """The embedding that is whole in ``folder``, its vectors mapped from the disk; None when there is none."""
    manifest = read_manifest(folder)
    if manifest is None or Path(manifest.vectors).name != manifest.vectors:
        return None
    try:
        vectors = np.load(folder / manifest.vectors, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    if vectors.ndim != 2 or vectors.dtype != np.float32:
        return None
    return Embedding(manifest.name, manifest.version, np.asarray(vectors), manifest.made_by, manifest.missing)


def read_manifest(folder: Path) -> Manifest | None:
    try:
        return msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError):
        return None


def save(folder: Path, embedding: Embedding, content: str, seconds_each: float = 0.0) -> None:
    """Keep it as a whole; readers see the one before or this one. Raises ProjectError when it cannot be written."""
    name = f"vectors-{content[:16]}.npy"
    manifest = Manifest(
        embedding.name, embedding.version, embedding.made_by, name, content, dict(embedding.missing), seconds_each
    )
    vectors: Floats = np.ascontiguousarray(embedding.vectors, np.float32)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _replace(folder / name, lambda file: np.save(file, vectors, allow_pickle=False))
        _replace(folder / MANIFEST, lambda file: file.write(msgspec.json.encode(manifest)))
    except OSError as error:
        raise _unwritable(folder, error) from error
    for old in folder.glob("vectors-*.npy"):
        with suppress(OSError):  # Windows keeps what somebody has mapped; the next one to save removes it
            if old.name != name:
                old.unlink()


def digest(keys: Iterable[bytes] | Keys) -> str:
    """Of many keys in their order, hex."""
    total = hashlib.blake2b(digest_size=16)
    if isinstance(keys, np.ndarray):
        total.update(np.ascontiguousarray(keys).tobytes())
    else:
        for key in keys:
            total.update(len(key).to_bytes(8, "little") + key)
    return total.hexdigest()


def _record(description: npt.NDArray[Any]) -> np.dtype[Any]:
    return np.dtype([("key", np.uint64), ("row", description.dtype, description.shape)])


def _part(path: Path) -> npt.NDArray[Any] | None:
    """A part that is whole; one that is not is as good as not there."""
    try:
        records: npt.NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return records if records.dtype.names == ("key", "row") and records.ndim == 1 else None


def _refused(path: Path) -> dict[int, str]:
    try:
        return {int(key): reason for key, reason in msgspec.json.decode(path.read_bytes(), type=dict[str, str]).items()}
    except (OSError, msgspec.DecodeError, ValueError):
        return {}


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except FileNotFoundError:
        return ""


def _replace(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """A file of that name with what ``write`` gives, whole, on the disk."""
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(part)
        raise


def _unwritable(folder: Path, error: OSError) -> ProjectError:
    return ProjectError(
        f"The embedding cannot be kept in {folder}: {error.strerror or 'not all of it could be written'}.",
        hint="Free some space, or open a project that you may write.",
    )
