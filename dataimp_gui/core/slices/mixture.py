"""Groups of alike examples that also fail alike: a mixture over vectors and errors."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.progress import Progress

Floats = npt.NDArray[np.float64]
Vectors = npt.NDArray[np.float32]

DIMS: Final = 24
ROUNDS: Final = 30
ERRORS: Final = 4.0
"""How many times the likelihood of an error counts beside that of a vector (gamma of Domino's mixture)."""

_FLOOR: Final = 0.05  # of a group's variance, as a share of all
_USUAL: Final = 10.0  # examples that a group's rate and variance are held near the usual ones by


@dataclass(frozen=True, eq=False)
class Mixture:
    """``mean`` and ``axes`` (d, e) turn vectors; a group is a normal law with ``centres`` (k, e), ``spread`` (k, e)
    and ``share`` (k,), and ``rate`` (k,) of errors."""

    mean: Vectors
    axes: Vectors
    centres: Floats
    spread: Floats
    share: Floats
    rate: Floats

    def group(self, vectors: Vectors) -> npt.NDArray[np.int64]:
        """The likeliest group of each (n, d), by its vector alone; -1 for a vector that is not finite."""
        found = np.full(len(vectors), -1, dtype=np.int64)
        for start in range(0, len(vectors), 50_000):
            some = vectors[start : start + 50_000]
            known = np.flatnonzero(np.isfinite(some).all(axis=1))
            turned = ((some[known] - self.mean) @ self.axes).astype(np.float64)
            found[start + known] = _likely(turned, self.centres, self.spread, self.share).argmax(axis=1)
        return found


def fit(vectors: Vectors, errors: Floats, groups: int, seed: int, progress: Progress) -> Mixture:
    """Of finite ``vectors`` (m, d), by expectation maximisation; ``errors`` (m,) are 1 where wrong.

    The error-aware mixture of Eyuboglu et al. 2022 (Domino), on the main directions of the vectors, with rates held
    near the usual one so that no group gets a rate of 0 or 1 from a few examples.
    """
    rng = np.random.default_rng(seed)
    mean = vectors.mean(axis=0)
    centred = vectors - mean
    values, directions = np.linalg.eigh((centred.T @ centred).astype(np.float64))
    axes = directions[:, ::-1][:, : min(DIMS, len(values))].astype(np.float32)
    turned = (centred @ axes).astype(np.float64)
    variance, usual = turned.var(axis=0) + 1e-12, float(errors.mean())
    centres = turned[_seeds(turned / variance.mean() ** 0.5, errors, groups, rng)]
    k = len(centres)
    spread, share = np.tile(variance / 2, (k, 1)), np.full(k, 1 / k)
    rate = np.full(k, usual)
    for _ in progress.track(range(ROUNDS), "Grouping examples that fail alike"):
        logs = _likely(turned, centres, spread, share)
        logs += ERRORS * (np.outer(errors, np.log(rate)) + np.outer(1 - errors, np.log1p(-rate)))
        logs -= logs.max(axis=1, keepdims=True)
        held = np.exp(logs)
        held /= held.sum(axis=1, keepdims=True)
        size = held.sum(axis=0) + 1e-9
        centres = (held.T @ turned) / size[:, None]
        squares = (held.T @ turned**2) - size[:, None] * centres**2
        spread = np.maximum((squares + _USUAL * variance) / (size[:, None] + _USUAL), _FLOOR * variance)
        share = size / size.sum()
        rate = np.clip((held.T @ errors + _USUAL * usual) / (size + _USUAL), 1e-4, 1 - 1e-4)
    return Mixture(mean, axes, centres, spread, share, rate)


def _likely(turned: Floats, centres: Floats, spread: Floats, share: Floats) -> Floats:
    """Log-likelihoods (m, k) of normal laws with diagonal covariances."""
    precision = 1 / spread
    logs: Floats = turned**2 @ (-0.5 * precision.T) + turned @ (centres * precision).T
    logs += np.log(share) - 0.5 * (np.log(spread).sum(axis=1) + (centres**2 * precision).sum(axis=1))
    return logs


def _seeds(scaled: Floats, errors: Floats, groups: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Half of the first centres among the errors, each far from those before it (k-means++)."""
    chosen: list[int] = []
    distance = np.full(len(scaled), np.inf)
    for number in range(groups):
        weight = np.where(np.isfinite(distance), distance, 1.0) * (errors if number % 2 else 1.0)
        total = weight.sum()
        place = int(rng.choice(len(scaled), p=weight / total)) if total > 0 else int(rng.integers(len(scaled)))
        chosen.append(place)
        distance = np.minimum(distance, ((scaled - scaled[place]) ** 2).sum(axis=1))
    return np.unique(chosen)
