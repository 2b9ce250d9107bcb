"""Which examples a search looks at and which are kept for the test, and how surprising a subset's errors are."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.model import NONE, Codes, Mask, Rows
from dataimp_gui.core.slices.material import Material

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
Sums = npt.NDArray[Any]


class Surprise(Protocol):
    """How much likelier it is, in nats, that a subset has a rate of its own than that it fails as often as the rest;
    0 where it fails less often. ``n``, ``lost`` and so on are arrays of one shape, a place a subset."""

    def __call__(self, n: Counts, lost: Sums, everyone: int = 0, all_lost: float = 0.0) -> Floats:
        """Of ``n`` examples whose predictions cost ``lost``, among ``everyone`` whose predictions cost ``all_lost``,
        by default among the whole half."""
        ...

    def variance(self, n: Counts, everyone: int, all_lost: float) -> Floats:
        """Of what ``n`` drawn blindly from ``everyone`` cost."""
        ...

    def beyond(self, lost: Floats, expected: Floats, variance: Floats) -> Floats:
        """Of what costs ``lost`` where that was ``expected`` with a variance, over several parts together."""
        ...


@dataclass(frozen=True, eq=False)
class Half:
    """``rows`` (m,) of one half of the counted examples, ascending, and what happened there; ``loss`` (m,) is what
    each prediction costs, None where an error costs 1; ``units`` (m,) numbers the groups, None without groups."""

    rows: Rows
    errors: Mask
    loss: Floats | None = None
    units: Counts | None = None

    @property
    def n(self) -> int:
        return len(self.rows)

    @cached_property
    def wrong(self) -> int:
        return int(np.count_nonzero(self.errors))

    @cached_property
    def lost(self) -> Floats:
        """What each prediction costs."""
        return self.errors.astype(np.float64) if self.loss is None else self.loss

    @cached_property
    def levels(self) -> list[tuple[float, Mask]]:
        """The costs that there are, and where."""
        if self.loss is None:
            return [(1.0, self.errors)]
        return [(value, self.loss == value) for value in np.unique(self.loss).tolist() if value]

    @cached_property
    def _costly(self) -> Rows:
        return np.flatnonzero(self.lost)

    def sums(self, keys: npt.NDArray[np.integer], count: int) -> tuple[Counts, Sums]:
        """How many examples have each of at least ``count`` keys, and what their predictions cost."""
        weights = None if self.loss is None else self.loss[self._costly]
        n = np.bincount(keys, minlength=count)
        return n, np.bincount(keys[self._costly], weights=weights, minlength=len(n))

    @cached_property
    def surprise(self) -> Surprise:
        return _Errors(self.n, self.wrong) if self.loss is None else _Losses(self.loss)


class _Errors:
    """The Bernoulli statistic that Kulldorff 1997 scans by; its logarithms come from a table of whole numbers."""

    def __init__(self, n: int, wrong: int) -> None:
        self._n, self._wrong = n, wrong
        counts = np.arange(n + 1, dtype=np.float64)
        self._x = counts * np.log(np.maximum(counts, 1))

    def __call__(self, n: Counts, lost: Sums, everyone: int = 0, all_lost: float = 0.0) -> Floats:
        x, errors = self._x, lost.astype(np.int64)
        m, wrong = (everyone, int(all_lost)) if everyone else (self._n, self._wrong)
        others, other_errors = m - n, wrong - errors
        ratio = x[errors] + x[n - errors] - x[n] + x[other_errors] + x[others - other_errors] - x[others]
        ratio -= x[wrong] + x[m - wrong] - x[m]
        ratio[errors * others <= other_errors * n] = 0
        return np.asarray(ratio, dtype=np.float64)

    def variance(self, n: Counts, everyone: int, all_lost: float) -> Floats:
        return n * ((everyone - n) / max(1, everyone - 1) * (all_lost / everyone) * (1 - all_lost / everyone))

    def beyond(self, lost: Floats, expected: Floats, variance: Floats) -> Floats:
        """As of a Poisson count, whose tail is as heavy as that of rare errors, but with this variance."""
        some, mean = np.maximum(lost, expected), np.maximum(expected, 1e-9)
        poisson = some * np.log(np.maximum(some, 1e-9) / mean) - (some - expected)
        return np.asarray(poisson * mean / np.maximum(variance, 1e-9), dtype=np.float64)


class _Losses:
    """The same where costs differ, by the mean: half the square of its distance in standard errors."""

    def __init__(self, loss: Floats) -> None:
        self._n, self._lost = len(loss), float(loss.sum())
        self._variance = max(float(loss.var()), 1e-300)

    def __call__(self, n: Counts, lost: Sums, everyone: int = 0, all_lost: float = 0.0) -> Floats:
        m, total = (everyone, all_lost) if everyone else (self._n, self._lost)
        return self.beyond(lost, n.astype(np.float64) * (total / m), self.variance(n, m, total))

    def variance(self, n: Counts, everyone: int, _all_lost: float) -> Floats:
        return self._variance * n * (1 - n / everyone)

    def beyond(self, lost: Floats, expected: Floats, variance: Floats) -> Floats:
        return np.asarray(np.maximum(lost - expected, 0) ** 2 / np.maximum(2 * variance, 1e-300), dtype=np.float64)


def halves(material: Material, seed: int) -> tuple[Half, Half]:
    """The half to search and the half to test on: counted examples dealt out at random, groups as a whole."""
    rows = np.flatnonzero(material.counted)
    rng = np.random.default_rng(seed)
    if material.groups is None:
        first = np.zeros(len(rows), dtype=np.bool_)
        first[rng.permutation(len(rows))[: (len(rows) + 1) // 2]] = True
        return _half(material, rows[first]), _half(material, rows[~first])
    units = _units(material.groups[rows])
    sizes = np.bincount(units)
    order = rng.permutation(len(sizes))
    before = np.cumsum(sizes[order]) - sizes[order]
    searched = np.zeros(len(sizes), dtype=np.bool_)
    searched[order[before < len(rows) / 2]] = True
    first = searched[units]
    return _half(material, rows[first], units[first]), _half(material, rows[~first], units[~first])


def outside(material: Material, seen: Rows) -> Half:
    """The counted examples but for the rows ``seen``."""
    left = material.counted.copy()
    left[seen] = False
    rows = np.flatnonzero(left)
    return _half(material, rows, None if material.groups is None else _units(material.groups[rows]))


def whole(material: Material) -> Half:
    """Both halves together."""
    return _half(material, np.flatnonzero(material.counted))


def _units(groups: Codes) -> Counts:
    """A number a group; an example of no group is one of its own."""
    units = groups.astype(np.int64)
    alone = units == NONE
    units[alone] = units.max(initial=0) + 1 + np.arange(np.count_nonzero(alone))
    return np.unique(units, return_inverse=True)[1].astype(np.int64)


def _half(material: Material, rows: Rows, units: Counts | None = None) -> Half:
    loss = None if material.loss is None else material.loss[rows]
    return Half(rows, material.errors[rows], loss, None if units is None else np.unique(units, return_inverse=True)[1])
