"""What nothing refers to is told and taken away; all else stays."""

import io

import numpy as np
import pytest
from PIL import Image

from dataimp_gui.core.augment.policy import Policy, Step
from dataimp_gui.core.importing import ImportOptions
from dataimp_gui.core.model import Modality
from dataimp_gui.core.project import Project
from dataimp_gui.core.storage.objects import Objects
from dataimp_gui.errors import ProjectError


@pytest.fixture
def project(tmp_path):
    """Eight pictures whose bytes the project keeps; one version."""
    rng = np.random.default_rng(0)
    for number in range(8):
        folder = tmp_path / "in" / "ab"[number % 2]
        folder.mkdir(parents=True, exist_ok=True)
        Image.fromarray(rng.integers(0, 255, (8, 8, 3), dtype=np.uint8)).save(folder / f"{number}.png")
    made, _ = Project.create(tmp_path / "p.dataimp", tmp_path / "in", ImportOptions(copy_media=True))
    with made:
        made.commit("first")
        yield made


def files(project):
    return {path for folder in ("objects", "tables", "versions") for path in (project.path / folder).rglob("*")}


def test_nothing_is_spare_in_a_fresh_project(project):
    assert project.gc().count == 0
    before = files(project)
    assert project.gc(remove=True).count == 0
    assert files(project) == before


def test_spare_objects_and_tables_are_told_first_and_then_removed(project):
    before = files(project)
    data = io.BytesIO(b"nobody's").getvalue()
    digest = Objects(project.path / "objects").put(data)
    (project.path / "tables" / "left.parquet").write_bytes(b"12")
    found = project.gc()
    assert (found.objects, found.others, found.bytes, found.removed) == (1, 1, len(data) + 2, False)
    assert found.files == (f"objects/{digest[:2]}/{digest}", "tables/left.parquet")
    assert (project.path / found.files[0]).exists()
    assert project.gc(remove=True).removed
    assert {path for path in files(project) if path.is_file()} == {path for path in before if path.is_file()}
    assert project.gc().count == 0
    assert project.thumbnail(0, 8).shape == (8, 8, 3)


def test_nothing_is_removed_while_a_version_cannot_be_read(project):
    (project.path / "versions" / "v1" / "manifest.parquet").write_bytes(b"")
    Objects(project.path / "objects").put(b"spare")
    before = files(project)
    with pytest.raises(ProjectError, match="v1"):
        project.gc(remove=True)
    assert files(project) == before


def test_files_of_variants_go_once_their_coming_cannot_be_redone_any_more_unless_a_version_has_them(project):
    dim = Policy("Dim", Modality.IMAGE, steps=(Step("dim", ranges={"gain": (0.3, 0.5)}),))
    project.augment.write(dim, "", 1)
    kept = project.rows("augmented_from is not null")
    project.commit("with variants")
    project.undo()
    project.augment.write(dim, "label = 'a'", 3)
    second = project.rows("augmented_from is not null")
    assert project.gc().count == 0
    project.undo()
    assert project.gc().count == 0  # it can be redone
    project.tag(np.arange(2), "odd")
    found = project.gc(remove=True)
    assert found.objects == len(second) - len(kept) // 2  # those that draw 0 has made are in the version
    assert project.gc().count == 0
    project.restore("v2")
    assert len(project.rows("augmented_from is not null")) == len(kept)
    assert all(project.media_path(int(row)).exists() for row in kept)


def test_a_project_goes_on_without_the_files_of_variants_that_were_given_up(project):
    dim = Policy("Dim", Modality.IMAGE, steps=(Step("dim", ranges={"gain": (0.3, 0.5)}),))
    project.augment.write(dim, "", 2)
    project.undo()
    project.tag(np.arange(2), "odd")
    assert project.gc(remove=True).objects == 16
    assert project.missing() is None
    project.analysis.measure()
    assert project.augment.write(dim, "", 2).added == 16
    project.commit("again")
    with Project.open(project.path, read_only=True) as again:
        assert len(again.rows("brightness is not null")) >= 8
