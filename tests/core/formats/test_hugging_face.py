import json
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from dataimp_gui.core import formats
from dataimp_gui.core.engine import Engine
from dataimp_gui.core.formats.found import Found
from dataimp_gui.core.model import Modality, Rejected, Role
from dataimp_gui.core.storage.objects import Objects
from dataimp_gui.errors import FormatError
from dataimp_gui.progress import Progress

PNG = cv2.imencode(".png", np.full((4, 4, 3), 90, np.uint8))[1].tobytes()
README = """---
license: mit
dataset_info:
  features:
  - name: text
    dtype: string
  - name: label
    dtype:
      class_label:
        names:
          '0': ham
          '1': "it''s spam"
  splits:
  - name: train
---
# A dataset
"""


@pytest.fixture
def engine() -> Iterator[Engine]:
    engine = Engine(threads=1)
    yield engine
    engine.close()


def put(root: Path, files: dict[str, bytes | str]) -> None:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def parquet(engine: Engine, path: Path, sql: str, info: object = None) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    said = json.dumps(info).replace("'", "''")
    known = f", KV_METADATA {{huggingface: '{said}'}}" if info else ""
    engine.run(f"COPY ({sql}) TO '{path}' (FORMAT parquet{known})")


def found_in(root: Path, engine: Engine) -> Found:
    found = formats.inspect(root, engine)
    assert found.format == "hugging-face"
    return found


def load(root: Path, engine: Engine) -> list[Rejected]:
    return formats.load(found_in(root, engine), engine, Objects(root / ".objects"), Progress())


def rows(engine: Engine, columns: str = "* EXCLUDE _place") -> list[tuple[object, ...]]:
    return engine.rows(f"SELECT {columns} FROM incoming ORDER BY _place")


def test_a_metadata_table_in_each_split_names_the_files_beside_it(tmp_path: Path, engine: Engine) -> None:
    put(tmp_path, dict.fromkeys(("train/a.png", "train/deep/b.png", "test/c.png"), PNG))
    put(
        tmp_path,
        {
            "train/metadata.csv": "file_name,label,width\na.png,cat,4\ndeep/b.png,dog,5\n",
            "test/metadata.csv": "file_name,label,width\nc.png,cat,6\n",
        },
    )
    assert load(tmp_path, engine) == []
    assert sorted(rows(engine, "file_name, label, width, split")) == [
        ("test/c.png", "cat", 6, "test"),
        ("train/a.png", "cat", 4, "train"),
        ("train/deep/b.png", "dog", 5, "train"),
    ]
    assert engine.value("SELECT count(DISTINCT _place) FROM incoming") == 3
    found = found_in(tmp_path, engine)
    assert (found.modality, found.media_root, found.place) == (Modality.IMAGE, tmp_path, "")
    roles = {column.name: column.role for column in found.columns}
    assert roles == {"file_name": Role.MEDIA, "label": Role.LABEL, "width": Role.METADATA, "split": Role.SPLIT}


def test_a_metadata_table_at_the_top_is_enough(tmp_path: Path, engine: Engine) -> None:
    put(tmp_path, {"images/a.png": PNG, "images/b.png": PNG, "images/extra.png": PNG, "README.md": "about"})
    put(tmp_path, {"metadata.csv": "image_file_name,kind\nimages/a.png,x\nimages/b.png,y\n"})
    refused = load(tmp_path, engine)
    assert [(row.id, row.reason) for row in refused] == [
        ("images/extra.png", "no row of the metadata names this file"),
    ]
    assert rows(engine, "_place, image_file_name, kind") == [(2, "images/a.png", "x"), (3, "images/b.png", "y")]
    assert found_in(tmp_path, engine).place == "line"


def test_metadata_as_json_lines_and_parquet_are_read_too(tmp_path: Path, engine: Engine) -> None:
    put(tmp_path, {"train/a.wav": b"RIFF\0\0\0\0WAVE", "test/b.wav": b"RIFF\0\0\0\0WAVE"})
    put(tmp_path, {"train/metadata.jsonl": '{"file_name": "a.wav", "label": "yes"}\n'})
    parquet(engine, tmp_path / "test" / "metadata.parquet", "SELECT 'b.wav' AS file_name, 'no' AS label")
    assert load(tmp_path, engine) == []
    assert sorted(rows(engine, "file_name, label, split")) == [
        ("test/b.wav", "no", "test"),
        ("train/a.wav", "yes", "train"),
    ]
    assert found_in(tmp_path, engine).modality is Modality.AUDIO


def test_shards_with_embedded_media_have_their_split_in_the_name(tmp_path: Path, engine: Engine) -> None:
    info = {
        "info": {"features": {"image": {"_type": "Image"}, "label": {"_type": "ClassLabel", "names": ["cat", "dog"]}}}
    }
    image = "{'bytes': '" + "".join(f"\\x{byte:02X}" for byte in PNG) + "'::BLOB, 'path': 'a.png'}"
    for name, label in (("train-00000-of-00002", 0), ("train-00001-of-00002", 1), ("test-00000-of-00001", -1)):
        parquet(
            engine, tmp_path / "data" / f"{name}.parquet", f"SELECT {image} AS image, {label}::BIGINT AS label", info
        )
    assert load(tmp_path, engine) == []
    found = found_in(tmp_path, engine)
    media = found.column(Role.MEDIA)
    assert media is not None
    loaded = rows(engine, f'"{media.name}", label, split')
    assert [row[1:] for row in loaded] == [("cat", "train"), ("dog", "train"), (None, "test")]
    digest = str(loaded[0][0]).removeprefix("sha256:")
    assert Objects(tmp_path / ".objects").read(digest) == PNG


def test_class_numbers_without_a_name_are_refused(tmp_path: Path, engine: Engine) -> None:
    info = {"info": {"features": {"label": {"_type": "ClassLabel", "names": ["ham", "spam"]}}}}
    sql = "SELECT unnest(['a', 'b', 'c']) AS text, unnest([0, 1, 2]) AS label"
    parquet(engine, tmp_path / "train.parquet", sql, info)
    refused = load(tmp_path, engine)
    assert [(row.place, row.reason) for row in refused] == [("row 3", "no class has the number 2")]
    assert rows(engine, "text, label, split") == [("a", "ham", "train"), ("b", "spam", "train")]


def test_texts_in_files_of_rows_take_class_names_from_the_readme(tmp_path: Path, engine: Engine) -> None:
    put(
        tmp_path,
        {
            "README.md": README,
            "train.csv": "text,label\nhello there you all,0\nbuy these pills right now,1\n",
            "test.csv": "text,label\nhow are you my friend,0\n",
        },
    )
    assert load(tmp_path, engine) == []
    assert sorted(rows(engine, "split, text, label")) == [
        ("test", "how are you my friend", "ham"),
        ("train", "buy these pills right now", "it''s spam"),
        ("train", "hello there you all", "ham"),
    ]
    assert found_in(tmp_path, engine).modality is Modality.TEXT


def test_splits_that_lack_a_column_or_have_another_type_fit_together(tmp_path: Path, engine: Engine) -> None:
    put(
        tmp_path,
        {"train.csv": "id,text,label,size\n001,a b c d e,ham,3\n", "test.csv": "id,text,size\n002,f g h i j,big\n"},
    )
    load(tmp_path, engine)
    assert sorted(rows(engine, "id, label, size, split")) == [
        ("001", "ham", "3", "train"),
        ("002", None, "big", "test"),
    ]


def test_broken_lines_are_returned_with_their_own_file(tmp_path: Path, engine: Engine) -> None:
    put(tmp_path, {"train.csv": "text,label\na,ham\nb,ham,too many\n", "test.csv": "text,label\nc,spam\n"})
    (refused,) = load(tmp_path, engine)
    assert (refused.source, refused.place) == (str(tmp_path / "train.csv"), "line 3")
    assert len(rows(engine)) == 2


def test_several_datasets_in_one_folder_are_not_mixed(tmp_path: Path, engine: Engine) -> None:
    put(tmp_path, {"en/train.csv": "text,label\na,b\n", "fr/train.csv": "text,label\na,b\n"})
    with pytest.raises(FormatError, match="several datasets: en, fr"):
        formats.inspect(tmp_path, engine)
    assert load(tmp_path / "en", engine) == []


def test_folders_of_parquet_files_by_split_are_read(tmp_path: Path, engine: Engine) -> None:
    for split in ("train", "test"):
        parquet(engine, tmp_path / "default" / split / "0000.parquet", f"SELECT 'x{split}' AS id, 1 AS n, 'a' AS label")
    assert load(tmp_path, engine) == []
    assert sorted(rows(engine, "id, split")) == [("xtest", "test"), ("xtrain", "train")]


def test_media_named_by_a_table_beside_them_keep_their_folder(tmp_path: Path, engine: Engine) -> None:
    put(tmp_path, {"images/a.png": PNG, "train.csv": "image,label\na.png,cat\n"})
    assert load(tmp_path, engine) == []
    assert rows(engine, "image") == [("images/a.png",)]


def test_roles_that_were_given_hold_for_all_files(tmp_path: Path, engine: Engine) -> None:
    put(tmp_path, {"train.csv": "code,words,kind\n1,a,x\n", "test.csv": "code,words,kind\n01,b,y\n"})
    found = found_in(tmp_path, engine).with_roles({"code": Role.ID, "words": Role.SKIP, "kind": Role.LABEL})
    formats.load(found, engine, Objects(tmp_path / ".objects"), Progress())
    assert sorted(rows(engine)) == [("01", "y", "test"), ("1", "x", "train")]


def test_what_says_class_names_badly_is_passed_over(tmp_path: Path, engine: Engine) -> None:
    for number, readme in enumerate(
        ("---\n- name: label\n  names:\n", "no head", "---\nnames:\n  - a\n---", "\xff\xfe")
    ):
        root = tmp_path / str(number)
        put(root, {"README.md": readme, "train.csv": "text,label\na b c d e,0\n", "dataset_infos.json": "[" * 100_000})
        assert load(root, engine) == []
        assert rows(engine, "label") == [("0",)]


def test_other_folders_are_not_mine(tmp_path: Path, engine: Engine) -> None:
    put(tmp_path, {"a/cat/1.png": PNG, "a/dog/2.png": PNG, "a/labels.csv": "x,y\n1,2\n"})
    put(tmp_path, {"b/cat/1.png": PNG, "b/metadata.csv": "x,y\n1,2\n"})
    assert formats.inspect(tmp_path / "a", engine).format == "class-folders"
    assert formats.inspect(tmp_path / "b", engine).format == "class-folders"
