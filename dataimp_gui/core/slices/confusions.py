"""Pairs of classes that are taken for each other more often than errors are usual."""

from typing import Final

import numpy as np

from dataimp_gui.core.engine import literal
from dataimp_gui.core.slices.halves import Half
from dataimp_gui.core.slices.material import Material, Proposal
from dataimp_gui.core.slices.slice import Source

KEPT: Final = 12
MOST_CLASSES: Final = 300


def propose(material: Material, half: Half, least: int) -> list[Proposal]:
    """Of the examples of two classes that are predicted as one of the two; the most frequent `MOST_CLASSES` only.

    A slice of errors alone would fail by definition. In these an example can be right, so the test means something.
    """
    labels, predicted = material.labels[half.rows], material.predicted[half.rows]
    often = np.argsort(-np.bincount(labels, minlength=len(material.classes)), kind="stable")[:MOST_CLASSES]
    k = len(often)
    place = np.full(len(material.classes), -1)
    place[often] = np.arange(k)
    both = (place[labels] >= 0) & (place[predicted] >= 0)
    cells = place[labels[both]] * k + place[predicted[both]]
    counts = np.bincount(cells, minlength=k * k).reshape(k, k)
    costs = np.bincount(cells, weights=half.lost[both], minlength=k * k).reshape(k, k)
    a, b = np.triu_indices(k, 1)
    right = np.diagonal(counts)
    n = counts[a, b] + counts[b, a] + right[a] + right[b]
    lost = costs[a, b] + costs[b, a] + np.diagonal(costs)[a] + np.diagonal(costs)[b]
    score = half.surprise(n, lost)
    score[n < least] = 0
    best = np.argsort(-score, kind="stable")[:KEPT]
    return [_pair(material, int(often[a[i]]), int(often[b[i]]), len(a)) for i in best.tolist() if score[i] > 0]


def _pair(material: Material, a: int, b: int, tried: int) -> Proposal:
    first, second = sorted((material.classes[a], material.classes[b]))
    listed = f"({literal(first)}, {literal(second)})"
    mask = np.isin(material.labels, (a, b)) & np.isin(material.predicted, (a, b))
    where = f"label IN {listed} AND predicted IN {listed}"
    why = "The two are taken for each other."
    return Proposal(Source.CONFUSION, tried, (), mask, where, f"{first} or {second}", why)
