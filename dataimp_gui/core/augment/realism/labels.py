"""Whether a label can still be told: a simple model that learned from the originals is asked about their variants.

Ridge regression to the classes; an example is always judged by a model that saw neither it nor a variant of it.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.model import Codes

FOLDS: Final = 5
PENALTY: Final = 0.1
FEWEST: Final = 20  # examples with a label

Floats = npt.NDArray[np.float32]
Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Kept:
    """``share``: how often the model is right about variants, as a share of how often about the originals.

    None where it cannot tell the originals either. ``by_class`` holds code -> share.
    """

    share: float | None
    interval: Range | None
    by_class: dict[int, float]


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """Centred on ``mean`` (d,), divided by ``spread`` (d,); ``weights`` (d + 1, classes) give scores of ``codes``."""

    mean: Floats
    spread: Floats
    weights: npt.NDArray[np.float64]
    codes: Codes

    def says(self, content: Floats) -> Codes:
        scores = _with_one((content - self.mean) / self.spread) @ self.weights
        return np.asarray(self.codes[np.argmax(scores, axis=1)], np.int32)


def learn(content: Floats, labels: Codes) -> Model:
    """From ``content`` (n, d) of examples with ``labels`` (n,)."""
    codes, which = np.unique(labels, return_inverse=True)
    mean, spread = content.mean(axis=0), content.std(axis=0) + 1e-3
    x = _with_one((content - mean) / spread)
    wanted = np.eye(len(codes))[which]
    penalty = PENALTY * x.shape[1]
    if x.shape[0] < x.shape[1]:  # the smaller of two equal systems
        weights = x.T @ np.linalg.solve(x @ x.T + penalty * np.eye(len(x)), wanted)
    else:
        weights = np.linalg.solve(x.T @ x + penalty * np.eye(x.shape[1]), x.T @ wanted)
    return Model(mean, spread, weights, codes.astype(np.int32))


class Judge:
    """Learned once from the originals; then asked about any number of their variants."""

    def __init__(self, content: Floats, labels: Codes, seed: int = 0) -> None:
        self._labels = labels
        self._known = np.flatnonzero(labels >= 0)
        self._folds: list[tuple[npt.NDArray[np.int64], Model]] = []
        if len(self._known) >= FEWEST and len(np.unique(labels[self._known])) > 1:
            order = np.random.default_rng(seed).permutation(self._known)
            for fold in range(FOLDS):
                rest = np.delete(order, np.s_[fold::FOLDS])
                self._folds.append((order[fold::FOLDS], learn(content[rest], labels[rest])))
        self._right = self._is_right(content)

    def kept(self, content: Floats) -> Kept:
        """``content`` (n, e) of one variant of each original, in their order."""
        if not self._right.any():
            return Kept(None, None, {})
        now, known = self._is_right(content), self._known
        random = np.random.default_rng(0)
        drawn = known[random.integers(0, len(known), (300, len(known)))]
        shares = now[drawn].sum(axis=1) / np.maximum(self._right[drawn].sum(axis=1), 1)
        low, high = np.percentile(shares, (2.5, 97.5))
        by_class = {}
        for code in np.unique(self._labels[known]).tolist():
            rows = self._labels == code
            if self._right[rows].any():
                by_class[code] = float(now[rows].sum() / self._right[rows].sum())
        return Kept(float(now.sum() / self._right.sum()), (float(low), float(high)), by_class)

    def _is_right(self, content: Floats) -> npt.NDArray[np.bool_]:
        right = np.zeros(len(self._labels), np.bool_)
        for rows, model in self._folds:
            right[rows] = model.says(content[rows]) == self._labels[rows]
        return right


def _with_one(x: Floats) -> npt.NDArray[np.float64]:
    return np.concatenate([x.astype(np.float64), np.ones((len(x), 1))], axis=1)
