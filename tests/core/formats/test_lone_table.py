import pytest
from PIL import Image

from dataimp_gui.core import formats
from dataimp_gui.core.engine import Engine
from dataimp_gui.core.model import Role
from dataimp_gui.core.project import Project


@pytest.fixture
def engine():
    engine = Engine()
    yield engine
    engine.close()


def picture(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (4, 4), (200, 30, 30)).save(path)


def test_a_table_beside_a_readme_is_the_dataset(tmp_path):
    source = tmp_path / "reviews"
    source.mkdir()
    (source / "README.md").write_text("# Reviews\n")
    (source / "reviews.csv").write_text("id,label,stars\n001,good,5\n002,bad,1\n")
    project, summary = Project.create(tmp_path / "p.dataimp", source)
    with project:
        assert project.ids(project.rows()) == ["001", "002"]
        assert sorted(project.classes) == ["bad", "good"]
    assert any("reviews.csv is the only table" in note for note in summary.notes)


def test_a_table_that_names_media_in_a_folder_beside_it_brings_them(tmp_path):
    source = tmp_path / "signs"
    picture(source / "pictures" / "a.png")
    picture(source / "pictures" / "b.png")
    (source / "index.csv").write_text("file,label\npictures/a.png,stop\npictures/b.png,yield\n")
    project, _ = Project.create(tmp_path / "p.dataimp", source)
    with project:
        assert (project.modality, project.count) == ("image", 2)
        assert project.media_path(0).name == "a.png"


def test_class_folders_with_a_table_beside_them_stay_class_folders(tmp_path, engine):
    picture(tmp_path / "stop" / "a.png")
    picture(tmp_path / "yield" / "b.png")
    (tmp_path / "predictions.csv").write_text("id,stop,yield\nstop/a.png,0.9,0.1\nyield/b.png,0.2,0.8\n")
    found = formats.inspect(tmp_path, engine)
    assert found.format == "class-folders"
    assert found.column(Role.LABEL) is not None


def test_two_tables_are_not_guessed_between(tmp_path, engine):
    (tmp_path / "a.csv").write_text("id,label\n1,x\n")
    (tmp_path / "b.csv").write_text("id,label\n2,y\n")
    with pytest.raises(formats.FormatError, match=r"holds 2 tables, such as a\.csv and b\.csv"):
        formats.inspect(tmp_path, engine)
