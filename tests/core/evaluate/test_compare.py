"""Differences between two models on the same examples: their intervals cover, their p-values keep their promise."""

import numpy as np
import pytest
from scipy.stats import norm

from dataimp_gui.core.evaluate.compare import Judged, compare, compare_calibration, compare_costs, mcnemar
from dataimp_gui.core.metrics import calibration_error


def judged(rng, n, seeds, gain=0.0, wobble=0.0):
    """Right or wrong (seeds, n) before and after: examples differ in how hard they are, seeds in how lucky they are."""
    ease = rng.normal(0.8, 0.8, n)
    luck = rng.normal(0, wobble, (2, seeds, 1))
    noise = rng.normal(0, 1, (2, seeds, n))
    return ease + luck[0] + noise[0] > 0, ease + gain + luck[1] + noise[1] > 0


@pytest.mark.parametrize(("seeds", "wobble"), [(1, 0.0), (3, 0.0), (5, 0.1)])
def test_the_interval_covers_what_other_examples_and_other_seeds_give(seeds, wobble):
    rng = np.random.default_rng(seeds)
    before, after = judged(rng, 200_000, 40, gain=0.2, wobble=wobble)

    def rate(gain):  # ease + luck + noise, all of them normal
        return norm.cdf((0.8 + gain) / np.sqrt(0.8**2 + wobble**2 + 1))

    true = rate(0.2) - rate(0.0)
    assert after.mean() - before.mean() == pytest.approx(true, abs=0.03)
    everyone = [("all", np.ones(400, dtype=bool))]
    hits = 0
    trials = 1200
    for trial in range(trials):
        low, high = compare(*judged(rng, 400, seeds, gain=0.2, wobble=wobble), everyone, seed=trial)[0].ci
        hits += low <= true <= high
    assert 0.93 <= hits / trials <= (0.97 if seeds == 1 else 0.985), hits / trials


def test_subsets_get_their_own_difference_and_p_values_that_know_of_each_other():
    rng = np.random.default_rng(1)
    before, after = judged(rng, 600, 3)
    worse = np.arange(600) < 100
    before[:, worse], after[:, worse] = True, rng.random((3, 100)) < 0.6
    found = compare(before, after, [("worse", worse), ("rest", ~worse), ("none", worse & ~worse)])
    by_name = {each.name: each for each in found}
    assert by_name["worse"].before == 1.0
    assert by_name["worse"].difference == pytest.approx(after[:, worse].mean() - 1)
    assert by_name["worse"].ci[1] < 0
    assert by_name["worse"].p_adjusted < 1e-3
    assert by_name["worse"].p_adjusted >= by_name["worse"].p
    assert by_name["rest"].ci[0] < 0 < by_name["rest"].ci[1]
    assert (by_name["none"].n, by_name["none"].difference, by_name["none"].ci) == (0, None, None)


def confident(rng, n, seeds, boasts):
    """Of models that are right as often as they say, but say it ``boasts`` times too surely, a `Judged` a seed."""
    ease, made = rng.normal(1, 1, n), []
    for boast in boasts:
        logits = ease + rng.normal(0, 0.3, (seeds, n))
        right = rng.random((seeds, n)) < 1 / (1 + np.exp(-logits))
        confidence = np.clip(1 / (1 + np.exp(-boast * logits)), 0.34, 0.999)
        made.append([Judged(*each) for each in zip(right, confidence, strict=True)])
    return made


@pytest.mark.parametrize("boasts", [(1.0, 2.0), (2.0, 1.8)])
def test_the_interval_of_calibration_covers_what_other_examples_give(boasts):
    rng = np.random.default_rng(7)
    true = compare_calibration(*confident(rng, 300_000, 2, boasts)).difference
    trials = [compare_calibration(*confident(rng, 800, 2, boasts), seed=trial) for trial in range(150)]
    assert np.mean([each.ci[0] <= true <= each.ci[1] for each in trials]) > 0.9
    assert np.mean([each.ci[1] - each.ci[0] for each in trials]) < 0.12


def test_calibration_is_the_error_of_all_predictions_and_those_without_one_do_not_count():
    ((before,), (after,)) = confident(np.random.default_rng(2), 500, 1, (1.0, 3.0))
    some = np.arange(500) < 300
    gone = Judged(before.right & some, np.where(some, before.confidence, np.nan))
    found = compare_calibration([gone], [after])
    assert found.before == pytest.approx(calibration_error(before.right[some], before.confidence[some]))
    assert found.after == pytest.approx(calibration_error(after.right, after.confidence))
    same = compare_calibration([after], [after])
    assert (same.difference, same.ci) == (0, pytest.approx((0, 0), abs=1e-6))


def test_mcnemar_is_the_exact_mid_p_of_the_examples_that_changed_sides():
    before = np.array([[True] * 9 + [False] * 1 + [True] * 5])
    after = np.array([[False] * 9 + [True] * 1 + [True] * 5])
    exact = 2 * sum(1 if k == 0 else 10 for k in (0, 1)) / 2**10
    assert mcnemar(before, after) == pytest.approx(exact - 10 / 2**10)
    assert mcnemar(before, before) == 1.0


def test_equal_models_are_rarely_called_different():
    rng = np.random.default_rng(2)
    p = np.array([mcnemar(*judged(rng, 300, 1)) for _ in range(1000)])
    assert 0.02 <= (p < 0.05).mean() <= 0.07


def test_costs_are_compared_in_their_own_units():
    before, after = np.full((2, 50), 3.0), np.full((2, 50), 1.0)
    found = compare_costs(before, after)
    assert (found.before, found.after, found.difference, found.ci, found.p) == (3.0, 1.0, -2.0, (-2.0, -2.0), None)


def test_a_million_examples_take_as_few_draws_as_a_hundred():
    rng = np.random.default_rng(3)
    before, after = rng.random((3, 1_000_000)) < 0.9, rng.random((3, 1_000_000)) < 0.91
    found = compare(before, after, [("all", np.ones(1_000_000, dtype=bool))])[0]
    assert found.ci[0] < 0.01 < found.ci[1]
    assert found.ci[1] - found.ci[0] < 0.003
