"""Which slices hold much the same examples, and how many of all errors some slices hold together."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from dataimp_gui.core.metrics import Interval
from dataimp_gui.core.model import Mask, Rows

OVERLAP: Final = 0.5
"""Of the smaller of two slices, so much lies in the other when they overlap."""


def hidden_by(members: Sequence[Rows], intervals: Sequence[Interval | None], count: int) -> tuple[int, ...]:
    """For each slice the place of the earlier one that it overlaps and that stands itself, -1 for none.

    ``members`` come best first and index ``count`` examples; who is hidden hides nobody. One that clearly fails more
    often than the other, by the ``intervals`` of their error rates, says something new and is not hidden by it.
    """
    standing: list[tuple[int, Mask]] = []
    found = []
    for place, rows in enumerate(members):
        by = -1
        for other, mask in standing:
            smaller = min(len(rows), len(members[other]))
            if (
                not _is_worse(intervals[place], intervals[other])
                and smaller
                and np.count_nonzero(mask[rows]) >= OVERLAP * smaller
            ):
                by = other
                break
        if by < 0:
            mask = np.zeros(count, dtype=bool)
            mask[rows] = True
            standing.append((place, mask))
        found.append(by)
    return tuple(found)


def _is_worse(this: Interval | None, other: Interval | None) -> bool:
    return this is not None and other is not None and this[0] > other[1]


def covered(members: Sequence[Rows], errors: Mask) -> int:
    """How many of ``errors`` bool (n,) lie in at least one of the slices."""
    inside = np.zeros(len(errors), dtype=bool)
    for rows in members:
        inside[rows] = True
    return int(np.count_nonzero(inside & errors))
