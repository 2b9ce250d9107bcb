"""Differences between two models on the same examples: their intervals cover, their p-values keep their promise."""

import numpy as np
import pytest
from scipy.stats import norm

from dataimp_gui.core.evaluate.compare import compare, compare_costs, mcnemar


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
