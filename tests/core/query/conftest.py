"""A small project's tables as real Parquet files, its state, and the query over them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from dataimp_gui.core.edits import Assign
from dataimp_gui.core.engine import Engine, literal, quoted
from dataimp_gui.core.query import Query, store
from dataimp_gui.core.storage import columns
from dataimp_gui.core.storage.state import State

CLASSES = ("Bag", "T-shirt", "coat")
SPLITS = ("train", "test")


def sql_value(value):
    match value:
        case None:
            return "NULL"
        case bool():
            return str(value).upper()
        case str():
            return literal(value)
    return f"CAST('{value!r}' AS DOUBLE)" if isinstance(value, float) else str(value)


def write_table(path, rows):
    """Rows as dicts, with the same keys each, to Parquet."""
    engine = Engine()
    try:
        listed = ", ".join(
            "(" + ", ".join(sql_value(value) for value in (place, *row.values())) + ")"
            for place, row in enumerate(rows)
        )
        names = ", ".join(quoted(name) for name in ("_place", *rows[0]))
        select = f"SELECT * EXCLUDE (_place) FROM (VALUES {listed}) t({names}) ORDER BY _place"
        columns.write(engine, select, path)
    finally:
        engine.close()
    return path


@dataclass
class Examples:
    """The query, and the state beside it, changed together as a project does."""

    query: Query
    state: State
    run: Path

    def edit(self, column, rows, codes):
        rows = np.array(rows, dtype=np.int64)
        edit = Assign(column, rows, np.broadcast_to(np.asarray(codes, dtype=np.int32), rows.shape).copy())
        edit.apply(self.state)
        self.query.update(edit)

    def rows(self, where, **order):
        return self.query.rows(where, **order).tolist()


def state_of(files, count, classes=CLASSES, splits=SPLITS, tags=()):
    engine = Engine()
    try:
        given = {
            "label": columns.codes(engine, files, "label", classes),
            "split": columns.codes(engine, files, "split", splits),
        }
    finally:
        engine.close()
    return State(count, given, {"label": list(classes), "split": list(splits)}, tags)


ROWS = [
    # id, label, split, brightness, width, camera, flash, taken
    ("001", "Bag", "train", 0.05, 640, "phone", True, "2026-01-01 08:00:00"),
    ("1", "Bag", "train", 0.15, 641, "studio", False, "2026-01-02 09:30:00"),
    ("NA", "coat", "train", 0.20, 642, "phone", None, "2026-02-01 00:00:00"),
    ("null", "coat", "test", None, 643, None, True, None),
    ("it's", None, "test", 0.90, 644, "phone", False, "2025-12-31 23:59:59"),
    ("línea\nnueva", "T-shirt", None, float("nan"), 645, "O'Brien's", True, "2026-03-01 12:00:00"),
]
RUN = [
    # predicted, confidence, p0, p1, p2
    ("Bag", 0.9, 0.9, 0.06, 0.04),
    ("coat", 0.6, 0.3, 0.1, 0.6),
    ("coat", 0.8, 0.1, 0.1, 0.8),
    (None, None, None, None, None),
    ("Bag", 0.5, 0.5, 0.25, 0.25),
    ("Bag", 0.7, 0.7, 0.2, 0.1),
]


@pytest.fixture
def write_run(tmp_path):
    """Write (predicted, confidence, p0, p1 …) rows as a run's file."""

    def write(rows, name="other.parquet"):
        said = ("predicted", "confidence", *(f"p{place}" for place in range(len(rows[0]) - 2)))
        return write_table(tmp_path / name, [dict(zip(said, row, strict=True)) for row in rows])

    return write


@pytest.fixture(scope="session")
def examples_files(tmp_path_factory):
    """Two files of examples, one of which lacks a column, and the run over them."""
    folder = tmp_path_factory.mktemp("tables")
    names = ("id", "label", "split", "brightness", "width", "camera", "flash", "taken")
    raw = write_table(folder / "raw.parquet", [dict(zip(names, row, strict=True)) for row in ROWS])
    said = ("predicted", "confidence", "p0", "p1", "p2")
    run = write_table(folder / "run.parquet", [dict(zip(said, row, strict=True)) for row in RUN])
    files = [folder / "examples-0001.parquet", folder / "examples-0002.parquet"]
    engine = Engine()
    try:
        typed = f"SELECT * REPLACE (CAST(taken AS TIMESTAMP) AS taken) FROM read_parquet({literal(str(raw))})"
        columns.write(engine, f"SELECT * EXCLUDE (width) FROM ({typed}) LIMIT 4", files[0])
        columns.write(engine, f"SELECT * FROM ({typed}) OFFSET 4", files[1])
    finally:
        engine.close()
    return files, run


def _opened(files, run):
    state = state_of(files, len(ROWS), tags=["blurred"])
    return Examples(Query(files, state, run, CLASSES, run_name="mlp"), state, run)


@pytest.fixture
def examples(examples_files):
    opened = _opened(*examples_files)
    yield opened
    opened.query.close()


@pytest.fixture(scope="session")
def unchanged(examples_files):
    """The same, for tests that only ask."""
    opened = _opened(*examples_files)
    yield opened
    opened.query.close()


@pytest.fixture(scope="session")
def heavy(tmp_path_factory):
    """A hundred thousand long texts, and little memory for questions."""
    folder, count = tmp_path_factory.mktemp("heavy"), 100_000
    engine = Engine()
    try:
        select = "SELECT 'id' || i AS id, 'a' AS label, 'train' AS split, repeat('x', 200) || i AS text"
        columns.write(engine, f"{select} FROM range({count}) t(i)", folder / "examples.parquet")
    finally:
        engine.close()
    codes = np.zeros(count, dtype=np.int32)
    state = State(count, {"label": codes, "split": codes}, {"label": ["a"], "split": ["train"]})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "WORKING_BYTES", 2**26)
        patch.setattr(store, "PROBABILITIES_BYTES", 2**24)
        query = Query([folder / "examples.parquet"], state)
    yield query
    query.close()
