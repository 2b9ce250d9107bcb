"""A run by a plain model: what it learned from, what it may not have seen, what it leaves out."""

import json

import numpy as np
import pytest

from dataimp_gui.cli import run
from dataimp_gui.core.evaluate import baseline
from dataimp_gui.core.importing import ImportOptions
from dataimp_gui.core.model import Role
from dataimp_gui.core.project import Project
from dataimp_gui.errors import DataimpError

COUNT = 240


def made(tmp_path, label, group=str, split=lambda n: "test" if n % 4 == 0 else "train", **options):
    """A table of texts with vectors of its own: two well separated kinds, ``n % 2``."""
    lines = ["id,text,label,split,who", *(f"r{n},text {n},{label(n)},{split(n)},{group(n)}" for n in range(COUNT))]
    (tmp_path / "data.csv").write_text("\n".join(lines))
    project = Project.create(tmp_path / "p.dataimp", tmp_path / "data.csv", ImportOptions(**options))[0]
    rng = np.random.default_rng(0)
    vectors = np.eye(2, 6, dtype=np.float32)[np.arange(COUNT) % 2] + rng.normal(0, 0.05, (COUNT, 6))
    np.save(tmp_path / "vectors.npy", vectors.astype(np.float32))
    project.analysis.add_embedding(tmp_path / "vectors.npy", "given")
    return project


def test_a_project_without_a_run_gets_one_that_predicts_every_example(tmp_path):
    with made(tmp_path, lambda n: "ab"[n % 2]) as project:
        assert project.predictions() is None
        summary = baseline.add(project)
        assert (summary.name, summary.covered, summary.quarantined) == ("baseline", COUNT, 0)
        assert project.run.name == "baseline"
        assert project.run.classes == ("a", "b")
        assert project.metrics().accuracy == 1
        assert project.rows("p_a + p_b between 0.999 and 1.001").size == COUNT


def test_a_wrong_label_does_not_teach_its_own_example(tmp_path):
    wrong = {9, 10, 40, 41}
    with made(tmp_path, lambda n: "ab"[(n + (n in wrong)) % 2]) as project:
        baseline.add(project)
        assert set(project.rows("error").tolist()) == wrong


def test_test_examples_and_excluded_ones_teach_nothing(tmp_path):
    with made(tmp_path, lambda n: "ab"[n % 2], split=lambda n: "test" if n % 2 else "train") as project:
        with pytest.raises(DataimpError, match="two classes"):
            baseline.add(project)
        project.set_split(np.arange(COUNT), "train")
        project.exclude(np.arange(1, COUNT, 2))
        with pytest.raises(DataimpError, match="two classes"):
            baseline.add(project)
        assert project.runs == ()


def test_who_belongs_together_is_never_learned_from(tmp_path):
    """Here each class has one group: no training example can be judged fairly, and the test set can."""
    roles = {"who": Role.GROUP}
    with made(tmp_path, lambda n: "ab"[n % 2], group=lambda n: "xy"[n % 2], roles=roles) as project:
        summary = baseline.add(project)
        assert summary.covered == COUNT // 4
        assert set(project.rows("predicted is not null").tolist()) == set(range(0, COUNT, 4))


def test_very_many_classes_are_refused(tmp_path):
    with (
        made(tmp_path, lambda n: f"c{n}") as project,
        pytest.raises(DataimpError, match="up to 200 classes, and here are 240"),
    ):
        baseline.add(project)


def test_the_command_line_adds_one_too(tmp_path, capsys):
    made(tmp_path, lambda n: "ab"[n % 2]).close()
    assert run(["baseline", str(tmp_path / "p.dataimp"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["covered"] == COUNT
    assert run(["metrics", str(tmp_path / "p.dataimp"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["accuracy"] == 1
