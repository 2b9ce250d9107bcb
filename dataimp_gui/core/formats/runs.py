"""Predictions of one model in a file: which columns mean what, and which rows are sound.

CSV, TSV, Parquet, JSON lines, Arrow    an id, and a column per class, a list of probabilities, or a predicted label
.npy, .npz                              the same without ids: row by row as the dataset
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from dataimp_gui.core.engine import Engine, EngineError, literal, quoted
from dataimp_gui.core.formats import delimited, npy, run_arrays, run_columns, values
from dataimp_gui.core.formats.found import Found
from dataimp_gui.core.formats.probabilities import INCOMING_RUN, Refusal, RunRows
from dataimp_gui.core.formats.run_columns import RunColumns, Value
from dataimp_gui.core.model import Rejected
from dataimp_gui.errors import FormatError
from dataimp_gui.progress import Progress

__all__ = ["INCOMING_RUN", "RunFound", "read_run"]

_SAMPLED: Final = 50
_FORMATS: Final = "Predictions are read from CSV, TSV, Parquet, JSON lines, Arrow, .npy and .npz."


@dataclass(frozen=True, slots=True)
class RunFound:
    """``classes`` are those of p0, p1, ...: empty for a run of predicted labels alone. ``rows`` counts the sound ones.

    ``has_ids`` is False when the rows are those of the dataset, in order; then `_place` - 1 is the row.
    """

    classes: tuple[str, ...]
    has_ids: bool
    rows: int
    rejected: list[Rejected] = field(default_factory=list)
    notes: tuple[str, ...] = ()
    place: str = "row"


def read_run(path: Path, engine: Engine, classes: Sequence[str], progress: Progress) -> RunFound:
    """Make the view `INCOMING_RUN` from a file of predictions over ``classes``: those of the dataset, in order.

    Rows whose probabilities are not finite, not in [0, 1] or do not sum to 1 within 1e-3, and rows whose predicted
    label is no class (of the dataset or of the run; without any, every label goes), are returned instead. Ids must be
    there, and are not looked at. Raises FormatError.
    """
    if not path.is_file():
        raise FormatError(f"There is no file {path}.", hint="Check the path; relative paths start from here.")
    progress.phase(f"Reading {path.name}")
    suffix = path.suffix.lower()
    with path.open("rb") as file:
        start = file.read(8)
    rejected: list[Rejected] = []
    word = "row"
    try:
        if suffix in (".npy", ".npz") or start.startswith(b"\x93NUMPY"):
            relation, columns = run_arrays.find(engine, path.name, npy.read(path), classes)
            rows = RunRows(columns, engine, progress)
            try:
                rows.fill(lambda: relation)
            finally:
                run_arrays.forget(engine)
            rows.show("r.rowid + 1")
        elif suffix in (".parquet", ".pq") or start.startswith(b"PAR1"):
            relation = f"read_parquet({literal(str(path))})"
            columns = run_columns.find(path.name, _values(engine, relation), classes)
            rows = RunRows(columns, engine, progress)
            rows.fill(lambda: relation)
            rows.show("r.rowid + 1")
        else:
            found = delimited.inspect(path, engine)
            if found is None:
                raise FormatError(f"{path.name} is no file of predictions.", hint=_FORMATS)
            columns = run_columns.find(path.name, _cells(found), classes)
            rows = RunRows(columns, engine, progress, rejects=delimited.REJECTS)
            rejected, word = delimited.read(found, engine, rows, progress), found.place
        refused, notes = _checked(rows, columns, classes)
    except EngineError as error:
        said = str(error).splitlines()[0][:200]
        raise FormatError(f"{path.name} cannot be read: {said}", hint="Write the file again, or as CSV.") from error
    rejected += [Rejected(str(path), f"{word} {place}", id, reason, hint) for place, id, reason, hint in refused]
    count = int(engine.value(f"SELECT count(*) FROM {INCOMING_RUN}"))
    return RunFound(columns.classes, bool(columns.id), count, rejected, notes, word)


def _checked(rows: RunRows, columns: RunColumns, classes: Sequence[str]) -> tuple[list[Refusal], tuple[str, ...]]:
    """(rows that are not sound, notes)."""
    refused, notes = rows.unsound(), columns.notes
    known = list(dict.fromkeys((*classes, *columns.classes)))
    if columns.predicted and known:
        labels = rows.given_labels(len(known) + 1)
        names = columns.classes or tuple(classes)
        if labels and labels.isdisjoint(known) and all(_is_index(label, len(names)) for label in labels):
            rows.name_labels(names)
            notes = (*notes, f"Predicted labels are numbers; they count the classes from 0: {', '.join(names[:8])}.")
        elif not labels <= set(known):
            refused += rows.refuse_unknown(known)
    return refused, notes


def _cells(found: Found) -> dict[str, Value]:
    """The columns of a delimited text; decimal commas become points."""
    cells = {}
    for column in found.columns:
        name = quoted(column.name)
        is_comma = values.readings(found)[column.name].decimal_comma
        cells[column.name] = Value(f"replace({name}, ',', '.')" if is_comma else name, "VARCHAR", column.samples)
    return cells


def _values(engine: Engine, relation: str) -> dict[str, Value]:
    """The columns of a relation with a few values each; a STRUCT becomes one column for each of its fields."""
    found: dict[str, Value] = {}
    for name, kind in engine.columns(f"SELECT * FROM {relation}"):
        if kind.startswith("STRUCT(") and not kind.endswith("]"):
            fields = engine.columns(f"SELECT s.* FROM (SELECT {quoted(name)} AS s FROM {relation})")
            for part, part_kind in fields:
                found[f"{name}.{part}"] = Value(f"struct_extract({quoted(name)}, {literal(part)})", part_kind)
        else:
            found[name] = Value(quoted(name), kind)
    chosen = ", ".join(f"left({value.sql}::VARCHAR, 100)" for value in found.values())
    rows = engine.rows(f"SELECT {chosen} FROM {relation} LIMIT {_SAMPLED}")
    columns = zip(*rows, strict=True) if rows else [()] * len(found)
    return {
        name: replace(value, samples=tuple(text for text in column if text))
        for (name, value), column in zip(found.items(), columns, strict=True)
    }


def _is_index(label: str, count: int) -> bool:
    return label.isascii() and label.isdigit() and len(label) < 9 and int(label) < count
