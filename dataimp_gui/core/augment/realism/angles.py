"""The gap to the target seen from several angles, each by itself: where they differ, no one of them is the truth."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.augment.realism import distance, naming
from dataimp_gui.core.augment.realism.closing import LEVEL, Closed, Realism, of_vectors
from dataimp_gui.core.augment.realism.describing import Described

FOLDS: Final = 5
TREES: Final = 40
RESAMPLED: Final = 500
LEAST: Final = 0.05  # a gap below this part of the whole range is none

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Angle:
    """``before`` and ``after``: how far originals and variants are from the target, 0 where they are alike; of
    coverage, the share of the target that is covered. ``closed`` is the share of the gap that is closed, with its
    interval of 95 % from ``low`` to ``high``; None where this angle sees no gap."""

    name: str
    title: str
    before: float
    after: float
    closed: float | None
    low: float | None
    high: float | None
    sentence: str


def angles(
    original: Described,
    augmented: Described,
    target: Described,
    found: Realism,
    embedded: tuple[Floats, Floats, Floats] | None = None,
    embedding: str = "",
) -> tuple[Angle, ...]:
    """``embedded`` are vectors of some originals, their variants and some of the target, and ``embedding`` what made
    them; without, what the built-in features say of the content."""
    vectors = embedded or (original.content, augmented.content, target.content)
    closed, p_same = of_vectors(*vectors)
    return (
        _distance("statistics", "Statistics", found.angles["statistics"], found.p_by_angle["statistics"]),
        _distance("texture", "Texture", found.angles["texture"], found.p_by_angle["texture"]),
        _distance("embedding", f"Embedding ({embedding or 'built-in'})", closed, p_same),
        _classifier(original, augmented, target),
        _coverage(original, augmented, target),
    )


def told_apart(first: Floats, second: Floats, seed: int = 0) -> tuple[Bools, Floats]:
    """Whether a classifier that did not see an example tells which of the two it is from, and its score for the second:
    (n,) each, ``first`` before ``second``. Extremely randomised trees (Geurts and others, 2006)."""
    from sklearn.ensemble import ExtraTreesClassifier

    points = np.concatenate([first, second])
    which = np.arange(len(points)) >= len(first)
    random = np.random.default_rng(seed)
    fold = np.concatenate([random.permutation(len(each)) % FOLDS for each in (first, second)])
    score = np.zeros(len(points), np.float32)
    for place in range(FOLDS):
        held = fold == place
        trees = ExtraTreesClassifier(TREES, min_samples_leaf=3, class_weight="balanced", random_state=seed)
        score[held] = trees.fit(points[~held], which[~held]).predict_proba(points[held])[:, 1]
    return (score > 0.5) == which, score


def _distance(name: str, title: str, closed: Closed, p_same: float) -> Angle:
    share, low, high = (None, None, None) if p_same > LEVEL else (closed.share, *closed.interval)
    return Angle(name, title, closed.before, closed.after, share, low, high, _said(share, low, high))


def _classifier(original: Described, augmented: Described, target: Described) -> Angle:
    """The AUC hardly moves from 1 while the gap is wide, so that what counts is the accuracy above chance."""
    parts = distance.scaled([_seen(each) for each in (original, target, augmented)], 0, 1)
    (before, scores), (after, scores_after) = (told_apart(each, parts[1]) for each in (parts[0], parts[2]))
    sizes = len(original), len(augmented), len(target)
    random = np.random.default_rng(0)
    here, there = _draws(sizes[0], random), _draws(sizes[2], random)
    varied = here if sizes[0] == sizes[1] else _draws(sizes[1], random)
    far = _above_chance(before, sizes[0], here, there)
    near = _above_chance(after, sizes[1], varied, there)
    share = low = high = None
    if np.percentile(far[1:], 2.5) > LEAST:
        shares = (far - near) / np.maximum(far, LEAST)
        share, (low, high) = float(shares[0]), _ends(shares)
    words = (
        "A classifier tells {} from the target in {:.0%} of cases (AUC {:.2f}), {} in {:.0%} ({:.2f}); alike is 50%."
    )
    said = words.format(
        "originals",
        (1 + far[0]) / 2,
        _auc(scores, sizes[0]),
        "variants",
        (1 + near[0]) / 2,
        _auc(scores_after, sizes[1]),
    )
    return Angle("classifier", "Classifier", float(far[0]), float(near[0]), share, low, high, said)


def _coverage(original: Described, augmented: Described, target: Described) -> Angle:
    before, after = (naming.is_covered(each, target) for each in (original, augmented))
    drawn = _draws(len(target), np.random.default_rng(0))
    had, has = before[drawn].mean(axis=1), after[drawn].mean(axis=1)
    reached = 1 - (len(target) / (len(target) + len(augmented))) ** naming.NEAREST  # by others of the same kind
    share = low = high = None
    if reached - np.percentile(had[1:], 97.5) > LEAST:
        shares = (has - had) / np.maximum(reached - had, LEAST)
        share, (low, high) = float(shares[0]), _ends(shares)
    said = f"{had[0]:.0%} of the target had an original near it, {has[0]:.0%} have a variant."
    return Angle("coverage", "Coverage", float(had[0]), float(has[0]), share, low, high, said)


def _seen(described: Described) -> Floats:
    return np.concatenate([described.statistics, described.texture], axis=1)


def _above_chance(right: Bools, first: int, here: npt.NDArray[np.int64], there: npt.NDArray[np.int64]) -> Floats:
    """How far the mean accuracy on the two sides lies above one half, of one half: (draws,), not below 0."""
    accuracy = (right[:first][here].mean(axis=1) + right[first:][there].mean(axis=1)) / 2
    return np.asarray(np.maximum(2 * accuracy - 1, 0), np.float32)


def _auc(score: Floats, first: int) -> float:
    """How often an example of the second has the higher score."""
    from scipy.stats import rankdata

    second = len(score) - first
    return float((rankdata(score)[first:].sum() - second * (second + 1) / 2) / (first * second))


def _draws(count: int, random: np.random.Generator) -> npt.NDArray[np.int64]:
    """Places (draws, count): all of them first, then with repetition."""
    return np.concatenate([np.arange(count)[None], random.integers(0, count, (RESAMPLED, count))])


def _ends(values: npt.NDArray[Any]) -> tuple[float, float]:
    low, high = np.percentile(values[1:], (2.5, 97.5))
    return float(low), float(high)


def _said(share: float | None, low: float | None, high: float | None) -> str:
    if share is None or low is None or high is None:
        return "No gap can be told from chance."
    if high < 0:
        return "The variants are further away than the originals."
    if low <= 0:
        return f"Whether the gap becomes smaller cannot be told: {share:.0%}, from {low:.0%} to {high:.0%}."
    return f"{share:.0%} of the gap is closed, from {low:.0%} to {high:.0%}."
