"""The difference of two rates over the same examples, and its interval."""

import numpy as np
import pytest

from dataimp_gui.core.metrics import wilson
from dataimp_gui.core.slicing.difference import difference, paired_interval
from dataimp_gui.core.slicing.measuring import OfRun
from dataimp_gui.core.slicing.scope import Overall

ALL = Overall(0, 0, None, None, 0.0)


def flags(both, first, second, neither):
    before = np.repeat([True, True, False, False], (both, first, second, neither))
    after = np.repeat([True, False, True, False], (both, first, second, neither))
    return before, after


def look(counted, wrong):
    counted, wrong = np.array(counted, dtype=bool), np.array(wrong, dtype=bool)
    return OfRun("", int(counted.sum()), int(wrong.sum()), None, None, ALL, counted, wrong)


def test_the_interval_is_that_of_newcombes_example():
    """36 of 50 both, 12 the first alone, 2 the second alone: 0.0569 to 0.3404, table II of the paper, method 10."""
    before, after = flags(36, 12, 2, 0)
    assert paired_interval(after, before) == pytest.approx((0.0569, 0.3404), abs=5e-5)
    assert paired_interval(before, after) == pytest.approx((-0.3404, -0.0569), abs=5e-5)


def test_where_nothing_changed_the_interval_has_a_width_that_shrinks_with_more_examples():
    widths = [np.ptp(paired_interval(*flags(n, 0, 0, n))) for n in (5, 50, 500)]
    assert widths[0] > widths[1] > widths[2] > 0
    assert np.ptp(paired_interval(*flags(0, 0, 0, 10))) > 0.2


def test_only_examples_that_count_on_both_sides_are_compared():
    found = difference(look([1, 1, 1, 0], [1, 1, 0, 0]), look([1, 1, 0, 1], [1, 0, 0, 1]))
    assert (found.n, found.before, found.after, found.change) == (2, 1.0, 0.5, -0.5)
    assert found.ci[0] < -0.5 < found.ci[1]
    none = difference(look([1, 0], [1, 0]), look([0, 1], [0, 1]))
    assert (none.n, none.change, none.ci, none.p) == (0, None, None, None)


@pytest.mark.parametrize("joint", [(0.05, 0.1, 0.04, 0.81), (0.3, 0.05, 0.15, 0.5)])
@pytest.mark.parametrize("n", [30, 200])
def test_the_interval_covers_the_truth(joint, n):
    rng = np.random.default_rng(1)
    hits = 0
    for _ in range(600):
        before, after = flags(*rng.multinomial(n, joint))
        low, high = paired_interval(before, after)
        hits += low <= joint[2] - joint[1] <= high
    assert 0.93 <= hits / 600 <= 0.99


def test_the_same_examples_tell_more_than_others_would():
    before, after = flags(80, 10, 20, 90)
    apart = [np.ptp(wilson(int(flags.sum()), 200)) for flags in (before, after)]
    assert np.ptp(paired_interval(before, after)) < 0.8 * np.hypot(*apart)
