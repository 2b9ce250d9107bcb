"""Versions of tables and of many small files: commit, difference, going back, export; DVC beside it where it is."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from made import csv_dataset, png_folder
from table import Table

from dataimp_gui.core.importing import ImportOptions, import_dataset
from dataimp_gui.core.project import Project
from dataimp_gui.progress import Progress

FILES = 20_000
CHANGES = 100


def run(table: Table, folder: Path) -> None:
    _rows(table, folder / "some", 100_000, "100,000 rows", first=2.0, again=2.0, differs=1.0)
    _rows(table, folder / "many", 1_000_000, "1,000,000 rows", first=15.0, again=15.0, differs=3.0)
    _files(table, folder / "files")


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _rows(table: Table, folder: Path, count: int, words: str, *, first: float, again: float, differs: float) -> None:
    folder.mkdir()
    dataset, _ = csv_dataset(folder, count)
    import_dataset(dataset, folder / "p.dataimp", ImportOptions(), Progress())
    dataset.unlink()
    with Project.open(folder / "p.dataimp") as project:
        table.add(f"commit {words}", _seconds(lambda: project.commit("first")), first, "s")
        project.relabel(np.arange(0, count, 100), "Bag")
        table.add(f"commit {words} after {count // 100:,} edits", _seconds(lambda: project.commit("next")), again, "s")
        table.add(f"diff of {words}, two versions", _seconds(lambda: project.diff("v1", "v2")), differs, "s")
        table.add(f"diff of {words}, draft", _seconds(lambda: project.diff("v1")), differs, "s")
        table.add(f"restore {words}", _seconds(lambda: project.restore("v1")), 2.0, "s")
        assert project.diff("v1").is_empty
    shutil.rmtree(folder)


def _files(table: Table, folder: Path) -> None:
    """The times of DVC are of the same files on the same disk, in the same run."""
    pictures = png_folder(folder / "pictures", FILES)
    words = f"{FILES:,} files"
    read = _seconds(lambda: import_dataset(pictures, folder / "p.dataimp", ImportOptions(), Progress()))
    with Project.open(folder / "p.dataimp") as project:
        first = read + _seconds(lambda: project.commit("first"))
        rows = np.arange(0, FILES, FILES // CHANGES)
        for row in rows.tolist():
            project.media_path(row).write_bytes(_other(row))
        project.relabel(rows, "Bag")
        after = _seconds(lambda: project.commit("next"))
        differs = _seconds(lambda: project.diff("v1", "v2"))
        assert project.diff("v1", "v2").counts["media"] == CHANGES
        back = _seconds(lambda: project.restore("v1"))
        copies, exports = [], []
        for number in range(3):  # in turn, since a disk is faster at one time than at another
            copies.append(_seconds(lambda n=number: _copied(pictures, folder / f"cp-{n}")))
            exports.append(_seconds(lambda n=number: project.export("v2", folder / f"out-{n}", "class-folders")))
        copied, exported = min(copies), min(exports)
    peer = _dvc(pictures, folder / "dvc")
    table.add(f"import and first version of {words}", first, 4.0, "s", peer.get("add", ""))
    table.add(f"next version after {CHANGES} changes", after, 0.5, "s", peer.get("again", ""))
    table.add(f"diff of {words}", differs, 0.1, "s", peer.get("diff", ""))
    table.add(f"roll back {words}", back, 0.3, "s", peer.get("back", ""))
    table.add(f"export {words} by copy (limit: 1.3 x cp -r)", exported, 1.3 * copied, "s", f"cp -r {copied:.2f} s")


def _other(number: int) -> bytes:
    import cv2

    picture = np.random.default_rng(number).integers(0, 255, (28, 28), dtype=np.uint8)
    return bytes(cv2.imencode(".png", picture)[1])


def _copied(source: Path, target: Path) -> None:
    """With its wait for the disk, as an export has it."""
    subprocess.run(["cp", "-r", str(source), str(target)], check=True)
    subprocess.run(["sync"], check=True)


def _dvc(pictures: Path, folder: Path) -> dict[str, str]:
    """Words on its times; none where it is not installed."""
    program = shutil.which("dvc", path=f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}")
    if program is None:
        return {}
    folder.mkdir()
    shutil.copytree(pictures, folder / "data")

    def do(*words: str) -> float:
        return _seconds(lambda: subprocess.run(words, cwd=folder, check=True, capture_output=True))

    do("git", "init", "-q")
    do(program, "init", "-q")
    do(program, "config", "core.analytics", "false")
    said = {"add": f"DVC {do(program, 'add', '-q', 'data'):.1f} s"}
    do("git", "add", "-A")
    do("git", "-c", "user.name=b", "-c", "user.email=b@b", "commit", "-qm", "first")
    for number, path in enumerate(sorted((folder / "data").rglob("*.png"))[:: FILES // CHANGES]):
        path.write_bytes(_other(number))
    said["again"] = f"DVC {do(program, 'add', '-q', 'data'):.1f} s"
    said["diff"] = f"DVC {do(program, 'diff'):.1f} s"
    do("git", "checkout", "-q", "data.dvc")
    said["back"] = f"DVC {do(program, 'checkout', '-q', '--force'):.1f} s"
    return said
