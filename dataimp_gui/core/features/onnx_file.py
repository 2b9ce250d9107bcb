"""A person's own ONNX model as an embedding: whether the file is whole and alone, and whether it gives a vector."""

import hashlib
import mmap
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from dataimp_gui.core.compute import Failure, Workers
from dataimp_gui.core.features import onnx
from dataimp_gui.core.features.embedders import Embedder
from dataimp_gui.core.features.embedding import unit
from dataimp_gui.core.features.embedding_each import EachOne
from dataimp_gui.core.features.onnx import Preprocessing
from dataimp_gui.core.model import Modality
from dataimp_gui.errors import FormatError

MAX_BYTES: Final = 2 * 2**30  # what one protocol buffer can hold
TRIAL_S: Final = 120.0

_PACE_S: Final = 0.1  # before anything is measured


def from_onnx(path: Path, modality: Modality, how: Preprocessing | None = None, *, name: str = "") -> Embedder:
    """An embedder that runs ``path`` on each example as described: by ``how``, else by MODEL.json beside it.

    It is tried once on a blank input, in a process of its own. Raises FormatError where the file is no ONNX model,
    refers to files outside of its folder, needs operations of its own, or gives no vector.
    """
    if modality is Modality.TABLE:
        raise FormatError("An ONNX model embeds pictures, sounds or texts; a table alone has none.")
    how = how or description(path)
    _check_file(path)
    spec: dict[str, Any] = msgspec.to_builtins(how)
    absolute = str(path.resolve())
    with Workers(1) as workers:
        (dims,) = workers.map(trial, [absolute], arguments=(spec, modality.value), timeout_s=TRIAL_S)
    if isinstance(dims, Failure):
        raise FormatError(f"{path.name} does not work: {dims.reason}", hint=dims.hint)
    files = [path, path.with_name(how.vocabulary)] if modality is Modality.TEXT else [path]
    content = "".join(map(_hash, files)).encode() + msgspec.json.encode(how)
    version = hashlib.sha256(content).hexdigest()[:12]
    return Embedder(
        name or path.stem,
        version,
        modality,
        f"{name or path.stem} (your model)",
        f"The model {path.name} looked at each example.",
        int(dims),
        _PACE_S,
        EachOne(onnx.describe, (absolute, spec, modality.value, False), _as_given, 60.0, version),
    )


def description(path: Path) -> Preprocessing:
    """What MODEL.json (or MODEL.onnx.json) beside the model says; the defaults where there is none."""
    for beside in (path.with_suffix(".json"), path.with_name(f"{path.name}.json")):
        if beside.is_file():
            return read_description(beside)
    return Preprocessing()


def read_description(path: Path) -> Preprocessing:
    """Raises FormatError when the file is no description."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Preprocessing)
    except (OSError, msgspec.DecodeError) as error:
        raise FormatError(
            f"{path.name} does not describe the input of a model: {error}.",
            hint=f"It may have: {', '.join(Preprocessing.__struct_fields__)}.",
        ) from error


def trial(path: str, spec: dict[str, Any], modality: str) -> int:
    """Runs in a worker: the length of the vector for a blank input. Raises FormatError."""
    import numpy as np

    how = msgspec.convert(spec, Preprocessing)
    session = onnx.open_session(path)
    if modality == "text":
        return len(onnx.run_text(session, "a text", how, Path(path).parent))
    needed = [each.name for each in session.get_inputs()]
    if len(needed) != 1:
        raise FormatError(
            f"The model has {len(needed)} inputs ({', '.join(needed)[:120]}); one is wanted.",
            hint="Export it with the picture or the sound as its only input.",
        )
    planes = 1 if how.channels == "grey" else 3
    shape: tuple[int, ...] = (planes, *how.size) if how.layout == "NCHW" else (*how.size, planes)
    if modality == "audio":
        shape = (round((how.seconds or 1.0) * how.sample_rate),)
    vector = onnx.run(session, np.zeros(shape, np.float32), how)
    if not np.isfinite(vector).all():
        raise FormatError(
            "A blank input gives numbers that are not finite (NaN or infinite).",
            hint="Export the model in float32, and check mean and std.",
        )
    return len(vector)


def external_files(data: Any) -> list[str]:
    """The files that an ONNX model (bytes, or a map of its file) keeps weights in, as written.

    Raises FormatError for what is no ONNX model. By hand, because the message is all that is wanted of the format.
    """
    found: list[str] = []
    has_graph = False
    for field, value in _fields(data, 0, len(data)):
        if field == _GRAPH and isinstance(value, tuple):
            has_graph = True
        if isinstance(value, tuple) and field in (_GRAPH, _FUNCTIONS):
            _gather(data, value, "graph" if field == _GRAPH else "function", found, 0)
    if not has_graph:
        raise FormatError("It holds no model.")
    return found


_GRAPH, _FUNCTIONS = 7, 25
_INSIDE: Final[dict[str, dict[int, str]]] = {  # message -> field number -> message, by onnx.proto
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "function": {7: "node", 11: "attribute"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse"},
    "sparse": {1: "tensor", 2: "tensor"},
    "tensor": {13: "entry"},
}
_DEEPEST: Final = 100


def _gather(data: Any, span: tuple[int, int], message: str, found: list[str], depth: int) -> None:
    if depth > _DEEPEST:
        raise FormatError("Its graphs are nested too deeply.")
    inside = _INSIDE[message]
    for field, value in _fields(data, *span):
        kind = inside.get(field)
        if kind is None or not isinstance(value, tuple):
            continue
        if kind == "entry":
            pair = {number: data[place[0] : place[1]] for number, place in _fields(data, *value) if place}
            if pair.get(1) == b"location":
                found.append(bytes(pair.get(2, b"")).decode("utf-8", "replace"))
        else:
            _gather(data, value, kind, found, depth + 1)


def _fields(data: Any, start: int, stop: int) -> Iterator[tuple[int, tuple[int, int] | None]]:
    """(number, where its bytes are) of each field of a protocol buffer message; None for numbers."""
    at = start
    while at < stop:
        tag, at = _varint(data, at, stop)
        number, wire = tag >> 3, tag & 7
        place = None
        match wire:
            case 0:
                _, at = _varint(data, at, stop)
            case 1 | 5:
                at += 8 if wire == 1 else 4
            case 2:
                length, begin = _varint(data, at, stop)
                at = begin + length
                place = begin, at
            case _:
                raise FormatError("It is damaged, or not in the ONNX format.")
        if at > stop or not number:
            raise FormatError("It is cut short, or not in the ONNX format.")
        yield number, place


def _varint(data: Any, at: int, stop: int) -> tuple[int, int]:
    value = shift = 0
    while at < stop and shift < 64:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
    raise FormatError("It is cut short, or not in the ONNX format.")


def _check_file(path: Path) -> None:
    if not path.is_file():
        raise FormatError(f"There is no file {path}.", hint="Check the path; relative paths start from here.")
    size = path.stat().st_size
    if not 0 < size <= MAX_BYTES:
        raise FormatError(f"{path.name} has {size:,} bytes; a model has 1 to {MAX_BYTES:,}.")
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            outside = external_files(data)
    except FormatError as error:
        raise FormatError(
            f"{path.name} is no ONNX model. {error}", hint="Export the model in the ONNX format."
        ) from error
    folder = path.resolve().parent
    for name in outside:
        place = (folder / name).resolve()
        if not name or Path(name).is_absolute() or not place.is_relative_to(folder):
            raise FormatError(
                f'{path.name} keeps weights in "{name[:80]}", which is outside of its folder.',
                hint="Save the model with its weights in one file.",
            )
        if not place.is_file():
            raise FormatError(
                f'{path.name} keeps weights in "{name[:80]}", which is missing.', hint="Put it beside it."
            )


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _as_given(_raw: Any) -> Any:
    return unit
