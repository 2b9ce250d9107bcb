"""How far two sets of examples lie apart: maximum mean discrepancy with a Gaussian kernel (Gretton and others, 2012).

The kernel is bounded, so that no feature can run away with the distance; its width is the median distance.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Weights = npt.NDArray[np.float64]

_REACH: Final = 6.0  # robust deviations beyond which a value is not further away
_IQR: Final = 1.349  # of a normal distribution


def scaled(parts: Sequence[Floats], original: int, target: int) -> list[Floats]:
    """``parts`` (n, d) by the median and the spread of the original and the target together.

    A missing value becomes the median; a column that does not vary in those two is spread by what a hundredth of its
    size is, so that a change that neither shows still counts.
    """
    known = np.concatenate([parts[original], parts[target]]).astype(np.float64)
    empty = np.isnan(known).all(axis=0)
    known[:, empty] = 0
    low, middle, high = np.nanpercentile(known, (25, 50, 75), axis=0)
    spread = np.maximum((high - low) / _IQR, np.nanstd(known, axis=0) / 3)
    spread = np.maximum(spread, np.maximum(np.abs(middle) / 100, 1e-3))
    found = []
    for each in parts:
        filled = np.where(np.isnan(each), middle, each)
        found.append(np.clip((filled - middle) / spread, -_REACH, _REACH).astype(np.float32))
    return found


def kernel(points: Floats, width_of: slice) -> Floats:
    """exp(-|x - y|² / (2 m²)) (n, n) with m the median distance within ``width_of``; the diagonal is 0."""
    squares = np.square(points).sum(axis=1)
    apart = np.maximum(squares[:, None] + squares - 2 * points @ points.T, 0)
    inside = apart[width_of, width_of]
    middle = float(np.median(inside[np.triu_indices(len(inside), 1)])) if len(inside) > 1 else 1.0
    found = np.exp(-apart / (2 * max(middle, 1e-9)))
    np.fill_diagonal(found, 0)
    return np.asarray(found, np.float32)


def inside(k: Floats, weights: Weights) -> Weights:
    """How near the points of a set are to each other (b,): the mean of ``k`` (n, n) over pairs of different points,
    which are there as often as ``weights`` (b, n) say."""
    return np.asarray(((weights @ k) * weights).sum(axis=1) / _pairs(weights), np.float64)


def across(k: Floats, first: Weights, second: Weights) -> Weights:
    """How near the points of two sets are to each other (b,): the mean of ``k`` (n, m), weighted (b, n) and (b, m)."""
    total = first.sum(axis=1) * second.sum(axis=1)
    return np.asarray(((first @ k) * second).sum(axis=1) / np.maximum(total, 1), np.float64)


def different(k: Floats, first: int, times: int, seed: int) -> float:
    """How probable so large a distance is between the first points and the others if all were alike: a permutation
    test with ``times`` shuffles."""
    random = np.random.default_rng(seed)
    plain = np.zeros((times + 1, len(k)))
    plain[0, :first] = 1
    for row in plain[1:]:
        row[random.permutation(len(k))[:first]] = 1
    others, near = 1 - plain, plain @ k
    far = k.sum(axis=0, dtype=np.float64) - near  # how near the others are
    own = (near * plain).sum(axis=1) / _pairs(plain) + (far * others).sum(axis=1) / _pairs(others)
    apart = own - 2 * (near * others).sum(axis=1) / max(first * (len(k) - first), 1)
    return float((1 + np.count_nonzero(apart[1:] >= apart[0] - 1e-12)) / (times + 1))


def _pairs(weights: Weights) -> Weights:
    total = np.square(weights.sum(axis=1)) - np.square(weights).sum(axis=1)
    return np.asarray(np.maximum(total, 1), np.float64)
