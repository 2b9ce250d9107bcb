"""Whether a label can still be told: a simple model that learned from the originals is asked about their variants.

Ridge regression to the classes; an example is always judged by a model that saw neither it nor a variant of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.model import Codes, Rows

FOLDS: Final = 5
PENALTY: Final = 0.3
EVENED: Final = 0.25  # of the spread of all columns, added to each: one that hardly varies here may vary there
FEWEST: Final = 20  # examples with a label

_CHANCE: Final = 1.645  # standard deviations that 5 % of guesses are above

Floats = npt.NDArray[np.float32]
Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Kept:
    """``share``: how often the model is right about variants, as a share of how often about the originals; at most 1.

    None where it tells the originals no better than the most frequent label would. ``by_class`` holds code -> share.
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
        return np.asarray(self.codes[np.argmax(self.scores(content), axis=1)], np.int32)

    def scores(self, content: Floats) -> npt.NDArray[np.float64]:
        """About how probable each of ``codes`` is, (n, classes); now and then below 0 or above 1."""
        return _with_one((content - self.mean) / self.spread) @ self.weights


def learn(content: Floats, labels: Codes) -> Model:
    """From ``content`` (n, d) of examples with ``labels`` (n,)."""
    codes, which = np.unique(labels, return_inverse=True)
    mean, spread = content.mean(axis=0), content.std(axis=0) + EVENED * float(content.std()) + 1e-6
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
        self._fold = np.full(len(labels), -1, np.int64)
        self._models: list[Model] = []
        if len(self._known) >= FEWEST and len(np.unique(labels[self._known])) > 1:
            order = np.random.default_rng(seed).permutation(self._known)
            for fold in range(FOLDS):
                rest = np.delete(order, np.s_[fold::FOLDS])
                self._fold[order[fold::FOLDS]] = fold
                self._models.append(learn(content[rest], labels[rest]))
        self._right = self._is_right(content)

    @property
    def is_better_than_guessing(self) -> bool:
        """Whether it is right about originals more often than who always says the most frequent label, beyond chance
        (95 %): else its answers say nothing about variants."""
        count = len(self._known)
        if not self._models:
            return False
        guessed = float(np.bincount(self._labels[self._known]).max()) / count
        by_chance = count * guessed + _CHANCE * np.sqrt(count * guessed * (1 - guessed))
        return bool(self._right.sum() > by_chance)

    @property
    def tells(self) -> npt.NDArray[np.bool_]:
        """Of which originals (n,) the model knows the label."""
        return self._right

    def kept(self, content: Floats, verdicts: Mapping[int, bool] | None = None) -> Kept:
        """``content`` (n, e) of one variant of each original, in their order. A person's ``verdicts``, by place, count
        in place of what the model says: that the original can be told, and whether the variant can."""
        said = verdicts or {}
        places = np.fromiter(said, np.int64, len(said))
        known = self._known if self.is_better_than_guessing else places
        right, now = np.zeros((2, len(self._labels)), np.bool_)
        right[known], now[known] = self._right[known], self._is_right(content)[known]
        right[places], now[places] = True, np.fromiter(said.values(), np.bool_, len(said))
        if not right.any():
            return Kept(None, None, {})
        random = np.random.default_rng(0)
        drawn = known[random.integers(0, len(known), (300, len(known)))]
        shares = np.minimum(now[drawn].sum(axis=1) / np.maximum(right[drawn].sum(axis=1), 1), 1)
        low, high = np.percentile(shares, (2.5, 97.5))
        by_class = {}
        labels = np.where(np.isin(np.arange(len(right)), known), self._labels, -1)
        for code in np.unique(labels[labels >= 0]).tolist():
            rows = labels == code
            if right[rows].any():
                by_class[code] = min(1.0, float(now[rows].sum() / right[rows].sum()))
        return Kept(min(1.0, float(now.sum() / right.sum())), (float(low), float(high)), by_class)

    def agreement(self, content: Floats, labels: Codes, places: Rows) -> tuple[Floats, npt.NDArray[np.bool_]]:
        """How far the model agrees with ``labels`` (n,), 0 to 1, and whether they are what it would say.

        ``places`` (n,) are those of the originals, -1 for others; NaN without a label or a model.
        """
        score, is_first = np.full(len(labels), np.nan, np.float32), np.zeros(len(labels), np.bool_)
        folds = np.where(places >= 0, self._fold[places], -1) if len(self._fold) else np.full(len(places), -1)
        for fold in np.unique(folds[labels >= 0]).tolist() if self._models else []:
            rows = np.flatnonzero((folds == fold) & (labels >= 0))
            given = self._scores(content[rows], self._models if fold < 0 else self._models[fold : fold + 1])
            wanted = np.searchsorted(self._codes, labels[rows]).clip(0, len(self._codes) - 1)
            is_known = self._codes[wanted] == labels[rows]
            own = np.where(is_known, given[np.arange(len(rows)), wanted], 0)
            score[rows] = own / np.maximum(given.sum(axis=1), 1e-9)
            is_first[rows] = is_known & (given.argmax(axis=1) == wanted)
        return score, is_first

    @property
    def _codes(self) -> Codes:
        return np.unique(self._labels[self._known])

    def _scores(self, content: Floats, models: Sequence[Model]) -> npt.NDArray[np.float64]:
        """The mean of what some models say, (n, `_codes`), not below 0."""
        codes = self._codes
        found = np.zeros((len(content), len(codes)))
        for model in models:
            found[:, np.searchsorted(codes, model.codes)] += np.maximum(model.scores(content), 0) / len(models)
        return found

    def _is_right(self, content: Floats) -> npt.NDArray[np.bool_]:
        right = np.zeros(len(self._labels), np.bool_)
        for fold, model in enumerate(self._models):
            rows = np.flatnonzero(self._fold == fold)
            right[rows] = model.says(content[rows]) == self._labels[rows]
        return right


def _with_one(x: Floats) -> npt.NDArray[np.float64]:
    return np.concatenate([x.astype(np.float64), np.ones((len(x), 1))], axis=1)
