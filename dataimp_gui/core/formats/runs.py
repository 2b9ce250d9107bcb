"""Predictions of one model in a file: which columns mean what, and which rows are sound.

CSV, TSV, Parquet, JSON lines, Arrow    an id, and a column per class, a list of probabilities, or a predicted label
.npy, .npz                              the same without ids: row by row as the dataset
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import msgspec

from dataimp_gui.core.engine import Engine, EngineError, file_literal, literal, quoted
from dataimp_gui.core.formats import arrow, delimited, jsonlines, npy, parquet, run_arrays, run_columns, values
from dataimp_gui.core.formats.found import Found
from dataimp_gui.core.formats.probabilities import INCOMING_RUN, Refusal, RunRows
from dataimp_gui.core.formats.run_columns import RunColumns, Value
from dataimp_gui.core.model import Rejected
from dataimp_gui.errors import FormatError
from dataimp_gui.progress import Progress

__all__ = ["INCOMING_RUN", "RunFound", "read_run"]

_SAMPLED: Final = 50


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
    place: str = "row"  # what `_place` is for people: "row" or "line"


def read_run(
    path: Path, engine: Engine, classes: Sequence[str], progress: Progress, *, counts: Sequence[int] = ()
) -> RunFound:
    """Make the view `INCOMING_RUN` from a file of predictions over ``classes``: those of the dataset, in order.

    Rows whose probabilities are not finite, not in [0, 1] or do not sum to 1 within 1e-3, and rows whose predicted
    label is no class (of the dataset or of the run; without any, every label goes), are returned instead. Ids must be
    there, and are not looked at. Arrays without ids that have none of ``counts`` rows, where given, are refused before
    they are read. Raises FormatError.
    """
    if not path.is_file():
        raise FormatError(f"There is no file {path}.", hint="Check the path; relative paths start from here.")
    progress.phase(f"Reading {path.name}")
    try:
        rows, columns, word, rejected = _read(path, engine, classes, progress, counts)
        refused, notes = _checked(rows, columns, classes)
    except EngineError as error:
        said = str(error).splitlines()[0][:200]
        raise FormatError(f"{path.name} cannot be read: {said}", hint="Write the file again, or as CSV.") from error
    rejected += [Rejected(str(path), f"{word} {place}", id, reason, hint) for place, id, reason, hint in refused]
    sound = int(engine.value(f"SELECT count(*) FROM {INCOMING_RUN}"))
    return RunFound(columns.classes, bool(columns.id), sound, rejected, notes, word)


def check_length(name: str, rows: int, counts: Sequence[int]) -> None:
    """Raises FormatError when a file without ids has not one row for each example, as one of ``counts`` says."""
    if rows not in counts:
        others = f", {counts[1]:,} of them imported" if len(counts) > 1 else ""
        raise FormatError(
            f"{name} has {rows:,} rows and the dataset {counts[0]:,} examples{others}.",
            hint="Without ids a run must have one row for each example, in the order of the dataset.",
        )


def _read(
    path: Path, engine: Engine, classes: Sequence[str], progress: Progress, counts: Sequence[int]
) -> tuple[RunRows, RunColumns, str, list[Rejected]]:
    """(the rows, what their columns mean, the word for their places, rows that cannot be read at all)."""
    suffix = path.suffix.lower()
    with path.open("rb") as file:
        start = file.read(8)
    if suffix in (".npy", ".npz") or start.startswith(b"\x93NUMPY"):
        relation, columns = run_arrays.find(engine, path.name, npy.read(path), classes)
        try:
            if counts and not columns.id:
                check_length(path.name, int(engine.value(f"SELECT count(*) FROM {relation}")), counts)
            return _of_relation(relation, columns, engine, progress), columns, "row", []
        finally:
            run_arrays.forget(engine)
    if suffix in (".parquet", ".pq") or start.startswith(parquet.MAGIC):
        return _of_parquet(path, path.name, engine, classes, progress)
    if suffix in (".arrow", ".feather", ".ipc", ".arrows") or start.startswith(b"ARROW1"):
        with arrow.as_parquet(path, engine, progress) as copy:
            return _of_parquet(copy, path.name, engine, classes, progress)
    if (found := jsonlines.inspect(path, engine)) is not None:
        columns = run_columns.find(path.name, _cells(found), classes)
        rows = RunRows(columns, engine, progress)
        return rows, columns, found.place, jsonlines.read(found, engine, rows, progress)
    if (found := delimited.inspect(path, engine)) is not None:
        columns = run_columns.find(path.name, _cells(found), classes)
        rows = RunRows(columns, engine, progress, rejects=delimited.REJECTS)
        return rows, columns, found.place, delimited.read(found, engine, rows, progress)
    raise FormatError(
        f"{path.name} is no file of predictions.",
        hint="Predictions are read from CSV, TSV, Parquet, JSON lines, Arrow, .npy and .npz.",
    )


def _of_relation(relation: str, columns: RunColumns, engine: Engine, progress: Progress) -> RunRows:
    rows = RunRows(columns, engine, progress)
    rows.fill(lambda: relation)
    rows.show("r.rowid + 1")
    return rows


def _of_parquet(
    path: Path, name: str, engine: Engine, classes: Sequence[str], progress: Progress
) -> tuple[RunRows, RunColumns, str, list[Rejected]]:
    relation = f"read_parquet({file_literal(path)})"
    columns = run_columns.find(name, _values(engine, relation), classes)
    return _of_relation(relation, columns, engine, progress), columns, "row", []


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
    """The columns of a text as text; decimal commas become points, a JSON object one column for each of its keys."""
    cells = {}
    for column in found.columns:
        name = quoted(column.name)
        if column.samples and (keys := _keys(column.samples)):
            for key in keys:
                path = literal('$."' + key.replace('"', '\\"') + '"')
                cells[f"{column.name}.{key}"] = Value(f"json_extract_string({name}, {path})", "VARCHAR")
        else:
            is_comma = values.readings(found)[column.name].decimal_comma
            sql = f"replace({name}, ',', '.')" if is_comma else name
            cells[column.name] = Value(sql, "VARCHAR", column.samples)
    return cells


def _keys(samples: Sequence[str]) -> list[str]:
    """The keys of objects written as JSON, [] for anything else."""
    keys: dict[str, None] = {}
    for sample in samples:
        try:
            keys |= dict.fromkeys(msgspec.json.decode(sample, type=dict[str, float | None]))
        except (msgspec.DecodeError, RecursionError):
            return []
    return list(keys)


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
