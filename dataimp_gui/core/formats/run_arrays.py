"""How NumPy arrays of predictions, in row order, become a relation with the columns that a run needs."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.engine import Engine
from dataimp_gui.core.formats.run_columns import RunColumns
from dataimp_gui.errors import FormatError

Array = npt.NDArray[Any]

NAME: Final = "run_arrays"

_WORDS: Final = "run_words"

_SHARES: Final = "probs probabilities proba probas pred_probs y_prob y_proba softmax scores p"
_PREDICTED: Final = "predicted predictions prediction preds pred y_pred labels pred_labels"
_CLASSES: Final = "classes class_names class_labels label_names"
_IDS: Final = "ids id keys names files"


def find(engine: Engine, file: str, arrays: Mapping[str, Array], classes: Sequence[str]) -> tuple[str, RunColumns]:
    """(relation, which of its columns is what). The relation needs `forget` when it is no longer wanted.

    Raises FormatError when no array is (examples, classes) or (examples,), or its shape does not fit ``classes``.
    """
    names = {name.lower(): name for name in arrays}
    shares = _first(names, _SHARES)
    predicted = _first(names, _PREDICTED)
    ids = _first(names, _IDS)
    if (said := _first(names, _CLASSES)) is not None:
        classes = _class_names(file, said, arrays[said])
    if shares is None and predicted is None:
        left = [name for name in arrays if name not in (ids, said)]
        if len(left) != 1:
            listed = ", ".join(left[:8]) or "none"
            raise FormatError(
                f"{file} has no array called probs or predicted.", hint=f"Its arrays are: {listed}. Name one so."
            )
        shares = left[0]
    tables: dict[str, Array] = {}
    found = RunColumns()
    if shares is not None:
        found = _shares(file, _squeezed(arrays[shares]), classes, tables)
    if predicted is not None:
        codes = _squeezed(arrays[predicted])
        if codes.ndim != 1:
            raise FormatError(f"The array {predicted} of {file} has the shape {codes.shape}, not (examples,).")
        given = _column(file, codes, tables, "given")
        found = RunColumns("", given, "", found.classes, found.probabilities, "", found.notes)
    if ids is not None:
        id_sql = _column(file, _squeezed(arrays[ids]), tables, "id")
        found = RunColumns(id_sql, found.predicted, "", found.classes, found.probabilities, "", found.notes)
    lengths = {len(array) for array in tables.values()}
    if len(lengths) > 1:
        raise FormatError(f"The arrays of {file} have different lengths: {', '.join(map(str, sorted(lengths)))}.")
    if lengths == {0}:
        raise FormatError(f"{file} has no rows.")
    numbers = {name: array for name, array in tables.items() if array.dtype.kind != "U"}
    words = {name: array.tolist() for name, array in tables.items() if array.dtype.kind == "U"}
    if numbers:
        engine.register(NAME, numbers)
    if words:
        columns = ", ".join(f"unnest(${name}::VARCHAR[]) AS {name}" for name in words)
        engine.run(f"CREATE OR REPLACE TABLE {_WORDS} AS SELECT {columns}", words)
    tables_used = [*([NAME] if numbers else []), *([_WORDS] if words else [])]
    return "(FROM " + " POSITIONAL JOIN ".join(tables_used) + ")", found


def forget(engine: Engine) -> None:
    engine.forget(NAME)
    engine.run(f"DROP TABLE IF EXISTS {_WORDS}")


def _shares(file: str, array: Array, classes: Sequence[str], tables: dict[str, Array]) -> RunColumns:
    is_number = array.dtype.kind in "fiu"
    if array.ndim == 1 and array.dtype.kind in "iuUS":
        return RunColumns(predicted=_column(file, array, tables, "given"))
    if array.ndim == 1 and is_number and len(classes) == 2:
        second = _column(file, array, tables, "share")
        note = f'One probability a row: it was taken as that of "{classes[1]}"; the other class has the rest.'
        return RunColumns(classes=tuple(classes), probabilities=(f"(1 - {second})", second), notes=(note,))
    if array.ndim != 2 or not is_number:
        raise FormatError(
            f"{file} has the shape {array.shape} and the type {array.dtype}, which are no probabilities.",
            hint="Save an array of floats of the shape (examples, classes), or of class numbers (examples,).",
        )
    if not classes:
        raise FormatError(
            f"{file} has no class names, and the dataset has no classes yet.", hint="Give them with --classes."
        )
    if array.shape[1] != len(classes):
        turned = " It looks turned by 90 degrees: save its transpose." if array.shape[0] == len(classes) else ""
        raise FormatError(
            f"{file} has {array.shape[1]} columns, but the dataset has {len(classes)} classes.",
            hint=f"The columns are the classes in this order: {', '.join(classes[:8])}.{turned}",
        )
    columns = [_column(file, array[:, place], tables, f"share{place}") for place in range(len(classes))]
    return RunColumns(classes=tuple(classes), probabilities=tuple(columns))


def _class_names(file: str, name: str, array: Array) -> tuple[str, ...]:
    """The classes that the columns stand for, where the file says so itself."""
    tables: dict[str, Array] = {}
    _column(file, array, tables, name)
    found = tuple(str(word) for word in tables[name].tolist()) if array.ndim == 1 else ()
    if not found or len(set(found)) < len(found):
        raise FormatError(f"The array {name} of {file} must name each class once.")
    return found


def _column(file: str, array: Array, tables: dict[str, Array], name: str) -> str:
    """Add one column to ``tables`` in a type that the engine reads; the SQL that gives it back."""
    if name == "given" and array.dtype.kind == "f" and np.array_equal(array, np.round(array)):
        array = array.astype(np.int64)
    match array.dtype.kind:
        case "f":
            kind = np.float32 if array.dtype.itemsize <= 4 else np.float64
            tables[name] = np.ascontiguousarray(array, dtype=kind)
            return f"coalesce({name}, 'nan')"  # the engine reads the NaN of an array as NULL
        case "i" | "u":
            tables[name] = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("="))
            return name
        case "U" | "S":
            try:
                tables[name] = np.char.decode(array, "utf-8") if array.dtype.kind == "S" else array
            except UnicodeDecodeError as error:
                raise FormatError(f"{file} holds text that is not UTF-8.", hint="Save it as numpy strings.") from error
            return name
    raise FormatError(f"{file} holds {array.dtype}, which is no prediction.")


def _squeezed(array: Array) -> Array:
    return array[:, 0] if array.ndim == 2 and array.shape[1] == 1 else array


def _first(names: Mapping[str, str], wanted: str) -> str | None:
    return next((names[word] for word in wanted.split() if word in names), None)
