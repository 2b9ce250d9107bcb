import numpy as np
import pytest
from sklearn.metrics import zero_one_loss
from slice_data import made

from dataimp_gui.core.metrics import wilson
from dataimp_gui.core.slices.honesty import adjusted, fisher
from dataimp_gui.core.slices.measures import losses, measure


def test_a_subset_is_measured_beside_all_and_beside_the_rest():
    errors = np.zeros(100, dtype=bool)
    errors[:10] = True
    mask = np.arange(100) < 20
    counted = np.ones(100, dtype=bool)
    counted[[9, 19]] = False
    found = measure(errors, counted, mask)
    assert (found.n, found.errors, found.error_rate) == (18, 9, 0.5)
    assert found.lift == pytest.approx(0.5 / (9 / 98))
    assert found.share_of_errors == 1
    assert found.fixable == 9
    assert found.headroom == pytest.approx(9 / 98)
    assert found.loss == 9
    assert found.p < 1e-6


def test_nothing_is_divided_by_nothing():
    none = np.zeros(5, dtype=bool)
    found = measure(none, ~none, none, confidence=np.full(5, np.nan, dtype=np.float32))
    assert (found.n, found.error_rate, found.ci, found.lift, found.share_of_errors, found.ece, found.p) == (
        0,
        *[None] * 6,
    )
    everything = measure(none, ~none, ~none)
    assert (everything.error_rate, everything.p, everything.fixable) == (0, None, 0)


def test_a_subset_that_fails_less_has_nothing_to_fix():
    errors = np.arange(100) < 50
    found = measure(errors, np.ones(100, dtype=bool), np.arange(100) >= 40)
    assert found.fixable == found.headroom == 0
    assert found.p > 0.5


def test_costs_weigh_confusions():
    classes = ("ham", "pharma", "spam")
    labels = np.array([0, 1, 1, 2, -1], dtype=np.int32)
    predicted = np.array([0, 0, 2, 1, 0], dtype=np.int32)
    found = losses(labels, predicted, classes, {"pharma": {"ham": 5.0, "gone": 9.0}, "ham": {"ham": 0.25}})
    assert found.tolist() == [0.25, 5, 1, 1, 0]
    plain = losses(labels[:4], predicted[:4], classes, {})
    assert plain.mean() == zero_one_loss(labels[:4], predicted[:4])


def test_the_exact_test_agrees_with_scipy():
    from scipy.stats import fisher_exact

    n, errors, everyone, wrong = 40, 9, 300, 30
    table = [[errors, n - errors], [wrong - errors, everyone - n - wrong + errors]]
    ours = fisher(np.array([n]), np.array([errors]), everyone, wrong)[0]
    assert ours == pytest.approx(fisher_exact(table, alternative="greater").pvalue)


def test_p_values_are_adjusted_as_scipy_does():
    from scipy.stats import false_discovery_control

    p = np.random.default_rng(0).random(50) ** 3
    assert adjusted(p) == pytest.approx(false_discovery_control(p))
    assert adjusted(np.zeros(0)).tolist() == []


def test_intervals_cover_the_true_rate_in_93_to_97_percent():
    """Over random sizes and rates, at least five errors expected."""
    rng = np.random.default_rng(3)
    inside = []
    for _ in range(4000):
        rate = rng.uniform(0.02, 0.6)
        n = int(rng.integers(int(5 / rate) + 1, 2000))
        low, high = wilson(int(rng.binomial(n, rate)), n)
        inside.append(low <= rate <= high)
    assert 0.93 <= np.mean(inside) <= 0.97


def test_measures_do_not_depend_on_what_is_not_counted():
    material = made(500).material
    counted = np.arange(500) < 300
    mask = material.labels == 1
    before = measure(material.errors, counted, mask)
    errors = material.errors.copy()
    errors[300:] = True
    assert measure(errors, counted, mask) == before
