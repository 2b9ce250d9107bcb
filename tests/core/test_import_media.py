import os
import sys
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from dataimp_gui.core.importing import ImportOptions, ImportSummary, import_dataset
from dataimp_gui.core.importing.media import Root
from dataimp_gui.core.model import Modality
from dataimp_gui.core.project import Project
from dataimp_gui.errors import Cancelled, DataimpError
from dataimp_gui.progress import Progress, Report

posix = pytest.mark.skipif(sys.platform == "win32", reason="links need rights that Windows does not give")

PNG = cv2.imencode(".png", np.full((4, 6, 3), 90, np.uint8))[1].tobytes()
Import = Callable[..., tuple[ImportSummary, Project]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    (folder / "images").mkdir(parents=True)
    return folder


@pytest.fixture
def imported(tmp_path: Path, folder: Path) -> Iterator[Import]:
    opened: list[Project] = []

    def run(lines: str, **options: Any) -> tuple[ImportSummary, Project]:
        (folder / "data.csv").write_text(lines, encoding="utf-8")
        target = tmp_path / f"p{len(opened)}.dataimp"
        summary = import_dataset(folder / "data.csv", target, ImportOptions(workers=1, **options))
        opened.append(Project.open(target))
        return summary, opened[-1]

    yield run
    for project in opened:
        project.close()


def put(path: Path, data: bytes = PNG) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def bad(project: Project) -> dict[str, str]:
    return {row.id: row.reason for row in project.quarantine()}


def test_media_are_found_hashed_and_measured(imported: Import, folder: Path) -> None:
    put(folder / "images" / "a.png")
    put(folder / "images" / "b.png", cv2.imencode(".png", np.zeros((9, 5, 3), np.uint8))[1].tobytes())
    summary, project = imported("path,label\nimages/b.png,x\nimages/a.png,y\n")
    assert summary.modality is Modality.IMAGE
    rows = project.rows()
    assert project.ids(rows) == ["images/b.png", "images/a.png"]
    assert project.query.values(["media", "width", "height"], rows) == {
        "media": ["images/b.png", "images/a.png"], "width": [5, 6], "height": [9, 4],
    }  # fmt: skip
    assert project.media_path(1) == (folder / "images" / "a.png").resolve()


def test_a_folder_of_images_beside_the_table_is_the_media_root(imported: Import, folder: Path) -> None:
    put(folder / "images" / "a.png")
    _, project = imported("id,file\n1,a.png\n")
    assert project.media_path(0) == (folder / "images" / "a.png").resolve()


def test_what_is_wrong_with_a_file_is_said_and_the_rest_comes_in(imported: Import, folder: Path) -> None:
    for number in range(9):
        put(folder / f"good{number}.png")
    put(folder / "empty.png", b"")
    put(folder / "cut.png", PNG[:40])
    put(folder / "text.png", b"this is no picture, only text\n" * 20)
    put(folder / "really-a.jpg", PNG)
    put(folder / "big.png", PNG + bytes(30_000))
    (folder / "folder.png").mkdir()
    names = ["empty.png", "cut.png", "text.png", "really-a.jpg", "big.png", "folder.png", "none.png", "", "x\x07.png"]
    lines = "".join(f"good{number},good{number}.png\n" for number in range(9))
    lines += "".join(f"r{number},{name}\n" for number, name in enumerate(names))
    from dataimp_gui.core.contract import Limits

    _, project = imported("id,path\n" + lines, limits=Limits(max_bytes=20_000))
    reasons = bad(project)
    assert sorted(reasons) == ["r0", "r1", "r2", "r4", "r5", "r6", "r7", "r8"]
    assert all(reasons[row].startswith("media: ") for row in ("r0", "r1", "r2", "r4"))
    assert "folder" in reasons["r5"]
    assert reasons["r6"] == reasons["r8"] == "the media file is missing"
    assert reasons["r7"] == "the path of the media is empty"
    assert all(row.hint for row in project.quarantine())
    assert "r3" in project.ids(project.rows()), "the content counts, not the ending"


def test_no_path_outside_the_media_root_is_opened(imported: Import, folder: Path, tmp_path: Path) -> None:
    secret = put(tmp_path / "secret.png")
    put(folder / "a.png")
    written = ["a.png", "../secret.png", str(secret), "images/../../secret.png", "images/../a.png", "./a.png",
               str(folder / "a.png"), "file:///etc/passwd", "https://example.org/a.png", "s3://b/a.png", "~/a.png",
               "C:\\secret.png", "\\\\host\\share\\a.png"]  # fmt: skip
    _, project = imported("id,path\n" + "".join(f"{number},{path}\n" for number, path in enumerate(written)))
    assert project.ids(project.rows()) == ["0", "4", "5", "6"]
    assert set(project.query.values(["media"], project.rows())["media"]) == {"a.png"}
    reasons = bad(project)
    assert {reasons[row] for row in ("1", "2", "3")} == {"the path leads outside the media root"}
    assert {reasons[row] for row in ("7", "8", "9")} == {"the media is an address"}
    assert set(reasons) == {"1", "2", "3", "7", "8", "9", "10", "11", "12"}


@posix
def test_links_are_followed_inside_the_root_only(imported: Import, folder: Path, tmp_path: Path) -> None:
    put(tmp_path / "outside" / "s.png")
    put(folder / "a.png")
    (folder / "in.png").symlink_to(folder / "a.png")
    (folder / "out.png").symlink_to(tmp_path / "outside" / "s.png")
    (folder / "out").symlink_to(tmp_path / "outside")
    (folder / "loop.png").symlink_to(folder / "loop.png")
    (folder / "round").symlink_to(folder)
    names = ["a.png", "in.png", "round/round/a.png", "out.png", "out/s.png", "loop.png"]
    _, project = imported("id,path\n" + "".join(f"{number},{name}\n" for number, name in enumerate(names)))
    assert project.ids(project.rows()) == ["0", "1", "2"]
    assert bad(project)["3"] == bad(project)["4"] == "the path leads outside the media root"
    assert "5" in bad(project)


@posix
def test_a_pipe_among_the_media_does_not_hang_the_import(imported: Import, folder: Path) -> None:
    put(folder / "a.png")
    os.mkfifo(folder / "pipe.png")
    _, project = imported("id,path\n1,a.png\n2,pipe.png\n")
    assert bad(project) == {"2": "the media path is a folder or no plain file"}


def test_another_media_root_can_be_given(imported: Import, tmp_path: Path) -> None:
    put(tmp_path / "elsewhere" / "deep" / "a.png")
    _, project = imported("id,path\n1,deep/a.png\n2,b.png\n", media_root=tmp_path / "elsewhere")
    assert project.ids(project.rows()) == ["1"]
    assert project.media_path(0) == (tmp_path / "elsewhere" / "deep" / "a.png").resolve()


def test_paths_written_on_windows_are_found(imported: Import, folder: Path) -> None:
    put(folder / "images" / "a.png")
    _, project = imported("id,path\n1,images\\a.png\n")
    assert project.query.values(["media"], project.rows())["media"] == ["images/a.png"]


def test_copied_media_live_on_without_the_source(imported: Import, folder: Path) -> None:
    put(folder / "a.png")
    put(folder / "b.png")
    _, project = imported("id,path\n1,a.png\n2,b.png\n3,none.png\n", copy_media=True)
    (folder / "a.png").unlink()
    (folder / "b.png").unlink()
    media = project.query.values(["media"], project.rows())["media"]
    assert media[0] == media[1]
    assert str(media[0]).startswith("sha256:")
    path = project.media_path(0)
    assert path is not None
    assert path.read_bytes() == PNG


def test_sounds_are_measured_and_a_cut_one_is_reported(imported: Import, folder: Path) -> None:
    for name in ("a", "cut"):
        with wave.open(str(folder / f"{name}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(8000)
            file.writeframes(b"\1\2" * 4000)
    data = (folder / "cut.wav").read_bytes()
    (folder / "cut.wav").write_bytes(data[:3000])
    summary, project = imported("id,path,label\n1,a.wav,x\n2,cut.wav,x\n")
    assert summary.modality is Modality.AUDIO
    values = project.query.values(["duration", "sample_rate", "channels"], project.rows())
    assert (values["duration"][0], values["sample_rate"][0], values["channels"][0]) == (0.5, 8000, 1)
    assert bad(project) or any("1 file" in note for note in summary.notes)


def test_text_files_named_in_a_table_become_texts(imported: Import, folder: Path) -> None:
    put(folder / "a.txt", "Hello there".encode("utf-16"))
    put(folder / "b.txt", b"\x89PNG\r\n\x1a\n\0\0\0" + bytes(500))
    summary, project = imported("id,file,label\n1,a.txt,x\n2,b.txt,y\n")
    assert summary.modality is Modality.TEXT
    assert project.query.values(["text", "length"], project.rows()) == {"text": ["Hello there"], "length": [11]}
    assert list(bad(project)) == ["2"]


def test_every_file_bad_is_one_clear_error(imported: Import, folder: Path, tmp_path: Path) -> None:
    with pytest.raises(DataimpError, match=r"None of the 2 rows .* the media file is missing \(2\)"):
        imported("id,path\n1,none.png\n2,nothing.png\n")
    assert [path.name for path in tmp_path.iterdir()] == ["source"]


def test_cancelling_while_media_are_checked_leaves_nothing(folder: Path, tmp_path: Path) -> None:
    for number in range(40):
        put(folder / f"{number}.png")
    (folder / "data.csv").write_text("id,path\n" + "".join(f"{n},{n}.png\n" for n in range(40)))

    def report(now: Report) -> None:
        if now.phase == "Checking media" and now.done:
            progress.cancel()

    progress = Progress(report)
    with pytest.raises(Cancelled):
        import_dataset(folder / "data.csv", tmp_path / "p.dataimp", ImportOptions(workers=1), progress)
    assert [path.name for path in tmp_path.iterdir()] == ["source"]


def test_checking_media_reports_how_far_it_is(folder: Path, tmp_path: Path) -> None:
    for number in range(5):
        put(folder / f"{number}.png")
    (folder / "data.csv").write_text("id,path\n" + "".join(f"{n},{n}.png\n" for n in range(5)))
    seen: list[Report] = []
    import_dataset(folder / "data.csv", tmp_path / "p.dataimp", ImportOptions(workers=1), Progress(seen.append))
    last = [now for now in seen if now.phase == "Checking media"][-1]
    assert (last.done, last.total) == (5, 5)


def test_embedded_pictures_come_in_and_broken_ones_do_not(tmp_path: Path) -> None:
    from dataimp_gui.core.engine import Engine

    engine = Engine(threads=1)
    try:
        engine.run(
            f"COPY (SELECT unnest($1) AS id, unnest($2) AS image) TO '{tmp_path / 'data.parquet'}' (FORMAT parquet)",
            [["1", "2", "3"], [PNG, b"no picture at all", PNG]],
        )
    finally:
        engine.close()
    summary = import_dataset(tmp_path / "data.parquet", tmp_path / "p.dataimp", ImportOptions(workers=1))
    assert (summary.examples, summary.quarantined) == (2, 1)
    with Project.open(tmp_path / "p.dataimp") as project:
        assert project.ids(project.rows()) == ["1", "3"]
        assert list(bad(project)) == ["2"]
        path = project.media_path(0)
        assert path is not None
        assert path.read_bytes() == PNG


def test_class_folders_become_a_project(tmp_path: Path) -> None:
    for name in ("cat/a.png", "cat/b.png", "dog/a.png"):
        put(tmp_path / "pets" / name)
    put(tmp_path / "pets" / "dog" / "broken.png", b"no picture")
    summary = import_dataset(tmp_path / "pets", tmp_path / "p.dataimp", ImportOptions(workers=1))
    assert (summary.examples, summary.quarantined) == (3, 1)
    with Project.open(tmp_path / "p.dataimp") as project:
        assert project.classes == ("cat", "dog")
        assert project.ids(project.rows()) == ["cat/a.png", "cat/b.png", "dog/a.png"]


def test_a_project_may_be_made_inside_its_source_folder(tmp_path: Path) -> None:
    put(tmp_path / "cat" / "a.png")
    put(tmp_path / "dog" / "a.png")
    for name in ("one.dataimp", "two.dataimp"):
        summary = import_dataset(tmp_path, tmp_path / name, ImportOptions(workers=1))
        assert summary.examples == 2
    with Project.open(tmp_path / "two.dataimp") as project:
        assert project.classes == ("cat", "dog")


@pytest.mark.parametrize("written", ["", ".", "/", "..", "a/..", "../", "a\0b", "//", "x" * 5000])
def test_odd_paths_are_refused_without_an_error(folder: Path, written: str) -> None:
    *_, problem = Root(folder).find(written)
    assert problem is not None
    assert all(problem)
