"""What a model learned from the other examples says of each one: the built-in models, cross-validated.

Two that need no tuning: a logistic regression on the embedding, and a ridge regression on its likeness to landmarks
(a Gaussian kernel by Nyström's method; Williams and Seeger 2001). The first is better where planes part the classes,
the second elsewhere and with many classes; `label_noise` weighs them by what they are worth.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.issues.findings import Floats
from dataimp_gui.core.issues.label_sources import LEAST, Source
from dataimp_gui.core.model import Codes, Mask, Rows
from dataimp_gui.progress import Progress

Array = npt.NDArray[np.float64]

FOLDS: Final = 5
SEED: Final = 0
FEWEST: Final = 10  # examples below which nothing can be learned
MOST_DIMENSIONS: Final = 128  # more are turned to so many principal ones
MOST_LEARNED: Final = 40_000  # examples that are learned from; all are judged
MOST_REGRESSED: Final = 1_000_000  # examples by classes of the logistic regression: beyond, fewer examples
MOST_CLASSES: Final = 100  # of the logistic regression: its time grows with them
LANDMARKS: Final = 1000
RIDGE: Final = 1e-3  # of the mean eigenvalue
PENALTY: Final = 3.0  # scikit-learn's C
LOUDNESS: Final = np.float32(10.0)  # makes the scores of a ridge regression about as large as log-probabilities
BLOCK: Final = 8192


def cross_validated(
    vectors: Floats, labels: Codes, classes: int, usable: Mask, groups: Codes | None, progress: Progress
) -> list[Source]:
    """The sources; none when nothing can be learned: one class, too few examples, all vectors alike.

    Each example is judged by a model that learned neither from it nor from its group. Raises Cancelled.
    """
    known = usable & np.isfinite(vectors).all(axis=1)
    rows = np.flatnonzero(known)
    if len(rows) < FEWEST or len(np.unique(labels[rows])) < 2:
        return []
    folds = np.full(len(labels), -1, np.int64)
    folds[rows] = folds_of(labels[rows], None if groups is None else groups[rows])
    if folds.max() < 1:
        return []
    learned = rows
    if len(rows) > MOST_LEARNED:
        learned = np.sort(np.random.default_rng(SEED).choice(rows, MOST_LEARNED, replace=False))
    space = _principal(vectors, learned)
    if space is None:
        return []
    progress.phase("Cross-validating the built-in models", 2 * int(folds.max()) + 3)
    kernel = _kernel_ridge(space, learned, labels, classes, folds, progress)
    found = [Source("kernel", known, kernel)]
    if classes <= MOST_CLASSES:
        some = learned
        if len(learned) * classes > MOST_REGRESSED:
            some = np.random.default_rng(SEED).choice(learned, MOST_REGRESSED // classes, replace=False)
        found.append(Source("linear", known, _logistic(space, some, labels, classes, folds, progress)))
    return found


def folds_of(labels: Codes, groups: Codes | None) -> npt.NDArray[np.int64]:
    """The fold (n,) of each example: every class dealt out evenly; with groups, each of them whole, largest first."""
    count = len(labels)
    if groups is not None and (groups >= 0).any():
        alone = np.where(groups >= 0, groups.astype(np.int64), -1 - np.arange(count))
        _, member, sizes = np.unique(alone, return_inverse=True, return_counts=True)
        order = np.argsort(-sizes, kind="stable")
        place = np.empty(len(sizes), np.int64)
        load = [0] * FOLDS
        for group in order[: np.count_nonzero(sizes > 1)].tolist():
            place[group] = load.index(min(load))
            load[place[group]] += int(sizes[group])
        single = order[np.count_nonzero(sizes > 1) :]
        place[single] = np.arange(len(single)) % FOLDS
        return place[member]
    order = np.random.default_rng(SEED).permutation(count)
    order = order[np.argsort(labels[order], kind="stable")]
    folds = np.empty(count, np.int64)
    folds[order] = np.arange(count) % min(FOLDS, count)
    return folds


@dataclass(frozen=True, slots=True)
class _Space:
    """Vectors centred, turned, and scaled by one number to a mean length of 1, so that penalties mean the same."""

    vectors: Floats
    centre: Floats
    axes: Floats | None
    scale: np.float32

    def at(self, rows: Rows) -> Floats:
        moved: Floats = (self.vectors[rows] - self.centre) * self.scale
        return moved if self.axes is None else moved @ self.axes


def _principal(vectors: Floats, learned: Rows) -> _Space | None:
    x = vectors[learned]
    centre = x.mean(axis=0, dtype=np.float64).astype(np.float32)
    x = x - centre
    length = float(np.sqrt(np.einsum("ij,ij->", x, x, dtype=np.float64) / len(x)))
    if length < 1e-6:
        return None
    axes = None
    if x.shape[1] > MOST_DIMENSIONS:
        axes = np.linalg.eigh((x.T @ x).astype(np.float64))[1][:, : -MOST_DIMENSIONS - 1 : -1].astype(np.float32)
        length = float(np.sqrt(((x @ axes) ** 2).sum(dtype=np.float64) / len(x)))
    return _Space(vectors, centre, axes, np.float32(1 / length))


def _logistic(
    space: _Space, learned: Rows, labels: Codes, classes: int, folds: npt.NDArray[np.int64], progress: Progress
) -> Callable[[Rows], Floats]:
    x, y = space.at(learned), labels[learned]
    x = np.concatenate([x, np.ones((len(x), 1), np.float32)], axis=1)
    fitted = []
    for fold in range(int(folds.max()) + 1):
        others = folds[learned] != fold
        fitted.append(_regressed(x[others], y[others], classes))
        progress.advance()
    coefficients = np.stack(fitted)

    def logits(rows: Rows) -> Floats:
        return _by_fold(
            coefficients,
            folds[rows],
            np.concatenate([space.at(rows), np.ones((len(rows), 1), np.float32)], axis=1),
            log=True,
        )

    return logits


def _regressed(x: Floats, y: Codes, classes: int) -> Floats:
    """Coefficients (dimensions + 1, classes) of a multinomial logistic regression; the last, the constant, is free."""
    from scipy.optimize import minimize

    seen, place = np.unique(y, return_inverse=True)
    rows = np.arange(len(y))
    penalty = np.full((x.shape[1], 1), 1 / (PENALTY * len(y)))
    penalty[-1] = 1e-9

    def cost(flat: Array) -> tuple[float, Array]:
        b = flat.reshape(x.shape[1], len(seen))
        z = x @ b.astype(np.float32)
        z -= z.max(axis=1, keepdims=True)
        p = np.exp(z)
        total = p.sum(axis=1, keepdims=True)
        loss = float((np.log(total[:, 0]) - z[rows, place]).mean(dtype=np.float64))
        p /= total
        p[rows, place] -= 1
        slope = (x.T @ p).astype(np.float64) / len(y) + penalty * b
        return loss + float((penalty * b**2).sum()) / 2, slope.ravel()

    first = np.zeros(x.shape[1] * len(seen))
    best = minimize(cost, first, jac=True, method="L-BFGS-B", options={"maxiter": 200, "ftol": 1e-7, "gtol": 1e-6}).x
    coefficients = np.zeros((x.shape[1], classes), np.float32)
    coefficients[-1] = -np.log(len(y))  # a class that was not seen: less than one of all
    coefficients[:, seen] = best.reshape(x.shape[1], len(seen))
    return coefficients


def _kernel_ridge(
    space: _Space, learned: Rows, labels: Codes, classes: int, folds: npt.NDArray[np.int64], progress: Progress
) -> Callable[[Rows], Floats]:
    """Scores of a ridge regression of each class on the likeness to ``LANDMARKS`` examples, exp(-d2 / median of d2)."""
    chosen = np.random.default_rng(SEED).permutation(learned)[:LANDMARKS]
    landmarks = space.at(chosen)
    square = np.einsum("ij,ij->i", landmarks, landmarks)

    def distances(x: Floats) -> Floats:
        found: Floats = np.maximum(np.einsum("ij,ij->i", x, x)[:, None] + square - 2 * (x @ landmarks.T), 0)
        return found

    scale = max(float(np.median(distances(space.at(chosen)))), 1e-9)

    def likeness(rows: Rows) -> Floats:
        found = distances(space.at(rows))
        found /= -scale
        return np.exp(found, out=found)

    centre = likeness(chosen).mean(axis=0)
    width = len(chosen) + 1
    last = int(folds.max()) + 1
    grams, moments = np.zeros((last, width, width)), np.zeros((last, width, classes))
    for fold in range(last):
        held = learned[folds[learned] == fold]
        for start in range(0, len(held), BLOCK):
            rows = held[start : start + BLOCK]
            f = np.ones((len(rows), width))
            f[:, :-1] = likeness(rows) - centre
            grams[fold] += f.T @ f
            np.add.at(moments[fold].T, labels[rows], f)
        progress.advance()
    gram, moment = grams.sum(axis=0), moments.sum(axis=0)
    ridge = RIDGE * np.trace(gram) / width * np.eye(width)
    coefficients = np.stack(
        [np.linalg.solve(gram - grams[fold] + ridge, moment - moments[fold]) for fold in range(last)]
    ).astype(np.float32)
    progress.advance()

    def logits(rows: Rows) -> Floats:
        found = np.empty((len(rows), classes), np.float32)
        for start in range(0, len(rows), BLOCK):  # the likenesses of many rows would fill the memory
            some = rows[start : start + BLOCK]
            f = np.ones((len(some), width), np.float32)
            f[:, :-1] = likeness(some) - centre
            found[start : start + BLOCK] = _by_fold(coefficients, folds[some], f)
        return found * LOUDNESS

    return logits


def _by_fold(coefficients: Floats, folds: npt.NDArray[np.int64], x: Floats, *, log: bool = False) -> Floats:
    """Each row by the model that did not see it; with ``log`` as log-probabilities, none below that of LEAST."""
    found = np.empty((len(x), coefficients.shape[2]), np.float32)
    for fold in np.unique(folds).tolist():
        held = folds == fold
        found[held] = x[held] @ coefficients[fold]
    if log:
        found -= found.max(axis=1, keepdims=True)
        found -= np.log(np.exp(found).sum(axis=1, keepdims=True))
        np.maximum(found, np.log(LEAST), out=found)
    return found
