"""Examples with known chances of an error, and runs that fail accordingly."""

from dataclasses import dataclass

import numpy as np

from dataimp_gui.core.slices.material import Column, Material

CLASSES = ("bag", "boot", "coat", "dress", "shirt")
CAMERAS = tuple(f"camera {i}" for i in range(8))


@dataclass
class Made:
    material: Material
    chance: np.ndarray
    planted: list[np.ndarray]


def made(count=4000, seed=0, base=0.08, planted=(), columns=6) -> Made:
    """Columns c0, c2 ... of words, one in nine missing, and n1, n3 ... of numbers; ``planted`` are (name -> array, (n,)
    to mask, chance of an error)."""
    rng = np.random.default_rng(seed)
    found = {}
    for j in range(columns):
        if j % 2:
            found[f"n{j}"] = Column(f"n{j}", numbers=rng.normal(size=count))
        else:
            codes = rng.integers(-1, len(CAMERAS), count).astype(np.int32)
            found[f"c{j}"] = Column(f"c{j}", codes=codes, words=CAMERAS)
    values = {name: each.codes if each.numbers is None else each.numbers for name, each in found.items()}
    chance = np.full(count, base)
    masks = []
    for choose, rate in planted:
        masks.append(choose(values))
        chance[masks[-1]] = rate
    return Made(failing(found, rng.random(count) < chance, rng), chance, masks)


def failing(columns, errors, rng, **more) -> Material:
    """A run that is wrong exactly where ``errors`` says, and whose labels tell nothing."""
    count = len(errors)
    labels = rng.integers(0, len(CLASSES), count).astype(np.int32)
    other = (labels + rng.integers(1, len(CLASSES), count)) % len(CLASSES)
    predicted = np.where(errors, other, labels).astype(np.int32)
    return Material(columns, labels, predicted, CLASSES, errors, np.ones(count, dtype=bool), **more)


def jaccard(a, b) -> float:
    return np.count_nonzero(a & b) / max(1, np.count_nonzero(a | b))
