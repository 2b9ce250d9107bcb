"""A part becomes its target whole, or nothing is left of it; what the killed left is cleared away by the next."""

import os
import time

import pytest

from dataimp_gui.core.storage import parts
from dataimp_gui.core.storage.lock import WriterLock
from dataimp_gui.core.storage.objects import sync_files
from dataimp_gui.core.storage.parts import part
from dataimp_gui.errors import ProjectError


def left_behind(folder, name, age_s=2 * parts.ABANDONED_S):
    left = folder / f".out[1].part-{name}"
    (left / "whole").mkdir(parents=True)
    (left / "whole" / "half").write_text("half")
    os.utime(left, (time.time() - age_s,) * 2)
    return left


def test_it_gets_its_name_when_it_is_finished(tmp_path):
    target = tmp_path / "deep" / "out"
    with part(target) as place:
        (place.folder / "file").write_text("whole")
        (place.temp / "spill").write_text("x")
        assert not target.exists()
        place.finish()
    assert (target / "file").read_text() == "whole"
    assert os.listdir(target.parent) == ["out"]
    new = tmp_path / "new"
    new.mkdir()
    assert target.stat().st_mode == new.stat().st_mode


@pytest.mark.parametrize("error", [KeyError, KeyboardInterrupt])
def test_nothing_is_left_when_it_is_not_finished(tmp_path, error):
    def fail():
        with part(tmp_path / "out") as place:
            (place.folder / "file").write_text("half")
            raise error

    with pytest.raises(error):
        fail()
    assert os.listdir(tmp_path) == []


def test_what_took_the_place_meanwhile_stays(tmp_path):
    target = tmp_path / "out"
    with part(target) as place:
        target.mkdir()
        (target / "mine").write_text("precious")
        with pytest.raises(ProjectError, match="exists already"):
            place.finish()
    assert (target / "mine").read_text() == "precious"
    assert os.listdir(tmp_path) == ["out"]


def test_what_a_killed_process_left_is_removed_and_nothing_else(tmp_path):
    dead, young = left_behind(tmp_path, "dead"), left_behind(tmp_path, "young", age_s=1)
    alive = left_behind(tmp_path, "alive")
    lock = WriterLock(alive)
    os.utime(alive, (1, 1))
    other = tmp_path / ".out1.part-other"
    other.mkdir()
    os.utime(other, (1, 1))
    with part(tmp_path / "out[1]"):
        assert not dead.exists()
        assert young.exists()
        assert alive.exists()
        assert other.exists()
    lock.release()


def test_every_folder_up_to_the_top_is_waited_for(tmp_path, monkeypatch):
    waited = []
    monkeypatch.setattr("dataimp_gui.core.storage.objects.sync_folder", waited.append)
    file = tmp_path / "train" / "cat" / "1.png"
    file.parent.mkdir(parents=True)
    file.write_text("x")
    sync_files([file], tmp_path)
    assert set(waited) == {tmp_path, tmp_path / "train", tmp_path / "train" / "cat"}
