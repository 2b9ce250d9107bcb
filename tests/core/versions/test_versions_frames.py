"""A version as a pandas table, for training code."""

import os
from pathlib import Path

import numpy as np
import pytest

import dataimp_gui
from dataimp_gui.core.project import Project
from dataimp_gui.errors import DataimpError


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Four pictures in two class folders; one is relabelled, one excluded, and that is v1."""
    import cv2

    for number in range(4):
        file = tmp_path / "in" / "ab"[number % 2] / f"{number}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(file), np.full((4, 4, 3), number * 50, np.uint8))
    path = tmp_path / "p.dataimp"
    with Project.create(path, tmp_path / "in")[0] as made:
        made.relabel(made.rows("id = 'a/0.png'"), "b")
        made.exclude(made.rows("id = 'b/3.png'"))
        made.commit("first")
        made.relabel(made.rows("id = 'a/2.png'"), "b")  # after the version
    return path


def test_a_version_loads_as_it_was_committed(project: Path) -> None:
    table = dataimp_gui.load(project, "v1")
    assert table["id"].tolist() == ["a/0.png", "a/2.png", "b/1.png"]
    assert table["label"].tolist() == ["b", "a", "b"]
    assert [Path(path).name for path in table["path"]] == ["0.png", "2.png", "1.png"]
    assert all(Path(path).is_file() for path in table["path"])


def test_texts_and_missing_values(tmp_path: Path) -> None:
    source = tmp_path / "rows.csv"
    source.write_text("id,text,label,stars\n1,one,x,2.5\n2,two,,\n")
    with Project.create(tmp_path / "p.dataimp", source)[0] as made:
        made.commit("first")
    table = dataimp_gui.load(tmp_path / "p.dataimp", "v1")
    assert table["text"].tolist() == ["one", "two"]
    assert table["label"].tolist()[0] == "x"
    assert table["label"].isna().tolist() == [False, True]
    assert table["stars"].isna().tolist() == [False, True]


@pytest.mark.parametrize("fault", ["changed", "missing"])
def test_files_that_are_not_what_the_version_says_are_named_before_anybody_trains_on_them(
    project: Path, fault: str
) -> None:
    file = project.parent / "in" / "a" / "2.png"
    before = file.stat()
    if fault == "missing":
        file.unlink()
    else:
        file.write_bytes(file.read_bytes()[:-1] + b"x")
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(DataimpError, match=rf"no longer what v1 says: a/2\.png \({fault}\)"):
        dataimp_gui.load(project, "v1")
    assert len(dataimp_gui.load(project, "v1", check=False)) == 3


def test_the_paths_hold_from_any_folder(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project.parent)
    assert all(Path(path).is_absolute() for path in dataimp_gui.load(project.name, "v1")["path"])


def test_an_unknown_version_is_a_sentence(project: Path) -> None:
    with pytest.raises(DataimpError, match="no version"):
        dataimp_gui.load(project, "v9")
