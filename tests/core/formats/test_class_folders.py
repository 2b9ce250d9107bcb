import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from dataimp_gui.core import formats
from dataimp_gui.core.engine import Engine
from dataimp_gui.core.formats import class_folders
from dataimp_gui.core.formats.found import Found
from dataimp_gui.core.model import Modality, Rejected, Role
from dataimp_gui.core.storage.objects import Objects
from dataimp_gui.errors import Cancelled, FormatError
from dataimp_gui.progress import Progress, Report

PNG = cv2.imencode(".png", np.full((4, 4, 3), 90, np.uint8))[1].tobytes()
posix = pytest.mark.skipif(sys.platform == "win32", reason="links and odd names need rights that Windows does not give")


@pytest.fixture
def engine() -> Iterator[Engine]:
    engine = Engine(threads=1)
    yield engine
    engine.close()


def put(root: Path, *names: str, data: bytes = PNG) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def found_in(root: Path, engine: Engine) -> Found:
    found = class_folders.inspect(root, engine)
    assert found is not None
    return found


def load(root: Path, engine: Engine, progress: Progress | None = None) -> list[Rejected]:
    found = found_in(root, engine)
    return class_folders.load(found, engine, Objects(root / ".objects"), progress or Progress())


def rows(engine: Engine, columns: str) -> list[tuple[object, ...]]:
    return engine.rows(f"SELECT {columns} FROM incoming ORDER BY _place")


def test_folder_names_are_the_labels(tmp_path: Path, engine: Engine) -> None:
    put(tmp_path, "cat/1.png", "cat/2.PNG", "dog/1.png", "dog/puppies/young/3.png")
    assert load(tmp_path, engine) == []
    assert rows(engine, "_place, id, media, label") == [
        (1, "cat/1.png", "cat/1.png", "cat"),
        (2, "cat/2.PNG", "cat/2.PNG", "cat"),
        (3, "dog/1.png", "dog/1.png", "dog"),
        (4, "dog/puppies/young/3.png", "dog/puppies/young/3.png", "dog"),
    ]
    found = found_in(tmp_path, engine)
    assert (found.modality, found.media_root) == (Modality.IMAGE, tmp_path)
    assert [(column.name, column.role) for column in found.columns] == [
        ("id", Role.ID),
        ("media", Role.MEDIA),
        ("label", Role.LABEL),
    ]


def test_split_folders_above_class_folders_are_splits_as_they_are_written(tmp_path: Path, engine: Engine) -> None:
    put(tmp_path, "Train/cat/1.png", "Train/dog/2.png", "validation/cat/3.png", "TEST/4.png")
    assert load(tmp_path, engine) == []
    assert rows(engine, "id, label, split") == [
        ("TEST/4.png", None, "TEST"),
        ("Train/cat/1.png", "cat", "Train"),
        ("Train/dog/2.png", "dog", "Train"),
        ("validation/cat/3.png", "cat", "validation"),
    ]


def test_a_class_named_like_a_split_stays_a_class_when_other_folders_are_not(tmp_path: Path, engine: Engine) -> None:
    put(tmp_path, "train/1.png", "bus/2.png", "plane/3.png")
    load(tmp_path, engine)
    assert rows(engine, "label") == [("bus",), ("plane",), ("train",)]
    assert found_in(tmp_path, engine).column(Role.SPLIT) is None


def test_a_flat_folder_is_an_unlabelled_dataset(tmp_path: Path, engine: Engine) -> None:
    put(tmp_path, "b.png", "a.png")
    load(tmp_path, engine)
    assert found_in(tmp_path, engine).column(Role.LABEL) is None
    assert engine.rows("SELECT * FROM incoming") == [(1, "a.png", "a.png"), (2, "b.png", "b.png")]


def test_split_folders_without_classes_give_splits_only(tmp_path: Path, engine: Engine) -> None:
    put(tmp_path, "train/images/1.png", "test/images/2.png")
    load(tmp_path, engine)
    assert rows(engine, "* EXCLUDE _place") == [
        ("test/images/2.png", "test/images/2.png", "test"),
        ("train/images/1.png", "train/images/1.png", "train"),
    ]


def test_one_folder_that_wraps_the_classes_is_no_class(tmp_path: Path, engine: Engine) -> None:
    put(tmp_path, "images/cat/1.png", "images/dog/2.png", "images/3.png")
    put(tmp_path, "README.md", "LICENSE", data=b"About the pictures")
    assert load(tmp_path, engine) == []
    assert rows(engine, "id, label") == [
        ("images/3.png", None),
        ("images/cat/1.png", "cat"),
        ("images/dog/2.png", "dog"),
    ]
    assert "images" in found_in(tmp_path, engine).notes[0]


def test_what_systems_leave_behind_is_passed_over_and_other_files_are_refused(tmp_path: Path, engine: Engine) -> None:
    put(tmp_path, "cat/1.png", "dog/2.png")
    put(tmp_path, ".git/x.png", "__MACOSX/cat/._1.png", "cat/Thumbs.db", "cat/.DS_Store", "cat/.hidden.png")
    put(tmp_path, "pets.dataimp/objects/ab/x.png")
    put(tmp_path, "cat/caption.txt", data=b"a cat")
    put(tmp_path, "labels.csv", data=b"id,label\n")
    put(tmp_path, "dog/broken.zip", data=b"PK\3\4")
    refused = {row.id: row for row in load(tmp_path, engine)}
    assert set(refused) == {"cat/caption.txt", "labels.csv", "dog/broken.zip"}
    assert refused["cat/caption.txt"].reason == "not an image; the folder was taken as images"
    assert "import it instead" in refused["labels.csv"].hint
    assert rows(engine, "id") == [("cat/1.png",), ("dog/2.png",)]


def test_empty_files_and_wrong_endings_come_in_for_the_media_check_to_judge(tmp_path: Path, engine: Engine) -> None:
    put(tmp_path, "cat/1.png", "cat/2.png", "dog/3.png")
    put(tmp_path, "cat/empty.jpg", data=b"")
    put(tmp_path, "dog/text.png", data=b"no picture")
    assert load(tmp_path, engine) == []
    assert engine.value("SELECT count(*) FROM incoming") == 5


def test_files_without_a_telling_name_are_known_by_their_content(tmp_path: Path, engine: Engine) -> None:
    put(tmp_path, "cat/0001", "dog/0002")
    put(tmp_path, "cat/0003", data=b"\0\1\2 no picture")
    assert [row.id for row in load(tmp_path, engine)] == ["cat/0003"]
    assert rows(engine, "id, label") == [("cat/0001", "cat"), ("dog/0002", "dog")]


def test_sounds_are_audio(tmp_path: Path, engine: Engine) -> None:
    put(tmp_path, "yes/1.wav", "no/2.flac", "no/take.3", data=b"RIFF\0\0\0\0WAVEfmt ")
    assert load(tmp_path, engine) == []
    assert found_in(tmp_path, engine).modality is Modality.AUDIO


def test_texts_are_read_in_whatever_encoding_they_have(tmp_path: Path, engine: Engine) -> None:
    put(tmp_path, "ham/1.txt", data="caffè\r\nat 5?\n".encode())
    put(tmp_path, "ham/2.txt", data="\ufeffmarked".encode())
    put(tmp_path, "ham/3.txt", data="wide ☃".encode("utf-16"))
    put(tmp_path, "spam/00001.7c53336b37003a9286aba55d2945844c", data=b"From nobody\nBuy now")
    put(tmp_path, "spam/5.txt", data="Très bientôt, déjà vu à la fenêtre, où êtes-vous passé?".encode("cp1252"))
    put(tmp_path, "spam/7.txt", data="Привет, как дела? Сегодня хорошая погода".encode("cp1251"))
    put(tmp_path, "spam/6.txt", data=b"")
    put(tmp_path, "spam/binary.txt", data=b"\0\1\2\3")
    put(tmp_path, "spam/long.txt", data=b"a" * 4_000_001)
    refused = {row.id: row.reason for row in load(tmp_path, engine)}
    assert rows(engine, "id, text, label") == [
        ("ham/1.txt", "caffè\r\nat 5?\n", "ham"),
        ("ham/2.txt", "marked", "ham"),
        ("ham/3.txt", "wide ☃", "ham"),
        ("spam/00001.7c53336b37003a9286aba55d2945844c", "From nobody\nBuy now", "spam"),
        ("spam/5.txt", "Très bientôt, déjà vu à la fenêtre, où êtes-vous passé?", "spam"),
        ("spam/6.txt", "", "spam"),
        ("spam/7.txt", "Привет, как дела? Сегодня хорошая погода", "spam"),
    ]
    assert set(refused) == {"spam/binary.txt", "spam/long.txt"}
    assert "limit" in refused["spam/long.txt"]


@posix
def test_links_never_loop_and_never_leave_the_folder(tmp_path: Path, engine: Engine) -> None:
    outside = tmp_path / "outside"
    root = tmp_path / "root"
    put(outside, "secret.png")
    put(root, "cat/1.png", "dog/2.png")
    (root / "cat" / "up").symlink_to(root)
    (root / "cat" / "self").symlink_to(root / "cat" / "self")
    (root / "dog" / "secret.png").symlink_to(outside / "secret.png")
    (root / "dog" / "folder").symlink_to(outside)
    (root / "dog" / "gone.png").symlink_to(root / "nothing.png")
    (root / "dog" / "same.png").symlink_to(root / "cat" / "1.png")
    refused = {row.id: row.reason for row in load(root, engine)}
    assert rows(engine, "id") == [("cat/1.png",), ("dog/2.png",), ("dog/same.png",)]
    assert refused == {
        "cat/up": "a link to a folder that is already part of this dataset",
        "cat/self": "a link to nothing, or in a circle",
        "dog/secret.png": "a link that leaves the folder",
        "dog/folder": "a link that leaves the folder",
        "dog/gone.png": "a link to nothing, or in a circle",
    }


@posix
def test_links_to_hidden_folders_inside_are_followed_once(tmp_path: Path, engine: Engine) -> None:
    put(tmp_path, ".store/cats/1.png", "dog/2.png")
    (tmp_path / "cat").symlink_to(tmp_path / ".store" / "cats")
    (tmp_path / "kitten").symlink_to(tmp_path / ".store" / "cats")
    assert [row.id for row in load(tmp_path, engine)] == ["kitten"]
    assert rows(engine, "id, label") == [("cat/1.png", "cat"), ("dog/2.png", "dog")]


@posix
def test_pipes_and_sockets_are_never_opened(tmp_path: Path, engine: Engine) -> None:
    put(tmp_path, "cat/1.png", "dog/2.png")
    os.mkfifo(tmp_path / "cat" / "pipe.png")
    os.mkfifo(tmp_path / "dog" / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        here = os.getcwd()
        os.chdir(tmp_path)
        server.bind("dog/socket.png")
        os.chdir(here)
    refused = load(tmp_path, engine)
    assert [row.id for row in refused] == ["cat/pipe.png", "dog/pipe", "dog/socket.png"]
    assert {row.reason for row in refused} == {"not a regular file"}


@posix
def test_odd_names_are_ids_exactly_as_written(tmp_path: Path, engine: Engine) -> None:
    names = ["cat/a\nb.png", "cat/\u202egnp.exe.png", "cat/'; DROP TABLE incoming;--.png", "cat/\U0001f408.png"]
    put(tmp_path, *names, "NA/001.png", "null/1.png")
    (tmp_path / "cat" / os.fsdecode(b"latin\xe9.png")).write_bytes(PNG)
    refused = load(tmp_path, engine)
    assert {row[0] for row in rows(engine, "id")} == {*names, "NA/001.png", "null/1.png"}
    assert {row[0] for row in rows(engine, "label")} == {"cat", "NA", "null"}
    assert [(row.id, row.reason) for row in refused] == [("cat/latin\\udce9.png", "the file name is not UTF-8")]


def test_a_very_deep_folder_is_read(tmp_path: Path, engine: Engine) -> None:
    deep = "cat/" + "d/" * 500 + "1.png"
    put(tmp_path, deep, "dog/2.png")
    load(tmp_path, engine)
    assert rows(engine, "id") == [(deep,), ("dog/2.png",)]


def test_folders_without_media_and_files_are_not_mine(tmp_path: Path, engine: Engine) -> None:
    put(tmp_path, "a/table.csv", data=b"id\n1\n")
    assert class_folders.inspect(tmp_path, engine) is None
    assert class_folders.inspect(tmp_path / "a" / "table.csv", engine) is None


def test_a_project_is_refused_as_a_source(tmp_path: Path, engine: Engine) -> None:
    put(tmp_path, "pets.dataimp/project.sqlite", data=b"")
    with pytest.raises(FormatError, match="is a Dataimp project") as error:
        formats.inspect(tmp_path / "pets.dataimp", engine)
    assert "Open it" in error.value.hint


def test_looking_reads_only_a_part_of_a_large_folder(tmp_path: Path, engine: Engine) -> None:
    for number in range(3000):
        put(tmp_path, f"a/{number}.png", data=b"")
    put(tmp_path, *(f"b/{number}.txt" for number in range(5)))
    assert found_in(tmp_path, engine).modality is Modality.IMAGE
    refused = load(tmp_path, engine)
    assert (engine.value("SELECT count(*) FROM incoming"), len(refused)) == (3000, 5)


def test_loading_can_be_cancelled_while_it_walks(tmp_path: Path, engine: Engine) -> None:
    put(tmp_path, *(f"class-{number}/1.png" for number in range(20)))

    def stop(report: Report) -> None:
        progress.cancel()

    progress = Progress(stop)
    with pytest.raises(Cancelled):
        load(tmp_path, engine, progress)
