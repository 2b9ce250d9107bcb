"""Tables with slices that were made to fail, and a classifier's errors on a census."""

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dataimp_gui.core.slices.material import Column, Material

WORDS = (2, 5, 12, 30)


@dataclass
class Planted:
    """``masks`` fail more often; ``chance`` (n,) is the true chance of an error."""

    material: Material
    masks: list[np.ndarray]
    chance: np.ndarray


def columns(count: int, width: int, rng: np.random.Generator) -> dict[str, Column]:
    """Words (2 to 30 different ones, unevenly frequent) and numbers (normal or skewed), some missing, in turn."""
    found = {}
    for j in range(width):
        if j % 2 == 0:
            k = WORDS[j // 2 % 4]
            codes = rng.choice(k, count, p=rng.dirichlet(np.full(k, 1.5))).astype(np.int32)
            codes[rng.random(count) < 0.02] = -1
            found[f"c{j}"] = Column(f"c{j}", codes=codes, words=[f"w{i}" for i in range(k)])
        else:
            numbers = rng.normal(size=count) if j % 4 == 1 else rng.gamma(2, 1, count).round(2)
            numbers[rng.random(count) < 0.02] = np.nan
            found[f"n{j}"] = Column(f"n{j}", numbers=numbers)
    return found


def planted(count: int, width: int, seed: int, slices: int = 3, base: float = 0.06) -> Planted:
    """Slices of 1 to 10 %, of one and two conditions in turn, that fail 3 to 5 times as often as the rest."""
    rng = np.random.default_rng(seed)
    table = columns(count, width, rng)
    chance, masks = np.full(count, base), []
    for number in range(slices):
        mask = _subset(table, 1 + number % 2, rng)
        chance[mask] = np.maximum(chance[mask], base * rng.uniform(3, 5))
        masks.append(mask)
    return Planted(failing(table, rng.random(count) < chance, rng), masks, chance)


def failing(table: dict[str, Column], errors: np.ndarray, rng: np.random.Generator, **more) -> Material:
    """A run that is wrong where ``errors`` says, over five classes that tell nothing."""
    count = len(errors)
    labels = rng.integers(0, 5, count).astype(np.int32)
    predicted = np.where(errors, (labels + rng.integers(1, 5, count)) % 5, labels).astype(np.int32)
    return Material(table, labels, predicted, list("abcde"), errors, np.ones(count, dtype=bool), **more)


def adult() -> Material | None:
    """UCI Adult with the out-of-fold errors of a decision tree; None where DATAIMP_DATA names no folder with it."""
    file = Path(os.environ.get("DATAIMP_DATA", "")) / "adult" / "adult.csv"
    if not file.is_file():
        return None
    import duckdb
    from sklearn.model_selection import cross_val_predict
    from sklearn.tree import DecisionTreeClassifier

    frame = duckdb.sql(f"SELECT * FROM '{file}'").fetchnumpy()
    table, features = {}, []
    for name, values in frame.items():
        if np.issubdtype(values.dtype, np.number):
            table[name] = Column(name, numbers=values.astype(np.float64))
            features.append(values.astype(np.float64))
        else:
            words, codes = np.unique(np.asarray(values, dtype=str), return_inverse=True)
            table[name] = Column(name, codes=codes.astype(np.int32), words=words.tolist())
            features.append(codes.astype(np.float64))
    income = table.pop("income-per-year")
    features.pop()
    tree = DecisionTreeClassifier(min_samples_leaf=20, random_state=0)
    predicted = cross_val_predict(tree, np.column_stack(features), income.codes, cv=5).astype(np.int32)
    errors = predicted != income.codes
    return Material(table, income.codes, predicted, list(income.words), errors, np.ones(len(errors), dtype=bool))


def jaccard(a: np.ndarray, b: np.ndarray) -> float:
    return np.count_nonzero(a & b) / max(1, np.count_nonzero(a | b))


def _subset(table: dict[str, Column], conditions: int, rng: np.random.Generator) -> np.ndarray:
    while True:
        size = rng.uniform(0.01, 0.10) ** (1 / conditions)
        names = rng.choice(list(table), conditions, replace=False)
        mask = np.all([_condition(table[name], size, rng) for name in names], axis=0)
        if 0.01 <= mask.mean() <= 0.10:
            return mask


def _condition(column: Column, share: float, rng: np.random.Generator) -> np.ndarray:
    """A word about as frequent as ``share``, or a range of numbers that holds so many, in every other case an end."""
    if column.codes is not None:
        often = np.bincount(column.codes[column.codes >= 0], minlength=len(column.words)) / len(column.codes)
        return column.codes == np.abs(np.log(np.maximum(often, 1e-9) / share)).argmin()
    low = rng.choice([0, 1 - share]) if rng.random() < 0.5 else rng.uniform(0, 1 - share)
    first, last = np.nanquantile(column.numbers, [low, min(1, low + share)])
    return (column.numbers >= first) & (column.numbers <= last)
