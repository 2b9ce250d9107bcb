"""What is exported and imported again has the same ids, labels and splits, in every format, however nasty they are."""

import io
import json
import wave
from pathlib import Path

import cv2
import numpy as np
import pytest

from dataimp_gui.core.project import Project
from dataimp_gui.core.versions import writers
from dataimp_gui.core.versions.verify import verify
from dataimp_gui.errors import FormatError
from dataimp_gui.progress import Progress

IDS = [
    "001",
    "1",
    "NA",
    "null",
    "=1+1",
    "'=x",
    "@me",
    "-5",
    "a/b.png",
    "a_b",
    "A/B",
    "é 😀",
    "..",
    'q"uo,te',
    "2020-01-01",
]
LABELS = ["a/b", "a_b", "A_B", "null", "-1", "cat 😀", "'+", "CON"]
SPLITS = ["train", "test", "my/split", ""]

LEFT_OUT = {"table": ["class-folders"], "audio": ["csv", "jsonl", "parquet"]}  # impossible; the same as for images
IMPORTED = [name for name in writers.FORMATS if name != "webdataset"]  # that one is for training alone


def picture(number: int) -> bytes:
    return cv2.imencode(".png", np.full((4, 4, 3), number, np.uint8))[1].tobytes()


def sound(number: int) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(np.full(400, number * 100, "<i2").tobytes())
    return out.getvalue()


def source(folder: Path, modality: str, *, has_splits: bool) -> Path:
    """A table of JSON lines with nasty ids, labels and splits, and the files it names."""
    folder.mkdir()
    lines = []
    for number, id_ in enumerate(IDS):
        row: dict[str, object] = {
            "id": id_,
            "label": LABELS[number % len(LABELS)],
            "score": number / 3,
            "why": f"={number}",
        }
        if has_splits:
            row["split"] = SPLITS[number % len(SPLITS)]
        if modality == "text":
            row["text"] = ["=SUM(1)", "two\nlines", "plain words", " spaces "][number % 4] + str(number)
        if modality in ("image", "audio"):
            row["file"] = f"{number}.{'png' if modality == 'image' else 'wav'}"
            data = picture(number) if modality == "image" else sound(number)
            (folder / str(row["file"])).write_bytes(data)
        lines.append(json.dumps(row))
    (folder / "rows.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder / "rows.jsonl"


def facts(project: Project) -> list[tuple[object, ...]]:
    rows = np.flatnonzero(~project.state.excluded)
    names = ["id", "label", "split"] + (["text"] if project.modality.value == "text" else [])
    values = project.query.values(names, rows)
    found = zip(*(values[name] for name in names), strict=True)
    return sorted((tuple(value or "" for value in line) for line in found), key=str)


@pytest.mark.parametrize(
    ("modality", "has_splits"), [("image", True), ("audio", False), ("text", True), ("text", False), ("table", False)]
)
def test_a_round_trip_keeps_ids_labels_and_splits(tmp_path: Path, modality: str, has_splits: bool) -> None:
    original, summary = Project.create(tmp_path / "p.dataimp", source(tmp_path / "in", modality, has_splits=has_splits))
    with original:
        assert (summary.examples, summary.quarantined) == (len(IDS), 0)
        assert original.modality == modality
        original.relabel(np.array([0, 3]), "new/label", new_class=True)
        original.relabel(np.array([4]), "")
        original.tag(np.array([1]), "odd")
        original.exclude(np.array([5]))
        original.commit("nasty")
        expected = facts(original)
        assert len(expected) == len(IDS) - 1
        for format_ in IMPORTED:
            if format_ in LEFT_OUT.get(modality, ()):
                continue
            dest = tmp_path / format_
            original.export("v1", dest, format_)
            assert verify(dest, Progress()).ok
            again, summary = Project.create(tmp_path / f"{format_}.dataimp", dest)
            with again:
                assert summary.quarantined == 0, (format_, summary.by_reason)
                assert again.modality == modality
                assert facts(again) == expected, format_


def test_the_table_of_an_export_can_be_given_instead_of_its_folder(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p.dataimp", source(tmp_path / "in", "image", has_splits=True))[0] as original:
        original.commit("all")
        expected = facts(original)
        for format_, table in (("csv", "examples.csv"), ("jsonl", "examples.jsonl"), ("parquet", "examples.parquet")):
            original.export("v1", tmp_path / format_, format_)
            with Project.create(tmp_path / f"{format_}.dataimp", tmp_path / format_ / table)[0] as again:
                assert facts(again) == expected
                assert again.query.values(["why"], np.array([again.row("001"), again.row("1")]))["why"] == ["=0", "=1"]


def test_shards_are_told_to_be_for_training(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p.dataimp", source(tmp_path / "in", "image", has_splits=True))[0] as original:
        original.commit("all")
        original.export("v1", tmp_path / "shards", "webdataset")
    with pytest.raises(FormatError, match="does not read"):
        Project.create(tmp_path / "again.dataimp", tmp_path / "shards")
    assert not (tmp_path / "again.dataimp").exists()


def test_what_came_back_has_the_same_bytes(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p.dataimp", source(tmp_path / "in", "image", has_splits=True))[0] as original:
        original.commit("all")
        original.export("v1", tmp_path / "out", "class-folders")
        original.export("v1", tmp_path / "embedded", "parquet", embed=True)
        for name in ("out", "embedded"):
            with Project.create(tmp_path / f"{name}.dataimp", tmp_path / name)[0] as again:
                for row, id_ in enumerate(again.ids(np.arange(again.count))):
                    path, original_path = again.media_path(row), original.media_path(original.row(id_))
                    assert path is not None
                    assert original_path is not None
                    assert path.read_bytes() == original_path.read_bytes()


def test_a_damaged_manifest_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{\n "dataimp_export": 1,\n "format": "csv", "examples": "many"}')
    with pytest.raises(FormatError, match="is damaged"):
        Project.create(tmp_path / "p.dataimp", tmp_path)
    (tmp_path / "manifest.json").write_text('{\n "dataimp_export": 9}')
    with pytest.raises(FormatError, match="newer Dataimp"):
        Project.create(tmp_path / "p.dataimp", tmp_path)
