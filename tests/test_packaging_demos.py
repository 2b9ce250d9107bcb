"""The demos that ship become projects without a single row aside, and hold what their pages promise."""

import pytest

from dataimp_gui.core.demos import create_demo, demos
from dataimp_gui.core.project import Project
from dataimp_gui.core.storage import database


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("demos")


@pytest.mark.parametrize("demo", demos(), ids=lambda demo: demo.name)
def test_a_demo_comes_in_whole_with_its_predictions(demo, folder):
    made = create_demo(demo.name, folder)
    with Project.open(made.project, read_only=True) as project:
        assert (project.count, project.modality) == (demo.examples, demo.modality)
        assert not project.quarantine()
        assert set(project.splits) == {"train", "val", "test"}
        assert [run.name for run in project.runs] == [run.name for run in demo.predictions]
        measured = project.metrics()
        assert measured.n == demo.examples
        assert 0.85 < measured.accuracy < 0.97, "real errors to find, by a model worth asking"


def test_the_clothing_demo_holds_the_wrong_label_that_the_readme_corrects(folder):
    with Project.open(create_demo("clothing", folder).project, read_only=True) as project:
        (row,) = project.rows("id = 'train-13103' and label = 'T-shirt' and predicted = 'Bag' and confidence > 0.97")
        assert project.media_path(int(row)).read_bytes().startswith(b"\x89PNG")


def test_a_demo_that_is_there_already_is_left_alone(folder):
    first = create_demo("messages", folder)
    with Project.open(first.project) as project:
        project.tag(project.rows("topic = 'health' and error"), "pharma")
    again = create_demo("messages", folder)
    assert not again.fresh
    with Project.open(again.project, read_only=True) as project:
        assert project.tags == ("pharma",)


def test_a_demo_of_an_older_dataimp_is_brought_up_to_date(folder, monkeypatch):
    made = create_demo("voices", folder)
    monkeypatch.setattr(database, "MIGRATIONS", (*database.MIGRATIONS, ()))
    again = create_demo("voices", folder)
    assert (again.fresh, again.examples) == (False, made.examples)
    with Project.open(again.project, read_only=True) as project:
        assert project.count == made.examples
