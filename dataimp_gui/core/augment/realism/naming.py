"""What exactly looks unlike the target: each statistic by itself, with its curves and a sentence."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.augment.realism.describing import STATISTICS, Described
from dataimp_gui.core.media.statistics.table import STATISTICS as TABLE
from dataimp_gui.core.model import Modality

BINS: Final = 32
NEAREST: Final = 5
_FAR: Final = 0.5  # of the target's spread
_TIMES: Final = 1.5
_MANY_TIMES: Final = 1000
_NARROW: Final = 0.1  # of the range of all: a target that hardly varies does not make everything else infinitely far

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class OfStatistic:
    """``before`` and ``after``: mean distance to the target (Wasserstein), in spreads of the target.

    ``edges`` (BINS + 1,) and ``curves`` (3, BINS): the shares of the originals, the augmented and the target.
    ``said`` is a sentence when the augmented ones lie well off the target, further than the originals did; else "".
    """

    name: str
    title: str
    before: float
    after: float
    edges: Floats
    curves: Floats
    said: str


def by_statistic(
    original: Described, augmented: Described, target: Described, modality: Modality
) -> tuple[OfStatistic, ...]:
    """Those that lie furthest from the target first; one that too few examples have is left out."""
    titles = {each.name: each.title for each in TABLE[modality]}
    found = []
    for place, name in enumerate(STATISTICS[modality]):
        columns = [_known(each.statistics[:, place]) for each in (original, augmented, target)]
        if min(map(len, columns)) >= 5:
            found.append(_one(name, titles[name], *columns))
    return tuple(sorted(found, key=lambda each: -round(max(each.before, each.after))))


def covered(augmented: Described, target: Described) -> float:
    """The share of target examples that `is_covered` says yes of."""
    return float(is_covered(augmented, target).mean())


def is_covered(augmented: Described, target: Described) -> npt.NDArray[np.bool_]:
    """Whether a target example has an augmented one nearer than its NEAREST-th nearest among the target (Naeem and
    others, Reliable fidelity and diversity metrics, 2020): (n,), in texture."""
    from dataimp_gui.core.augment.realism.distance import scaled

    first, second = scaled([augmented.texture, target.texture], 1, 1)
    inside = np.sort(_apart(second, second), axis=1)[:, min(NEAREST, len(second) - 1)]
    return np.asarray(_apart(second, first).min(axis=1) <= inside, np.bool_)


def _one(name: str, title: str, original: Floats, augmented: Floats, target: Floats) -> OfStatistic:
    low, high = np.percentile(np.concatenate([original, augmented, target]), (1, 99))
    edges = np.linspace(low, high if high > low else low + 1, BINS + 1)
    curves = [np.histogram(np.clip(each, edges[0], edges[-1]), edges)[0] / len(each) for each in
              (original, augmented, target)]  # fmt: skip
    spread = max(float(target.std()), float(edges[-1] - edges[0]) * _NARROW, 1e-6)
    before, after = _wasserstein(original, target) / spread, _wasserstein(augmented, target) / spread
    said = _said(title, augmented, target) if after > _FAR and after > before else ""
    return OfStatistic(name, title, before, after, edges.astype(np.float32), np.stack(curves).astype(np.float32), said)


def _said(title: str, augmented: Floats, target: Floats) -> str:
    ours, theirs = float(np.mean(augmented)), float(np.mean(target))
    if abs(ours - theirs) < _FAR / 2 * float(max(augmented.std(), target.std())):
        return f"{title} varies {'more' if augmented.std() > target.std() else 'less'} than the target's."
    if ours > 0 and theirs > 0 and _TIMES <= max(ours / theirs, theirs / ours) <= _MANY_TIMES:
        return f"{title} is {ours / theirs:.2g} times the target's."
    way = "higher" if ours > theirs else "lower"
    return f"{title} is {way} than the target's: {_figure(ours)}, not {_figure(theirs)}."


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{round(value, 3):.3g}"


def _wasserstein(first: Floats, second: Floats) -> float:
    shares = (np.arange(200) + 0.5) / 200
    return float(np.abs(np.quantile(first, shares) - np.quantile(second, shares)).mean())


def _known(values: Floats) -> Floats:
    return values[np.isfinite(values)]


def _apart(first: Floats, second: Floats) -> Floats:
    squares = np.square(first).sum(axis=1)[:, None] + np.square(second).sum(axis=1) - 2 * first @ second.T
    return np.asarray(np.maximum(squares, 0), np.float32)
