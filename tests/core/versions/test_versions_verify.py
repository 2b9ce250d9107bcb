import os
import random
import shutil
from pathlib import Path

import pytest
from version_places import Place

from dataimp_gui.core.versions.verify import Bad, verify
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress


@pytest.fixture
def exported(animals: Place, tmp_path: Path) -> Path:
    animals.commit()
    animals.export("v1", tmp_path / "out", "csv")
    return tmp_path / "out"


def found(dest: Path) -> tuple[Bad, ...]:
    result = verify(dest, Progress())
    assert result.ok == (not result.bad)
    return result.bad


def test_a_changed_byte_anywhere_is_found(exported: Path) -> None:
    draw = random.Random(0)
    files = sorted(path.relative_to(exported).as_posix() for path in exported.rglob("*") if path.is_file())
    for number in range(60):
        name = files[number % len(files)]
        path = exported / name
        data = path.read_bytes()
        flipped = bytearray(data)
        flipped[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
        path.write_bytes(bytes(flipped))
        assert found(exported), name
        path.write_bytes(data)
    assert found(exported) == ()


def test_cut_missing_swapped_and_extra_files_are_named(exported: Path) -> None:
    one, other = exported / "media/cat/1.png", exported / "media/cat/2.png"
    one.write_bytes(one.read_bytes()[:-1])
    assert found(exported) == (Bad("media/cat/1.png", "changed"),)
    one.unlink()
    assert found(exported) == (Bad("media/cat/1.png", "missing"),)
    other.rename(one)
    assert found(exported) == (Bad("media/cat/1.png", "changed"), Bad("media/cat/2.png", "missing"))
    (exported / "media/extra.png").write_bytes(b"x")
    assert Bad("media/extra.png", "not part of the export") in found(exported)


def test_a_file_that_was_taken_out_of_the_sums_too_is_missing(exported: Path) -> None:
    sums = exported / "SHA256SUMS"
    lines = [line for line in sums.read_text().splitlines(keepends=True) if not line.endswith("media/cat/1.png\n")]
    sums.write_text("".join(lines))
    (exported / "media/cat/1.png").unlink()
    assert found(exported) == (Bad("media/cat/1.png", "missing"),)


def test_links_are_not_followed_and_nothing_outside_is_read(exported: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    shutil.copytree(exported / "media", outside)
    shutil.rmtree(exported / "media")
    (exported / "media").symlink_to(outside)
    bad = {entry.file: entry.reason for entry in found(exported)}
    assert bad["media"].startswith("a link")
    assert bad["media/cat/1.png"] == "missing"
    (exported / "media").unlink()
    shutil.copytree(outside, exported / "media")
    assert found(exported) == ()
    (exported / "media/cat/1.png").unlink()
    (exported / "media/cat/1.png").symlink_to(outside / "cat/1.png")
    assert [entry.file for entry in found(exported)] == ["media/cat/1.png"]


@pytest.mark.parametrize("path", ["../secret", "/etc/hostname", "media/../../secret"])
def test_paths_in_the_sums_that_lead_out_are_named_and_not_opened(exported: Path, tmp_path: Path, path: str) -> None:
    os.mkfifo(tmp_path / "secret")  # opening it would hang
    with (exported / "SHA256SUMS").open("a") as sums:
        sums.write(f"{'0' * 64}  {path}\n")
    (bad,) = found(exported)
    assert bad.file == path
    assert bad.reason.startswith("leads out of the export")


def test_a_pipe_in_the_place_of_a_file_does_not_hang(exported: Path) -> None:
    (exported / "examples.csv").unlink()
    os.mkfifo(exported / "examples.csv")
    assert [entry.file for entry in found(exported)] == ["examples.csv"]


@pytest.mark.parametrize("text", ["", "nonsense\n", "\x00\xff", "0" * 64 + "  examples.csv"])
def test_broken_sums_are_no_traceback(exported: Path, text: str) -> None:
    (exported / "SHA256SUMS").write_text(text)
    assert found(exported)


@pytest.mark.parametrize("text", ["", "[]", '{"files": 3}', '{"files": [3]}', '{"files": [{"path": "x"}]}'])
def test_a_broken_manifest_is_no_traceback(exported: Path, text: str) -> None:
    (exported / "manifest.json").write_text(text)
    assert {"manifest.json"} <= {entry.file for entry in found(exported)}


def test_a_folder_that_is_no_export_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataimpError, match="has no SHA256SUMS"):
        verify(tmp_path, Progress())
    with pytest.raises(DataimpError, match="There is no folder"):
        verify(tmp_path / "nowhere", Progress())
