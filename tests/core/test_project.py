"""The façade as a notebook uses it, and what it promises when a process dies in the middle."""

import subprocess
import sys
import threading
from contextlib import contextmanager

import numpy as np
import pytest

import dataimp_gui
from dataimp_gui.core import overview
from dataimp_gui.core.model import Field
from dataimp_gui.core.storage.database import Database
from dataimp_gui.errors import DataimpError, ProjectError
from dataimp_gui.progress import Progress


def rows(*numbers):
    return np.array(numbers, dtype=np.int64)


def test_a_project_answers_without_a_window(shirts):
    with dataimp_gui.open(shirts) as project:
        assert (project.name, project.count, project.modality) == ("shirts", 60, "table")
        assert project.classes == ("Bag", "Coat", "Shirt")
        assert project.ids(project.rows("error and label = 'Coat'")) == ["004", "016", "028", "040", "052"]
        example = project.query.example(4)
        assert (example.id, example.label, example.prediction.label) == ("004", "Coat", "Shirt")
        assert set(example.prediction.probabilities) == {"Bag", "Coat", "Shirt"}
        assert example.metadata["camera"] == "studio"


def test_every_edit_is_seen_by_the_next_question(shirts):
    with dataimp_gui.open(shirts) as project:
        assert len(project.rows("label = 'Bag'")) == 20
        project.relabel(rows(1, 2), "Bag")
        assert len(project.rows("label = 'Bag'")) == 22
        assert len(project.rows("edited")) == 2
        project.tag(rows(5, 6, 7), "dim light")
        assert project.rows("'dim light' in tags").tolist() == [5, 6, 7]
        project.exclude(rows(5))
        assert project.rows("excluded").tolist() == [5]
        project.note(rows(3), "two sleeves")
        assert project.rows("note like '%sleeves'").tolist() == [3]
        project.set_split(rows(0), "holdout")
        assert dict(project.query.facet("split"))["holdout"] == 1
        project.review(rows(0, 1))
        assert len(project.rows("reviewed")) == 2
        for _ in range(6):
            project.undo()
        assert len(project.rows("label = 'Bag'")) == 20
        assert len(project.rows("excluded or edited or reviewed or note is not null or len(tags) > 0")) == 0


def test_listeners_hear_what_changed_and_can_leave(shirts):
    with dataimp_gui.open(shirts) as project:
        heard = []
        leave = project.listen(heard.append)
        project.relabel(rows(1, 2), "Shirt")
        assert heard[0].touches(Field.LABEL)
        assert not heard[0].touches(Field.TAG | Field.SPLIT)
        assert heard[0].rows.tolist() == [1]
        leave()
        project.undo()
        assert len(heard) == 1


def test_read_only_looks_and_changes_nothing(shirts):
    with dataimp_gui.open(shirts, read_only=True) as project:
        assert project.count == 60
        with pytest.raises(ProjectError, match="read-only"):
            project.relabel(rows(0), "Coat")
        with pytest.raises(ProjectError, match="read-only"):
            project.commit("no")


def test_an_unknown_class_is_refused_and_changes_nothing(shirts):
    with dataimp_gui.open(shirts) as project:
        with pytest.raises(DataimpError, match='no class "Sandal"'):
            project.relabel(rows(0), "Sandal")
        assert project.history() == []
        project.relabel(rows(0), "Sandal", new_class=True)
        assert project.classes[-1] == "Sandal"
    with dataimp_gui.open(shirts) as project:
        assert project.rows("label = 'Sandal'").tolist() == [0]
        assert project.metrics().n == 60


def test_rows_are_positions_and_never_a_mask(shirts):
    with dataimp_gui.open(shirts) as project:
        for wrong in (project.state.labels == 0, np.array([1.0, 2.0])):
            with pytest.raises(TypeError, match="positions"):
                project.relabel(wrong, "Bag")
        assert project.relabel(np.array([]), "Bag") is None
        assert project.history() == []


ODD = ["\ud800", "a\0b", "\x1b[31mred", "x" * 200_000]


@pytest.mark.parametrize("text", ODD)
def test_text_that_cannot_be_kept_or_shown_is_refused_everywhere(shirts, text):
    one = rows(3)
    with dataimp_gui.open(shirts) as project:
        for change in (
            lambda: project.relabel(one, text, new_class=True),
            lambda: project.set_split(one, text),
            lambda: project.note(one, text),
            lambda: project.tag(one, text),
            lambda: project.exclude(one, why=text),
            lambda: project.commit(text),
        ):
            with pytest.raises(DataimpError):
                change()
        assert project.history() == []
        assert project.versions() == []
        project.relabel(one, 'it\'s "odd" % 🧥', new_class=True)
        project.note(one, "two\nlines\tand a tab")
    with dataimp_gui.open(shirts) as project:
        example = project.query.example(3)
        assert (example.label, example.note) == ('it\'s "odd" % 🧥', "two\nlines\tand a tab")


def test_excluded_examples_are_left_out_unless_a_clause_names_the_column(shirts):
    with dataimp_gui.open(shirts) as project:
        project.exclude(rows(0, 1, 2))
        assert project.metrics().n == 57
        assert project.metrics("note is null or note <> 'was excluded'").n == 57
        assert project.metrics("excluded").n == 3


def test_a_glance_judges_the_run_on_the_test_split_without_what_is_excluded(shirts):
    with dataimp_gui.open(shirts) as project:
        seen = overview.glance(project, 56, Progress())
        assert (seen.accuracy, seen.part) == (project.metrics("split = 'test'").accuracy, "test")
        assert (seen.failing, seen.faces) == (None, ())
        project.exclude(project.rows("split = 'test' and error"))
        assert overview.glance(project, 56, Progress()).accuracy == 1


def test_a_closed_project_answers_nothing(shirts):
    project = dataimp_gui.open(shirts)
    project.close()
    with pytest.raises(ProjectError, match="closed"):
        project.rows("error")
    project.close()


def test_a_reader_sees_one_moment_while_another_writes(shirts):
    with dataimp_gui.open(shirts) as project:
        reader = Database(shirts, read_only=True)
        with reader.snapshot():
            before = reader.words("label")
            project.relabel(rows(0), "Boot", new_class=True)
            assert reader.words("label") == before
            assert reader.rows("SELECT count(*) FROM edit") == [(0,)]
        assert reader.words("label") == [*before, "Boot"]
        reader.close()


def test_opening_to_read_while_classes_are_added_knows_every_class_that_it_meets(shirts):
    with dataimp_gui.open(shirts) as project:
        done = threading.Event()

        def write():
            number = 0
            while not done.is_set():
                project.relabel(rows(number % 60), f"class {number}", new_class=True)
                number += 1

        writing = threading.Thread(target=write)
        writing.start()
        try:
            for _ in range(5):
                with dataimp_gui.open(shirts, read_only=True) as reader:
                    assert reader.state.labels.max() < len(reader.classes)
        finally:
            done.set()
            writing.join()


def test_a_class_added_while_a_run_brings_the_same_one_is_added_once(shirts, tmp_path):
    run = tmp_path / "boots.csv"
    run.write_text("id,p_Bag,p_Coat,p_Shirt,p_Boot\n000,0.1,0.1,0.1,0.7\n")
    with dataimp_gui.open(shirts) as project:
        relabelling = threading.Thread(target=lambda: project.relabel(rows(0), "Boot", new_class=True))

        def report(told):
            if told.phase == "Matching predictions" and not relabelling.ident:
                relabelling.start()
                relabelling.join(1)

        project.add_run(run, progress=Progress(report))
        relabelling.join()
        assert project.classes == ("Bag", "Coat", "Shirt", "Boot")
    with dataimp_gui.open(shirts) as project:
        assert project.classes == ("Bag", "Coat", "Shirt", "Boot")
        assert project.query.example(0).label == "Boot"


def test_tags_can_be_asked_for_while_others_are_put(shirts):
    with dataimp_gui.open(shirts) as project:
        done = threading.Event()
        wrong = []

        def ask():
            while not done.is_set():
                try:
                    len(project.tags)
                except RuntimeError as error:
                    wrong.append(error)

        asking = [threading.Thread(target=ask) for _ in range(2)]
        for thread in asking:
            thread.start()
        for number in range(150):
            project.tag(rows(number % 60), f"t{number}")
        done.set()
        for thread in asking:
            thread.join()
        assert not wrong
        assert len(project.tags) == 150


def test_a_contract_that_is_no_json_is_told(shirts):
    database = Database(shirts)
    database.put("contract", "{")
    database.close()
    with pytest.raises(ProjectError, match="contract"):
        dataimp_gui.open(shirts)


class _InterruptedAfter(Database):
    """Ctrl+C in the moment after a transaction is on the disk."""

    @contextmanager
    def transaction(self):
        with super().transaction():
            yield
        raise KeyboardInterrupt


def test_an_interrupt_after_the_last_word_takes_nothing_back(shirts, shirts_files):
    with dataimp_gui.open(shirts) as project:
        kept, project.database = project.database, _InterruptedAfter(shirts)
        with pytest.raises(KeyboardInterrupt):
            project.add_run(shirts_files[1], "again")
        with pytest.raises(KeyboardInterrupt):
            project.commit("first")
        project.database.close()
        project.database = kept
    with dataimp_gui.open(shirts) as project:
        assert [run.name for run in project.runs] == ["predictions", "again"]
        assert project.metrics().n == 60
        assert project.diff("v1").is_empty


def test_an_edit_that_the_loaded_table_cannot_take_is_seen_by_the_next_question(shirts):
    with dataimp_gui.open(shirts) as project:
        assert len(project.rows("label = 'Bag'")) == 20
        project.query._store.engine.close()
        assert project.relabel(rows(1), "Bag").count == 1
        assert len(project.rows("label = 'Bag'")) == 21


def test_a_run_name_that_is_no_text_is_refused(shirts, shirts_files):
    with dataimp_gui.open(shirts) as project:
        with pytest.raises(DataimpError, match="name of the run"):
            project.add_run(shirts_files[1], "\udcff")
        assert len(project.runs) == 1


def test_edits_from_several_threads_all_count(shirts):
    with dataimp_gui.open(shirts) as project:
        project.rows("error")
        threads = [
            threading.Thread(target=lambda n=n: [project.tag(rows(n * 10 + k), f"t{n}") for k in range(10)])
            for n in range(4)
        ]
        asking = threading.Thread(target=lambda: [project.rows("len(tags) > 0") for _ in range(50)])
        for thread in (*threads, asking):
            thread.start()
        for thread in (*threads, asking):
            thread.join()
        assert len(project.history()) == 40
        assert len(project.rows("len(tags) = 1")) == 40


EDIT = """
import sys, numpy as np, dataimp_gui
project = dataimp_gui.open(sys.argv[1])
for number in range(60):
    edit = project.relabel(np.array([number]), "Bag" if number % 3 else "Coat")
    print(edit.number, flush=True)
sys.stdin.read()
"""


def test_a_killed_process_loses_no_acknowledged_edit(shirts):
    with subprocess.Popen(
        [sys.executable, "-c", EDIT, str(shirts)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        acknowledged = [child.stdout.readline() for _ in range(25)]
        child.kill()
    with dataimp_gui.open(shirts) as project:
        done = [edit.number for edit in project.history()]
        assert len(done) >= 25
        assert done[:25] == [int(line) for line in acknowledged]
        labels = [project.classes[code] for code in project.state.labels[:25]]
        assert labels == ["Bag" if number % 3 else "Coat" for number in range(25)]
        project.undo()


def test_the_folder_of_a_single_project_opens_it(shirts):
    with dataimp_gui.open(shirts.parent) as project:
        assert project.path == shirts


@pytest.mark.parametrize("table", ["examples-0001.parquet", "run-0001.parquet"])
def test_a_broken_table_is_named(shirts, table):
    (shirts / "tables" / table).write_bytes(b"PAR1 not really")

    def look():
        with dataimp_gui.open(shirts) as project:
            project.metrics()

    with pytest.raises(ProjectError, match=table):
        look()


def test_the_cache_can_be_deleted_at_any_time(shirts):
    import shutil

    with dataimp_gui.open(shirts) as project:
        shutil.rmtree(shirts / "cache", ignore_errors=True)
        assert len(project.rows("error")) == 15


def test_the_oldest_thumbnails_go_when_the_cache_is_full(shirts):
    import os

    from dataimp_gui.core import pictures

    kept = shirts / "cache" / "thumbnails" / "ab"
    kept.mkdir(parents=True)
    for age, name in enumerate(("new", "old", "oldest")):
        (kept / f"ab{name}.jpg").write_bytes(b"x" * 100)
        os.utime(kept / f"ab{name}.jpg", ns=(10**18 - age * 10**9, 10**18 - age * 10**9))
    with dataimp_gui.open(shirts, read_only=True) as project:
        assert pictures.trim(project, 250) == 0
    with dataimp_gui.open(shirts) as project:
        assert pictures.trim(project, 250) == 1
        assert pictures.trim(project) == 0
    assert sorted(path.name for path in kept.iterdir()) == ["abnew.jpg", "abold.jpg"]
