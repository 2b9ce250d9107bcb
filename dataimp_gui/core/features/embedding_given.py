"""Embeddings that a person brings: an array, a table or a column of vectors, one for each example, in row order."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt

from dataimp_gui.core.engine import Engine, EngineError, parquet, quoted
from dataimp_gui.core.features.embedding import Embedding, Floats, unit
from dataimp_gui.core.formats import npy
from dataimp_gui.errors import FormatError

MAX_DIMS: Final = 16_384
NO_VECTOR: Final = "No vector was given for it."
NOT_FINITE: Final = "Its vector has numbers that are not finite, or is all zeros."

_NAMES: Final = ("embedding", "embeddings", "vectors", "vector", "features", "x")
_IDS: Final = ("id", "ids", "keys")
_NUMBERS: Final = frozenset(
    (
        *("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"),
        *("UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "FLOAT", "DOUBLE", "DECIMAL"),
    )
)


def from_file(
    path: Path, count: int, name: str = "", *, ids: Sequence[str] | None = None, column: str = ""
) -> Embedding:
    """The vectors of an .npy, .npz or Parquet file, for ``count`` examples in row order.

    A file that has ids beside its vectors is matched by them when ``ids`` (of the examples) are given. ``column`` names
    the array or the column; else it is the one called embedding, vectors or features, or the only one that fits. A
    Parquet file has a column of lists, or a number column for each dimension. Raises FormatError where it does not fit.
    """
    if not path.is_file():
        raise FormatError(f"There is no file {path}.", hint="Check the path; relative paths start from here.")
    with path.open("rb") as file:
        is_parquet = file.read(4) == b"PAR1"
    values, own_ids = _parquet(path, column) if is_parquet else _arrays(path, column)
    if ids is not None and own_ids is not None:
        values = _by_id(path, values, own_ids, ids)
    return from_numbers(values, count, name or path.stem, f"Vectors were read from {path.name}.", place=path.name)


def from_numbers(
    values: npt.NDArray[Any], count: int, name: str, made_by: str, *, place: str = "The array"
) -> Embedding:
    """An array (count, d) of numbers; its version is that of its content. Raises FormatError where it does not fit."""
    if values.ndim != 2 or values.dtype.kind not in "fiub":
        raise FormatError(
            f"{place} has the shape {values.shape} and the type {values.dtype}, not one vector for each example.",
            hint="Save an array of floats of the shape (examples, dimensions).",
        )
    if not 1 <= values.shape[1] <= MAX_DIMS:
        raise FormatError(f"{place} has vectors of {values.shape[1]:,} numbers; 1 to {MAX_DIMS:,} can be used.")
    if len(values) != count:
        turned = " It looks turned by 90 degrees: save its transpose." if values.shape[1] == count else ""
        raise FormatError(
            f"{place} has {len(values):,} vectors, but there are {count:,} examples.",
            hint=f"Give one for each example in the order of import, or ids beside them.{turned}",
        )
    vectors = unit(values)
    without = ~np.isfinite(vectors).all(axis=1)
    if count and without.all():
        raise FormatError(f"{place} has no vector that can be used: they are not finite, or all zeros.")
    known = [bool(np.isnan(row).all()) for row in np.asarray(values[without], np.float64)]
    missing = {
        int(row): NO_VECTOR if is_absent else NOT_FINITE
        for row, is_absent in zip(np.flatnonzero(without).tolist(), known, strict=True)
    }
    version = hashlib.sha256(np.ascontiguousarray(vectors).tobytes()).hexdigest()[:12]
    return Embedding(name, version, vectors, made_by, missing)


def from_words(words: Sequence[str | None], name: str, made_by: str, *, place: str = "The column") -> Embedding:
    """A column of lists that came as text, such as "[0.1, 0.2]"; empty for none. Raises FormatError."""
    decoder = msgspec.json.Decoder(list[float])
    rows: list[list[float]] = []
    for row, word in enumerate(words):
        try:
            rows.append(decoder.decode(word) if word and word.strip() else [])
        except msgspec.DecodeError as error:
            raise FormatError(
                f'{place} has "{(word or "")[:40]}" in row {row + 1:,}, which is no list of numbers.',
                hint="Write each vector as [0.1, 0.2, …].",
            ) from error
    lengths = np.array([len(row) for row in rows], np.int64)
    values = np.array([value for row in rows for value in row], np.float32)
    return from_numbers(_even(lengths, values, place), len(words), name, made_by, place=place)


def _arrays(path: Path, column: str) -> tuple[npt.NDArray[Any], list[str] | None]:
    arrays = npy.read(path)
    ids = next((arrays[key] for key in arrays if key.lower() in _IDS), None)
    fitting = {key: value for key, value in arrays.items() if value.ndim == 2 and value.dtype.kind in "fiu"}
    key = _chosen(path, fitting or {key: value for key, value in arrays.items() if value is not ids}, column)
    return arrays[key], None if ids is None else [str(word) for word in ids.ravel().tolist()]


def _parquet(path: Path, column: str) -> tuple[npt.NDArray[Any], list[str] | None]:
    source, engine = parquet(path), Engine()
    try:
        kinds = dict(engine.columns(f"SELECT * FROM {source}"))
        id_column = next((name for name in kinds if name.lower() in _IDS), "")
        ids = None
        if id_column:
            ids = [str(row[0]) for row in engine.rows(f"SELECT {quoted(id_column)}::VARCHAR FROM {source}")]
        lists = {name: kind for name, kind in kinds.items() if kind.endswith("]")}
        numbers = [name for name, kind in kinds.items() if kind.split("(")[0] in _NUMBERS and name != id_column]
        if column and column not in kinds:
            raise FormatError(f'{path.name} has no column "{column}".', hint=f"Its columns: {', '.join(kinds)[:200]}.")
        if lists or column:
            chosen = column or _chosen(path, lists, "")
            column_sql = f"{quoted(chosen)}::FLOAT[]"
            lengths = engine.arrays(f"SELECT coalesce(len({column_sql}), 0) AS n FROM {source}")["n"]
            values = engine.arrays(f"SELECT unnest({column_sql}) AS x FROM {source}")["x"]
            return _even(np.asarray(lengths), np.ma.filled(values.astype(np.float32), np.nan), path.name), ids
        if not numbers:
            raise FormatError(f"{path.name} has neither a column of lists nor columns of numbers.")
        arrays = engine.arrays(f"SELECT {', '.join(f'{quoted(name)}::FLOAT' for name in numbers)} FROM {source}")
        return np.stack([np.ma.filled(values.astype(np.float32), np.nan) for values in arrays.values()], axis=1), ids
    except EngineError as error:
        said = str(error).split("\n", 1)[0][:200]
        raise FormatError(f"{path.name} cannot be read: {said}.", hint="Write the file again.") from error
    finally:
        engine.close()


def _chosen(path: Path, there: "Sequence[str] | dict[str, Any]", wanted: str) -> str:
    if wanted in there:
        return wanted
    lower = {name.lower(): name for name in there}
    known = next((lower[name] for name in _NAMES if name in lower), None)
    if wanted or (known is None and len(there) != 1):
        raise FormatError(
            f'{path.name} has no array called "{wanted or "vectors"}".',
            hint=f"There are: {', '.join(there)[:200] or 'none'}.",
        )
    return known if known is not None else next(iter(there))


def _even(lengths: npt.NDArray[Any], values: npt.NDArray[Any], place: str) -> Floats:
    """Lists of ``lengths`` (n,), one after the other in ``values``, as (n, d): rows of NaN where there is no list.

    Raises FormatError for lists of different lengths.
    """
    there = lengths > 0
    width = int(lengths.max(initial=0))
    if (lengths[there] != width).any():
        raise FormatError(
            f"{place} has vectors of different lengths, {lengths[there].min():,} to {width:,}.",
            hint="Use one model, with pooling at its end, for all examples.",
        )
    found = np.full((len(lengths), width), np.nan, np.float32)
    found[there] = values.reshape(-1, max(1, width))
    return found


def _by_id(path: Path, values: npt.NDArray[Any], own: list[str], ids: Sequence[str]) -> npt.NDArray[Any]:
    """The vectors in the order of ``ids``, NaN where the file has none; what it has besides is left out."""
    if len(own) != len(values):
        raise FormatError(f"{path.name} has {len(own):,} ids and {len(values):,} vectors.")
    places = {each: place for place, each in enumerate(own)}
    if len(places) < len(own):
        raise FormatError(f"{path.name} has some id more than once.", hint="Give one vector for each example.")
    wanted = np.array([places.get(each, -1) for each in ids], np.int64)
    if (wanted < 0).all():
        raise FormatError(
            f"None of the ids in {path.name} is that of an example.",
            hint="Check which dataset the file belongs to.",
        )
    found = np.full((len(ids), *values.shape[1:]), np.nan, np.float32)
    found[wanted >= 0] = values[wanted[wanted >= 0]]
    return found
