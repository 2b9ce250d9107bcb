"""Slices that hold much the same examples, and what several of them hold together."""

import numpy as np

from dataimp_gui.core.slices.cover import covered, hidden_by

ALIKE = [(0.2, 0.3)] * 3


def test_a_slice_that_shares_half_of_the_smaller_one_is_hidden_by_the_better():
    best, copy, other = np.arange(0, 100), np.arange(50, 120), np.arange(100, 160)
    assert hidden_by([best, copy, other], ALIKE, 200) == (-1, 0, -1)


def test_who_is_hidden_hides_nobody():
    first, second, third = np.arange(0, 100), np.arange(40, 140), np.arange(90, 190)
    assert hidden_by([first, second, third], ALIKE, 200) == (-1, 0, -1)


def test_a_part_that_clearly_fails_more_often_is_not_hidden():
    whole, part = np.arange(0, 100), np.arange(0, 20)
    assert hidden_by([whole, part], [(0.1, 0.2), (0.3, 0.6)], 100) == (-1, -1)
    assert hidden_by([whole, part], [(0.1, 0.2), (0.15, 0.6)], 100) == (-1, 0)


def test_an_empty_slice_overlaps_nothing():
    assert hidden_by([np.arange(10), np.arange(0)], [None, None], 10) == (-1, -1)


def test_errors_in_several_slices_count_once():
    errors = np.zeros(50, dtype=bool)
    errors[::5] = True
    assert covered([np.arange(0, 20), np.arange(10, 30)], errors) == 6
    assert covered([], errors) == 0
