"""The test on examples that no search looked at: does a slice fail more often than the rest, and than better slices?"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.model import Mask
from dataimp_gui.core.slices.halves import Half

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]


def tested(masks: Sequence[Mask], half: Half) -> Floats:
    """One-sided p-values (k,) of slices, best first, each a flag for every example of ``half``.

    The largest of: Fisher's exact test against the rest; Mantel and Haenszel's against the rest within each part that
    the slices before it cut the half into, so that a mere part of a slice, or an overlap with one, says nothing of its
    own; and, where examples come in groups, a test by groups, as examples of one group fail together.
    """
    parts = np.zeros(half.n, dtype=np.int64)
    found = []
    for mask in masks:
        p = [_apart(mask, half), _within(mask, half, parts)]
        if half.units is not None:
            p.append(_by_group(mask, half, half.units))
        found.append(max(p))
        parts = parts * 2 + mask
        sizes = np.bincount(parts)
        parts = (np.cumsum(sizes > 0) - 1)[parts]
    return np.array(found, dtype=np.float64)


def fisher(n: Counts, errors: Counts, everyone: int, wrong: int) -> Floats:
    """The chance of ``errors`` or more among ``n`` drawn blindly from ``everyone``, of whom ``wrong`` fail.

    Fisher's exact test, one-sided, of arrays (k,).
    """
    from scipy.stats import hypergeom

    return np.asarray(hypergeom.sf(errors - 1, everyone, wrong, n), dtype=np.float64)


def adjusted(p: Floats) -> Floats:
    """Benjamini and Hochberg 1995: of the p-values (k,) below q, a share of at most q is expected to be chance."""
    order = np.argsort(-p, kind="stable")
    ranks = np.arange(len(p), 0, -1)
    result = np.empty(len(p), dtype=np.float64)
    result[order] = np.minimum.accumulate(np.minimum(p[order] * len(p) / ranks, 1))
    return result


def _apart(mask: Mask, half: Half) -> float:
    n = np.count_nonzero(mask)
    if half.loss is None:
        errors = np.count_nonzero(mask & half.errors)
        return float(fisher(np.array([n]), np.array([errors]), half.n, half.wrong)[0])
    return _costlier(mask, half.loss)


def _costlier(mask: Mask, loss: Floats) -> float:
    """The chance that as many drawn blindly cost as much: a Pearson III law with the mean, variance and skewness that
    sums of draws without replacement have, costs being anything but normal."""
    from scipy.stats import pearson3

    m, n = len(loss), int(np.count_nonzero(mask))
    apart = loss - loss.mean()
    if not 0 < n < m or m < 3 or not apart.any():
        return 1.0
    variance = n * (m - n) / (m * (m - 1)) * float((apart**2).sum())
    third = n * (m - n) * (m - 2 * n) / (m * (m - 1) * (m - 2)) * float((apart**3).sum())
    return float(pearson3.sf(apart[mask].sum() / variance**0.5, third / variance**1.5))


def _within(mask: Mask, half: Half, parts: Counts) -> float:
    from scipy.stats import norm

    count = int(parts.max(initial=0)) + 1
    everyone = np.bincount(parts, minlength=count).astype(np.float64)
    inside = np.bincount(parts[mask], minlength=count).astype(np.float64)
    mean = np.bincount(parts, weights=half.lost, minlength=count) / np.maximum(everyone, 1)
    squares = np.bincount(parts, weights=(half.lost - mean[parts]) ** 2, minlength=count)
    variance = float((inside * (everyone - inside) / np.maximum(everyone * (everyone - 1), 1) * squares).sum())
    if variance <= 0:
        return 1.0
    above = float(half.lost[mask].sum() - (inside * mean).sum())
    return float(norm.sf(above / variance**0.5))


def _by_group(mask: Mask, half: Half, units: Counts) -> float:
    """By sums over groups, Student's t with a degree of freedom less than there are groups in the slice."""
    from scipy.stats import t

    inside = np.count_nonzero(np.bincount(units[mask]))
    count = int(units.max(initial=0)) + 1
    if inside < 2 or count - inside < 1:
        return 1.0
    score = (mask - mask.mean()) * (half.lost - half.lost.mean())
    sums = np.bincount(units, weights=score, minlength=count)
    variance = float((sums**2).sum()) * count / (count - 1)
    return float(t.sf(score.sum() / variance**0.5, inside - 1)) if variance > 0 else 1.0
