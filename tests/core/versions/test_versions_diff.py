import pytest
from version_places import Make, Place

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
            {"id": "cat/1.png", "from": "cat", "to": "dog"},
            {"id": "cat/2.png", "from": "cat", "to": ""},
            {"id": "new/1.png", "from": "", "to": "wolf"},
        ],
        "moved": [{"id": "cat/3.png", "from": "test", "to": "val"}, {"id": "new/1.png", "from": "", "to": "val"}],
        "tagged": [{"id": "cat/2.png", "added": ("blurry",), "removed": ()}],
        "media": [],
        "labels": [
            {"from": "", "to": "wolf", "count": 1},
            {"from": "cat", "to": "", "count": 1},
            {"from": "cat", "to": "dog", "count": 1},
        ],
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
