import os
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
import soundfile

from dataimp_gui.core.compute import available
from dataimp_gui.core.contract import Limits
from dataimp_gui.core.features import embedders, text_terms
from dataimp_gui.core.features.embedders import EMBEDDERS, GRADIENTS, MEL, NETWORK, TERMS, Embedder, embed, load
from dataimp_gui.core.features.embedding import unit
from dataimp_gui.core.features.embedding_choice import agreement
from dataimp_gui.core.features.embedding_each import EachOne
from dataimp_gui.core.model import Modality
from dataimp_gui.errors import Cancelled, DataimpError, ProjectError
from dataimp_gui.progress import Progress


def png(pixels):
    import cv2

    return cv2.imencode(".png", np.ascontiguousarray(pixels[:, :, ::-1]))[1].tobytes()


def drawing(kind, rng, side=28, *, colour=False):
    """A noisy grey picture of stripes: 0 lying, 1 standing, 2 aslant."""
    yy, xx = np.mgrid[0:side, 0:side]
    along = (yy, xx, xx + yy)[kind]
    shade = 128 + 90 * np.sin(along / 2.5 + rng.uniform(0, 6)) + rng.normal(0, 15, (side, side))
    pixels = np.repeat(shade.clip(0, 255).astype(np.uint8)[:, :, None], 3, axis=2)
    if colour:
        pixels[:, :, 2] //= 3
    return png(pixels)


def drawings(count, *, colour=False, side=28):
    rng = np.random.default_rng(4)
    labels = np.arange(count) % 3
    return [drawing(kind, rng, side, colour=colour) for kind in labels], labels.astype(np.int32)


def sound(folder, name, pitch, seconds=0.5, rate=16_000):
    path = folder / f"{name}.wav"
    time = np.arange(int(seconds * rate)) / rate
    noise = np.random.default_rng(len(name)).normal(0, 0.01, len(time))
    soundfile.write(path, 0.3 * np.sin(2 * np.pi * pitch * time) + noise, rate)
    return path


def counted(folder, fails=()):
    """An embedder that writes down what it looks at."""
    log = folder / "seen"
    return Embedder(
        *("counted", "1", Modality.IMAGE, "", "It was counted.", 2, 0.1),
        EachOne(look, (str(log), list(fails)), lambda _: unit),
    ), log


def look(item, limits, log, fails):
    is_path, value = item
    content = Path(os.fsdecode(value)).read_bytes() if is_path else value
    with open(log, "ab") as file:
        file.write(content + b"\n")
    if content.startswith(b"slow"):
        sum(range(100_000))
    if content.decode() in fails:
        raise DataimpError("It was not to be had.")
    return np.array([len(content), 1.0], np.float32)


@pytest.fixture(autouse=True)
def _workers_find_this_file(monkeypatch):
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    assert sys.modules[__name__].look is look


def seen(log):
    return sorted(log.read_bytes().split()) if log.exists() else []


def test_gradients_put_pictures_of_one_kind_together(tmp_path):
    pictures, labels = drawings(60)
    found = embed("gradients", pictures, tmp_path / "kept")
    assert agreement(found.vectors, labels) == 1.0
    assert np.allclose(np.linalg.norm(found.vectors, axis=1), 1, atol=1e-5)
    assert found.vectors.shape[1] <= GRADIENTS.dims
    assert (found.name, found.version, found.made_by) == ("gradients", "1", GRADIENTS.about)


def test_the_network_knows_a_photo_again_when_it_is_smaller_and_darker(tmp_path):
    import cv2

    rng = np.random.default_rng(3)
    photos = [cv2.resize(rng.integers(0, 255, (6, 8, 3), dtype=np.uint8), (320, 240)) for _ in range(6)]
    changed = [(cv2.resize(photo, (200, 150)) * 0.8).astype(np.uint8) for photo in photos]
    found = embed("efficientnet-lite0", [png(photo) for photo in (*photos, *changed)], tmp_path / "kept")
    nearest = (found.vectors[:6] @ found.vectors[6:].T).argmax(axis=1)
    assert nearest.tolist() == list(range(6))


def test_texts_about_one_matter_are_near_also_when_misspelt(tmp_path):
    money = ["win a free prize now", "free cash prize, claim now", "claim your frree prizze today", "cash prize to win"]
    home = [
        "are you home for dinner",
        "dinner at home tonight?",
        "home late, eat diner without me",
        "what is for dinner",
    ]
    found = embed("tf-idf", [*money, *home], tmp_path / "kept")
    assert agreement(found.vectors, np.repeat([0, 1], 4), 3) == 1.0


def test_sounds_are_told_apart_by_pitch_whatever_their_rate(tmp_path):
    low = [sound(tmp_path, f"low{n}", 200 + n, rate=rate) for n, rate in enumerate((8000, 16_000, 44_100, 11_025))]
    high = [sound(tmp_path, f"high{n}", 1500 + 9 * n, seconds=0.3 + n / 5) for n in range(4)]
    found = embed("log-mel", [*low, *high], tmp_path / "kept")
    assert agreement(found.vectors, np.repeat([0, 1], 4), 3) == 1.0


def test_the_same_examples_give_the_same_bytes_in_any_folder(tmp_path):
    pictures, _ = drawings(40)
    texts = [f"message {n} of {n % 7} about {'tea' if n % 2 else 'coffee'}" for n in range(40)]
    for name, sources in (("gradients", pictures), ("tf-idf", texts)):
        first = embed(name, sources, tmp_path / f"{name}-1").vectors
        assert first.tobytes() == embed(name, sources, tmp_path / f"{name}-2").vectors.tobytes()


def test_what_cannot_be_read_has_no_vector_and_a_reason(tmp_path):
    pictures, _ = drawings(5)
    sources = [pictures[0], None, b"\x89PNG\r\n\x1a\n broken", tmp_path / "absent.png", *pictures[1:]]
    found = embed("gradients", sources, tmp_path / "kept")
    assert np.isnan(found.vectors[1:4]).all()
    assert np.isfinite(found.vectors[[0, 4, 5, 6, 7]]).all()
    assert found.has_vector.tolist() == [True, False, False, False, True, True, True, True]
    assert list(found.missing) == [1, 2, 3]
    assert found.missing[1] == "It has no medium."
    assert "missing" in found.missing[3]
    again = load(tmp_path / "kept")
    assert again is not None
    assert again.missing == found.missing


def test_texts_without_text_or_without_a_word_have_a_reason(tmp_path):
    (tmp_path / "note.txt").write_bytes("für später: tea".encode("cp1252"))
    sources = ["tea for two", "two for tea", "  ", None, tmp_path / "note.txt", b"tea again", b"\0\1\2\3"]
    found = embed("tf-idf", sources, tmp_path / "kept")
    assert np.isfinite(found.vectors[[0, 1, 4, 5]]).all()
    assert found.missing[2] == "It has no text."
    assert found.missing[3] == "It has no medium."
    assert "no text" in found.missing[6]


@pytest.mark.parametrize("name", ["gradients", "tf-idf", "log-mel"])
def test_none_one_and_equal_examples_are_no_trouble(name, tmp_path):
    one = {"gradients": drawings(1)[0][0], "tf-idf": "hello", "log-mel": sound(tmp_path, "a", 300).read_bytes()}[name]
    assert embed(name, [], tmp_path / "none").vectors.shape[0] == 0
    single = embed(name, [one], tmp_path / "one")
    assert np.isclose(np.linalg.norm(single.vectors[0]), 1)
    equal = embed(name, [one] * 12, tmp_path / "equal").vectors
    assert np.allclose(equal @ equal.T, 1, atol=1e-5)
    nothing = embed(name, [None, None], tmp_path / "nothing")
    assert not nothing.has_vector.any()


def test_blank_pictures_and_silence_have_vectors(tmp_path):
    blank = [png(np.full((20, 30, 3), shade, np.uint8)) for shade in (0, 128, 255)]
    assert embed("gradients", [*blank, *drawings(3)[0]], tmp_path / "g").has_vector.all()
    soundfile.write(tmp_path / "still.wav", np.zeros(4000), 8000)
    soundfile.write(tmp_path / "short.wav", np.ones(3) * 0.1, 8000)
    sounds = [tmp_path / "still.wav", tmp_path / "short.wav", sound(tmp_path, "a", 300)]
    assert embed("log-mel", sounds, tmp_path / "m").has_vector.all()


def test_a_second_run_looks_at_what_is_new_or_changed_only(tmp_path):
    embedder, log = counted(tmp_path)
    files = [tmp_path / f"{n}.bin" for n in range(3)]
    for n, file in enumerate(files):
        file.write_bytes(b"a" * (n + 1))
    embed(embedder, files, tmp_path / "kept")
    assert seen(log) == [b"a", b"aa", b"aaa"]
    embed(embedder, files, tmp_path / "kept")
    assert len(seen(log)) == 3
    files[1].write_bytes(b"changed")
    found = embed(embedder, [*files, b"new", b"new"], tmp_path / "kept")
    assert seen(log) == [b"a", b"aa", b"aaa", b"changed", b"new"]
    assert np.allclose(found.vectors[:, 0] / found.vectors[:, 1], [1, 7, 3, 3, 3], rtol=1e-4)
    moved = embed(embedder, files[::-1], tmp_path / "kept")
    assert len(seen(log)) == 5
    assert np.allclose(moved.vectors[:, 0] / moved.vectors[:, 1], [3, 7, 1], rtol=1e-4)


def test_a_cancelled_run_goes_on_where_it_was(tmp_path, monkeypatch):
    monkeypatch.setattr("dataimp_gui.progress.INTERVAL_S", 0)
    embedder, log = counted(tmp_path)
    sources = [b"slow%04d" % n for n in range(700)]
    progress = Progress(lambda report: report.done >= 100 and progress.cancel())
    with pytest.raises(Cancelled):
        embed(embedder, sources, tmp_path / "kept", Limits(), progress)
    done = len(seen(log))
    assert 100 <= done < 700
    assert load(tmp_path / "kept") is None
    found = embed(embedder, sources, tmp_path / "kept")
    assert len(found.vectors) == 700
    assert found.has_vector.all()
    twice = len(seen(log)) - 700
    assert twice <= available() * 64  # what the workers had in hand


def test_texts_that_were_done_are_not_done_again_after_a_cancel(tmp_path, monkeypatch):
    monkeypatch.setattr(text_terms, "BATCH", 50)
    monkeypatch.setattr("dataimp_gui.progress.INTERVAL_S", 0)  # a batch may take less time than that
    texts = [f"text number {n} speaks of {n % 13} and {n % 29} things" for n in range(300)]
    progress = Progress(lambda report: report.phase == "Embedding" and report.done >= 50 and progress.cancel())
    with pytest.raises(Cancelled):
        embed("tf-idf", texts, tmp_path / "kept", Limits(), progress)
    reports = []
    found = embed("tf-idf", texts, tmp_path / "kept", Limits(), Progress(reports.append))
    (left,) = {report.total for report in reports if report.phase == "Embedding"}
    assert 0 < left < 300
    assert (300 - left) % 50 == 0
    assert found.vectors.tobytes() == embed("tf-idf", texts, tmp_path / "other").vectors.tobytes()


def test_what_was_refused_is_not_tried_again(tmp_path):
    embedder, log = counted(tmp_path, fails=["bad"])
    for _ in range(2):
        found = embed(embedder, [b"good", b"bad", b"fine" * (_ + 1)], tmp_path / "kept")
        assert found.missing == {1: "It was not to be had."}
    assert seen(log).count(b"bad") == 1


def test_damaged_files_in_the_cache_are_made_again(tmp_path):
    pictures, _ = drawings(30)
    kept = tmp_path / "kept"
    first = embed("gradients", pictures, kept).vectors.copy()
    for path in kept.iterdir():
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert load(kept) is None
    assert np.array_equal(embed("gradients", pictures, kept).vectors, first)


def test_no_pickle_in_the_cache_is_opened(tmp_path):
    kept = tmp_path / "kept"
    embed("gradients", drawings(4)[0], kept)
    (vectors,) = kept.glob("vectors-*.npy")
    np.save(vectors, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    assert load(kept) is None


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ProjectError, match="cannot be kept"):
        embed("gradients", drawings(2)[0], tmp_path / "file" / "kept")


def test_photos_get_the_network_and_small_grey_drawings_gradients():
    assert embedders.default(Modality.IMAGE) == NETWORK.name
    assert embedders.default(Modality.IMAGE, drawings(12)[0]) == GRADIENTS.name
    assert embedders.default(Modality.IMAGE, drawings(12, side=200)[0]) == NETWORK.name
    assert embedders.default(Modality.IMAGE, drawings(12, colour=True)[0]) == NETWORK.name
    assert embedders.default(Modality.IMAGE, [None, b"broken"]) == NETWORK.name
    assert embedders.default(Modality.TEXT, ["a"]) == TERMS.name
    assert embedders.default(Modality.AUDIO) == MEL.name
    assert embedders.default(Modality.TABLE) == ""


def test_small_pictures_are_tried_where_there_are_labels():
    rng = np.random.default_rng(8)
    pictures, shades = [], np.arange(24) % 2
    for shade in shades:  # one kind is warm, the other cold: edges tell nothing, colours do
        pixels = rng.integers(0, 90, (24, 24, 3), dtype=np.uint8)
        pixels[:, :, 2 * shade] += 150
        pictures.append(png(pixels))
    assert embedders.default(Modality.IMAGE, pictures, labels=shades.astype(np.int32)) == NETWORK.name
    stripes, kinds = drawings(24, colour=True)
    assert embedders.default(Modality.IMAGE, stripes, labels=kinds) == GRADIENTS.name


def test_names_are_unique_and_unknown_ones_are_told(tmp_path):
    assert len({embedder.name for embedder in EMBEDDERS}) == len(EMBEDDERS)
    assert {embedder.modality for embedder in EMBEDDERS} == set(Modality) - {Modality.TABLE}
    with pytest.raises(DataimpError, match='no embedding "clip"') as caught:
        embed("clip", [], tmp_path)
    assert "gradients" in caught.value.hint


def test_folder_names_are_safe_and_do_not_collide():
    names = [
        ("clip", "1"),
        ("Clip", "1"),
        ("clip-1", ""),
        ("../up", "1"),
        ("a/b", "1"),
        ("a\\b", "1"),
        ("é" * 300, "1"),
    ]
    folders = [embedders.folder_name(*name) for name in names]
    assert len(set(folders)) == len(names)
    assert folders[0] == "clip-1"
    assert all(len(folder) < 80 and folder.isascii() and not set("/\\.") & set(folder) for folder in folders)


def test_an_estimate_follows_what_was_measured(tmp_path):
    guess = embedders.estimate("gradients", 10_000)
    assert guess == pytest.approx(1 + 10_000 / available() * GRADIENTS.pace_s, rel=0.01)
    embed("gradients", drawings(20)[0], tmp_path / "kept")
    measured = embedders.estimate("gradients", 10_000, tmp_path / "kept")
    assert measured != guess
    assert embedders.estimate("gradients", 20_000, tmp_path / "kept") - 1 == pytest.approx(2 * (measured - 1))


def test_a_package_can_bring_an_embedder(tmp_path, monkeypatch):
    site = tmp_path / "site"
    info = site / "brought-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: brought\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[dataimp.features]\nbrought = brought:LENGTH\nbroken = brought:ABSENT\n")
    (site / "brought.py").write_text(
        "import numpy as np\n"
        "from dataimp_gui.core.features.embedders import Embedder, Made\n"
        "from dataimp_gui.core.model import Modality\n"
        "def embed(sources, folder, limits, progress):\n"
        "    return Made(np.array([[len(each), 1] for each in sources], np.float32), {}, str(len(sources)))\n"
        "LENGTH = Embedder('length', '3', Modality.TEXT, 'How long', 'Its length was taken.', 2, 0.001, embed)\n"
    )
    monkeypatch.syspath_prepend(str(site))
    embedders.installed.cache_clear()
    try:
        assert [each.name for each in embedders.embedders(Modality.TEXT)] == ["tf-idf", "length"]
        found = embed("length", ["abc", "x"], tmp_path / "kept")
        assert (found.version, found.vectors.shape) == ("3", (2, 2))
    finally:
        embedders.installed.cache_clear()


def test_no_thread_is_left_behind(tmp_path):
    before = threading.active_count()
    embed("gradients", drawings(3)[0], tmp_path / "kept")
    assert threading.active_count() == before
