"""Variants and the label of their example, which may be given another one later."""

import json

import pytest

import dataimp_gui
from dataimp_gui.core.augment.policy import Policy, Step
from dataimp_gui.core.importing import ImportOptions, import_dataset
from dataimp_gui.core.model import Modality
from dataimp_gui.progress import Progress

SHOUT = Policy(
    "Shouting", Modality.TEXT, steps=(Step("case", choices={"kind": ("ALL CAPITALS",)}), Step("missed_letter"))
)


@pytest.fixture
def project(tmp_path):
    lines = [{"id": f"train-{n}", "text": f"some words {n}", "label": ("bar", "ring")[n % 2]} for n in range(8)]
    (tmp_path / "data.jsonl").write_text("\n".join(map(json.dumps, lines)))
    import_dataset(tmp_path / "data.jsonl", tmp_path / "p.dataimp", ImportOptions(), Progress())
    with dataimp_gui.open(tmp_path / "p.dataimp") as opened:
        yield opened


def test_variants_keep_their_label_when_their_example_gets_another_and_follow_it_when_asked(project):
    project.augment.write(SHOUT, "", 2)
    one = project.rows("id = 'train-0'")
    before = project.query.example(int(one[0])).label
    assert len(project.augment.behind(project.rows())) == 0
    project.relabel(one, "ring" if before == "bar" else "bar")
    left = project.augment.behind(project.rows())
    assert set(project.query.values(["augmented_from"], left)["augmented_from"]) == {"train-0"}
    assert left.tolist() == project.augment.behind(one).tolist() == project.augment.variants_of(one).tolist()
    edit = project.augment.follow(one, why="it was one all along")
    assert (edit.count, edit.why) == (2, "it was one all along")
    assert len(project.augment.behind(project.rows())) == 0
    assert project.augment.follow(one) is None
    project.undo()
    assert project.augment.behind(one).tolist() == left.tolist()
    project.undo()
    assert len(project.augment.behind(one)) == 0
