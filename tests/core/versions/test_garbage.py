"""What nothing refers to is told and taken away; all else stays."""

import io

import numpy as np
import pytest
from PIL import Image

from dataimp_gui.core.importing import ImportOptions
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
