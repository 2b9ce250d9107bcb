"""Alike examples that fail alike, by the embedding, described by the rule that tells them best from the rest."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.model import Mask
from dataimp_gui.core.slices import mixture
from dataimp_gui.core.slices.binning import Binned
from dataimp_gui.core.slices.halves import Half
from dataimp_gui.core.slices.material import Material, Proposal
from dataimp_gui.core.slices.slice import Source
from dataimp_gui.core.slices.telling import name_of
from dataimp_gui.progress import Progress

Sets = npt.NDArray[np.bool_]

SAMPLE: Final = 20_000
GROUPS: Final = (8, 24)
"""Coarse groups and fine ones are sought both: nobody knows how large a failing one is."""

NEAREST: Final = 4
KEPT: Final = 16

DESCRIBED: Final = 0.3
"""Likeness (Jaccard) of a rule and a cluster from which it says something of the cluster."""


def propose(
    material: Material, columns: Sequence[Binned], half: Half, least: int, seed: int, progress: Progress
) -> list[Proposal]:
    """Groups of the embedding, as fixed sets of examples: who belongs is decided by the vector alone, not by errors."""
    if material.vectors is None:
        return []
    known = np.flatnonzero(np.isfinite(material.vectors[half.rows]).all(axis=1))
    if len(known) < 4 * least:
        return []
    rng = np.random.default_rng(seed)
    some = np.sort(rng.choice(known, min(SAMPLE, len(known)), replace=False))
    vectors, errors = material.vectors[half.rows[some]], half.errors[some].astype(np.float64)
    unions: list[tuple[float, Mask]] = []
    tried = 0
    for groups in GROUPS:
        if not errors.any() or groups * least > len(known):
            continue
        fitted = mixture.fit(vectors, errors, groups, seed, progress)
        group = fitted.group(material.vectors)
        sets = _unions(fitted)
        tried += len(sets)
        unions += _surprising(sets, group, half, least)
    unions.sort(key=lambda each: -each[0])
    return [_proposal(material, columns, half, mask, tried, i) for i, (_, mask) in enumerate(unions[:KEPT])]


def _unions(fitted: mixture.Mixture) -> Sets:
    """Each group, and with it its nearest ones, flags (s, k): what fails alike may have fallen into several."""
    scaled = fitted.centres / fitted.spread.mean(axis=0) ** 0.5
    near = np.argsort(((scaled[:, None] - scaled[None]) ** 2).sum(axis=2), axis=1, kind="stable")
    sets = np.zeros((NEAREST, len(near), len(near)), dtype=np.bool_)
    for count in range(NEAREST):
        np.put_along_axis(sets[count], near[:, : count + 1], True, axis=1)
    return np.unique(sets.reshape(-1, len(near)), axis=0)


def _surprising(sets: Sets, group: npt.NDArray[np.int64], half: Half, least: int) -> list[tuple[float, Mask]]:
    n, lost = (sets @ each[1:] for each in half.sums(group[half.rows] + 1, sets.shape[1] + 1))
    score = half.surprise(n, lost)
    score[n < least] = 0
    best = np.argsort(-score, kind="stable")[:KEPT]
    return [(float(score[i]), np.append(sets[i], False)[group]) for i in best.tolist() if score[i] > 0]


def _proposal(
    material: Material, columns: Sequence[Binned], half: Half, mask: Mask, tried: int, number: int
) -> Proposal:
    described = _described(material, columns, mask[half.rows])
    name = f"Alike: {described}" if described else f"Alike, group {number + 1}"
    why = "They are near each other in the embedding."
    return Proposal(Source.CLUSTERS, tried, (), mask, "", name, f"{why} Mostly {described}." if described else why)


def _described(material: Material, columns: Sequence[Binned], mask: Mask) -> str:
    """The condition that selects about the same examples, in words; empty when none does."""
    best, told, n = DESCRIBED, "", int(np.count_nonzero(mask))
    for column in columns:
        everyone, inside = (_sums(bins, column.count) for bins in (column.bins, column.bins[mask]))
        held = inside[column.stop] - inside[column.first]
        size = everyone[column.stop] - everyone[column.first]
        likeness = held / (size + n - held)
        place = int(likeness.argmax())
        if likeness[place] > best:
            best, told = float(likeness[place]), name_of(material, (column.conditions[place],))
    return told


def _sums(bins: npt.NDArray[np.uint8], count: int) -> npt.NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(np.bincount(bins, minlength=count))])
