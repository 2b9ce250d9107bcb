"""What a model learned from the other examples says of each one: the built-in model, cross-validated."""

from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.issues.findings import Floats
from dataimp_gui.core.model import Codes, Mask
from dataimp_gui.progress import Progress

FOLDS: Final = 5
SEED: Final = 0
MOST_DIMENSIONS: Final = 128  # more are reduced by a truncated SVD: the fit is linear in them
MOST_LEARNED: Final = 40_000  # examples that one fold learns from
FEWEST: Final = 4  # examples below which nothing can be learned


def out_of_fold(
    vectors: Floats, labels: Codes, classes: int, usable: Mask, groups: Codes | None, progress: Progress
) -> Floats | None:
    """Probabilities (n, classes) float32 of a logistic regression that did not see the example (nor its group).

    Rows that are not ``usable`` are NaN. None when nothing can be learned: one class, or too few examples.
    """
    rows = np.flatnonzero(usable & np.isfinite(vectors).all(axis=1))
    y = labels[rows]
    if len(rows) < FEWEST or len(np.unique(y)) < 2:
        return None
    x = _reduced(vectors[rows])
    if not x.any():
        return None
    folds = _folds(y, None if groups is None else groups[rows])
    found: Floats = np.full((len(labels), classes), np.nan, np.float32)
    prior = (np.bincount(y, minlength=classes) + 1) / (len(y) + classes)
    for fold in progress.track(range(int(folds.max()) + 1), "Cross-validating the built-in model"):
        held = folds == fold
        found[rows[held]] = _fit_predict(x[~held], y[~held], x[held], prior)
    return found


def _reduced(x: Floats) -> Floats:
    """Centred, rotated to at most MOST_DIMENSIONS, and scaled by one number, so that the penalty means the same."""
    x = x - x.mean(axis=0, dtype=np.float64).astype(np.float32)
    if x.shape[1] > MOST_DIMENSIONS:
        _, axes = np.linalg.eigh(x.T @ x)
        x = x @ axes[:, : -MOST_DIMENSIONS - 1 : -1]
    scale = float(np.sqrt((x.astype(np.float64) ** 2).sum(axis=1).mean()))
    return x / np.float32(scale) if scale > 1e-9 else np.zeros_like(x)


def _folds(y: Codes, groups: Codes | None) -> npt.NDArray[np.int64]:
    """The fold of each example: each class dealt out evenly; or each group whole, largest first."""
    generator = np.random.default_rng(SEED)
    folds = np.empty(len(y), np.int64)
    if groups is not None and len(np.unique(groups)) >= FOLDS:
        _, member, sizes = np.unique(groups, return_inverse=True, return_counts=True)
        load = np.zeros(FOLDS, np.int64)
        place = np.empty(len(sizes), np.int64)
        for group in np.argsort(-sizes, kind="stable"):
            place[group] = load.argmin()
            load[place[group]] += sizes[group]
        return place[member]
    order = generator.permutation(len(y))
    order = order[np.argsort(y[order], kind="stable")]
    folds[order] = np.arange(len(y)) % min(FOLDS, len(y))
    return folds


def _fit_predict(x: Floats, y: Codes, held: Floats, prior: npt.NDArray[np.float64]) -> Floats:
    """Logistic regression; a class that is not among ``y`` gets its prior, since nothing is known of it."""
    from sklearn.linear_model import LogisticRegression

    if len(y) > MOST_LEARNED:
        chosen = np.random.default_rng(SEED).choice(len(y), MOST_LEARNED, replace=False)
        x, y = x[chosen], y[chosen]
    out = np.tile(prior, (len(held), 1)).astype(np.float32)
    seen = np.unique(y)
    if len(seen) < 2:
        return out
    model = LogisticRegression(C=30.0, max_iter=200, tol=1e-3)
    share = 1.0 - float(np.delete(prior, seen).sum())
    out[:, seen] = model.fit(x, y).predict_proba(held) * share
    return out
