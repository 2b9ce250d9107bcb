import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dataimp_gui.core.engine import Engine
from dataimp_gui.core.importing import ImportOptions, RunSummary, import_dataset
from dataimp_gui.core.project import Project
from dataimp_gui.errors import Cancelled, DataimpError, FormatError
from dataimp_gui.progress import Progress, Report

IDS = ("a", "b", "01", "1", "NA")
Add = Callable[..., RunSummary]


@pytest.fixture
def project(tmp_path: Path) -> Any:
    (tmp_path / "data.csv").write_text(
        "id,label\n" + "".join(f"{id_},{'cat' if n % 2 else 'dog'}\n" for n, id_ in enumerate(IDS))
    )
    import_dataset(tmp_path / "data.csv", tmp_path / "p.dataimp")
    with Project.open(tmp_path / "p.dataimp") as opened:
        yield opened


@pytest.fixture
def add(project: Project, tmp_path: Path) -> Add:
    def run(content: str, name: str = "run.csv", **named: str) -> RunSummary:
        (tmp_path / name).write_text(content)
        return project.add_run(tmp_path / name, **named)

    return run


def table(project: Project) -> list[tuple[Any, ...]]:
    """The newest run as it lies on the disk."""
    path = sorted((project.path / "tables").glob("run-*.parquet"))[-1]
    engine = Engine(threads=1)
    try:
        return engine.rows(f"SELECT * FROM read_parquet('{path}')")
    finally:
        engine.close()


def bad(project: Project) -> list[tuple[str, str, str]]:
    return [(row.place, row.id, row.reason) for row in project.quarantine()]


def near(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [tuple(round(cell, 4) if isinstance(cell, float) else cell for cell in row) for row in rows]


def test_probabilities_find_their_examples_by_id_in_any_order(project: Project, add: Add) -> None:
    summary = add("id,cat,dog\n1,0.9,0.1\na,0.2,0.8\nNA,0.5,0.5\n01,0.3,0.7\nb,1,0\n")
    assert (summary.covered, summary.quarantined) == (5, 0)
    assert near(table(project)) == [
        ("dog", 0.8, 0.2, 0.8),
        ("cat", 1.0, 1.0, 0.0),
        ("dog", 0.7, 0.3, 0.7),
        ("cat", 0.9, 0.9, 0.1),
        ("cat", 0.5, 0.5, 0.5),
    ]
    assert project.runs[0].classes == ("cat", "dog")


def test_a_run_in_the_order_of_the_dataset_is_the_same(project: Project, add: Add) -> None:
    lines = [f"{id_},{0.1 * n:.1f},{1 - 0.1 * n:.1f}\n" for n, id_ in enumerate(IDS)]
    add("id,cat,dog\n" + "".join(lines))
    aligned = table(project)
    add("id,cat,dog\n" + "".join(reversed(lines)), "again.csv")
    assert table(project) == aligned


def test_rows_that_do_not_fit_are_kept_aside_and_the_others_come_in(project: Project, add: Add) -> None:
    summary = add("id,cat,dog\na,0.2,0.8\na,0.9,0.1\nA,0.5,0.5\n1.0,0.5,0.5\nb,nan,0.5\n01,97,3\n1,0.4,0.4\n,1,0\n")
    assert summary.covered == 1
    assert near(table(project)) == [("dog", 0.8, 0.2, 0.8), *[(None, None, None, None)] * 4]
    places = [(place, id_) for place, id_, _ in bad(project)]
    assert places == [
        ("line 3", "a"), ("line 4", "A"), ("line 5", "1.0"), ("line 6", "b"), ("line 7", "01"), ("line 8", "1"),
        ("line 9", ""),
    ]  # fmt: skip
    reasons = [reason for _, _, reason in bad(project)]
    assert reasons[0] == "duplicate id"
    assert reasons[1] == reasons[2] == "the id is unknown to the dataset"
    assert summary.quarantined == sum(summary.by_reason.values()) == 7


def test_labels_alone_are_a_run_and_unknown_ones_are_kept_aside(project: Project, add: Add) -> None:
    summary = add("id,predicted,confidence\na,cat,0.7\nb,bird,0.9\n1,dog,\n")
    assert (summary.covered, summary.quarantined) == (2, 1)
    assert near(table(project))[0] == ("cat", 0.7)
    assert near(table(project))[3] == ("dog", None)
    assert bad(project)[0][:2] == ("line 3", "b")


def test_a_run_in_row_order_must_have_every_row(project: Project, add: Add, tmp_path: Path) -> None:
    good = np.tile(np.array([[0.25, 0.75]], np.float32), (5, 1))
    np.save(tmp_path / "run.npy", good)
    assert project.add_run(tmp_path / "run.npy").covered == 5
    np.save(tmp_path / "short.npy", good[:3])
    with pytest.raises(FormatError, match=r"short\.npy has 3 rows and the dataset 5 examples"):
        project.add_run(tmp_path / "short.npy")
    good[2] = [np.nan, 1]
    np.save(tmp_path / "hole.npy", good)
    summary = project.add_run(tmp_path / "hole.npy")
    assert (summary.covered, summary.quarantined) == (4, 1)
    assert [row[0] for row in table(project)] == ["dog", "dog", None, "dog", "dog"]
    assert len(project.runs) == 2


def test_a_class_that_no_label_has_joins_an_open_dataset(project: Project, add: Add) -> None:
    summary = add("id,p_cat,p_dog,p_bird\na,0,0,1\nb,1,0,0\n")
    assert summary.classes == ("bird",)
    assert any("bird" in note for note in summary.notes)
    assert project.classes == project.contract.classes == ("cat", "dog", "bird")
    assert list(project.rows("predicted = 'bird'")) == [0]
    assert project.relabel(project.rows("predicted = 'bird'"), "bird") is not None
    with_bird = Project.open(project.path, read_only=True)
    with with_bird:
        assert with_bird.classes == ("cat", "dog", "bird")
        assert with_bird.contract.classes == ("cat", "dog", "bird")
        assert with_bird.metrics().n == 2


def test_a_closed_dataset_takes_no_new_class(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("id,label\na,cat\nb,dog\n")
    (tmp_path / "run.csv").write_text("id,p_cat,p_dog,p_bird\na,0,0,1\nb,1,0,0\n")
    options = ImportOptions(classes=("cat", "dog"), predictions=(tmp_path / "run.csv",))
    summary = import_dataset(tmp_path / "data.csv", tmp_path / "p.dataimp", options)
    assert summary.runs[0].covered == 1
    assert summary.by_reason == {'the predicted class "bird" is not in the class list': 1}
    with Project.open(tmp_path / "p.dataimp") as project:
        assert project.classes == ("cat", "dog")
        assert bad(project) == [("line 2", "a", 'the predicted class "bird" is not in the class list')]


@pytest.mark.parametrize("run", ["id,predicted\na,x\nb,y\n", "id,p_x,p_y\na,1,0\nb,0,1\n"])
def test_a_dataset_without_labels_takes_its_classes_from_the_run(tmp_path: Path, run: str) -> None:
    (tmp_path / "data.csv").write_text("id,n\na,1\nb,2\n")
    (tmp_path / "run.csv").write_text(run)
    options = ImportOptions(predictions=(tmp_path / "run.csv",))
    summary = import_dataset(tmp_path / "data.csv", tmp_path / "p.dataimp", options)
    assert summary.runs[0].classes == ("x", "y")
    with Project.open(tmp_path / "p.dataimp") as project:
        assert project.classes == ("x", "y")
        assert project.query.example(1).prediction is not None


def test_several_runs_come_in_with_the_dataset(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("id,label\na,cat\nb,dog\n")
    (tmp_path / "one.csv").write_text("id,cat,dog\na,0.9,0.1\nb,2,-1\n")
    (tmp_path / "two.jsonl").write_text('{"id": "b", "predicted": "dog"}\n{"id": "c", "predicted": "dog"}\n')
    options = ImportOptions(predictions=(tmp_path / "one.csv", tmp_path / "two.jsonl"))
    summary = import_dataset(tmp_path / "data.csv", tmp_path / "p.dataimp", options)
    assert [(run.name, run.covered, run.quarantined) for run in summary.runs] == [("one", 1, 1), ("two", 1, 1)]
    assert summary.quarantined == 2
    with Project.open(tmp_path / "p.dataimp") as project:
        assert [(run.number, run.name) for run in project.runs] == [(1, "one"), (2, "two")]
        assert [Path(row.source).name for row in project.quarantine()] == ["one.csv", "two.jsonl"]


def test_a_run_has_a_name_and_a_version(project: Project, add: Add) -> None:
    add("id,predicted\na,cat\n", name="ignored.csv")
    (project.path.parent / "x.csv").write_text("id,predicted\na,cat\n")
    project.add_run(project.path.parent / "x.csv", "resnet", "2")
    assert [(run.name, run.version) for run in project.runs] == [("ignored", ""), ("resnet", "2")]


REFUSED = {
    "of another dataset": ("id,cat,dog\nx,0.5,0.5\ny,0.5,0.5\n", "No row of run.csv is a prediction"),
    "only a header": ("id,cat,dog\n", "holds no predictions|No row"),
    "nothing": ("", "is empty"),
    "without predictions": ("id,weight\na,5\n", "run.csv"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_run_of_the_dataset_changes_nothing(project: Project, add: Add, case: str) -> None:
    content, message = REFUSED[case]
    before = sorted(path.name for path in (project.path / "tables").iterdir())
    with pytest.raises(FormatError, match=message):
        add(content)
    assert sorted(path.name for path in (project.path / "tables").iterdir()) == before
    assert project.runs == ()
    assert project.quarantine() == []


def test_a_bad_row_of_a_run_stops_an_import_that_is_to_stop(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("id,label\na,cat\n")
    (tmp_path / "run.csv").write_text("id,predicted\na,cat\nz,cat\n")
    options = ImportOptions(predictions=(tmp_path / "run.csv",), stop_on_bad=True)
    with pytest.raises(DataimpError, match=r"Stopped at run\.csv, line 3: the id is unknown"):
        import_dataset(tmp_path / "data.csv", tmp_path / "p.dataimp", options)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data.csv", "run.csv"]


def test_a_broken_run_stops_the_whole_import(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("id,label\na,cat\n")
    options = ImportOptions(predictions=(tmp_path / "none.csv",))
    with pytest.raises(DataimpError):
        import_dataset(tmp_path / "data.csv", tmp_path / "p.dataimp", options)
    assert [path.name for path in tmp_path.iterdir()] == ["data.csv"]


def test_a_cancelled_run_leaves_the_project_as_it_was(project: Project, tmp_path: Path) -> None:
    (tmp_path / "run.csv").write_text("id,predicted\na,cat\n")

    def report(now: Report) -> None:
        if now.phase == "Writing predictions":
            progress.cancel()

    progress = Progress(report)
    with pytest.raises(Cancelled):
        project.add_run(tmp_path / "run.csv", progress=progress)
    assert [path.name for path in (project.path / "tables").iterdir()] == ["examples-0001.parquet"]
    assert project.add_run(tmp_path / "run.csv").number == 1


def test_the_summary_of_a_run_is_plain_json(add: Add) -> None:
    said = json.loads(json.dumps(add("id,predicted\na,cat\nq,cat\n").to_json()))
    assert (said["run"], said["covered"], said["quarantined"]) == ("run", 1, 1)
