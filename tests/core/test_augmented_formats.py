"""Variants of every odd kind of file and text: what they were survives in what is written."""

import json

import numpy as np
import pytest
import soundfile
from PIL import Image

import dataimp_gui
from dataimp_gui.core.augment.operations import table
from dataimp_gui.core.augment.policy import Policy, Step
from dataimp_gui.core.importing import ImportOptions, import_dataset
from dataimp_gui.core.model import Modality
from dataimp_gui.progress import Progress

RNG = np.random.default_rng(6)
RGB = RNG.integers(0, 255, (24, 16, 3), np.uint8)


def brought(source, folder):
    target = folder / "p.dataimp"
    assert import_dataset(source, target, ImportOptions(), Progress()).quarantined == 0
    return dataimp_gui.open(target)


def written(project, policy):
    """By the name of the example, the file of its variant."""
    found = project.augment.write(policy, "", 1)
    assert (found.added, found.skipped) == (project.count // 2, 0)
    rows = project.rows("augmented_from is not null")
    media = project.query.values(["augmented_from", "media"], rows)
    return {
        id_.split("/")[-1]: project.locations.path(int(row), name)
        for row, id_, name in zip(rows, media["augmented_from"], media["media"], strict=True)
    }


def loaded(file):
    with Image.open(file) as picture:
        picture.load()
        return picture


def test_depth_alpha_orientation_and_size_of_pictures_survive(tmp_path):
    (tmp_path / "data" / "a").mkdir(parents=True)
    deep = RNG.integers(0, 65_535, (24, 16), np.uint16)
    turned = Image.Exif()
    turned[0x112] = 6
    made = {
        "rgb.png": Image.fromarray(RGB),
        "dot.png": Image.fromarray(RGB[:1, :1]),
        "alpha.png": Image.fromarray(np.dstack([RGB, RGB[:, :, :1]])),
        "grey.png": Image.fromarray(RGB[:, :, 0].copy()),
        "grey-alpha.png": Image.fromarray(RGB[:, :, :2].copy()),
        "deep.png": Image.fromarray(deep),
        "palette.png": Image.fromarray(RGB).quantize(8),
        "bit.png": Image.fromarray(RGB).convert("1"),
        "ink.jpg": Image.fromarray(RGB).convert("CMYK"),
        "turned.jpg": Image.fromarray(RGB),
    }
    for name, picture in made.items():
        picture.save(tmp_path / "data" / "a" / name, **({"exif": turned} if name.startswith("turned") else {}))
    dim = Policy("Dim", Modality.IMAGE, steps=(Step("dim", ranges={"gain": (0.5, 0.5)}),))
    with brought(tmp_path / "data", tmp_path) as project:
        files = written(project, dim)
        opened = {name: loaded(file) for name, file in files.items()}
    assert {name: (each.mode, each.size) for name, each in opened.items()} == {
        "rgb.png": ("RGB", (16, 24)),
        "dot.png": ("RGB", (1, 1)),
        "alpha.png": ("RGBA", (16, 24)),
        "grey.png": ("L", (16, 24)),
        "grey-alpha.png": ("LA", (16, 24)),
        "deep.png": ("I;16", (16, 24)),
        "palette.png": ("RGB", (16, 24)),
        "bit.png": ("L", (16, 24)),
        "ink.jpg": ("RGB", (16, 24)),
        "turned.jpg": ("RGB", (24, 16)),  # upright, as it is looked at
    }
    assert (np.asarray(opened["alpha.png"])[:, :, 3] == RGB[:, :, 0]).all()
    assert np.unique(np.asarray(opened["deep.png"]) % 256).size > 100  # not 8 bits made wider
    assert not opened["turned.jpg"].getexif()


def test_channels_rate_and_length_of_sounds_survive(tmp_path):
    (tmp_path / "data" / "a").mkdir(parents=True)
    made = {
        "mono.wav": (RNG.normal(0, 0.1, 4000), 8000, "PCM_16"),
        "stereo.wav": (RNG.normal(0, 0.1, (4410, 2)), 44_100, "PCM_16"),
        "six.wav": (RNG.normal(0, 0.1, (4800, 6)), 48_000, "PCM_16"),
        "eight-bit.wav": (RNG.normal(0, 0.1, 4000), 8000, "PCM_U8"),
        "fine.wav": (RNG.normal(0, 0.1, (9600, 2)), 96_000, "PCM_24"),
        "float.wav": (RNG.normal(0, 0.1, 4000), 16_000, "FLOAT"),
        "silence.wav": (np.zeros(4000), 8000, "PCM_16"),
        "one.wav": (np.array([0.25]), 8000, "PCM_16"),
    }
    for name, (samples, rate, kind) in made.items():
        soundfile.write(tmp_path / "data" / "a" / name, samples, rate, subtype=kind)
    quieter = Policy("Quieter", Modality.AUDIO, steps=(Step("gain", ranges={"level": (-6, -6)}),))
    with brought(tmp_path / "data", tmp_path) as project:
        files = written(project, quieter)
        for name, (samples, rate, kind) in made.items():
            info = soundfile.info(files[name])
            shape = (len(samples), samples.shape[1] if samples.ndim == 2 else 1)
            assert (info.samplerate, info.frames, info.channels) == (rate, *shape), name
            assert info.subtype == ("PCM_24" if kind in {"PCM_24", "FLOAT"} else "PCM_16"), name
        heard = soundfile.read(files["stereo.wav"])[0]
    assert heard == pytest.approx(made["stereo.wav"][0] * 10 ** (-6 / 20), abs=1e-3)


def test_every_operation_takes_odd_texts(tmp_path):
    odd = {
        "emoji": "😀👩‍👩‍👧 🇩🇪 ok 👍🏽",
        "alone": "😀",
        "one": "x",
        "spaces": "   ",
        "other": "مرحبا بالعالم",
        "nul": "a\0b\nc",
    }
    lines = [json.dumps({"id": id_, "text": words, "label": "a"}) for id_, words in odd.items()]
    (tmp_path / "data.jsonl").write_text("\n".join(lines), "utf-8")
    ops = [name for name, operation in table().items() if operation.modality is Modality.TEXT]
    policy = Policy("All", Modality.TEXT, steps=tuple(Step(op) for op in ops if op != "synonyms"))
    with brought(tmp_path / "data.jsonl", tmp_path) as project:
        found = project.augment.write(policy, "", 3)
        assert found.added + found.skipped == 3 * len(odd)
        assert found.added >= 3 * (len(odd) - 1)  # nothing can be done to spaces alone
        assert all(project.query.values(["text"], project.rows("augmented_from is not null"))["text"])
