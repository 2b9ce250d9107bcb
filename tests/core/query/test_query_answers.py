"""Counts, histograms and values of examples, of a handful by hand and of a few hundred thousand against numpy."""

import math
from datetime import datetime

import numpy as np
import pytest

from dataimp_gui.core.engine import Engine
from dataimp_gui.core.query import Query, coding
from dataimp_gui.core.storage import columns
from dataimp_gui.core.storage.state import State
from dataimp_gui.errors import QueryError

MANY = 300_001  # past two row groups of the database, so that order is not a matter of luck
CLASSES = ("a", "b", "c")


def test_a_facet_counts_values_most_first_with_the_missing_as_none(unchanged):
    assert unchanged.query.facet("label") == [("Bag", 2), ("coat", 2), ("T-shirt", 1), (None, 1)]
    assert unchanged.query.facet("label", "split = 'train'") == [("Bag", 2), ("coat", 1)]
    assert unchanged.query.facet("label", limit=1) == [("Bag", 2)]
    assert unchanged.query.facet("error") == [("false", 2), ("true", 2), (None, 2)]
    assert unchanged.query.facet("camera", "label = 'nothing'") == []


@pytest.mark.parametrize("where", ["", "label is not null", "brightness > 0.1", "false"])
@pytest.mark.parametrize("column", ["split", "camera", "flash", "width", "error", "Camera", "width > 641"])
def test_facets_are_the_same_whether_their_values_are_kept_or_too_many_for_that(
    unchanged, examples, column, where, monkeypatch
):
    kept = [unchanged.query.facet(column, where, limit) for limit in (0, 2)]
    monkeypatch.setattr(coding, "MOST_VALUES", 0)
    assert [examples.query.facet(column, where, limit) for limit in (0, 2)] == kept


def test_a_facet_of_tags_counts_an_example_once_for_each_tag(examples):
    assert examples.query.facet("tags") == []
    examples.edit("tag:blurred", [0, 1, 4], 1)
    examples.edit("tag:dark", [1], 1)
    assert examples.query.facet("tags") == [("blurred", 3), ("dark", 1)]
    assert examples.query.facet("tags", "label is null") == [("blurred", 1)]
    assert examples.query.facet("tags", limit=1) == [("blurred", 3)]


@pytest.mark.parametrize("name", ["labl", "label; drop table data", "count(*)"])
def test_a_facet_of_no_column_is_a_sentence(unchanged, name):
    with pytest.raises(QueryError):
        unchanged.query.facet(name)


def test_a_histogram_counts_between_its_edges_and_names_the_missing(unchanged):
    found = unchanged.query.histogram("brightness", bins=2)
    assert found.edges.tolist() == pytest.approx([0.05, 0.475, 0.9])
    assert found.counts.tolist() == [3, 1]
    assert found.missing == 2  # NULL and NaN
    found = unchanged.query.histogram("brightness", bins=4, where="label = 'Bag' or camera is null")
    assert found.edges.tolist() == pytest.approx([0.05, 0.2625, 0.475, 0.6875, 0.9])  # those of all examples
    assert found.counts.sum() + found.missing == unchanged.query.count("label = 'Bag' or camera is null")


def test_a_histogram_of_one_value_of_none_and_of_times(unchanged):
    unchanged.query.add_column("seven", np.array([math.nan, 7.0, 7.0, math.nan, 7.0, 7.0]))
    one = unchanged.query.histogram("seven", bins=3, where="id <> '1'")
    assert (one.counts.tolist(), one.missing) == ([0, 3, 0], 2)
    unchanged.query.add_column("nothing", np.full(6, math.nan))
    none = unchanged.query.histogram("nothing", bins=3, where="false")
    assert (none.counts.tolist(), none.edges[0], none.edges[-1], none.missing) == ([0, 0, 0], 0.0, 1.0, 0)
    times = unchanged.query.histogram("taken", bins=3)
    assert times.edges[0] == datetime.fromisoformat("2025-12-31T23:59:59+00:00").timestamp()
    assert (times.counts.sum(), times.missing) == (5, 1)
    with pytest.raises(QueryError, match="label has no numbers"):
        unchanged.query.histogram("label")


@pytest.mark.parametrize("ends", [(-1.7e308, 1.7e308), (0.0, 5e-324), (-math.inf, 1.0), (1e16, 1e16 + 2)])
def test_a_histogram_survives_extreme_numbers(examples, ends):
    examples.query.add_column("extreme", np.array([*ends, *ends, math.nan, ends[1]]))
    found = examples.query.histogram("extreme", bins=5)
    finite = 5 if math.isfinite(ends[0]) else 3
    assert found.counts.sum() == finite
    assert found.missing == 1
    assert np.isfinite(found.edges).all()


def test_values_come_in_the_order_asked_for_as_plain_values(unchanged):
    rows = np.array([5, 0, 3, 0])
    names = ["id", "label", "brightness", "flash", "taken", "tags", "error", "confidence", "p_coat"]
    found = unchanged.query.values(names, rows)
    assert list(found) == names
    assert found["id"] == ["línea\nnueva", "001", "null", "001"]
    assert found["label"] == ["T-shirt", "Bag", "coat", "Bag"]
    assert found["brightness"] == [None, 0.05, None, 0.05]
    assert found["flash"] == [True, True, True, True]
    assert found["taken"][:3] == [datetime(2026, 3, 1, 12), datetime(2026, 1, 1, 8), None]
    assert found["tags"] == [[], [], [], []]
    assert found["error"] == [True, False, None, False]
    assert found["confidence"] == pytest.approx([0.7, 0.9, None, 0.9])
    assert found["p_coat"] == pytest.approx([0.1, 0.04, None, 0.04])
    assert {type(value) for name in names for value in found[name]} <= {str, float, bool, datetime, list, type(None)}
    assert unchanged.query.values(["id"], np.array([], dtype=np.int64)) == {"id": []}


def test_values_of_what_is_not_there_are_refused(unchanged):
    with pytest.raises(KeyError):
        unchanged.query.values(["labl"], np.array([0]))
    for row in (-1, 6):
        with pytest.raises(IndexError):
            unchanged.query.values(["id"], np.array([row]))


def test_an_example_says_everything_known_of_it(examples):
    examples.edit("tag:dark", [1], 1)
    examples.edit("label", [1], 2)
    found = examples.query.example(1)
    assert (found.row, found.id, found.label, found.given_label, found.split) == (1, "1", "coat", "Bag", "train")
    assert found.tags == ("dark",)
    assert (found.media, found.text, found.note) == ("", "", "")
    assert found.metadata == {
        "brightness": 0.15, "width": None, "camera": "studio", "flash": False, "taken": datetime(2026, 1, 2, 9, 30)
    }  # fmt: skip
    assert found.prediction is not None
    assert (found.prediction.run, found.prediction.label) == ("mlp", "coat")
    assert found.prediction.confidence == pytest.approx(0.6)
    assert found.prediction.probabilities == pytest.approx({"Bag": 0.3, "T-shirt": 0.1, "coat": 0.6})
    assert examples.query.example(3).prediction is None


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """A few hundred thousand examples as files and as arrays."""
    folder = tmp_path_factory.mktemp("many")
    rng = np.random.default_rng(11)
    arrays = {
        "label": rng.integers(-1, 3, MANY, dtype=np.int32),
        "predicted": rng.integers(-1, 3, MANY, dtype=np.int32),
        "brightness": rng.random(MANY),
        "p1": rng.random(MANY, dtype=np.float32),
    }
    arrays["brightness"][::7] = np.nan
    engine = Engine()
    try:
        engine.register("given", {"place": np.arange(MANY), **arrays})
        word = "['a', 'b', 'c'][{} + 1]"
        columns.write(
            engine,
            f"SELECT 'id' || place AS id, {word.format('label')} AS label, 'train' AS split, brightness FROM given",
            folder / "examples.parquet",
        )
        columns.write(
            engine,
            f"SELECT {word.format('predicted')} AS predicted, p1 AS confidence, p1 AS p0, p1, p1 AS p2 FROM given",
            folder / "run.parquet",
        )
    finally:
        engine.close()
    given = {"label": arrays["label"], "split": np.zeros(MANY, dtype=np.int32)}
    state = State(MANY, given, {"label": CLASSES, "split": ["train"]})
    query = Query([folder / "examples.parquet"], state, folder / "run.parquet", CLASSES)
    yield query, arrays
    query.close()


def test_rows_of_a_large_table_are_those_of_numpy_in_ascending_order(many):
    query, arrays = many
    label, predicted, brightness, p1 = arrays.values()
    both = (label >= 0) & (predicted >= 0)
    expected = {
        "label = 'b' and brightness < 0.3": (label == 1) & (brightness < 0.3),
        "error": both & (label != predicted),
        "correct and p_b > 0.5": both & (label == predicted) & (p1 > 0.5),
        "p_b > 0.5 and p_a < 0.75": (p1 > 0.5) & (p1 < 0.75),
        "brightness is null": np.isnan(brightness),
        "label is null or predicted = 'c'": (label < 0) | (predicted == 2),
    }
    for clause, mask in expected.items():
        found = query.rows(clause)
        assert found.dtype == np.int64
        assert np.array_equal(found, np.flatnonzero(mask)), clause
        assert query.count(clause) == mask.sum()


def test_order_of_a_large_table_is_that_of_numpy(many):
    query, arrays = many
    found = query.rows("label = 'a'", order_by="brightness")
    rows = np.flatnonzero(arrays["label"] == 0)
    assert np.array_equal(found, rows[np.argsort(arrays["brightness"][rows], kind="stable")])


def test_values_of_a_large_table_are_found_however_many(many):
    query, arrays = many
    rng = np.random.default_rng(1)
    for rows in (
        rng.permutation(MANY)[:200],
        rng.permutation(MANY)[:20_000],
        np.arange(150_000, 150_200),
        np.arange(MANY)[::-1],
        np.array([MANY - 1, 0, MANY - 1]),
    ):
        found = query.values(["id", "brightness", "p_c"], rows)
        assert found["id"] == [f"id{row}" for row in rows.tolist()]
        assert np.array_equal(
            np.array(found["brightness"], dtype=np.float64), arrays["brightness"][rows], equal_nan=True
        )
        assert np.array_equal(np.array(found["p_c"], dtype=np.float32), arrays["p1"][rows])


def test_counts_of_a_large_table_are_those_of_numpy(many):
    query, arrays = many
    label, brightness = arrays["label"], arrays["brightness"]
    assert dict(query.facet("label")) == {
        name: int((label == code).sum()) for code, name in ((-1, None), (0, "a"), (1, "b"), (2, "c"))
    }
    found = query.histogram("brightness", 28, "label = 'a'")
    chosen = brightness[label == 0]
    expected, _ = np.histogram(chosen[~np.isnan(chosen)], 28, (np.nanmin(brightness), np.nanmax(brightness)))
    assert np.abs(found.counts - expected).max() <= 1  # a value on an edge may round to either side
    assert found.counts.sum() + found.missing == len(chosen)
