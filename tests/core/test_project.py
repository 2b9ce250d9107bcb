"""The façade as a notebook uses it, and what it promises when a process dies in the middle."""

import subprocess
import sys
import threading

import numpy as np
import pytest

import dataimp_gui
from dataimp_gui.core.model import Field
from dataimp_gui.errors import DataimpError, ProjectError


def rows(*numbers):
    return np.array(numbers, dtype=np.int64)


def test_a_project_answers_without_a_window(shirts):
    with dataimp_gui.open(shirts) as project:
        assert (project.name, project.count, project.modality) == ("shirts", 60, "table")
        assert project.classes == ("Bag", "Coat", "Shirt")
        assert project.ids(project.rows("error and label = 'Coat'")) == ["004", "016", "028", "040", "052"]
        example = project.example(4)
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
        assert dict(project.facet("split"))["holdout"] == 1
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
