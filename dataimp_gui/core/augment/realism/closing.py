"""How much of the gap between the originals and the target an augmentation closes, from two angles and together."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.augment.realism import distance
from dataimp_gui.core.augment.realism.describing import Described

FEWEST: Final = 20  # examples on a side; with fewer nothing can be said
LEVEL: Final = 0.05
SHUFFLES: Final = 399
RESAMPLED: Final = 200
HALVES: Final = 20
ANGLES: Final = ("statistics", "texture")

Floats = npt.NDArray[np.float32]
Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Closed:
    """``before`` and ``after`` are distances to the target, ``share`` is how much of the gap is closed: 1 is all, below
    0 is further away than before. ``gained`` is before - after. Intervals are of 95 %, over examples."""

    before: float
    after: float
    share: float
    interval: Range
    gained: float
    gained_interval: Range


@dataclass(frozen=True, slots=True)
class Realism:
    """``p_same`` is how probable so large a gap is if originals and target were alike, ``p_by_angle`` the same seen
    from each angle."""

    overall: Closed
    angles: dict[str, Closed]
    p_same: float
    p_by_angle: dict[str, float]

    @property
    def is_closed_already(self) -> bool:
        """The originals look like the target: there is nothing to close."""
        return self.p_same > LEVEL


def realism(
    original: Described, augmented: Described, target: Described, seed: int = 0, *, shuffles: int = SHUFFLES
) -> Realism:
    """``augmented`` are variants of ``original``, row by row, so that what is judged is the noise, not the subject.

    Without ``shuffles`` nobody asks whether there is a gap at all: ``p_same`` is 1.
    """
    sizes = (len(original), len(augmented), len(target))
    kernels = _kernels(original, target, augmented)
    together = np.asarray(sum(kernels.values()), np.float32)
    known = sizes[0] + sizes[2]
    p_same = distance.different(together[:known, :known], sizes[0], shuffles, seed)
    return Realism(
        _closed(together, *sizes, seed),
        {name: _closed(k, *sizes, seed) for name, k in kernels.items()},
        p_same,
        {name: distance.different(k[:known, :known], sizes[0], shuffles, seed) for name, k in kernels.items()},
    )


def overall(original: Described, augmented: Described, target: Described, seed: int = 0) -> Closed:
    """`Realism.overall` without the rest."""
    together = np.asarray(sum(_kernels(original, target, augmented).values()), np.float32)
    return _closed(together, len(original), len(augmented), len(target), seed)


def of_vectors(original: Floats, augmented: Floats, target: Floats, seed: int = 0) -> tuple[Closed, float]:
    """`realism` by one description of all, (n, d) each, and how probable so large a gap is by chance."""
    known = len(original) + len(target)
    k = distance.kernel(np.concatenate(distance.scaled([original, target, augmented], 0, 1)), slice(0, known))
    p_same = distance.different(k[:known, :known], len(original), SHUFFLES, seed)
    return _closed(k, len(original), len(augmented), len(target), seed), p_same


def same(original: Described, target: Described, seed: int = 0) -> float:
    """How probable so large a gap between the two is if they were alike."""
    kernels = _kernels(original, target)
    return distance.different(np.asarray(sum(kernels.values()), np.float32), len(original), SHUFFLES, seed)


def _kernels(original: Described, target: Described, *others: Described) -> dict[str, npt.NDArray[np.float32]]:
    """By angle, of all examples in this order; the first two give a kernel its width."""
    found = {}
    for angle in ANGLES:
        parts = distance.scaled([getattr(each, angle) for each in (original, target, *others)], 0, 1)
        found[angle] = distance.kernel(np.concatenate(parts), slice(0, len(original) + len(target)))
    return found


def _closed(k: npt.NDArray[np.float32], original: int, augmented: int, target: int, seed: int) -> Closed:
    """``k`` in the order original, target, augmented. The first weights are the plain ones, the rest resample."""
    random = np.random.default_rng(seed)
    here = _resampled(original, random)
    there = _resampled(target, random)
    varied = here if original == augmented else _resampled(augmented, random)
    ours, goal, made = slice(0, original), slice(original, original + target), slice(original + target, None)
    faced = distance.inside(k[goal, goal], there)
    before = _root(distance.inside(k[ours, ours], here) + faced - 2 * distance.across(k[ours, goal], here, there))
    after = _root(distance.inside(k[made, made], varied) + faced - 2 * distance.across(k[made, goal], varied, there))
    gap = np.maximum(before - _own(k[goal, goal], random), 1e-3)
    gained, share = before - after, (before - after) / gap
    return Closed(
        float(before[0]), float(after[0]), float(share[0]), _interval(share), float(gained[0]), _interval(gained)
    )


def _own(k: npt.NDArray[np.float32], random: np.random.Generator) -> float:
    """How far one half of the target lies from the other: what no augmentation can go below."""
    first = np.zeros((HALVES, len(k)))
    for row in first:
        row[random.permutation(len(k))[: len(k) // 2]] = 1
    other = 1 - first
    squares = distance.inside(k, first) + distance.inside(k, other) - 2 * distance.across(k, first, other)
    return float(_root(squares).mean())


def _resampled(count: int, random: np.random.Generator) -> npt.NDArray[np.float64]:
    drawn = random.multinomial(count, np.full(count, 1 / count), RESAMPLED).astype(np.float64)
    return np.concatenate([np.ones((1, count)), drawn])


def _root(squares: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.asarray(np.sqrt(np.maximum(squares, 0)), np.float64)


def _interval(values: npt.NDArray[np.float64]) -> Range:
    low, high = np.percentile(values[1:], (2.5, 97.5))
    return float(low), float(high)
