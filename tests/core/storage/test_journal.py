import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataimp_gui.core.editing import Editing
from dataimp_gui.core.project import Project
from dataimp_gui.core.storage.database import Database
from dataimp_gui.core.storage.state import State
from dataimp_gui.errors import DataimpError

CLASSES = ["Coat", "Shirt", "Bag"]


def rows(*numbers):
    return np.array(numbers, dtype=np.int64)


def fresh(count):
    codes = (np.arange(count) % 3).astype(np.int32)
    return State(count, {"label": codes}, {"label": CLASSES, "split": ["train", "test"]})


def start(folder, count=6, *, create=False, author="mira"):
    """The state and the editing of a project of `count` rows, as an opened project has them."""
    db = Database(folder, create=create)
    state = fresh(count)
    for column in ("label", "split", "note"):
        known = state.words(column)
        state.add_words(column, [word for word in db.words(column) if word not in known])
    if create:
        db.add_words("label", CLASSES)
        db.add_words("split", ["train", "test"])
    seen = []
    return db, state, Editing(db, state, author, lambda edit, change: seen.append((edit, change))), seen


def snapshot(state):
    return {
        column: state.codes(column).tolist() for column in ("label", "split", "note", "excluded", "reviewed", "tag:x")
    }


def test_an_edit_says_what_it_did_and_touches_only_what_differs(tmp_path):
    db, state, editing, seen = start(tmp_path, create=True)
    info = editing.set_word("label", rows(0, 1, 2), "Coat", why="looked again")
    assert (info.title, info.count, info.author, info.why) == ("Relabelled 2 to Coat", 2, "mira", "looked again")
    assert state.labels.tolist() == [0, 0, 0, 0, 1, 2]
    assert seen[0][1].rows.tolist() == [1, 2]
    assert editing.set_word("label", rows(0, 1, 2), "Coat") is None
    assert len(editing.journal.infos()) == 1
    db.close()


def test_undo_and_redo_work_after_a_restart(tmp_path):
    db, state, editing, _ = start(tmp_path, create=True)
    editing.set_word("label", rows(0, 4), "Bag")
    editing.set_flag("tag:x", rows(4, 5), True)
    editing.set_word("note", rows(1), "ask Mira\nabout this")
    full = snapshot(state)
    db.close()

    db, state, editing, _ = start(tmp_path)
    assert snapshot(state) == full
    assert editing.undo().title == "Undid: Noted on 1"
    assert editing.undo().title == "Undid: Tagged 2 x"
    assert state.codes("tag:x").sum() == 0
    db.close()

    db, state, editing, _ = start(tmp_path)
    assert state.codes("tag:x").sum() == 0
    assert editing.redo().title == "Redid: Tagged 2 x"
    editing.redo()
    assert snapshot(state) == full
    with pytest.raises(DataimpError, match="nothing to redo"):
        editing.redo()
    for _ in range(3):
        editing.undo()
    assert snapshot(state) == snapshot(fresh(6))
    with pytest.raises(DataimpError, match="nothing to undo"):
        editing.undo()
    db.close()


def test_a_new_edit_forgets_what_could_be_redone_but_keeps_its_history(tmp_path):
    db, _, editing, _ = start(tmp_path, create=True)
    editing.set_word("label", rows(0), "Bag")
    editing.undo()
    editing.set_word("label", rows(0), "Shirt")
    with pytest.raises(DataimpError):
        editing.redo()
    assert [info.action for info in editing.journal.infos()] == ["do", "undo", "do"]
    told = [(line.before, line.after, line.action) for line in editing.history(0)]
    assert told == [("Coat", "Bag", "do"), ("Bag", "Coat", "undo"), ("Coat", "Shirt", "do")]
    assert editing.history(1) == []
    db.close()


def test_a_new_class_survives_a_restart(tmp_path):
    db, state, editing, _ = start(tmp_path, create=True)
    editing.set_word("label", rows(3), "Sandal")
    db.close()
    db, state, editing, _ = start(tmp_path)
    assert state.word("label", int(state.labels[3])) == "Sandal"
    db.close()


def test_a_big_edit_comes_back_whole(tmp_path):
    count = 100_000
    db, state, editing, _ = start(tmp_path, count, create=True)
    chosen = np.flatnonzero(np.random.default_rng(1).random(count) < 0.5)
    editing.set_word("label", chosen, "Bag")
    after = state.labels.copy()
    db.close()
    db, state, editing, _ = start(tmp_path, count)
    assert np.array_equal(state.labels, after)
    editing.undo()
    assert np.array_equal(state.labels, fresh(count).labels)
    db.close()


def test_authors_of_todays_labels_leave_out_what_was_undone(tmp_path):
    db, _, editing, _ = start(tmp_path, create=True)
    editing.set_word("label", rows(0, 1), "Bag")
    db.close()
    db, _, editing, _ = start(tmp_path, author="jo")
    editing.set_word("label", rows(1), "Shirt")
    editing.set_word("label", rows(2), "Coat")
    editing.undo()
    found = [(author, where.tolist()) for author, where in editing.journal.authors("label")]
    assert found == [("mira", [0, 1]), ("jo", [1])]
    db.close()


def test_a_row_that_is_not_there_is_refused(tmp_path):
    db, _, editing, _ = start(tmp_path, create=True)
    for bad in (-1, 6):
        with pytest.raises(DataimpError, match="no example"):
            editing.set_flag("excluded", rows(0, bad), True)
    db.close()


ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("label"), st.lists(st.integers(0, 5), max_size=6), st.sampled_from(["", *CLASSES, "New"])),
        st.tuples(st.just("split"), st.lists(st.integers(0, 5), max_size=6), st.sampled_from(["", "train", "val"])),
        st.tuples(st.sampled_from(["excluded", "tag:x"]), st.lists(st.integers(0, 5), max_size=6), st.booleans()),
        st.tuples(st.sampled_from(["undo", "redo", "restart"]), st.just([]), st.just("")),
    ),
    max_size=12,
)


@settings(max_examples=40, deadline=None)
@given(ACTIONS)
def test_whatever_was_done_can_be_undone_to_the_start_and_redone_to_the_end(tmp_path_factory, actions):
    folder = tmp_path_factory.mktemp("journal")
    db, state, editing, _ = start(folder, create=True)
    for kind, where, value in actions:
        if kind == "restart":
            before = snapshot(state)
            db.close()
            db, state, editing, _ = start(folder)
            assert snapshot(state) == before
        elif kind in ("undo", "redo"):
            stack = editing.journal.live if kind == "undo" else editing.journal.undone
            if stack:
                getattr(editing, kind)()
        elif isinstance(value, bool):
            editing.set_flag(kind, rows(*where), value)
        else:
            editing.set_word(kind, rows(*where), value)
    end, done = snapshot(state), len(editing.journal.live)
    for _ in range(done):
        editing.undo()
    assert snapshot(state) == snapshot(fresh(6))
    for _ in range(done):
        editing.redo()
    assert snapshot(state) == end
    db.close()


def test_edits_that_were_made_as_one_are_undone_and_redone_as_one_also_after_a_restart(shirts):
    def column(project, name):
        return project.state.codes(name)[4].item()

    with Project.open(shirts) as project:
        before = column(project, "label")
        project.tag(np.array([4]), "seen")
        wishes = [("label", "Shirt" if project.classes[before] != "Shirt" else "Bag"), ("reviewed", True)]
        info = project.editing.set_all(wishes, np.array([4]))
        assert (info.column, project.undo_title) == ("label", info.title)
        after = column(project, "label")
        assert (after != before, column(project, "reviewed")) == (True, 1)
    with Project.open(shirts) as project:
        undone = project.undo()
        assert (column(project, "label"), column(project, "reviewed"), column(project, "tag:seen")) == (before, 0, 1)
        assert (undone.action, undone.target, project.redo_title) == ("undo", info.number, info.title)
    with Project.open(shirts) as project:
        project.redo()
        assert (column(project, "label"), column(project, "reviewed")) == (after, 1)
        assert project.query.rows("reviewed").tolist() == [4]
        project.undo()
        project.undo()
        assert (column(project, "tag:seen"), project.undo_title) == (0, "")
    with Project.open(shirts) as project:
        assert column(project, "label") == before
        assert [line.action for line in project.history(project.ids([4])[0])] == ["do"] * 3 + ["undo"] * 2 + [
            "redo",
            "redo",
        ] + ["undo"] * 3


def test_what_stands_beside_edits_fails_with_them(shirts):
    def fail(_number):
        raise RuntimeError("no room")

    with Project.open(shirts) as project:
        before = project.state.labels.copy()
        with pytest.raises(RuntimeError):
            project.editing.set_all([("label", "Bag"), ("reviewed", True)], np.arange(9), beside=fail)
        assert (project.state.labels == before).all()
        assert (project.undo_title, project.history()) == ("", [])
