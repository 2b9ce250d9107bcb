"""What is exported is read back by the libraries that it is for."""

import gc
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from version_places import Make, Place

from dataimp_gui.core.media.image import decode

SPLITS = {"train": 3, "test": 2}
LEFT_OPEN = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # webdataset closes no file


def streamed(shard: Path, *how: str) -> list[dict[str, Any]]:
    import webdataset

    examples = list(webdataset.WebDataset(str(shard), shardshuffle=False).decode(*how))
    gc.collect()  # its open files are warned of here, not in a later test
    return examples


@pytest.fixture
def pictures(make: Make) -> Place:
    """Five pictures of two classes, each of one colour, in two splits."""
    import cv2

    rows = []
    for number in range(5):
        data = cv2.imencode(".png", np.full((6, 6, 3), 40 * number, np.uint8))[1].tobytes()
        rows.append(
            {
                "id": f"shot.{number}",
                "label": "ab"[number % 2],
                "split": "train" if number < 3 else "test",
                "bytes": data,
                "media": f"{number}.png",
                "light": number / 4,
            }
        )
    place = make(rows, metadata={"light": "number"})
    place.commit()
    return place


@LEFT_OPEN
def test_webdataset_streams_the_shards(pictures: Place, tmp_path: Path) -> None:
    pictures.export("v1", tmp_path / "out", "webdataset")
    classes = json.loads((tmp_path / "out" / "manifest.json").read_text())["classes"]
    found = {}
    for split, count in SPLITS.items():
        examples = streamed(tmp_path / "out" / f"{split}-000000.tar", "rgb8")
        assert len(examples) == count
        for example in examples:
            about = example["json"]
            assert (about["split"], classes[example["cls"]]) == (split, about["label"])
            found[about["id"]] = (int(example["png"][0, 0, 0]), about["light"])
    assert found == {f"shot.{n}": (40 * n, n / 4) for n in range(5)}
    assert not (tmp_path / "out" / "media").exists()  # the shards hold the only copy


@LEFT_OPEN
def test_webdataset_streams_texts(make: Make, tmp_path: Path) -> None:
    place = make([{"id": "1", "text": "h\u00e9llo", "label": "x"}, {"id": "2", "text": "two\nlines"}], "text")
    place.commit()
    place.export("v1", tmp_path / "out", "webdataset")
    first, second = streamed(tmp_path / "out" / "examples-000000.tar")
    assert (first["txt"], first["cls"]) == ("h\u00e9llo", 0)
    assert second["txt"] == "two\nlines"
    assert "cls" not in second


def test_datasets_loads_a_hugging_face_folder(pictures: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_DATASETS_OFFLINE", "1")
    import datasets

    pictures.export("v1", tmp_path / "out", "hugging-face")
    loaded = datasets.load_dataset(str(tmp_path / "out"), cache_dir=str(tmp_path / "cache"))
    assert {name: len(part) for name, part in loaded.items()} == SPLITS
    shades = {row["id"]: np.asarray(row["image"])[0, 0, 0] for part in loaded.values() for row in part}
    assert shades == {f"shot.{n}": 40 * n for n in range(5)}


def test_datasets_loads_splits_of_any_name(make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_DATASETS_OFFLINE", "1")
    import datasets

    splits = ["train", "Train", "TRAIN", "a..b", "..", "x y", "x/y", "\u00e9", "con"]
    rows = [{"id": str(n), "text": split, "label": "x", "split": split} for n, split in enumerate(splits)]
    place = make(rows, "text")
    place.commit()
    place.export("v1", tmp_path / "out", "hugging-face")
    told = json.loads((tmp_path / "out" / "manifest.json").read_text())["split_names"]
    loaded = datasets.load_dataset(str(tmp_path / "out"), cache_dir=str(tmp_path / "cache"))
    assert {told[name]: part["text"] for name, part in loaded.items()} == {split: [split] for split in splits}


def test_datasets_does_not_answer_from_its_memory_when_another_version_came_to_the_same_place(
    pictures: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_DATASETS_OFFLINE", "1")
    import datasets

    pictures.relabel("shot.0", "b")
    pictures.commit()
    found = []
    for version in ("v1", "v2"):
        pictures.export(version, tmp_path / "out", "hugging-face")
        loaded = datasets.load_dataset(str(tmp_path / "out"), cache_dir=str(tmp_path / "cache"))
        found.append({row["id"]: row["label"] for part in loaded.values() for row in part}["shot.0"])
        (tmp_path / "out").rename(tmp_path / version)
    assert found == ["a", "b"]


def test_pandas_and_duckdb_read_the_tables(pictures: Place, tmp_path: Path) -> None:
    import duckdb
    import pandas

    pictures.export("v1", tmp_path / "parquet", "parquet")
    frame = pandas.read_parquet(tmp_path / "parquet" / "examples.parquet")
    assert frame["label"].tolist() == ["a", "b", "a", "b", "a"]
    first = os.path.join(tmp_path, "parquet", frame["media"][1])
    assert decode(first)[0, 0, 0] == 40
    pictures.export("v1", tmp_path / "csv", "csv")
    table = str(tmp_path / "csv" / "examples.csv")
    assert duckdb.sql(f"SELECT sum(light) FROM '{table}'").fetchall() == [(2.5,)]
