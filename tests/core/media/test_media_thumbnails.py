import os
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest

from dataimp_gui.core.media.files import MediaError
from dataimp_gui.core.media.thumbnails import WORTH_BYTES, Thumbnails, picture
from dataimp_gui.core.model import Modality


def photo(seed=0, width=640, height=480):
    noise = np.random.default_rng(seed).integers(0, 60, (height, width, 1), dtype=np.uint8)
    slope = np.linspace(0, 190 - seed, width, dtype=np.uint8)[None, :, None]
    return cv2.imencode(".jpg", np.repeat(noise + slope, 3, axis=2))[1].tobytes()


@pytest.fixture
def large(tmp_path):
    path = tmp_path / "photo.jpg"
    path.write_bytes(photo())
    assert path.stat().st_size > WORTH_BYTES
    return path


def files_in(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_the_second_look_shows_the_same_without_the_source(tmp_path, large):
    thumbnails = Thumbnails(tmp_path / "cache")
    first = thumbnails.picture(large, Modality.IMAGE, 104, sha256="ab")
    assert first.shape == (78, 104, 3)
    assert np.array_equal(first, picture(large, Modality.IMAGE, 104))
    (kept,) = files_in(tmp_path / "cache")
    large.write_bytes(b"\0" * WORTH_BYTES)  # the hash names the content, whatever lies there now
    second = thumbnails.picture(large, Modality.IMAGE, 104, sha256="ab")
    assert np.abs(second.astype(int) - first).mean() < 6
    assert files_in(tmp_path / "cache") == [kept]


def test_without_a_hash_a_changed_file_is_looked_at_again(tmp_path, large):
    thumbnails = Thumbnails(tmp_path / "cache")
    before = thumbnails.picture(large, Modality.IMAGE, 50)
    large.write_bytes(photo(seed=9))
    os.utime(large, ns=(1, 1))
    after = thumbnails.picture(large, Modality.IMAGE, 50)
    assert np.array_equal(after, picture(large, Modality.IMAGE, 50))
    assert not np.array_equal(before, after)


def test_each_size_is_kept_for_itself(tmp_path, large):
    thumbnails = Thumbnails(tmp_path / "cache")
    for size in (50, 100):
        assert thumbnails.picture(large, Modality.IMAGE, size, sha256="ab").shape[1] == size
    assert len(files_in(tmp_path / "cache")) == 2


def test_a_small_image_is_not_kept_because_it_is_quick_to_decode(tmp_path):
    thumbnails = Thumbnails(tmp_path / "cache")
    data = photo(width=40, height=30)
    assert thumbnails.picture(data, Modality.IMAGE, 104, sha256="ab").shape == (30, 40, 3)
    assert files_in(tmp_path) == []


def test_a_damaged_picture_in_the_cache_is_made_again(tmp_path, large):
    thumbnails = Thumbnails(tmp_path / "cache")
    first = thumbnails.picture(large, Modality.IMAGE, 104)
    (kept,) = files_in(tmp_path / "cache")
    whole = kept.read_bytes()
    for damage in (b"", b"nonsense", whole[:300], photo()):
        kept.write_bytes(damage)
        assert np.array_equal(thumbnails.picture(large, Modality.IMAGE, 104), first)
        assert kept.read_bytes() == whole


def test_a_cache_that_cannot_be_written_costs_only_speed(tmp_path, large):
    (tmp_path / "cache").write_text("a file where the folder should be")
    assert Thumbnails(tmp_path / "cache").picture(large, Modality.IMAGE, 104).shape == (78, 104, 3)


def test_many_threads_leave_whole_pictures_and_no_parts(tmp_path, large):
    thumbnails = Thumbnails(tmp_path / "cache")
    with ThreadPoolExecutor(8) as threads:
        pictures = list(threads.map(lambda _: thumbnails.picture(large, Modality.IMAGE, 104), range(64)))
    assert all(np.abs(shown.astype(int) - pictures[0]).mean() < 6 for shown in pictures)
    assert [path.suffix for path in files_in(tmp_path / "cache")] == [".jpg"]


def test_a_missing_file_is_said_and_nothing_is_kept(tmp_path):
    thumbnails = Thumbnails(tmp_path / "cache")
    with pytest.raises(MediaError, match="missing"):
        thumbnails.picture(tmp_path / "none.jpg", Modality.IMAGE, 104)
    with pytest.raises(MediaError, match="no picture"):
        picture(b"text", Modality.TEXT, 104)
    assert files_in(tmp_path) == []


def test_trimming_takes_the_oldest_pictures(tmp_path, large):
    thumbnails = Thumbnails(tmp_path / "cache")
    for size in (60, 61, 62):
        thumbnails.picture(large, Modality.IMAGE, size)
    kept = files_in(tmp_path / "cache")
    for age, path in enumerate(kept):
        os.utime(path, ns=(age * 10**9, age * 10**9))
    assert thumbnails.trim(sum(path.stat().st_size for path in kept) - 1) == 1
    assert files_in(tmp_path / "cache") == kept[1:]
    assert thumbnails.trim(0) == 2
    assert files_in(tmp_path / "cache") == []


def test_a_sound_is_shown_as_its_waveform_and_kept(tmp_path):
    import soundfile

    path = tmp_path / "tone.wav"
    soundfile.write(path, np.sin(np.arange(8000) / 5), 8000)
    thumbnails = Thumbnails(tmp_path / "cache")
    shown = thumbnails.picture(path, Modality.AUDIO, 96)
    assert shown.shape == (60, 96, 3)
    assert len(files_in(tmp_path / "cache")) == 1
    assert np.abs(thumbnails.picture(path, Modality.AUDIO, 96).astype(int) - shown).mean() < 8
