from pathlib import Path

import pytest
from version_places import Make, Place

from dataimp_gui.core.project import Project
from dataimp_gui.errors import DataimpError


def test_a_diff_says_what_changed_field_by_field(animals: Place) -> None:
    animals.commit()
    animals.relabel("cat/1.png", "dog")
    animals.relabel("cat/2.png", "")
    animals.relabel("new/1.png", "wolf")
    animals.move("cat/3.png", "val")
    animals.move("new/1.png", "val")
    animals.flag("cat/2.png", "tag:blurry")
    animals.flag("dog/2.png", "excluded")
    animals.commit()
    diff = animals.diff("v1", "v2")
    assert diff.counts == {
        "added": 0, "removed": 1, "included": 0, "excluded": 1, "relabelled": 3, "moved": 2, "tagged": 1, "media": 0,
        "augmented": 0,
    }  # fmt: skip
    assert diff.to_json() == {
        "a": "v1",
        "b": "v2",
        "counts": diff.counts,
        "added": [],
        "removed": ["dog/2.png"],
        "included": [],
        "excluded": ["dog/2.png"],
        "relabelled": [
            {"id": "cat/1.png", "from": "cat", "to": "dog", "by": "ada", "why": ""},
            {"id": "cat/2.png", "from": "cat", "to": "", "by": "ada", "why": ""},
            {"id": "new/1.png", "from": "", "to": "wolf", "by": "ada", "why": ""},
        ],
        "moved": [{"id": "cat/3.png", "from": "test", "to": "val"}, {"id": "new/1.png", "from": "", "to": "val"}],
        "tagged": [{"id": "cat/2.png", "added": ("blurry",), "removed": ()}],
        "media": [],
        "labels": [
            {"from": "", "to": "wolf", "count": 1},
            {"from": "cat", "to": "", "count": 1},
            {"from": "cat", "to": "dog", "count": 1},
        ],
        "slices": [],
        "in_test": None,
    }


def test_the_other_way_round_is_the_opposite(animals: Place) -> None:
    animals.commit()
    animals.relabel("cat/1.png", "dog")
    animals.flag("cat/2.png", "tag:blurry")
    animals.flag("dog/2.png", "excluded")
    animals.commit()
    back = animals.diff("v2", "v1")
    assert back.added == back.included == ("dog/2.png",)
    assert [(line.before, line.after) for line in back.relabelled] == [("dog", "cat")]
    assert back.tagged[0].removed == ("blurry",)


def test_a_version_and_itself_differ_in_nothing(animals: Place) -> None:
    content = animals.commit().version.content
    assert animals.diff("v1", content[:10]).is_empty


def test_the_draft_is_compared_as_it_stands(animals: Place) -> None:
    animals.commit()
    assert animals.diff("v1", "draft").is_empty
    animals.relabel("cat/1.png", "dog")
    assert [line.id for line in animals.diff("v1", "draft").relabelled] == ["cat/1.png"]
    assert animals.diff("draft", "v1").relabelled[0].after == "cat"
    animals.editing.undo()
    assert animals.diff("v1", "draft").is_empty


def test_lists_stop_at_the_limit_and_counts_do_not(make: Make) -> None:
    place = make([{"id": f"{n:03}", "label": "x", "text": "t"} for n in range(50)], "text")
    place.commit()
    place.editing.set_word("label", place.rows(*(f"{n:03}" for n in range(30))), "y")
    diff = place.diff("v1", "draft", limit=5)
    assert [line.id for line in diff.relabelled] == ["000", "001", "002", "003", "004"]
    assert diff.counts["relabelled"] == 30
    assert diff.labels == (("x", "y", 30),)


def test_an_unknown_version_is_named(animals: Place) -> None:
    animals.commit()
    with pytest.raises(DataimpError, match='There is no version "v7"'):
        animals.diff("v1", "v7")


def test_a_diff_says_who_relabelled_and_why_and_counts_by_saved_slice(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id,label,height\n" + "".join(f"{n},{'ab'[n % 2]},{n}\n" for n in range(10)))
    project, _ = Project.create(tmp_path / "t.dataimp", tmp_path / "t.csv", author="Mira")
    with project:
        project.slices.save("small", "height < 4")
        project.slices.save("large", "height > 7")
        project.commit("one")
        project.relabel(project.rows("id in ('0', '2', '6')"), "b", why="seen again")
        project.relabel(project.rows("id = '2'"), "a")
        project.relabel(project.rows("id = '2'"), "b", why="after all")
        project.exclude(project.rows("id = '1'"))
        project.commit("two")
        diff = project.diff("v1", "v2")
        assert [(line.id, line.by, line.why) for line in diff.relabelled] == [
            ("0", "Mira", "seen again"),
            ("2", "Mira", "after all"),
            ("6", "Mira", "seen again"),
        ]
        assert [(name, counts["relabelled"], counts["excluded"]) for name, counts in diff.slices] == [("small", 2, 1)]
        told = diff.to_json()
        assert told["relabelled"][1] == {"id": "2", "from": "a", "to": "b", "by": "Mira", "why": "after all"}
        assert told["slices"][0]["name"] == "small"
        project.relabel(project.rows("id = '9'"), "a")
        assert [name for name, _ in project.diff("v2").slices] == ["large"]
        project.export("v2", tmp_path / "out", "csv", licence="CC BY 4.0")
        card = (tmp_path / "out" / "DATACARD.md").read_text()
        assert "## Licence\n\nCC BY 4.0" in card
        assert "| small | height \\< 4 | 3 |" in card
        project.export("v2", tmp_path / "again", "csv")
        assert "## Licence\n\nNot stated." in (tmp_path / "again" / "DATACARD.md").read_text()


def test_a_diff_counts_what_changed_in_the_test_split(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("id,label,split\n" + "".join(f"{n},a,{('train', 'Test')[n % 2]}\n" for n in range(6)))
    with Project.create(tmp_path / "t.dataimp", table)[0] as project:
        project.commit("one")
        project.relabel(project.rows("id = '0'"), "b", new_class=True)
        project.tag(project.rows("true"), "seen")
        assert project.diff("v1").in_test == 0
        project.exclude(project.rows("id = '1'"))
        project.set_split(project.rows("id = '2'"), "Test")
        project.set_split(project.rows("id = '3'"), "train")
        assert project.diff("v1").to_json()["in_test"] == 3
