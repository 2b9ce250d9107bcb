"""An export of some splits of a version, or of what became different since another one."""

import csv
from pathlib import Path

import pytest
from version_places import PNG, Place, contents, manifest

from dataimp_gui.core.project import Project
from dataimp_gui.core.versions import choosing
from dataimp_gui.core.versions.export import Chosen
from dataimp_gui.core.versions.verify import verify
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress


@pytest.fixture
def edited(animals: Place) -> Place:
    """v1 as imported; v2 with a cat that became a dog, a cat moved to test and a dog excluded."""
    animals.commit()
    animals.relabel("cat/1.png", "dog")
    animals.move("cat/2.png", "test")
    animals.flag("dog/2.png", "excluded")
    animals.commit()
    return animals


def ids(folder: Path) -> list[str]:
    with (folder / "examples.csv").open(encoding="utf-8", newline="") as file:
        return [row["id"] for row in csv.DictReader(file)]


def test_only_the_splits_that_are_named_leave_as_the_version_has_them(edited: Place, tmp_path: Path) -> None:
    edited.move("dog/1.png", "test")  # after the version
    result = edited.export("v2", tmp_path / "train", splits=("train",))
    assert ids(tmp_path / "train") == ["cat/1.png", "dog/1.png"]
    assert (result.examples, manifest(tmp_path / "train")["only_splits"]) == (2, ["train"])
    assert "Only these splits: train" in (tmp_path / "train" / "DATACARD.md").read_text()
    edited.export("v2", tmp_path / "two", splits=("test", ""))
    assert ids(tmp_path / "two") == ["cat/2.png", "cat/3.png", "new/1.png"]
    assert verify(tmp_path / "two", Progress()).ok


def test_what_differs_from_an_earlier_version_leaves_and_what_is_gone_is_listed(edited: Place, tmp_path: Path) -> None:
    edited.export("v2", tmp_path / "out", since="v1")
    assert ids(tmp_path / "out") == ["cat/1.png", "cat/2.png"]
    about = manifest(tmp_path / "out")
    assert about["gone"] == ["dog/2.png"]
    assert about["since"] == manifest_of(edited, "v1", tmp_path)["content"]
    assert {path for path in contents(tmp_path / "out") if path.startswith("media/")} == {
        "media/cat/1.png",
        "media/cat/2.png",
    }


def manifest_of(place: Place, version: str, tmp_path: Path) -> dict[str, object]:
    place.export(version, tmp_path / f"whole-{version}")
    return manifest(tmp_path / f"whole-{version}")


def test_an_example_that_left_a_split_is_gone_from_that_split(edited: Place, tmp_path: Path) -> None:
    edited.export("v2", tmp_path / "out", since="v1", splits=["train"])
    assert ids(tmp_path / "out") == ["cat/1.png"]
    assert manifest(tmp_path / "out")["gone"] == ["cat/2.png"]


def test_parts_are_cut_from_what_a_clause_selected(edited: Place, tmp_path: Path) -> None:
    only = Chosen("id LIKE 'cat%'", edited.rows("cat/1.png", "cat/2.png", "cat/3.png"))
    edited.export("v2", tmp_path / "out", only=only, splits=["test"])
    assert ids(tmp_path / "out") == ["cat/2.png", "cat/3.png"]
    assert manifest(tmp_path / "out")["where"] == "id LIKE 'cat%'"


def test_a_part_that_is_not_there_is_a_sentence_and_nothing_is_left(edited: Place, tmp_path: Path) -> None:
    for options, said in (
        ({"splits": ["tset"]}, 'v2 has no split "tset"'),
        ({"since": "v2"}, "holds nothing that v2 lacks"),
        ({"since": "v9"}, 'no version "v9"'),
    ):
        with pytest.raises(DataimpError, match=said):
            edited.export("v2", tmp_path / "out", **options)
        assert not (tmp_path / "out").exists()


def test_the_parts_are_counted_beforehand(edited: Place) -> None:
    held = choosing.held(edited.database, edited.folder, "v2")
    assert held.examples == {("", "imported"): 1, ("test", "imported"): 2, ("train", "imported"): 2}
    assert held.bytes[("test", "imported")] == 2 * len(PNG) + len("two") + len("three")
    assert held.excluded == 1
    assert choosing.changed(edited.database, edited.folder, "v2", "v1") == 2
    assert choosing.changed(edited.database, edited.folder, "v1", "v2") == 3


def test_what_a_version_leaves_out_is_named_with_its_reasons_when_asked_for(tmp_path: Path) -> None:
    table = tmp_path / "rows.csv"
    table.write_text("id,text,label\n" + "".join(f"{n},word {n},x\n" for n in range(5)))
    with Project.create(tmp_path / "p.dataimp", table)[0] as project:
        project.exclude(project.rows("id in ('1', '3')"), why="too dark | <b>")
        project.exclude(project.rows("id = '4'"))
        project.commit("first")
        project.include(project.rows("id = '3'"), why="after all")  # after the version
        project.export("v1", tmp_path / "out", "csv", list_excluded=True)
        project.export("v1", tmp_path / "plain", "csv")
    assert manifest(tmp_path / "out")["excluded"] == [
        {"id": "1", "label": "x", "split": "", "why": "too dark | <b>"},
        {"id": "3", "label": "x", "split": "", "why": "too dark | <b>"},
        {"id": "4", "label": "x", "split": "", "why": ""},
    ]
    assert verify(tmp_path / "out", Progress()).ok
    assert "excluded" not in manifest(tmp_path / "plain")
    for place in ("out", "plain"):
        card = (tmp_path / place / "DATACARD.md").read_text()
        assert "3 examples of the project are no part of this version." in card
        assert r"| too dark \| \<b\> | 2 |" in card
        assert "| (nobody said) | 1 |" in card
