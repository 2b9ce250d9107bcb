import hashlib
import json
import os
import random
import shutil
from contextlib import suppress
from pathlib import Path

import pytest
from version_places import PNG, Make, Place

from dataimp_gui.core.engine import Engine
from dataimp_gui.core.versions import registry
from dataimp_gui.core.versions.manifest import read
from dataimp_gui.errors import Cancelled, DataimpError, ProjectError
from dataimp_gui.progress import Progress, Report


def manifest_rows(place: Place, name: str, columns: str) -> list[tuple[object, ...]]:
    engine = Engine()
    try:
        return engine.rows(f"SELECT {columns} FROM '{place.folder}/versions/{name}/manifest.parquet'")
    finally:
        engine.close()


def cancelling(phase: str) -> Progress:
    """A handle that presses Cancel when ``phase`` begins."""

    def press(report: Report) -> None:
        if report.phase == phase:
            progress.cancel()

    progress = Progress(press)
    return progress


def test_a_first_version_lists_every_example_in_its_row_order(animals: Place) -> None:
    result = animals.commit("first", author="grace")
    version = result.version
    assert (version.name, version.parent, version.message, version.author) == ("v1", "", "first", "grace")
    assert (version.examples, version.added, version.removed, version.relabelled) == (6, 6, 0, 0)
    assert version.at.endswith("+00:00")
    assert result.changed_media == ()
    rows = manifest_rows(animals, "v1", '"row", id, media, label, split, tags, excluded, origin, label_by, source')
    assert [row[0] for row in rows] == list(range(6))
    assert rows[0][1:] == ("cat/1.png", "cat/1.png", "cat", "train", [], False, "imported", "imported", 1)
    assert rows[5][3:5] == (None, None)
    (hashed,) = manifest_rows(animals, "v1", "sha256")[1]
    assert hashed == hashlib.sha256(PNG + b"two").hexdigest()


def test_version_json_says_what_was_committed_and_vouches_for_the_manifest(animals: Place) -> None:
    version = animals.commit("first").version
    folder = animals.folder / "versions" / "v1"
    document = json.loads((folder / "version.json").read_text())
    assert document["content"] == version.content
    assert document["counts"] == {
        "examples": 6, "added": 6, "removed": 0, "relabelled": 0, "augmented": 0, "synthetic": 0
    }  # fmt: skip
    assert document["manifest"]["sha256"] == hashlib.sha256((folder / "manifest.parquet").read_bytes()).hexdigest()
    assert document["contract"]["classes"] == ["cat", "dog"]
    assert document["format"] == 1
    assert document["program"].startswith("dataimp ")


def test_a_later_version_counts_what_changed_and_says_who_gave_a_label(animals: Place) -> None:
    animals.commit()
    animals.relabel("cat/1.png", "dog")
    animals.flag("cat/2.png", "tag:b")
    animals.flag("cat/2.png", "tag:a")
    animals.flag("dog/1.png", "excluded")
    animals.editing.set_word("note", animals.rows("cat/3.png"), "odd")
    version = animals.commit().version
    assert (version.name, version.parent) == ("v2", "v1")
    assert (version.examples, version.added, version.removed, version.relabelled) == (5, 0, 1, 1)
    rows = {
        row[0]: row[1:]
        for row in manifest_rows(animals, "v2", "id, label, given_label, label_by, tags, excluded, note")
    }
    assert rows["cat/1.png"] == ("dog", "cat", "ada", [], False, None)
    assert rows["cat/2.png"] == ("cat", "cat", "imported", ["a", "b"], False, None)
    assert rows["dog/1.png"][4] is True
    assert rows["cat/3.png"][5] == "odd"


def test_a_first_version_counts_labels_that_differ_from_the_import(animals: Place) -> None:
    animals.relabel("cat/1.png", "dog")
    assert animals.commit().version.relabelled == 1


def test_committing_what_is_in_the_newest_version_already_is_refused(animals: Place) -> None:
    animals.commit()
    with pytest.raises(DataimpError, match=r"Nothing changed since v1\."):
        animals.commit()
    animals.relabel("cat/1.png", "dog")
    animals.editing.undo()
    with pytest.raises(DataimpError, match="Nothing changed"):
        animals.commit()
    assert [version.name for version in registry.versions(animals.database)] == ["v1"]
    assert os.listdir(animals.folder / "versions") == ["v1"]
    assert animals.commit(allow_unchanged=True).version.name == "v2"


def test_going_back_to_older_content_is_a_new_version_with_the_old_content_id(animals: Place) -> None:
    first = animals.commit().version
    animals.relabel("cat/1.png", "dog")
    second = animals.commit().version
    animals.editing.undo()
    third = animals.commit().version
    assert third.content == first.content != second.content
    assert (third.name, third.parent, third.relabelled) == ("v3", "v2", 1)


def test_a_version_can_have_another_parent_than_the_newest(animals: Place) -> None:
    animals.commit()
    animals.relabel("cat/1.png", "dog")
    animals.commit()
    animals.relabel("cat/2.png", "dog")
    version = animals.commit(parent="v1").version
    assert (version.parent, version.relabelled) == ("v1", 2)


def test_versions_are_found_by_name_and_by_the_start_of_their_content(animals: Place) -> None:
    first = animals.commit().version
    assert registry.find(animals.database, "v1") == first
    assert registry.find(animals.database, first.content[:8].upper()) == first
    with pytest.raises(DataimpError, match='no version "v9"') as caught:
        registry.find(animals.database, "v9")
    assert "v1" in caught.value.hint
    with pytest.raises(DataimpError, match="no version"):
        registry.find(animals.database, first.content[:3])


def test_missing_media_refuse_a_commit_and_are_named(animals: Place, tmp_path: Path) -> None:
    for name in ("cat/1.png", "cat/2.png", "cat/3.png", "dog/1.png"):
        (tmp_path / "p-media" / name).unlink()
    with pytest.raises(DataimpError, match=r"4 media files are missing: cat/1.png, cat/2.png, cat/3.png and 1 more\."):
        animals.commit()
    assert os.listdir(animals.folder / "versions") == []
    for name in ("cat/1.png", "cat/2.png", "cat/3.png", "dog/1.png"):
        animals.flag(name, "excluded")
    assert animals.commit().version.examples == 2


def test_a_folder_in_the_place_of_a_file_is_missing_media(animals: Place, tmp_path: Path) -> None:
    (tmp_path / "p-media" / "cat/1.png").unlink()
    (tmp_path / "p-media" / "cat/1.png").mkdir()
    with pytest.raises(DataimpError, match=r"1 media file is missing: cat/1.png\."):
        animals.commit()


def test_changed_media_are_hashed_again_and_reported(animals: Place, tmp_path: Path) -> None:
    first = animals.commit().version
    path = tmp_path / "p-media" / "cat/2.png"
    path.write_bytes(PNG + b"TWO")
    result = animals.commit()
    assert result.changed_media == ("cat/2.png",)
    assert result.changed_media_count == 1
    assert result.version.content != first.content
    assert manifest_rows(animals, "v2", "sha256")[1] == (hashlib.sha256(PNG + b"TWO").hexdigest(),)
    assert animals.diff("v1", "v2").media == ("cat/2.png",)
    assert animals.diff("v2", "draft").is_empty
    with pytest.raises(DataimpError, match="Nothing changed since v2"):
        animals.commit()


def test_a_touched_file_with_the_same_bytes_is_no_change(animals: Place, tmp_path: Path) -> None:
    animals.commit()
    os.utime(tmp_path / "p-media" / "cat/2.png", ns=(1, 1))
    with pytest.raises(DataimpError, match="Nothing changed"):
        animals.commit()


def test_media_that_were_never_hashed_are_hashed_at_the_commit(make: Make) -> None:
    place = make([{"id": "a", "bytes": b"one", "label": "x"}])
    engine = Engine()
    table = place.folder / "tables" / "examples-0001.parquet"
    engine.run(f"CREATE TABLE t AS SELECT * REPLACE (NULL::VARCHAR AS sha256) FROM '{table}'")
    engine.run(f"COPY t TO '{table}' (FORMAT parquet)")
    engine.close()
    result = place.commit()
    assert manifest_rows(place, "v1", "sha256") == [(hashlib.sha256(b"one").hexdigest(),)]
    assert result.changed_media == ()


def test_a_link_that_came_to_point_outside_the_media_folder_is_not_read(animals: Place, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("do not read")
    path = tmp_path / "p-media" / "cat/1.png"
    path.unlink()
    path.symlink_to(secret)
    with pytest.raises(DataimpError, match="outside the media folder"):
        animals.commit()


def test_an_object_of_the_project_that_was_changed_is_refused(make: Make) -> None:
    place = make([{"id": "a", "label": "x", "media": "sha256:" + hashlib.sha256(b"one").hexdigest()}])
    digest = place.objects.put(b"one")
    assert manifest_rows(place, place.commit().version.name, "sha256") == [(digest,)]
    place.objects.path(digest).write_bytes(b"eno!")
    with pytest.raises(DataimpError, match="own copy"):
        place.commit()


def test_cancelling_leaves_nothing(animals: Place) -> None:
    for phase in ("Checking media", "Hashing the version", "Writing the version"):
        with pytest.raises(Cancelled):
            animals.commit(progress=cancelling(phase))
        assert os.listdir(animals.folder / "versions") == []
        assert registry.versions(animals.database) == []
    assert animals.commit().version.name == "v1"


def test_what_a_commit_that_died_left_is_swept_and_its_number_is_used(animals: Place) -> None:
    animals.commit()
    left = animals.folder / "versions" / ".part-123"
    left.mkdir()
    (left / "manifest.parquet.part").write_bytes(b"half")
    orphan = animals.folder / "versions" / "v2"
    shutil.copytree(animals.folder / "versions" / "v1", orphan)
    animals.relabel("cat/1.png", "dog")
    version = animals.commit().version
    assert sorted(os.listdir(animals.folder / "versions")) == ["v1", "v2"]
    assert read(animals.folder, version).info == version
    assert animals.diff("v1", "v2").counts["relabelled"] == 1


def test_a_flipped_byte_in_a_version_is_found_before_it_is_used(animals: Place) -> None:
    version = animals.commit().version
    draw = random.Random(0)
    for file in ("manifest.parquet", "version.json") * 100:
        path = animals.folder / "versions" / "v1" / file
        data = path.read_bytes()
        flipped = bytearray(data)
        flipped[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
        path.write_bytes(bytes(flipped))
        with suppress(ProjectError):
            found = read(animals.folder, version)
            assert (file, found.contract, found.info) == ("version.json", animals.contract, version)
        path.write_bytes(data)


@pytest.mark.parametrize("file", ["manifest.parquet", "version.json"])
def test_a_missing_file_of_a_version_is_named(animals: Place, file: str) -> None:
    animals.commit()
    (animals.folder / "versions" / "v1" / file).unlink()
    with pytest.raises(ProjectError, match=file):
        animals.diff("v1", "draft")


def test_texts_and_tables_are_committed_without_media(make: Make) -> None:
    texts = make([{"id": "1", "text": "hello", "label": "x"}, {"id": "2", "text": "", "label": "y"}], "text", "t")
    texts.commit()
    assert manifest_rows(texts, "v1", "sha256, media") == [
        (hashlib.sha256(b"hello").hexdigest(), None),
        (hashlib.sha256(b"").hexdigest(), None),
    ]
    table = make([{"id": "1", "label": "x", "age": 3.0}], "table", "b", {"age": "number"})
    table.commit()
    assert manifest_rows(table, "v1", "sha256, metadata") == [(None, hashlib.sha256(b'{"age":3.0}').hexdigest())]
