import csv
import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from version_places import PNG, Make, Place, contents, manifest

from dataimp_gui.core.augment.loading import load_policy
from dataimp_gui.core.augment.policy import Policy, Step, content_id
from dataimp_gui.core.augmenting import saved
from dataimp_gui.core.engine import Engine
from dataimp_gui.core.model import Modality
from dataimp_gui.core.storage.locations import NO_FOLLOW
from dataimp_gui.core.versions import writers
from dataimp_gui.core.versions.export import Chosen
from dataimp_gui.core.versions.verify import verify
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress

FORMATS = list(writers.FORMATS)
TELLS_WHO = {"version.json", "DATACARD.md", "DATACARD.html"}


def cells_of(file: Path) -> list[dict[str, str]]:
    with file.open(newline="", encoding="utf-8") as opened:
        return list(csv.DictReader(opened))


def lines_of(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").split("\n")[:-1]]


def table(file: Path) -> list[dict[str, Any]]:
    engine = Engine()
    try:
        names = [name for name, _ in engine.columns(f"SELECT * FROM '{file}'")]
        return [dict(zip(names, row, strict=True)) for row in engine.rows(f"SELECT * FROM '{file}'")]
    finally:
        engine.close()


def edited(animals: Place) -> Place:
    """Two versions; the second has a relabelled, a tagged, a moved and an excluded example."""
    animals.commit("first")
    animals.relabel("cat/1.png", "dog")
    animals.flag("cat/2.png", "tag:blurry")
    animals.flag("dog/2.png", "excluded")
    animals.move("cat/3.png", "val")
    animals.commit("second")
    return animals


@pytest.mark.parametrize("format_", FORMATS)
def test_an_export_is_whole_and_sha256sum_agrees(animals: Place, tmp_path: Path, format_: str) -> None:
    dest = tmp_path / "deep" / "out"
    result = edited(animals).export("v2", dest, format_)
    assert (result.examples, result.version, result.format, result.note) == (5, "v2", format_, "")
    assert os.listdir(dest.parent) == ["out"]
    checked = verify(dest, Progress())
    assert checked.ok
    assert (checked.files, checked.bytes) == (result.files, result.bytes)
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=dest, check=True)
    assert b"dog/2.png" not in b"".join(contents(dest).values())
    told = json.loads((dest / "version.json").read_text())
    assert (told["name"], told["message"], told["content"]) == ("v2", "second", result.content)
    about = manifest(dest)
    assert (about["content"], about["format"], about["examples"]) == (result.content, format_, 5)
    assert about["labels"] == {"": 1, "cat": 2, "dog": 2}


def test_class_folders_hold_each_file_under_its_split_and_label(animals: Place, tmp_path: Path) -> None:
    edited(animals).export("v2", tmp_path / "out", "class-folders")
    found = {path: data for path, data in contents(tmp_path / "out").items() if path.endswith(".png")}
    assert found == {
        "train/cat/2.png": PNG + b"two",
        "train/dog/1.png": PNG + b"one",
        "train/dog/1~2.png": PNG + b"four",
        "val/cat/3.png": PNG + b"three",
        "_no split/_no label/1.png": PNG + b"six",
    }
    about = manifest(tmp_path / "out")
    assert about["folders"]["label"] == {"cat": "cat", "dog": "dog", "_no label": None}
    assert about["folders"]["split"] == {"train": "train", "val": "val", "_no split": None}
    ids = {file["path"]: file["id"] for file in about["files"]}
    assert (ids["train/dog/1.png"], ids["train/dog/1~2.png"]) == ("cat/1.png", "dog/1.png")


def test_an_older_version_is_exported_as_it_was(animals: Place, tmp_path: Path) -> None:
    edited(animals).export("v1", tmp_path / "out", "csv")
    rows = cells_of(tmp_path / "out" / "examples.csv")
    assert [row["label"] for row in rows] == ["cat", "cat", "cat", "dog", "dog", ""]
    assert "tags" not in rows[0]


def test_a_part_of_a_version_is_exported_with_the_clause_that_chose_it(animals: Place, tmp_path: Path) -> None:
    edited(animals)
    only = Chosen("label = 'dog'", animals.rows("cat/1.png", "dog/1.png", "dog/2.png"))
    result = animals.export("v2", tmp_path / "out", "csv", only=only)
    rows = cells_of(tmp_path / "out" / "examples.csv")
    assert [row["id"] for row in rows] == ["cat/1.png", "dog/1.png"]
    assert (result.examples, manifest(tmp_path / "out")["where"]) == (2, "label = 'dog'")
    assert "label = 'dog'" in (tmp_path / "out" / "DATACARD.html").read_text().replace("&#x27;", "'")
    assert verify(tmp_path / "out", Progress()).ok
    with pytest.raises(DataimpError, match="holds no example"):
        animals.export("v2", tmp_path / "none", "csv", only=Chosen("note = 'x'", animals.rows()))
    assert not (tmp_path / "none").exists()


def test_the_policies_of_a_version_are_content_and_leave_with_it(animals: Place, tmp_path: Path) -> None:
    without = animals.commit("without").version
    made = Policy("Dim: *light*", Modality.IMAGE, steps=(Step("brightness", 0.7),))
    saved.put(animals.editing, animals.state, made, "")
    version = animals.commit("with a policy").version
    assert version.content != without.content
    animals.editing.undo()
    assert animals.commit("without again").version.content == without.content
    animals.export("v2", tmp_path / "out", "class-folders")
    (file,) = (tmp_path / "out").glob("policy-*.json")
    assert load_policy(file).policy == made
    assert manifest(tmp_path / "out")["policies"] == {file.name: content_id(made)}
    assert verify(tmp_path / "out", Progress()).ok


@pytest.mark.skipif(not NO_FOLLOW, reason="every path is resolved where a link cannot be refused")
def test_a_link_among_the_media_is_followed_inside_their_folder_only(animals: Place, tmp_path: Path) -> None:
    animals.commit("first")
    media, outside = tmp_path / "p-media" / "cat" / "1.png", tmp_path / "elsewhere.png"
    inside = media.with_name("real.bin")
    os.rename(media, inside)
    media.symlink_to(inside)
    animals.export("v1", tmp_path / "out", "csv")
    assert (tmp_path / "out" / "media" / "cat" / "1.png").read_bytes() == inside.read_bytes()
    os.rename(inside, outside)
    media.unlink()
    media.symlink_to(outside)
    with pytest.raises(DataimpError, match="outside the media folder"):
        animals.export("v1", tmp_path / "again", "csv")


def test_the_tables_say_the_same_in_every_format(animals: Place, tmp_path: Path) -> None:
    edited(animals)
    for format_ in ("csv", "jsonl", "parquet"):
        animals.export("v2", tmp_path / format_, format_)
    rows = table(tmp_path / "parquet" / "examples.parquet")
    assert [list(row) for row in rows] == [["id", "media", "label", "split", "tags", "brightness"]] * 5
    assert [row["id"] for row in rows] == ["cat/1.png", "cat/2.png", "cat/3.png", "dog/1.png", "new/1.png"]
    assert [row["split"] for row in rows] == ["train", "train", "val", "train", None]
    lines = lines_of(tmp_path / "jsonl" / "examples.jsonl")
    rows[3]["brightness"] = None  # not a number, which JSON cannot say
    assert lines == rows
    cells = cells_of(tmp_path / "csv" / "examples.csv")
    assert [row["tags"] for row in cells] == ["", '["blurry"]', "", "", ""]
    assert [row["brightness"] for row in cells] == ["0.5", "1e-07", "", "nan", "-3.0"]
    for format_ in ("csv", "jsonl", "parquet"):
        for row in rows:
            data = (tmp_path / format_ / row["media"]).read_bytes()
            assert data == (tmp_path / "p-media" / row["id"]).read_bytes()


def test_parquet_can_hold_the_bytes_themselves(animals: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dataimp_gui.core.versions.writers.parquet.SHARD_BYTES", 30)
    animals.commit()
    result = animals.export("v1", tmp_path / "out", "parquet", embed=True)
    assert verify(tmp_path / "out", Progress()).files == result.files
    shards = sorted((tmp_path / "out").glob("*.parquet"))
    assert [shard.name for shard in shards] == [f"examples-0000{n}-of-00003.parquet" for n in range(3)]
    rows = [row for shard in shards for row in table(shard)]
    assert [row["id"] for row in rows] == ["cat/1.png", "cat/2.png", "cat/3.png", "dog/1.png", "dog/2.png", "new/1.png"]
    assert rows[1]["media"] == {"bytes": PNG + b"two", "path": "media/cat/2.png"}
    assert not (tmp_path / "out" / "media").exists()


def test_a_hugging_face_folder_of_media_has_metadata_for_each_split(animals: Place, tmp_path: Path) -> None:
    edited(animals).export("v2", tmp_path / "out", "hugging-face")
    lines = table(tmp_path / "out" / "train" / "metadata.parquet")
    assert [(line["file_name"], line["id"], line["label"]) for line in lines] == [
        ("1.png", "cat/1.png", "dog"),
        ("2.png", "cat/2.png", "cat"),
        ("1~2.png", "dog/1.png", "dog"),
    ]
    assert (tmp_path / "out" / "train" / "1~2.png").read_bytes() == PNG + b"four"
    readme = (tmp_path / "out" / "README.md").read_text()
    assert re.findall(r'split: "(.+)"\n    path: "(.+)"', readme) == [
        ("train", "train/**"),
        ("val", "val/**"),
        ("unsplit", "_no split/**"),
    ]


def test_a_hugging_face_folder_of_texts_has_a_parquet_file_for_each_split(make: Make, tmp_path: Path) -> None:
    rows = [
        {"id": f"{n}", "text": f"text {n}", "label": "xy"[n % 2], "split": ["train", "a/b"][n % 2]} for n in range(4)
    ]
    place = make(rows, "text")
    place.commit()
    place.export("v1", tmp_path / "out", "hugging-face")
    train = table(tmp_path / "out" / "data" / "train-00000-of-00001.parquet")
    assert train == [
        {"id": "0", "text": "text 0", "label": "x", "split": "train"},
        {"id": "2", "text": "text 2", "label": "x", "split": "train"},
    ]
    assert [row["id"] for row in table(tmp_path / "out" / "data" / "a_b-00000-of-00001.parquet")] == ["1", "3"]
    assert manifest(tmp_path / "out")["split_names"] == {"a_b": "a/b", "train": "train"}


def test_label_studio_tasks_carry_the_labels_as_annotations(animals: Place, tmp_path: Path) -> None:
    edited(animals).export("v2", tmp_path / "out", "label-studio")
    tasks = json.loads((tmp_path / "out" / "tasks.json").read_text(encoding="utf-8"))
    assert [task["id"] for task in tasks] == [1, 2, 3, 4, 5]
    assert tasks[0]["data"]["image"] == "/data/local-files/?d=media/cat/1.png"
    assert tasks[0]["data"]["id"] == "cat/1.png"
    (result,) = tasks[0]["annotations"][0]["result"]
    assert result == {
        "from_name": "label", "to_name": "image", "type": "choices", "value": {"choices": ["dog"]}
    }  # fmt: skip
    assert tasks[4]["annotations"] == []
    interface = (tmp_path / "out" / "label_config.xml").read_text()
    assert '<Choice value="cat"/>' in interface


@pytest.mark.parametrize("format_", [name for name in FORMATS if name != "class-folders"])
def test_a_table_without_media_is_exported(make: Make, tmp_path: Path, format_: str) -> None:
    place = make([{"id": "1", "label": "x", "age": 3.0}, {"id": "2", "age": None}], "table", "t", {"age": "number"})
    place.commit()
    place.export("v1", tmp_path / "out", format_)
    assert verify(tmp_path / "out", Progress()).ok


def test_class_folders_of_texts_are_files_and_of_tables_are_refused(make: Make, tmp_path: Path) -> None:
    texts = make([{"id": "a/1.txt", "text": "héllo\r\n", "label": "x"}, {"id": "2", "text": "", "label": "y"}], "text")
    texts.commit()
    texts.export("v1", tmp_path / "out", "class-folders")
    found = contents(tmp_path / "out")
    assert found["x/1.txt"] == "héllo\r\n".encode()
    assert found["y/2.txt"] == b""
    table_ = make([{"id": "1", "label": "x"}], "table", "t")
    table_.commit()
    with pytest.raises(DataimpError, match="this dataset is a table"):
        table_.export("v1", tmp_path / "no", "class-folders")
    assert not (tmp_path / "no").exists()


NASTY = [
    "=1+1", "+1", "-1", "@x", "\tx", "\rx", "'=x", "''@", "'plain", "x=1", "", 'q"uote', "a,b", "a\nb", "a\r\nb", " =1",
    "é😀", "\x00", "NULL", "1", "nan",
]  # fmt: skip


def undone(cell: str) -> str:
    return cell[1:] if re.match(r"'+[=+\-@\t\r]", cell) else cell


def test_cells_of_a_csv_cannot_be_formulas_and_come_back_exactly(make: Make, tmp_path: Path) -> None:
    rows = [
        {"id": f"{text}#{n}", "text": text, "label": text or None, "=cmd": text, "n": -1.5}
        for n, text in enumerate(NASTY)
    ]
    place = make(rows, "text", metadata={"=cmd": "text", "n": "number"})
    place.commit()
    place.export("v1", tmp_path / "out", "csv")
    with (tmp_path / "out" / "examples.csv").open(newline="", encoding="utf-8") as file:
        header, *cells = csv.reader(file)
    assert header == ["id", "text", "label", "'=cmd", "n"]
    for row in cells:
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row[:4])
        assert row[4] == "-1.5"
    found = {tuple(undone(cell) for cell in row[:4]) for row in cells}
    assert found == {(row["id"], row["text"], row["text"], row["=cmd"]) for row in rows}
    assert manifest(tmp_path / "out")["csv"]["undo"] == "^'+[=+\\-@\\t\\r]"


def test_empty_and_absent_texts_stay_apart_in_a_csv(make: Make, tmp_path: Path) -> None:
    place = make(
        [{"id": "1", "text": "a", "m": ""}, {"id": "2", "text": "b", "m": None}], "text", metadata={"m": "text"}
    )
    place.commit()
    place.export("v1", tmp_path / "out", "csv")
    assert (tmp_path / "out" / "examples.csv").read_text() == 'id,text,label,m\n1,a,,""\n2,b,,\n'


LABELS = ["a/b", "a_b", "A_B", "..", "", "CON", "cat 😀", "x" * 300, "tail.", "a\nb", "_no label"]


def test_class_names_become_safe_folders_and_the_manifest_says_which_is_which(make: Make, tmp_path: Path) -> None:
    rows = [{"id": f"{n}/../x.png", "label": label or None, "bytes": b"%d" % n, "media": f"{n}"} for n, label in
            enumerate(LABELS)]  # fmt: skip
    place = make(rows)
    place.commit()
    place.export("v1", tmp_path / "out", "class-folders")
    folders = manifest(tmp_path / "out")["folders"]["label"]
    assert sorted(folders.values(), key=str) == sorted((label or None for label in LABELS), key=str)
    assert len({folder.casefold() for folder in folders}) == len(LABELS)
    for path, data in contents(tmp_path / "out").items():
        if path.endswith(".png"):
            assert (folders[path.split("/")[0]] or "") == LABELS[int(data)]
    assert verify(tmp_path / "out", Progress()).ok
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=tmp_path / "out", check=True)


def test_no_id_leads_out_of_the_export(make: Make, tmp_path: Path) -> None:
    ids = ["../../evil.png", "/etc/passwd", "C:\\x.png", "a", "a/b.png", "a.png", "A.png", "a.png/c", "~", "x" * 500]
    place = make([{"id": id_, "bytes": b"%d" % n, "media": f"{n}"} for n, id_ in enumerate(ids)])
    place.commit()
    for format_ in ("csv", "class-folders", "hugging-face"):
        place.export("v1", tmp_path / "deep" / "out" / format_, format_)
        about = manifest(tmp_path / "deep" / "out" / format_)
        by_id = {file["id"]: file["path"] for file in about["files"] if "id" in file}
        assert set(by_id) == set(ids)
        assert len({path.casefold() for path in by_id.values()}) == len(ids)
        for n, id_ in enumerate(ids):
            assert (tmp_path / "deep" / "out" / format_ / by_id[id_]).read_bytes() == b"%d" % n
    assert os.listdir(tmp_path / "deep") == ["out"]
    assert sorted(os.listdir(tmp_path / "deep" / "out")) == ["class-folders", "csv", "hugging-face"]


def test_equal_content_gives_equal_bytes_but_for_version_json_and_its_sum(make: Make, tmp_path: Path) -> None:
    rows = [
        {"id": f"{n:02}", "label": "xy"[n % 2], "split": ["train", "test"][n % 2], "bytes": PNG + b"%d" % n, "k": n / 3}
        for n in range(12)
    ]
    one = make(rows, name="one", metadata={"k": "number"})
    other_rows = [row | {"media": f"other/{row['id']}.jpeg"} for row in reversed(rows)]
    other = make(other_rows, name="other", metadata={"k": "number"}, root=tmp_path / "elsewhere")
    other.commit("an extra version")
    for place in (one, other):
        place.relabel("03", "z")
        place.flag("04", "tag:b")
        place.commit("message of " + place.folder.name, author=place.folder.name)
    for format_ in FORMATS:
        one.export("v1", tmp_path / "a" / format_, format_)
        other.export("v2", tmp_path / "b" / format_, format_)
        first, second = contents(tmp_path / "a" / format_), contents(tmp_path / "b" / format_)
        assert first.keys() == second.keys()
        differing = {path for path in first if first[path] != second[path]}
        assert differing == {*TELLS_WHO, "SHA256SUMS"}
        lines = [set(found["SHA256SUMS"].splitlines()) for found in (first, second)]
        assert {line.split()[-1].decode() for line in lines[0] - lines[1]} == TELLS_WHO


def test_the_data_card_counts_and_takes_no_text_for_markup(make: Make, tmp_path: Path) -> None:
    nasty = "<b>a|b</b> *x*"
    rows = [{"id": str(n), "text": "t", "label": [nasty, "plain"][n % 2], "split": "train"} for n in range(5)]
    place = make(rows, "text")
    place.commit("<script>alert(1)</script>")
    place.export("v1", tmp_path / "out", "csv")
    card = (tmp_path / "out" / "DATACARD.md").read_text()
    assert r"| \<b\>a\|b\</b\> \*x\* | 3 | 3 |" in card
    assert "| plain | 2 | 2 |" in card
    assert "In this first version: 5 added." in card
    page = (tmp_path / "out" / "DATACARD.html").read_text()
    assert "&lt;script&gt;" in page
    assert "<script" not in page
    assert "<td>&lt;b&gt;a|b&lt;/b&gt; *x*</td><td>3</td>" in page
