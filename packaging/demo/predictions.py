"""What a model thinks of examples that it did not learn from: class probabilities by cross-validation, as a CSV."""

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.model_selection import StratifiedKFold, cross_val_predict

SEED = 20
FOLDS = 5


def out_of_fold(model: BaseEstimator, features: object, labels: NDArray[np.str_]) -> NDArray[np.float64]:
    """float64 (n, classes in sorted order): each row predicted by the model of the folds that it is not in."""
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    result: NDArray[np.float64] = cross_val_predict(model, features, labels, cv=folds, method="predict_proba")
    return result


def rounded(probabilities: NDArray[np.float64], digits: int = 4) -> NDArray[np.float64]:
    """Each row in steps of ``10**-digits`` that sum to exactly 1, by the largest remainder."""
    steps = 10**digits
    scaled = probabilities / probabilities.sum(axis=1, keepdims=True) * steps
    whole = np.floor(scaled).astype(np.int64)
    order = np.argsort(whole - scaled, axis=1, kind="stable")
    rank = np.argsort(order, axis=1, kind="stable")
    whole += rank < (steps - whole.sum(axis=1, keepdims=True))
    return whole / steps


def write(path: Path, ids: Sequence[str], classes: Sequence[str], probabilities: NDArray[np.float64]) -> None:
    """``id`` and one column per class."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", *classes])
        for name, row in zip(ids, rounded(probabilities), strict=True):
            writer.writerow([name, *(f"{value:.4f}".rstrip("0").rstrip(".") for value in row)])


def summary(labels: NDArray[np.str_], classes: Sequence[str], probabilities: NDArray[np.float64]) -> str:
    predicted = np.asarray(classes)[probabilities.argmax(axis=1)]
    errors = int((predicted != labels).sum())
    return f"{len(labels)} examples, {errors} errors, accuracy {1 - errors / len(labels):.3f}"
