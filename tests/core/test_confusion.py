"""The confusion matrix: counts that scikit-learn agrees with, shares, orders, another run beside it."""

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix

from dataimp_gui.core.confusion import aligned, by_errors, by_likeness, confusion, shares


@pytest.fixture
def columns():
    rng = np.random.default_rng(3)
    labels = rng.integers(-1, 7, 500).astype(np.int32)
    said = np.where(rng.random(500) < 0.6, labels, rng.integers(-1, 7, 500)).astype(np.int32)
    return labels, said


def test_counts_are_those_of_scikit_learn(columns):
    labels, said = columns
    rows = np.flatnonzero((labels >= 0) & (said >= 0))
    found = confusion(labels, said, 7)
    assert np.array_equal(found.counts, confusion_matrix(labels[rows], said[rows], labels=range(7)))
    assert found.errors == np.count_nonzero(labels[rows] != said[rows])
    assert found.left_out == 0


def test_only_the_given_rows_count_and_absent_classes_have_no_line(columns):
    labels, said = columns
    rows = np.flatnonzero((labels == 2) & (said != 4))
    found = confusion(labels, said, 9, rows)
    assert set(found.codes) == {2} | (set(said[rows]) - {-1})
    assert found.total == np.count_nonzero(said[rows] >= 0)


def test_rates_are_right_over_all_and_missing_where_nothing_was_counted():
    found = confusion(np.array([0, 0, 0, 1], np.int32), np.array([0, 0, 2, 2], np.int32), 3)
    assert found.recall()[:2].tolist() == [2 / 3, 0.0]
    assert np.isnan(found.recall()[2])
    assert np.isnan(found.precision()[1])
    assert shares(found.counts, 1).tolist() == [[2 / 3, 0, 1 / 3], [0, 0, 1], [0, 0, 0]]
    assert shares(found.counts, 0)[:, 2].tolist() == [0.5, 0.5, 0]


def test_many_classes_keep_the_most_frequent_and_say_how_many_examples_are_of_others():
    labels = np.concatenate([np.arange(1500), np.repeat(1400, 50)]).astype(np.int32)
    found = confusion(labels, labels, 1500)
    assert len(found.codes) == 1000
    assert 1400 in found.codes
    assert found.total + found.left_out == len(labels)


def test_classes_that_are_taken_for_each_other_stand_beside_each_other():
    counts = np.diag([90] * 6)
    for left, right in ((0, 3), (1, 5), (2, 4)):
        counts[left, right] = counts[right, left] = 10
    order = by_likeness(counts).tolist()
    assert sorted(order) == list(range(6))
    assert all(abs(order.index(a) - order.index(b)) == 1 for a, b in ((0, 3), (1, 5), (2, 4)))
    counts[2, 4] = 60
    assert set(by_errors(counts)[:2].tolist()) == {2, 4}


def test_orders_of_very_few_and_very_many_classes_are_whole():
    assert by_likeness(np.zeros((0, 0), np.int64)).tolist() == []
    assert by_likeness(np.ones((2, 2), np.int64)).tolist() == [0, 1]
    assert sorted(by_likeness(np.ones((401, 401), np.int64)).tolist()) == list(range(401))


def test_another_run_is_put_beside_it_class_by_class(columns):
    labels, said = columns
    one, other = confusion(labels, said, 7), confusion(labels[:40], said[:40] % 3, 7)
    beside = aligned(other, one.codes)
    assert beside.shape == one.counts.shape
    assert beside.sum() == other.total
    assert aligned(confusion(labels[:0], said[:0], 7), one.codes).sum() == 0
