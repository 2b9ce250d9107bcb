import errno
import hashlib
import os
from pathlib import Path

import pytest
from version_places import PNG, Make, Place, contents, manifest

from dataimp_gui.core.engine import Engine
from dataimp_gui.core.storage.cloning import clone
from dataimp_gui.core.versions import transfer
from dataimp_gui.core.versions.verify import verify
from dataimp_gui.errors import Cancelled, DataimpError
from dataimp_gui.progress import Progress, Report


def test_links_are_hard_links_and_take_no_space(animals: Place, tmp_path: Path) -> None:
    animals.commit()
    result = animals.export("v1", tmp_path / "out", "class-folders", link=True)
    assert (result.linked, result.note) == (6, "")
    assert os.path.samefile(tmp_path / "out" / "train/cat/1.png", tmp_path / "p-media" / "cat/1.png")


def test_where_links_are_impossible_files_are_copied_and_the_result_says_so(
    animals: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    animals.commit()
    monkeypatch.setattr(os, "link", refuse)
    result = animals.export("v1", tmp_path / "out", "class-folders", link=True)
    assert result.linked == 0
    assert result.note == "6 files were copied because they cannot be linked there."
    assert verify(tmp_path / "out", Progress()).ok


def test_files_that_a_file_system_clones_are_not_written_as_well(
    animals: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cloned(source: int, target: int) -> bool:
        calls.append(source)
        if len(calls) < 4:  # the fourth is on a disk that cannot
            os.pwrite(target, b"as cloned", 0)
        return len(calls) < 4

    calls: list[int] = []
    monkeypatch.setattr("dataimp_gui.core.versions.transfer.clone", cloned)
    animals.commit()
    animals.export("v1", tmp_path / "out", "csv")
    assert len(calls) == 4
    contents = [path.read_bytes() for path in (tmp_path / "out").rglob("*.png")]
    assert contents.count(b"as cloned") == 3


def test_a_clone_holds_the_same_bytes_or_there_is_none(tmp_path: Path) -> None:
    (tmp_path / "source").write_bytes(b"x" * 5000)
    with (tmp_path / "source").open("rb") as source, (tmp_path / "target").open("wb") as target:
        done = clone(source.fileno(), target.fileno())
    assert (tmp_path / "target").read_bytes() == (b"x" * 5000 if done else b"")


@pytest.mark.parametrize("link", [False, True])
def test_media_that_changed_or_vanished_since_the_commit_are_named_and_nothing_is_left(
    animals: Place, tmp_path: Path, link: bool
) -> None:
    animals.commit()
    path = tmp_path / "p-media" / "cat/2.png"
    path.write_bytes(PNG + b"owt")
    (tmp_path / "p-media" / "dog/1.png").unlink()
    with pytest.raises(DataimpError, match=r"no longer what v1 says: cat/2.png \(changed\), dog/1.png \(missing\)\."):
        animals.export("v1", tmp_path / "out" / "here", "class-folders", link=link)
    assert os.listdir(tmp_path / "out") == []
    assert path.read_bytes() == PNG + b"owt"


def test_a_table_that_was_changed_is_not_exported(make: Make, tmp_path: Path) -> None:
    place = make([{"id": "1", "text": "hello"}], "text")
    place.commit()
    engine = Engine()
    file = place.folder / "tables" / "examples-0001.parquet"
    engine.run(f"CREATE TABLE t AS SELECT * REPLACE ('HELLO' AS text) FROM '{file}'")
    engine.run(f"COPY t TO '{file}' (FORMAT parquet)")
    engine.close()
    with pytest.raises(DataimpError, match="'1' is not what v1 says"):
        place.export("v1", tmp_path / "out")


def test_only_a_new_or_empty_folder_is_taken(animals: Place, tmp_path: Path) -> None:
    animals.commit()
    full = tmp_path / "full"
    full.mkdir()
    (full / "mine").write_text("precious")
    with pytest.raises(DataimpError, match="is not empty"):
        animals.export("v1", full)
    with pytest.raises(DataimpError, match="is no folder"):
        animals.export("v1", full / "mine")
    with pytest.raises(DataimpError, match="inside the project"):
        animals.export("v1", animals.folder / "versions" / "v9")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    with pytest.raises(DataimpError, match="is no folder"):
        animals.export("v1", tmp_path / "link")
    assert contents(full) == {"mine": b"precious"}
    (tmp_path / "empty").mkdir()
    animals.export("v1", tmp_path / "empty")
    assert verify(tmp_path / "empty", Progress()).ok


def test_a_place_that_cannot_be_written_is_named(animals: Place, tmp_path: Path) -> None:
    animals.commit()
    (tmp_path / "file").write_text("x")
    with pytest.raises(DataimpError, match="Nothing can be written to"):
        animals.export("v1", tmp_path / "file" / "out")


def test_unknown_formats_and_versions_are_refused(animals: Place, tmp_path: Path) -> None:
    animals.commit()
    with pytest.raises(DataimpError, match='no export format "xml"') as caught:
        animals.export("v1", tmp_path / "out", "xml")
    assert "class-folders" in caught.value.hint
    with pytest.raises(DataimpError, match='no version "v5"'):
        animals.export("v5", tmp_path / "out")


@pytest.mark.parametrize("format_", ["class-folders", "parquet"])
def test_cancelling_an_export_leaves_no_export(animals: Place, tmp_path: Path, format_: str) -> None:
    def press(report: Report) -> None:
        phases.append(report.phase)
        if report.phase == wanted:
            progress.cancel()

    animals.commit()
    for wanted in ("Reading the version", "Copying files", "Waiting for the disk"):
        phases: list[str] = []
        progress = Progress(press)
        with pytest.raises(Cancelled):
            animals.export("v1", tmp_path / "deep" / "out", format_, progress=progress)
        assert not (tmp_path / "deep" / "out").exists()
        assert wanted in phases
    animals.export("v1", tmp_path / "deep" / "out", format_)
    assert os.listdir(tmp_path / "deep") == ["out"]


def test_an_export_that_was_stopped_goes_on_with_the_files_that_it_had(animals: Place, tmp_path: Path) -> None:
    def press(report: Report) -> None:
        if report.phase == "Waiting for the disk":
            progress.cancel()

    animals.commit()
    progress = Progress(press)
    with pytest.raises(Cancelled):
        animals.export("v1", tmp_path / "out", "class-folders", progress=progress)
    copied = list(tmp_path.glob(".out.part-*/whole/**/*.png"))
    assert len(copied) == 6
    numbers = {path.stat().st_ino for path in copied[1:]}
    size = copied[0].stat().st_size
    copied[0].write_bytes(b"x" * size)  # no longer what the version says
    animals.export("v1", tmp_path / "out", "class-folders")
    assert verify(tmp_path / "out", Progress()).ok
    assert numbers < {path.stat().st_ino for path in (tmp_path / "out").rglob("*.png")}
    assert not list(tmp_path.glob(".out.part-*"))


def test_an_export_goes_on_once_a_full_disk_has_room(
    animals: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought, written = transfer._write_all, []

    def write(descriptor: int, data: bytes) -> None:
        written.append(descriptor)
        if len(written) > 4:
            raise OSError(errno.ENOSPC, "No space left on device")
        brought(descriptor, data)

    animals.commit()
    monkeypatch.setattr(transfer, "clone", lambda *_: False)
    monkeypatch.setattr(transfer, "_write_all", write)
    with pytest.raises(DataimpError, match="No space left on device") as full:
        animals.export("v1", tmp_path / "out", "class-folders")
    assert full.value.hint == "Make room there and export to the same place again: it goes on from here."
    assert not (tmp_path / "out").exists()
    written.clear()
    animals.export("v1", tmp_path / "out", "class-folders")
    assert len(written) == 2
    assert verify(tmp_path / "out", Progress()).ok
    assert not list(tmp_path.glob(".out.part-*"))


def test_hashes_in_the_manifest_are_those_of_the_files(animals: Place, tmp_path: Path) -> None:
    animals.commit()
    animals.export("v1", tmp_path / "out", "jsonl")
    found = contents(tmp_path / "out")
    for file in manifest(tmp_path / "out")["files"]:
        assert hashlib.sha256(found[file["path"]]).hexdigest() == file["sha256"]
        assert len(found[file["path"]]) == file["size"]
