"""Every edit, run and added column is seen by the next question, also while others are asking."""

import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataimp_gui.core.edits import LABEL, Assign
from dataimp_gui.core.engine import Engine, literal
from dataimp_gui.core.query import Query, store
from dataimp_gui.core.storage import columns
from dataimp_gui.core.storage.state import State
from dataimp_gui.errors import ProjectError, QueryError


def test_a_relabelled_example_is_found_under_its_new_label(examples):
    assert examples.rows("error") == [1, 5]
    examples.edit("label", [1], 2)
    assert examples.rows("label = 'coat'") == [1, 2, 3]
    assert examples.rows("edited") == [1]
    assert examples.rows("edited and given_label = 'Bag'") == [1]
    assert examples.rows("error") == [5]
    examples.edit("label", [1], 0)
    assert examples.rows("edited") == []


def test_an_edit_can_take_the_label_away_and_give_each_row_its_own(examples):
    examples.edit("label", [0, 1], -1)
    assert examples.rows("label is null") == [0, 1, 4]
    assert examples.rows("error or correct") == [2, 5]
    examples.edit("label", [5, 0, 1], [1, 2, -1])
    assert examples.query.values(["label"], np.arange(6))["label"] == ["coat", None, "coat", "coat", None, "T-shirt"]


def counted(query, columns):
    """Facets and histograms of some columns, kept or not, over all examples and over some."""
    return {
        (column, where): (
            query.facet(column, where),
            query.histogram(column, 3, where).counts.tolist() if column in ("confidence", "score", "p_Bag") else [],
        )
        for column in columns
        for where in ("", "error", "len(tags) > 0", "slice = 'few'")
    }


def test_counts_follow_every_change(examples, examples_files, write_run):
    """What was counted before each of them is counted again as by somebody who opens the project now."""
    names = ["label", "given_label", "edited", "split", "note", "excluded", "reviewed", "tags", "predicted", "score"]
    names += ["confidence", "error", "correct", "camera", "p_Bag", "lower(label)"]
    query, score = examples.query, np.array([0.1, 0.2, 0.3, 0.4, 0.5, np.nan])
    query.add_column("score", score)
    query.use_slices({}, {"few": np.array([0, 1])})
    examples.state.add_words("note", ["later"])
    other = write_run([("coat", 0.75, 0.125, 0.125, 0.75)] * 6)
    run, few, last = examples.run, np.array([0, 1]), counted(query, names)

    def relabel():
        examples.edit("label", [1, 4], [2, 1])

    def switch():
        nonlocal run
        run = other
        query.use_run(other, ("Bag", "T-shirt", "coat"))

    def rescore():
        score[2] = 0.9
        query.write_column("score", np.array([2]), np.array([0.9]))

    def replace():
        score[:] = [5, 5, 5, 6, 7, 7]
        query.add_column("score", score)

    def reslice():
        nonlocal few
        few = np.array([1, 2, 5])
        query.use_slices({}, {"few": few})

    changes = [
        relabel,
        lambda: examples.edit("split", [0, 1], -1),
        lambda: examples.edit("note", [3, 4], 0),
        lambda: examples.edit("excluded", [2], 1),
        lambda: examples.edit("reviewed", [2], 1),
        lambda: examples.edit("tag:new", [2, 3], 1),
        lambda: examples.edit("tag:blurred", [4], 1),
        switch,
        rescore,
        replace,
        reslice,
    ]
    for change in changes:
        change()
        fresh = Query(examples_files[0], examples.state, run, ("Bag", "T-shirt", "coat"))
        fresh.add_column("score", score)
        fresh.use_slices({}, {"few": few})
        try:
            found = counted(query, names)
            assert found == counted(fresh, names)
        finally:
            fresh.close()
        assert found != last
        last = found


def test_a_new_class_can_be_asked_for(examples):
    examples.state.add_words("label", ['it\'s "new"\n'])
    examples.edit("label", [0, 5], 3)
    assert examples.rows("label = 'it''s \"new\"\n'") == [0, 5]
    assert ('it\'s "new"\n', 2) in examples.query.facet("label")


def test_flags_splits_and_notes_are_seen(examples):
    examples.edit("excluded", [0, 2, 4], 1)
    examples.edit("excluded", [2], 0)
    examples.edit("reviewed", np.arange(6), [1, 0, 1, 0, 1, 0])
    examples.edit("split", [0, 1], -1)
    examples.state.add_words("note", ["ask Mira", "blurry"])
    examples.edit("note", [3, 4], [1, 0])
    assert examples.rows("excluded") == [0, 4]
    assert examples.rows("reviewed and not excluded") == [2]
    assert examples.rows("split is null") == [0, 1, 5]
    assert examples.rows("note = 'blurry'") == [3]
    assert examples.rows("note ilike '%mira'") == [4]


def test_tags_come_with_their_first_use(examples):
    examples.edit("tag:blurred", [1, 3], 1)
    examples.edit('tag:it\'s, "dark"', [3, 5], 1)
    assert examples.rows("'blurred' in tags") == [1, 3]
    assert examples.rows("list_contains(tags, 'blurred') and len(tags) = 2") == [3]
    assert examples.rows("'it''s, \"dark\"' in tags") == [3, 5]
    assert examples.rows("not 'blurred' in tags") == [0, 2, 4, 5]
    assert examples.rows("'Blurred' in tags") == []
    assert examples.rows("list_has_any(tags, ['blurred', 'x'])") == [1, 3]
    assert examples.rows("tags = ['blurred']") == [1]
    assert examples.rows("predicted in tags") == []
    assert examples.query.values(["tags"], np.array([3, 0]))["tags"] == [["blurred", 'it\'s, "dark"'], []]
    examples.edit("tag:blurred", [1, 3], 0)
    assert examples.rows("'blurred' in tags") == []


def test_the_state_of_edits_that_were_made_before_is_loaded(examples_files):
    files, run = examples_files
    words = {"label": ["Bag", "T-shirt", "coat", "scarf"], "split": ["train", "test", "val"], "note": ["one", "two"]}
    given_codes = {"label": np.array([0, 0, 2, 2, -1, 1], np.int32), "split": np.array([0, 0, 0, 1, 1, -1], np.int32)}
    state = State(6, given_codes, words)
    for column, code in (("label", 3), ("split", 2), ("note", 1), ("excluded", 1), ("reviewed", 1), ("tag:odd", 1)):
        Assign(column, np.array([2, 4]), np.full(2, code, np.int32)).apply(state)
    query = Query(files, state, run, ("Bag", "T-shirt", "coat"))
    try:
        clause = (
            "label = 'scarf' and split = 'val' and note = 'two' and excluded and reviewed and 'odd' in tags and edited"
        )
        assert query.rows(clause).tolist() == [2, 4]
        assert query.rows("edited or note is not null or excluded or len(tags) > 0").tolist() == [2, 4]
    finally:
        query.close()


def test_another_run_replaces_predictions_and_probabilities(examples, write_run):
    assert examples.rows("p_coat > 0.5") == [1, 2]
    other = write_run(
        [("coat", 0.7, 0.1, 0.2, 0.7)] * 3 + [(None, None, None, None, None)] + [("new", 0.9, 0.0, 0.1, 0.9)]
    )
    examples.query.use_run(other, ("Bag", "T-shirt", "coat"), run_name="tree")  # shorter: one example came later
    assert examples.rows("predicted = 'coat'") == [0, 1, 2]
    assert examples.rows("predicted = 'new'") == [4]
    assert examples.rows("predicted is null and confidence is null") == [3, 5]
    assert examples.rows("error") == [0, 1]
    assert examples.rows("p_coat > 0.8") == [4]
    assert examples.rows("p_coat is null") == [3, 5]
    assert examples.query.example(0).prediction.run == "tree"
    assert examples.query.example(5).prediction is None


def test_a_run_without_predicted_labels_is_taken_too(examples, write_run):
    examples.query.use_run(write_run([(None, None)] * 6), ())
    assert examples.rows("predicted is null") == [0, 1, 2, 3, 4, 5]


def test_a_run_of_other_classes_and_no_run(examples):
    assert examples.rows("p_coat > 0.5") == [1, 2]
    examples.query.use_run(examples.run, ("Bag", "T-shirt", "jacket"))
    assert examples.rows("p_jacket > 0.5") == [1, 2]
    with pytest.raises(QueryError, match="No column is called p_coat"):
        examples.rows("p_coat > 0.5")
    examples.query.use_run(None, ())
    assert examples.rows("predicted is null and confidence is null and error is null") == [0, 1, 2, 3, 4, 5]
    assert examples.query.example(0).prediction is None
    examples.query.use_run(examples.run, ())
    assert examples.rows("error") == [1, 5]
    assert examples.query.example(0).prediction.probabilities == {}


def test_columns_can_be_added_and_replaced(examples):
    examples.query.add_column("sharpness", np.array([0.1, np.nan, 0.3, 0.4, 0.5, 0.6]))
    examples.query.add_column("issue_label", np.array([True, False, False, True, False, False]), kind="issue")
    examples.query.add_column("kind", np.array([0, 1, -1, 0, 1, 1], dtype=np.int32), words=["cat", "it's"])
    examples.query.add_column("visits", np.arange(6, dtype=np.int64) + 2**60)
    assert examples.rows("sharpness > 0.25 and issue_label") == [3]
    assert examples.rows("sharpness is null") == [1]
    assert examples.rows("kind = 'it''s' and sharpness > 0.5 and label = 'T-shirt'") == [5]
    assert examples.rows("kind is null") == [2]
    assert examples.rows(f"visits = {2**60 + 3}") == [3]
    assert examples.query.values(["kind", "sharpness", "visits"], np.array([2, 1])) == {
        "kind": [None, "it's"],
        "sharpness": [0.3, None],
        "visits": [2**60 + 2, 2**60 + 1],
    }
    assert ("issue_label", "flag", "issue") in {(c.name, c.type, c.kind) for c in examples.query.columns()}
    examples.query.add_column("sharpness", np.zeros(6))
    assert examples.rows("sharpness = 0") == [0, 1, 2, 3, 4, 5]
    assert examples.query.example(2).metadata["sharpness"] == 0


def test_a_column_that_is_still_to_come_says_how_to_get_it(examples):
    examples.query.expect_columns({"sharpness": "Measure first."})
    with pytest.raises(QueryError, match="There is no Sharpness yet") as told:
        examples.rows("label = 'Bag' and Sharpness > 0.5")
    assert (told.value.hint, told.value.start, told.value.length) == ("Measure first.", 18, 9)
    examples.query.add_column("sharpness", np.linspace(0, 1, 6))
    assert examples.rows("Sharpness > 0.5") == [3, 4, 5]


def test_rows_of_an_added_column_can_be_written_over(examples):
    query = examples.query
    query.add_column("score", np.array([0.1, np.nan, 0.3, 0.4, 0.5, 0.6], dtype=np.float32))
    query.add_column("kind", np.array([0, 1, -1, 0, 1, 1], dtype=np.int32), words=["cat", "it's"])
    query.write_column("score", np.array([4, 0, 1]), np.array([np.nan, 0.9, 0.7], dtype=np.float32))
    query.write_column("kind", np.array([5, 2]), np.array([-1, 2], dtype=np.int32), words=["cat", "it's", "dog"])
    query.write_column("score", np.array([2]), np.array([0.2], dtype=np.float32))
    query.write_column("score", np.array([5]), np.array([np.nan], dtype=np.float32))
    query.write_column("kind", np.array([0]), np.array([-1], dtype=np.int32), words=["cat"])
    query.write_column("kind", np.array([3]), np.array([1], dtype=np.int32), words=["cat", "it's"])
    query.write_column("kind", np.array([], dtype=np.int64), np.array([], dtype=np.int32), words=["cat"])
    assert examples.rows("score > 0.15", order_by="score", descending=True) == [0, 1, 3, 2]
    assert examples.rows("score is null") == [4, 5]
    assert query.values(["kind"], np.arange(6)) == {"kind": [None, "it's", "dog", "it's", "it's", None]}
    with pytest.raises(KeyError):
        query.write_column("label", np.array([0]), np.array([1.0]))


@pytest.mark.parametrize("name", ["label", "LABEL", "brightness", "p_coat", "error"])
def test_an_added_column_cannot_take_the_name_of_another(examples, name):
    with pytest.raises(ValueError, match="already"):
        examples.query.add_column(name, np.zeros(6))
    with pytest.raises(ValueError, match="5 values for 6 examples"):
        examples.query.add_column("other", np.zeros(5))


def test_a_thousand_classes_take_the_memory_of_a_few(examples, write_run, monkeypatch):
    classes = [f"class {number}" for number in range(1000)]
    rows = [
        ("class 1", 0.5, *(float(np.float32(row / 8 + place / 10_000)) for place in range(1000))) for row in range(6)
    ]
    examples.query.use_run(write_run(rows), classes)
    monkeypatch.setattr(store, "PROBABILITIES_BYTES", 0)  # the fewest that a clause may need are kept
    for place in range(0, 1000, 37):
        assert examples.rows(f'"p_class {place}" > {0.5 + place / 10_000 - 1e-5}') == [4, 5]
    tables = "SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE 's%'"
    assert examples.query._store.engine.value(tables) <= 8
    assert len(examples.query.example(3).prediction.probabilities) == 1000
    eight = " + ".join(f'"p_class {place}"' for place in range(8))
    assert examples.rows(f"{eight} > 4") == [4, 5]
    with pytest.raises(QueryError, match="the probabilities of 8 classes here, not of 9"):
        examples.rows(f'{eight} + "p_class 8" > 4')


def test_texts_that_were_written_over_are_freed(examples, monkeypatch):
    monkeypatch.setattr(store, "_AT_LEAST", 20)
    used = "SELECT sum(memory_usage_bytes) FROM duckdb_memory()"
    engine = examples.query._store.engine
    before = engine.value(used)
    examples.state.add_words("note", [f"{number} of a very long note" * 5000 for number in range(9)])
    for turn in range(80):
        examples.edit("note", [1, 3], turn % 9)
    assert examples.rows(f"starts_with(note, '{turn % 9} of')") == [1, 3]
    assert engine.value(used) - before < 6_000_000  # 18 MB were written


def test_no_examples_at_all(tmp_path, examples_files):
    engine = Engine()
    try:
        for number, path in enumerate((examples_files[0][1], examples_files[1])):
            select = f"SELECT * FROM read_parquet({literal(str(path))}) LIMIT 0"
            columns.write(engine, select, tmp_path / f"{number}.parquet")
    finally:
        engine.close()
    none = np.array([], dtype=np.int32)
    for run in (None, tmp_path / "1.parquet"):
        state = State(0, {"label": none, "split": none}, {"label": [], "split": []})
        query = Query([tmp_path / "0.parquet"], state, run, ("a", "b", "c") if run else ())
        try:
            assert query.rows("label = 'a' and error").tolist() == []
            assert query.rows("", order_by="label").tolist() == []
            assert query.facet("label") == query.facet("tags") == []
            assert query.histogram("brightness", 3).counts.tolist() == [0, 0, 0]
            assert query.values(["id"], np.array([], dtype=np.int64)) == {"id": []}
        finally:
            query.close()


def test_tables_that_are_missing_broken_or_too_short_are_a_sentence(tmp_path, examples_files):
    files, run = examples_files
    none = np.full(6, -1, dtype=np.int32)
    state = State(6, {"label": none, "split": none}, {"label": [], "split": []})
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(b"PAR1 nothing of the kind PAR1")
    for tables, predictions in (
        ([tmp_path / "missing.parquet"], None),
        ([broken], None),
        (files[:1], None),
        (files, broken),
        (files, tmp_path / "missing.parquet"),
    ):
        with pytest.raises(ProjectError, match="The tables of this project"):
            Query(tables, state, predictions, ())
    query = Query(files, state, run, ())
    try:
        with pytest.raises(ProjectError, match="The tables of this project cannot be read"):
            query.use_run(broken, ())
    finally:
        query.close()


def test_a_column_with_thousands_of_words_keeps_its_order(tmp_path):
    count = 20_000
    engine = Engine()
    try:
        select = f"SELECT 'id' || i AS id, 'w' || i AS label, NULL::VARCHAR AS split FROM range({count}) t(i)"
        columns.write(engine, select, tmp_path / "examples.parquet")
    finally:
        engine.close()
    words = [f"w{number}" for number in range(count)]
    state = State(count, {"label": np.arange(count, dtype=np.int32)}, {"label": words})
    query = Query([tmp_path / "examples.parquet"], state)
    try:
        assert not query.count("edited")
        assert query.rows("label = 'w12345'").tolist() == [12345]
        edit = Assign(LABEL, np.arange(count), np.arange(count, dtype=np.int32)[::-1].copy())
        query.update(edit)
        assert query.rows("label = 'w12345'").tolist() == [count - 1 - 12345]
    finally:
        query.close()


COLUMNS = ("label", "split", "excluded", "tag:blurred", "tag:new")
EDITS = st.lists(
    st.tuples(st.sampled_from(COLUMNS), st.lists(st.integers(0, 5), unique=True, max_size=6), st.integers(-1, 1)),
    max_size=8,
)


@given(EDITS)
@settings(max_examples=40, deadline=None)
def test_after_any_edits_the_answers_are_those_of_the_state(examples_files, steps):
    files, _ = examples_files
    words = {"label": ["Bag", "T-shirt", "coat"], "split": ["train", "test"]}
    state = State(6, {}, words)
    query = Query(files, state)
    try:
        for column, rows, code in steps:
            value = code if column in words else int(code > 0)
            edit = Assign(column, np.array(rows, dtype=np.int64), np.full(len(rows), value, dtype=np.int32))
            edit.apply(state)
            query.update(edit)
        found = query.values(["label", "split", "excluded", "tags"], np.arange(6))
        for column in words:
            assert found[column] == [words[column][code] if code >= 0 else None for code in state.codes(column)]
        assert found["excluded"] == state.excluded.tolist()
        assert [set(tags) for tags in found["tags"]] == [
            {tag for tag, mask in state.tags.items() if mask[row]} for row in range(6)
        ]
        for tag, mask in state.tags.items():
            assert query.rows(f"'{tag}' in tags").tolist() == np.flatnonzero(mask).tolist()
    finally:
        query.close()


def test_many_ask_while_one_writes(examples, write_run):
    failures, stop = [], threading.Event()
    clauses = (
        "error",
        "p_coat > 0.5",
        "extra > 2",
        "'odd' in tags",
        "label = 'Bag' and p_Bag > 0.1",
        "note is not null",
    )

    def ask(number):
        turn = number
        try:
            while not stop.is_set():
                examples.rows(clauses[turn % len(clauses)])
                examples.query.values(["id", "tags", "extra", "p_Bag"], np.array([turn % 6, 0]))
                examples.query.facet("label", "error")
                examples.query.facet("tags", "error")
                examples.query.histogram("extra", 3, "error")
                turn += 1
        except Exception as error:
            failures.append(error)

    other = write_run([("coat", 0.7, 0.1, 0.2, 0.7)] * 6)
    examples.query.add_column("extra", np.arange(6))
    examples.state.add_words("note", ["one", "two"])
    askers = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for asker in askers:
        asker.start()
    try:
        for turn in range(25):
            examples.edit("label", [turn % 6], turn % 3)
            examples.edit("note", [turn % 6, (turn + 1) % 6], turn % 2)
            examples.edit(f"tag:{'odd' if turn % 2 else turn}", [turn % 6], 1)
            examples.query.add_column("extra", np.arange(6) + turn)
            examples.query.use_run(other if turn % 2 else examples.run, ("Bag", "T-shirt", "coat"))
            assert examples.rows("label = 'Bag'") == np.flatnonzero(examples.state.labels == 0).tolist()
    finally:
        stop.set()
        for asker in askers:
            asker.join()
    assert not failures
