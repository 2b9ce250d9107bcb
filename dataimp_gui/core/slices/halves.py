"""Which examples a search looks at and which are kept for the test, and how surprising a count of errors is."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.model import NONE, Codes, Mask, Rows
from dataimp_gui.core.slices.material import Material

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Half:
    """``rows`` (m,) of one half of the counted examples, ascending, and what happened there."""

    rows: Rows
    errors: Mask
    loss: Floats | None

    @property
    def n(self) -> int:
        return len(self.rows)

    @cached_property
    def wrong(self) -> int:
        return int(np.count_nonzero(self.errors))

    @cached_property
    def surprise(self) -> "Surprise":
        return Surprise(self.n, self.wrong)


class Surprise:
    """How much likelier a subset's errors are if it has a rate of its own: the log-likelihood ratio, in nats.

    Zero where the subset fails less often than the rest. Kulldorff 1997 scans by the same Bernoulli statistic; the
    logarithms come from a table, counts being whole numbers.
    """

    def __init__(self, n: int, errors: int) -> None:
        self._n, self._errors = n, errors
        counts = np.arange(n + 1, dtype=np.float64)
        self._x = counts * np.log(np.maximum(counts, 1))
        self._all = float(self._x[errors] + self._x[n - errors] - self._x[n])

    def __call__(self, n: Counts, errors: Counts) -> Floats:
        """Of subsets with ``n`` examples of which ``errors`` are wrong, arrays of one shape."""
        x, others, other_errors = self._x, self._n - n, self._errors - errors
        ratio = x[errors] + x[n - errors] - x[n] + x[other_errors] + x[others - other_errors] - x[others] - self._all
        ratio[errors * others <= other_errors * n] = 0
        return np.asarray(ratio, dtype=np.float64)


def halves(material: Material, seed: int) -> tuple[Half, Half]:
    """The half to search and the half to test on: counted examples dealt out at random, groups as a whole."""
    rows = np.flatnonzero(material.counted)
    rng = np.random.default_rng(seed)
    first = np.zeros(len(rows), dtype=np.bool_)
    if material.groups is None:
        first[rng.permutation(len(rows))[: (len(rows) + 1) // 2]] = True
    else:
        units = _units(material.groups[rows])
        sizes = np.bincount(units)
        order = rng.permutation(len(sizes))
        before = np.cumsum(sizes[order]) - sizes[order]
        searched = np.zeros(len(sizes), dtype=np.bool_)
        searched[order[before < len(rows) / 2]] = True
        first = searched[units]
    return _half(material, rows[first]), _half(material, rows[~first])


def _units(groups: Codes) -> Counts:
    """A number a group; an example of no group is one of its own."""
    units = groups.astype(np.int64)
    alone = units == NONE
    units[alone] = units.max(initial=0) + 1 + np.arange(np.count_nonzero(alone))
    return np.unique(units, return_inverse=True)[1].astype(np.int64)


def _half(material: Material, rows: Rows) -> Half:
    return Half(rows, material.errors[rows], None if material.loss is None else material.loss[rows])
