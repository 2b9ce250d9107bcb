"""Realism: what closes a gap is seen to, what the target never shows is named, and labels that go are noticed."""

import numpy as np
import pytest

from dataimp_gui.core.augment.applying import apply
from dataimp_gui.core.augment.policy import Policy, Step
from dataimp_gui.core.augment.realism import naming
from dataimp_gui.core.augment.realism.angles import angles
from dataimp_gui.core.augment.realism.closing import realism
from dataimp_gui.core.augment.realism.densities import POINTS, densities
from dataimp_gui.core.augment.realism.describing import STATISTICS, Described, content, describe
from dataimp_gui.core.augment.realism.labels import Judge
from dataimp_gui.core.augment.realism.promising import promise
from dataimp_gui.core.augment.realism.steps import Verdict, blame, verdict
from dataimp_gui.core.augment.values import Sound
from dataimp_gui.core.model import Modality
from dataimp_gui.progress import Progress

BLUR = Step("blur", ranges={"radius": (0.8, 1.2)})
DIM = Step("dim", ranges={"gain": (0.4, 0.6)})
NOISE = Step("pixel_noise")


def policy(*steps):
    return Policy("made", Modality.IMAGE, steps=steps)


def scenes(count, seed):
    """Bright shapes of two kinds on a plain ground, with a touch of noise; half of them are crosses (label 1)."""
    rng = np.random.default_rng(seed)
    found = []
    for number in range(count):
        canvas = np.full((32, 32, 3), rng.integers(90, 130), np.float64)
        top, left, size = *rng.integers(4, 10, 2), int(rng.integers(12, 18))
        colour = rng.integers(170, 250, 3)
        if number % 2:
            canvas[top + size // 2 - 2 : top + size // 2 + 2, left : left + size] = colour
            canvas[top : top + size, left + size // 2 - 2 : left + size // 2 + 2] = colour
        else:
            canvas[top : top + size, left : left + size] = colour
            canvas[top + 3 : top + size - 3, left + 3 : left + size - 3] = 110
        found.append(np.clip(canvas + rng.normal(0, 2, canvas.shape), 0, 255).astype(np.uint8))
    return found


def variants(steps, pictures):
    return [apply(policy(*steps), each, str(place), 0).value for place, each in enumerate(pictures)]


def seen(pictures):
    return describe(pictures, Modality.IMAGE)


@pytest.fixture(scope="module")
def ours():
    return scenes(120, seed=1)


@pytest.fixture(scope="module")
def target():
    """Blurred and dim ones of other scenes."""
    return seen(variants([BLUR, DIM], scenes(120, seed=2)))


def test_the_noise_that_the_target_has_closes_the_gap_and_half_of_it_closes_a_part(ours, target):
    original = seen(ours)
    both = realism(original, seen(variants([BLUR, DIM], ours)), target)
    dim = realism(original, seen(variants([DIM], ours)), target)
    assert both.p_same < 0.01
    assert both.overall.share == pytest.approx(1, abs=0.1)
    assert 0.1 < dim.overall.share < 0.9
    assert dim.overall.interval[0] < dim.overall.share < dim.overall.interval[1]
    assert set(both.angles) == {"statistics", "texture"}


def test_a_statistic_that_is_off_is_said_to_be_off_as_a_person_would():
    def said(augmented, target):
        rng = np.random.default_rng(0)
        columns = [rng.normal(*given, (80, 8)).astype(np.float32) for given in ((0.5, 0.01), augmented, target)]
        described = [Described(each, each, each) for each in columns]
        return {each.name: each.said for each in naming.by_statistic(*described, Modality.IMAGE)}["noise"]

    assert said((9, 0.1), (3, 0.1)) == "Noise is 3 times the target's."
    assert said((0.5, 2), (0.5, 0.1)) == "Noise varies more than the target's."
    assert said((9000, 0.01), (0.00004, 1e-6)) == "Noise is higher than the target's: 9,000, not 0."


def test_doing_nothing_closes_nothing(ours, target):
    original = seen(ours)
    assert realism(original, original, target).overall.share == 0


def test_pixel_noise_that_the_target_never_shows_moves_away_from_it_and_is_named(ours, target):
    original, noisy = seen(ours), seen(variants([NOISE], ours))
    found = realism(original, noisy, target)
    assert found.overall.interval[1] < 0
    said = [each.said for each in naming.by_statistic(original, noisy, target, Modality.IMAGE)]
    assert any(each.startswith("Noise is ") and each.endswith(" times the target's.") for each in said)


def test_real_against_real_has_nothing_to_close():
    called = [
        realism(half, half, other).is_closed_already
        for half, other in ((seen(scenes(60, seed=seed)), seen(scenes(60, seed=seed + 100))) for seed in range(10, 22))
    ]
    assert sum(called) >= 10


def test_each_step_gets_its_verdict(ours, target):
    given = policy(BLUR, DIM, NOISE)
    original, full = seen(ours), seen(variants(given.steps, ours))
    judge = Judge(original.content, np.arange(len(ours), dtype=np.int32) % 2)
    said = blame(given, full, original, target, judge, lambda one: seen(variants(one.steps, ours)), Progress())
    assert [each.place for each in said] == [0, 1, 2]
    assert said[1].verdict is Verdict.HELPS
    assert said[2].verdict is Verdict.UNSEEN
    assert said[1].added is not None


def test_a_label_that_cannot_be_told_any_more_is_noticed_by_class(ours):
    labels = np.arange(len(ours), dtype=np.int32) % 2
    original = seen(ours)
    judge = Judge(original.content, labels)
    assert judge.kept(original.content).share == 1
    spoiled = judge.kept(seen([np.zeros_like(each) + 100 for each in ours]).content)
    assert spoiled.share == pytest.approx(0.5, abs=0.1)
    assert sorted(spoiled.by_class.values()) == pytest.approx([0, 1], abs=0.1)


def test_a_model_that_only_guesses_says_nothing_about_labels_but_a_person_does(ours):
    guessed = np.random.default_rng(5).integers(0, 2, len(ours)).astype(np.int32)
    content = seen(ours).content
    judge = Judge(content, guessed)
    assert judge.kept(content).share is None
    assert judge.kept(content, {3: True, 4: False}).share == 0.5
    assert Judge(content, np.full(len(ours), -1, np.int32)).kept(content, {3: False}).share == 0


def test_without_labels_nothing_is_said_about_them(ours):
    content = seen(ours).content
    assert Judge(content, np.full(len(ours), -1, np.int32)).kept(content).share is None


def test_the_target_is_covered_by_what_is_like_it(ours, target):
    before = naming.covered(seen(ours), target)
    after = naming.covered(seen(variants([BLUR, DIM], ours)), target)
    assert after > before
    assert after > 0.8


def of_angles(original, augmented, target):
    return {each.name: each for each in angles(original, augmented, target, realism(original, augmented, target))}


def test_each_angle_sees_that_the_right_noise_closes_the_gap_and_the_wrong_one_does_not(ours, target):
    original = seen(ours)
    right = of_angles(original, seen(variants([BLUR, DIM], ours)), target)
    assert list(right) == ["statistics", "texture", "embedding", "classifier", "coverage"]
    assert right["embedding"].title == "Embedding (built-in)"
    for each in right.values():
        assert each.low <= each.closed <= each.high, each.name
        assert each.closed > 0.6, each.name
    wrong = of_angles(original, seen(variants([NOISE], ours)), target)
    assert all(each.closed < 0.2 for each in wrong.values())
    assert "of the gap is closed" in right["statistics"].sentence
    assert "further away" in wrong["statistics"].sentence


def test_the_classifier_tells_all_before_and_hardly_anything_after(ours, target):
    seen_by = of_angles(seen(ours), seen(variants([BLUR, DIM], ours)), target)["classifier"]
    assert seen_by.before > 0.9
    assert seen_by.after < 0.4
    assert "(AUC 1.00)" in seen_by.sentence


def test_where_there_is_no_gap_no_angle_says_that_a_share_of_it_is_closed():
    original, target = seen(scenes(80, seed=31)), seen(scenes(80, seed=32))
    found = of_angles(original, original, target)
    assert [each.closed for each in found.values()] == [None] * 5
    assert found["texture"].sentence == "No gap can be told from chance."


def test_curves_of_the_statistics_that_differ_most_show_where_each_set_lies(ours, target):
    original, augmented = seen(ours), seen(variants([BLUR, DIM], ours))
    named = naming.by_statistic(original, augmented, target, Modality.IMAGE)
    curves = densities(original, augmented, target, Modality.IMAGE, named)
    assert 1 <= len(curves) <= 6
    brightness = next(each for each in curves if each.statistic == "brightness")
    peaks = [brightness.x[curve.argmax()] for curve in (brightness.source, brightness.augmented, brightness.target)]
    assert peaks[0] > 1.5 * peaks[2]
    assert peaks[1] == pytest.approx(peaks[2], rel=0.25)
    for each in curves:
        assert each.x.shape == each.source.shape == (POINTS,)
        for curve in (each.source, each.augmented, each.target):
            assert 0.8 < np.trapezoid(curve, each.x) < 1.1


def test_what_labels_are_learned_from_is_the_same_when_only_that_is_asked_for(ours):
    assert np.array_equal(content(ours[:9], Modality.IMAGE), seen(ours[:9]).content)
    sounds = [Sound(np.random.default_rng(1).normal(0, 0.1, (4000, 1)).astype(np.float32), 8000)]
    assert np.array_equal(content(sounds, Modality.AUDIO), describe(sounds, Modality.AUDIO).content)
    assert np.array_equal(content(["a b"], Modality.TEXT), describe(["a b"], Modality.TEXT).content)


def test_blur_that_is_in_the_target_promises_more_than_other_noise_or_lost_labels(ours):
    blur = Step("blur", ranges={"radius": (4.0, 4.0)})
    labels = np.arange(len(ours), dtype=np.int32) % 2
    every = np.ones(len(ours), np.bool_)
    target = content(variants([blur, NOISE], scenes(120, seed=2)), Modality.IMAGE)
    original = content(ours, Modality.IMAGE)

    def of(*steps, named=labels, faced=target):
        varied = content(variants(steps, ours), Modality.IMAGE)
        return promise(original, named, varied, every, faced, Progress()).value

    assert of(blur, NOISE) > of(NOISE) + 0.1 > of() + 0.1
    assert of(DIM) == pytest.approx(of(), abs=0.01)  # the models do not see light
    unchanged = content(scenes(120, seed=3), Modality.IMAGE)
    shuffled = np.random.default_rng(1).permutation(labels)
    assert of(faced=unchanged) > 0.4
    assert (of(named=shuffled, faced=unchanged) or 0) < 0.1


def test_nothing_is_promised_where_models_are_mostly_wrong(ours):
    original, every = content(ours, Modality.IMAGE), np.ones(len(ours), np.bool_)
    any_of_five = np.random.default_rng(1).integers(0, 5, len(ours)).astype(np.int32)
    found = promise(original, any_of_five, original, every, original, Progress())
    assert found.value is None
    assert found.reason.startswith("A model is right about ")


def test_how_loud_or_strong_an_example_is_says_nothing_about_its_label():
    pictures = scenes(4, seed=3)
    weak = [(each // 2).astype(np.uint8) for each in pictures]
    assert content(weak, Modality.IMAGE) == pytest.approx(content(pictures, Modality.IMAGE), abs=0.3)
    samples = np.random.default_rng(2).normal(0, 0.1, (8000, 1)).astype(np.float32)
    loud, quiet = (content([Sound(samples * gain, 8000)], Modality.AUDIO) for gain in (1, 0.1))
    assert quiet == pytest.approx(loud, abs=0.01)


def test_a_verdict_of_a_person_counts_in_place_of_what_the_model_says(ours):
    labels = np.arange(len(ours), dtype=np.int32) % 2
    original = seen(ours)
    judge = Judge(original.content, labels)
    blank = seen([np.zeros_like(each) + 100 for each in ours])
    lost = judge.kept(blank.content)
    assert judge.kept(blank.content, dict.fromkeys(range(60), True)).share > lost.share
    assert judge.kept(original.content, {0: False}).share == pytest.approx(119 / 120)


def test_the_model_agrees_more_with_a_variant_that_shows_what_the_original_does(ours):
    labels = np.arange(len(ours), dtype=np.int32) % 2
    judge = Judge(seen(ours).content, labels)
    dim, blank = (seen(variants([DIM], ours)), seen([np.zeros_like(each) + 100 for each in ours]))
    everywhere = np.arange(len(ours))
    score, is_first = judge.agreement(dim.content, labels, everywhere)
    assert is_first.mean() > 0.9
    assert score.mean() > judge.agreement(blank.content, labels, everywhere)[0].mean() + 0.2
    others, _ = judge.agreement(dim.content, labels, np.full(len(ours), -1))
    assert others.mean() == pytest.approx(score.mean(), abs=0.1)
    nothing, is_first = judge.agreement(dim.content, np.full(len(ours), -1, np.int32), everywhere)
    assert np.isnan(nothing).all()
    assert not is_first.any()


def test_odd_values_are_described_like_any_other():
    pictures = [
        np.zeros((1, 1), np.uint8),
        np.zeros((5, 9, 4), np.uint16),
        np.ones((40, 3, 2), np.float32),
        np.zeros((8, 8, 3), np.uint8),
    ]
    assert len(describe(pictures, Modality.IMAGE)) == 4
    sounds = [Sound(np.zeros((0, 2), np.float32), 8000), Sound(np.full((9, 1), 0.5, np.float32), 96000)]
    found = describe(sounds, Modality.AUDIO)
    assert found.statistics.shape == (2, len(STATISTICS[Modality.AUDIO]))
    texts = describe(["", "🙂", "a line\n of words"], Modality.TEXT)
    assert np.isfinite(texts.texture).all()
    assert np.isfinite(texts.content).all()


def test_a_statistic_that_is_missing_or_constant_breaks_nothing():
    rng = np.random.default_rng(0)

    def made(shift):
        statistics = rng.normal(shift, 1, (40, 3)).astype(np.float32)
        statistics[:, 1], statistics[:, 2] = np.nan, 5
        return Described(statistics, statistics[:, :1], statistics[:, :1])

    found = realism(made(0), made(2), made(2))
    assert found.overall.share > 0.8


def test_a_step_that_no_statistic_sees_but_spoils_the_label_breaks_it(ours):
    closed = realism(seen(ours), seen(ours), seen(scenes(120, seed=3)), shuffles=0).overall
    judge = Judge(seen(ours).content, np.arange(len(ours), dtype=np.int32) % 2)
    swapped = seen([ours[place + 1 if place % 2 == 0 else place - 1] for place in range(len(ours))])
    assert verdict(closed, None, judge.kept(swapped.content)) is Verdict.BREAKS
