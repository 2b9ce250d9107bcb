"""A commit or an export that is killed at any moment is whole or absent."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from version_places import PNG, Make, Place

from dataimp_gui.core.versions import registry
from dataimp_gui.core.versions.manifest import read
from dataimp_gui.core.versions.verify import verify
from dataimp_gui.progress import Progress

CHILD = """
import os, signal, sys
sys.path.insert(0, {tests!r})
from pathlib import Path
from version_places import Place
from dataimp_gui.core import contract as contracts
from dataimp_gui.core.storage.database import Database

folder, dest = Path({folder!r}), Path({dest!r})
database = Database(folder, read_only=True)
contract = contracts.from_json(database.get("contract"))
database.close()
place = Place(folder, contract)
die = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
moments = {{"before the rename": lambda *names: die(), "after the rename": lambda *names: (rename(*names), die())}}
rename = os.rename
os.rename = moments[{moment!r}]
{work}
"""


def killed(place: Place, dest: Path, moment: str, work: str) -> None:
    script = CHILD.format(
        tests=os.path.dirname(__file__), folder=str(place.folder), dest=str(dest), moment=moment, work=work
    )
    done = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.mark.parametrize("moment", ["before the rename", "after the rename"])
def test_a_killed_commit_is_absent_and_the_next_one_works(animals: Place, tmp_path: Path, moment: str) -> None:
    animals.commit("kept")
    animals.relabel("cat/1.png", "dog")
    killed(animals, tmp_path, moment, "place.commit('lost')")
    assert [version.name for version in registry.versions(animals.database)] == ["v1"]
    version = animals.commit("again").version
    assert (version.name, version.message, version.relabelled) == ("v2", "again", 1)
    assert sorted(os.listdir(animals.folder / "versions")) == ["v1", "v2"]
    assert animals.diff("v1", "v2").counts["relabelled"] == 1


def test_an_export_that_was_killed_before_its_rename_is_absent(animals: Place, tmp_path: Path) -> None:
    animals.commit()
    dest = tmp_path / "deep" / "out"
    killed(animals, dest, "before the rename", "place.export('v1', dest, 'csv')")
    assert not dest.exists()
    animals.export("v1", dest, "csv")
    assert verify(dest, Progress()).ok


def test_an_export_that_was_killed_after_its_rename_is_whole(animals: Place, tmp_path: Path) -> None:
    animals.commit()
    killed(animals, tmp_path / "out", "after the rename", "place.export('v1', dest, 'csv')")
    assert verify(tmp_path / "out", Progress()).ok


def test_a_full_disk_is_a_sentence_and_leaves_nothing(animals: Place, tmp_path: Path) -> None:
    work = """
import resource
from dataimp_gui.errors import DataimpError
os.rename = rename
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
place.relabel("cat/1.png", "dog")
resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))
for attempt in ((place.commit,), (place.export, "v1", dest / "a", "csv"), (place.export, "v1", dest, "parquet")):
    try:
        attempt[0](*attempt[1:])
    except DataimpError as error:
        print(error)
"""
    animals.commit()
    dest = tmp_path / "deep"
    script = CHILD.format(
        tests=os.path.dirname(__file__),
        folder=str(animals.folder),
        dest=str(dest),
        moment="before the rename",
        work=work,
    )
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert done.stdout.splitlines() == [
        "The version could not be written: File too large.",
        f"v1 could not be exported to {dest / 'a'}: File too large.",
        f"v1 could not be exported to {dest}: File too large.",
    ]
    assert os.listdir(animals.folder / "versions") == ["v1"]
    assert [version.name for version in registry.versions(animals.database)] == ["v1"]
    assert os.listdir(dest) == []


def test_killed_at_any_moment_every_listed_version_is_whole(make: Make, tmp_path: Path) -> None:
    rows = [{"id": f"{n}.png", "label": "xy"[n % 2], "bytes": PNG + b"%d" % n} for n in range(200)]
    place = make(rows)
    place.commit()
    work = """
os.rename = rename
print("ready", flush=True)
for number in range(100):
    place.relabel("1.png", f"label {os.getpid()} {number}")
    place.commit()
    place.export("v1", dest / str(number), "csv")
"""
    script = CHILD.format(
        tests=os.path.dirname(__file__),
        folder=str(place.folder),
        dest=str(tmp_path / "out"),
        moment="before the rename",
        work=work,
    )
    for number in range(4):
        with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == "ready\n"
            with pytest.raises(subprocess.TimeoutExpired):
                child.wait(0.11 + 0.37 * number)
            child.kill()
        for version in registry.versions(place.database):
            assert read(place.folder, version).info == version
        for dest in (tmp_path / "out").glob("[0-9]*"):
            assert verify(dest, Progress()).ok
            os.rename(dest, tmp_path / f"checked-{number}-{dest.name}")
    place.relabel("2.png", "z")
    assert place.commit().version.examples == 200
    assert not list((place.folder / "versions").glob(".part-*"))
