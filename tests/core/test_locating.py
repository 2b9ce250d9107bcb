"""Media whose folder was moved: noticed, found again, and not mistaken for others."""

import json

import cv2
import numpy as np
import pytest

from dataimp_gui.cli import run
from dataimp_gui.core.importing import ImportOptions, import_dataset
from dataimp_gui.core.model import Field
from dataimp_gui.core.project import Project
from dataimp_gui.errors import DataimpError, ProjectError


@pytest.fixture
def folder(tmp_path):
    """20 images in two class folders."""
    rng = np.random.default_rng(4)
    for number in range(20):
        path = tmp_path / "photos" / ("bag", "coat")[number % 2] / f"{number:02d}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(path), rng.integers(0, 255, (8, 6 + number, 3), dtype=np.uint8))
    return tmp_path / "photos"


@pytest.fixture
def made(folder, tmp_path):
    import_dataset(folder, tmp_path / "photos.dataimp", ImportOptions(workers=1))
    return tmp_path / "photos.dataimp"


def moved(folder, to):
    to.parent.mkdir(parents=True, exist_ok=True)
    folder.rename(to)
    return to


def test_nothing_is_missing_while_the_files_are_where_they_were(made, folder):
    with Project.open(made) as project:
        assert project.missing() is None
        with pytest.raises(DataimpError, match="No media are missing"):
            project.locate(folder)


def test_a_moved_folder_is_found_again_for_good(made, folder, tmp_path):
    new = moved(folder, tmp_path / "elsewhere" / "pictures")
    told = []
    with Project.open(made) as project:
        project.listen(told.append)
        lost = project.missing()
        assert (lost.count, lost.folder) == (20, str(folder))
        with pytest.raises((DataimpError, OSError)):
            project.thumbnail(3, 32)
        located = project.locate(new)
        assert (located.folder, located.missing) == (new, 0)
        assert project.thumbnail(3, 32).shape[0] > 0
        assert project.missing() is None
        assert told[-1].touches(Field.MEDIA)
    with Project.open(made, read_only=True) as project:
        assert project.media_path(3).is_relative_to(new)


@pytest.mark.parametrize("chosen", ["elsewhere", "elsewhere/pictures/bag"])
def test_the_folder_above_or_below_does_as_well(made, folder, tmp_path, chosen):
    new = moved(folder, tmp_path / "elsewhere" / "pictures")
    with Project.open(made) as project:
        assert project.locate(tmp_path / chosen).folder == new


def test_files_that_are_still_missing_are_counted(made, folder, tmp_path):
    new = moved(folder, tmp_path / "elsewhere")
    (new / "bag" / "00.png").unlink()
    with Project.open(made) as project:
        assert project.locate(new).missing == 1
        assert project.missing().count == 1


def test_a_folder_without_the_files_is_refused_with_the_name_of_one(made, folder, tmp_path):
    moved(folder, tmp_path / "elsewhere")
    (tmp_path / "far" / "away" / "empty").mkdir(parents=True)
    with Project.open(made) as project:
        with pytest.raises(DataimpError, match="0 of 20") as refused:
            project.locate(tmp_path / "far" / "away" / "empty")
        assert "00.png" in refused.value.hint
        assert project.missing().count == 20
        with pytest.raises(DataimpError, match="There is no folder"):
            project.locate(tmp_path / "nowhere")


def test_other_files_of_the_same_names_are_refused(made, folder, tmp_path):
    new = moved(folder, tmp_path / "elsewhere")
    for file in new.glob("*/*.png"):
        file.write_bytes(file.read_bytes() + b"more")
    with Project.open(made) as project, pytest.raises(DataimpError, match="as large"):
        project.locate(new)


def test_a_read_only_project_is_not_changed(made, folder, tmp_path):
    new = moved(folder, tmp_path / "elsewhere")
    with Project.open(made, read_only=True) as project, pytest.raises(ProjectError, match="read-only"):
        project.locate(new)


def test_a_table_misses_no_media(shirts):
    with Project.open(shirts) as project:
        assert project.missing() is None


def test_the_command_says_where_the_media_are(made, folder, tmp_path, capsys):
    new = moved(folder, tmp_path / "elsewhere")
    assert run(["locate", str(made), str(new), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"folder": str(new), "missing": 0}
    assert run(["locate", str(made), str(new)]) == 2
    assert "No media are missing" in capsys.readouterr().err
