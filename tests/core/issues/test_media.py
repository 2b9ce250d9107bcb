"""What a medium lacks is said from its statistics, each against what is usual in its dataset."""

import numpy as np
import pytest
from issue_evidence import evidence

from dataimp_gui.core.issues.media import detect
from dataimp_gui.core.model import Modality
from dataimp_gui.progress import Progress

COUNT = 400


def spread(middle, part=0.1, seed=0):
    return (middle * np.exp(part * np.random.default_rng(seed).normal(size=COUNT))).astype(np.float32)


def pictures(**changed):
    usual = {
        "width": np.full(COUNT, 640.0),
        "height": np.full(COUNT, 480.0),
        "aspect": np.full(COUNT, 4 / 3),
        "brightness": spread(0.5),
        "contrast": spread(0.2),
        "sharpness": spread(0.5),
        "noise": spread(1.0),
        "border": np.zeros(COUNT),
    }
    for name, (row, value) in changed.items():
        usual[name] = usual[name].astype(np.float32)
        usual[name][row] = value
    return usual


@pytest.mark.parametrize(
    ("statistic", "value", "word"),
    [
        ("brightness", 0.01, "dark"),
        ("brightness", 0.995, "bright"),
        ("contrast", 0.002, "hardly shows anything"),
        ("sharpness", 0.02, "blurred"),
        ("noise", 30.0, "noisy"),
        ("border", 1.0, "nearly empty"),
        ("width", 3.0, "pixels wide"),
        ("aspect", 30.0, "strip"),
    ],
)
def test_a_picture_that_is_unlike_the_others_is_found_with_its_figure(statistic, value, word):
    findings = detect(evidence(COUNT, statistics=pictures(**{statistic: (7, value)})), Progress())
    assert findings.rows.tolist() == [7]
    assert word in findings.reasons[0]
    assert findings.severity[0] >= 0.8
    assert findings.fix == "look"


def test_usual_pictures_have_nothing_wrong():
    assert len(detect(evidence(COUNT, statistics=pictures()), Progress())) == 0


def test_what_half_of_the_pictures_are_is_no_fault():
    dark = pictures()
    dark["brightness"] = np.where(np.arange(COUNT) % 2, 0.02, 0.2)
    assert len(detect(evidence(COUNT, statistics=dark), Progress())) == 0


def test_icons_are_neither_blurred_nor_noisy():
    small = pictures(sharpness=(3, 0.0), noise=(4, 60.0))
    small["width"] = small["height"] = np.full(COUNT, 28.0)
    assert len(detect(evidence(COUNT, statistics=small), Progress())) == 0


def test_the_worst_of_two_faults_is_the_one_that_is_told():
    findings = detect(evidence(COUNT, statistics=pictures(brightness=(7, 0.0), sharpness=(7, 0.15))), Progress())
    assert findings.rows.tolist() == [7]
    assert "dark" in findings.reasons[0]


def test_what_cannot_be_read_says_why():
    failed = {9: "The file ends early: the JPEG data is cut short.", 10: "The file is empty (0 bytes)."}
    findings = detect(evidence(COUNT, failed=failed, statistics=pictures()), Progress())
    assert findings.rows.tolist() == [9, 10]
    assert findings.reasons[0] == "It cannot be read: The file ends early: the JPEG data is cut short."
    assert findings.severity.tolist() == [1.0, 1.0]


@pytest.mark.parametrize(
    ("statistic", "value", "word"),
    [
        ("silence", 1.0, "silent"),
        ("loudness", -75.0, "quiet"),
        ("clipping", 0.3, "clipped"),
        ("duration", 0.01, "short"),
        ("duration", 900.0, "long"),
    ],
)
def test_a_sound_that_is_unlike_the_others_is_found(statistic, value, word):
    sounds = {
        "silence": np.full(COUNT, 0.1),
        "loudness": np.random.default_rng(0).normal(-20, 2, COUNT),
        "clipping": np.zeros(COUNT),
        "duration": spread(2.0),
    }
    sounds[statistic][5] = value
    findings = detect(evidence(COUNT, Modality.AUDIO, statistics=sounds), Progress())
    assert findings.rows.tolist() == [5]
    assert word in findings.reasons[0]


def texts(**changed):
    usual = {
        "words": np.full(COUNT, 12.0),
        "length": spread(80.0, 0.3),
        "ocr_noise": np.zeros(COUNT),
        "repetition": np.zeros(COUNT),
        "language": np.array(["en"] * COUNT, object),
    }
    for name, (row, value) in changed.items():
        usual[name][row] = value
    return usual


@pytest.mark.parametrize(
    ("statistic", "value", "word"),
    [
        ("words", 0.0, "no words"),
        ("length", 90_000.0, "very long"),
        ("ocr_noise", 0.9, "garbled"),
        ("repetition", 0.95, "repeats"),
        ("language", "de", "looks like de; nearly all of the others are en"),
    ],
)
def test_a_text_that_is_unlike_the_others_is_found(statistic, value, word):
    findings = detect(evidence(COUNT, Modality.TEXT, statistics=texts(**{statistic: (5, value)})), Progress())
    assert findings.rows.tolist() == [5]
    assert word in findings.reasons[0]


def test_in_a_dataset_of_several_languages_none_is_foreign():
    mixed = texts()
    mixed["language"] = np.array(["en", "de", "fr", "es"] * (COUNT // 4), object)
    mixed["language"][3] = "it"
    assert len(detect(evidence(COUNT, Modality.TEXT, statistics=mixed), Progress())) == 0


def test_a_text_of_unknown_language_is_not_foreign():
    assert len(detect(evidence(COUNT, Modality.TEXT, statistics=texts(language=(4, ""))), Progress())) == 0


@pytest.mark.parametrize("count", [0, 1, 3])
def test_few_examples_are_judged_by_limits_alone(count):
    statistics = {"brightness": np.linspace(0.0, 1.0, count), "contrast": np.full(count, 0.2)}
    findings = detect(evidence(count, statistics=statistics), Progress())
    assert findings.rows.tolist() == ([0] if count == 1 else [])[:count] or set(findings.rows.tolist()) <= {0, 2}


def test_missing_statistics_and_excluded_examples_find_nothing():
    assert len(detect(evidence(COUNT), Progress())) == 0
    blank = {"brightness": np.full(COUNT, np.nan, np.float32)}
    assert len(detect(evidence(COUNT, statistics=blank), Progress())) == 0
    everything = evidence(COUNT, statistics=pictures(brightness=(7, 0.0)), excluded=np.ones(COUNT, np.bool_))
    assert len(detect(everything, Progress())) == 0
