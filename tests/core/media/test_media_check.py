import hashlib
import os
import socket
import struct
import threading

import cv2
import numpy as np
import pytest

from dataimp_gui.core.compute import Workers
from dataimp_gui.core.contract import Limits
from dataimp_gui.core.media.check import check_files
from dataimp_gui.core.media.files import MediaError, looks_like, read
from dataimp_gui.core.model import Modality
from dataimp_gui.errors import Cancelled
from dataimp_gui.progress import Progress


@pytest.fixture(scope="module")
def pool():
    with Workers(2) as workers:
        yield workers


NO_IMAGE = "It is no image that can be read: it looks like a web page (HTML), perhaps an error page that was saved."


def png(width=6, height=4):
    return cv2.imencode(".png", np.full((height, width, 3), 90, np.uint8))[1].tobytes()


def wav(frames=800):
    head = struct.pack("<4sI4s4sIHHIIHH", b"RIFF", 36 + 2 * frames, b"WAVE", b"fmt ", 16, 1, 1, 8000, 16000, 2, 16)
    return head + struct.pack("<4sI", b"data", 2 * frames) + b"\1\0" * frames


def test_good_files_are_hashed_and_measured(tmp_path, pool):
    for number in range(150):
        (tmp_path / f"{number}.png").write_bytes(png(number + 1, 3))
    paths = [tmp_path / f"{number}.png" for number in range(150)]
    checked = check_files(paths, Modality.IMAGE, pool=pool)
    assert not any(checked.problem)
    assert checked.sha256 == [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]
    assert checked.size.tolist() == [path.stat().st_size for path in paths]
    assert checked.mtime_ns.tolist() == [path.stat().st_mtime_ns for path in paths]
    assert checked.measured["width"].tolist() == list(range(1, 151))
    assert set(checked.measured["height"].tolist()) == {3}


def test_each_bad_file_has_its_own_reason_and_the_good_ones_none(tmp_path, pool):
    (tmp_path / "good.png").write_bytes(png())
    (tmp_path / "wrong.extension.txt").write_bytes(png())
    (tmp_path / "empty.png").touch()
    (tmp_path / "cut.png").write_bytes(png()[:-20])
    (tmp_path / "page.png").write_text("<html>Not found</html>")
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "loop.png").symlink_to("loop.png")
    (tmp_path / "link.png").symlink_to("good.png")
    (tmp_path / "large.png").write_bytes(png() + b"\0" * 5000)
    os.mkfifo(tmp_path / "pipe.png")
    expected = {
        "good.png": "",
        "wrong.extension.txt": "",
        "link.png": "",
        "empty.png": "The file is empty (0 bytes).",
        "cut.png": "The file ends early: the PNG data is cut short.",
        "page.png": NO_IMAGE,
        "folder.png": "It is a folder, not a file.",
        "loop.png": "It is a link that leads back to itself.",
        "large.png": "The file has 5,080 bytes, the limit is 5,000.",
        "pipe.png": "It is a pipe, not a file.",
        "none.png": "The file is missing.",
        "good.png/inside": "The file is missing.",
        "null\0.png": "Its path is not one that a file can have.",
    }
    expected["large.png"] = f"The file has {len(png()) + 5000:,} bytes, the limit is 5,000."
    paths = [os.path.join(tmp_path, name) for name in expected]
    checked = check_files(paths, Modality.IMAGE, Limits(max_bytes=5000), pool=pool)
    assert dict(zip(expected, checked.problem, strict=True)) == expected
    cut = list(expected).index("cut.png")
    assert checked.sha256[cut] == hashlib.sha256(png()[:-20]).hexdigest()
    assert all(hint for hint, problem in zip(checked.hint, checked.problem, strict=True) if "link" in problem)


def test_sockets_and_devices_are_refused_without_waiting(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("here")
        with pytest.raises(MediaError, match="a socket, not a file"):
            read("here")
    with pytest.raises(MediaError, match="a device, not a file"):
        read(os.devnull)


def test_a_file_without_permission_is_said(tmp_path, monkeypatch):
    (tmp_path / "secret.png").write_bytes(png())

    def refuse(path, flags):
        raise PermissionError(13, "Permission denied", str(path))  # the superuser who runs the tests is never refused

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(MediaError, match="permission denied"):
        read(tmp_path / "secret.png")


def test_a_file_that_grows_while_it_is_read_is_not_taken(tmp_path, monkeypatch):
    path = tmp_path / "growing.png"
    path.write_bytes(png())
    real = os.read

    def read_and_grow(handle, size):
        with path.open("ab") as file:
            file.write(b"more")
        return real(handle, size)

    monkeypatch.setattr(os, "read", read_and_grow)
    with pytest.raises(MediaError, match="changed while it was being read"):
        read(path)


def test_a_name_that_is_not_utf8_is_read(tmp_path, pool):
    path = os.path.join(os.fsencode(tmp_path), b"caf\xe9.png")
    with open(path, "wb") as file:
        file.write(png())
    assert check_files([os.fsdecode(path)], Modality.IMAGE, pool=pool).problem == [""]


def test_sounds_are_measured_and_a_missing_length_is_remarked(tmp_path, pool):
    (tmp_path / "whole.wav").write_bytes(wav())
    (tmp_path / "cut.wav").write_bytes(wav()[:-100])
    piped = bytearray(wav())
    piped[4:8] = piped[40:44] = b"\xff" * 4
    (tmp_path / "piped.wav").write_bytes(piped)
    checked = check_files([tmp_path / f"{name}.wav" for name in ("whole", "cut", "piped")], Modality.AUDIO, pool=pool)
    assert [bool(problem) for problem in checked.problem] == [False, True, False]
    assert "1,600 bytes of sound, 1,500 are there" in checked.problem[1]
    assert checked.hint[0] == ""
    assert "no length" in checked.hint[2]
    assert checked.measured["duration"].tolist() == [0.1, 0.0, 0.1]
    assert checked.measured["sample_rate"].tolist() == [8000, 0, 8000]
    assert checked.measured["channels"].tolist() == [1, 0, 1]


def test_texts_are_measured(tmp_path, pool):
    (tmp_path / "a.txt").write_text("two words", encoding="utf-8")
    checked = check_files([tmp_path / "a.txt"], Modality.TEXT, pool=pool)
    assert {name: values.tolist() for name, values in checked.measured.items()} == {"length": [9], "words": [2]}


def test_a_table_needs_only_its_files_hashed(tmp_path, pool):
    (tmp_path / "a.bin").write_bytes(b"abc")
    checked = check_files([tmp_path / "a.bin"], Modality.TABLE, pool=pool)
    assert checked.sha256 == [hashlib.sha256(b"abc").hexdigest()]
    assert checked.measured == {}


def test_no_files_are_no_trouble():
    assert check_files([], Modality.IMAGE).problem == []


def test_checking_can_be_cancelled(tmp_path):
    (tmp_path / "a.png").write_bytes(png())
    progress = Progress(lambda report: progress.cancel() if report.done else None)
    before = threading.active_count()
    with pytest.raises(Cancelled):
        check_files([tmp_path / "a.png"] * 500, Modality.IMAGE, progress=progress)
    assert threading.active_count() == before


def test_every_kind_of_bytes_looks_like_something():
    rng = np.random.default_rng(2)
    for size in (0, 1, 2, 5, 40, 3000):
        assert looks_like(rng.bytes(size))
