"""All errors cut into parts."""

import numpy as np

from dataimp_gui.core.slices.parts import parts


def test_parts_add_up_to_all_errors_and_come_with_the_most_first():
    rng = np.random.default_rng(1)
    outer, inner = rng.integers(-1, 4, 500).astype(np.int32), rng.integers(0, 3, 500).astype(np.int32)
    counted = rng.random(500) < 0.8
    errors = counted & (rng.random(500) < 0.3)
    found = parts(outer, inner, counted, errors)
    assert sum(part.errors for part in found) == int(errors.sum())
    assert [part.errors for part in found] == sorted((part.errors for part in found), reverse=True)
    for part in found:
        mine = outer == part.code
        assert part.n == int((mine & counted).sum())
        assert dict(part.inner) == {code: int((mine & errors & (inner == code)).sum()) for code, _ in part.inner}
        assert sum(count for _, count in part.inner) == part.errors


def test_without_errors_there_are_no_parts():
    none = np.zeros(5, dtype=bool)
    assert parts(np.zeros(5, np.int32), np.zeros(5, np.int32), ~none, none) == ()
