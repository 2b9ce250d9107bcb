"""What can speak for a label: a run, the neighbours. Each gives log-probabilities of the classes, row by row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from dataimp_gui.core.features.neighbours import Neighbours
from dataimp_gui.core.issues.findings import Floats
from dataimp_gui.core.model import Codes, Mask, Rows

LEAST: Final = np.float32(1e-4)  # files round probabilities; less than this is not known of anything
NEAREST: Final = 20
USUAL_RANK: Final = 10  # the distance of this neighbour, the median over all, is the scale of distances
FADING: Final = 4.0  # a neighbour of twice the usual distance counts exp(-4) of one at the usual distance
PRIOR: Final = 0.5  # neighbours that the frequencies of the labels count for
SAMPLED: Final = 100_000


@dataclass(frozen=True, slots=True)
class Source:
    """``known`` (n,) says of which examples it knows something; ``logits`` (rows (m,)) -> float32 (m, classes)."""

    name: str
    known: Mask
    logits: Callable[[Rows], Floats]


def of_run(probabilities: Floats, labels: Codes, usable: Mask) -> Source:
    """A run. Classes that it has never given a chance are not among its own: of their examples it knows nothing, and
    others may be of them as well as of the class that it prefers."""
    covered: Mask = np.asarray(np.nan_to_num(probabilities).any(axis=0), dtype=np.bool_)
    known = usable.copy()
    known[usable] = covered[labels[usable]] & (covered.sum() > 1)
    whole = probabilities if covered.all() else probabilities[:, covered]
    known &= np.isfinite(whole.sum(axis=1))

    def logits(rows: Rows) -> Floats:
        values = probabilities[rows]
        if not covered.all():
            values[:, ~covered] = values[:, covered].max(axis=1, keepdims=True)
        found: Floats = np.log(np.maximum(values, LEAST, dtype=np.float32))
        return found

    return Source("run", known, logits)


def of_neighbours(near: Neighbours, labels: Codes, classes: int, usable: Mask, groups: Codes | None) -> Source:
    """The labels of the nearest other examples, the nearer the more. Of one's own group nobody is asked."""
    rows, cosine = near.rows[:, :NEAREST], near.similarity[:, :NEAREST]
    known = usable & (rows[:, 0] >= 0) if rows.shape[1] else np.zeros_like(usable)
    some = np.flatnonzero(known)
    if len(some) > SAMPLED:
        some = np.random.default_rng(0).choice(some, SAMPLED, replace=False)
    with np.errstate(invalid="ignore"):
        distance = 1 - cosine[some][:, :USUAL_RANK][:, -1:] if rows.shape[1] else np.zeros((0, 1), np.float32)
    there = distance[np.isfinite(distance)]
    usual = max(float(np.median(there)) if len(there) else 0.0, 1e-6)
    share = np.bincount(labels[usable], minlength=classes) / max(int(usable.sum()), 1)
    prior = (PRIOR * share).astype(np.float32)

    def logits(asked: Rows) -> Floats:
        nearest = rows[asked]
        counts = (nearest >= 0) & usable[nearest]
        if groups is not None:
            own = groups[asked][:, None]
            counts &= (groups[nearest] != own) | (own < 0)
        far = np.where(counts, 1 - cosine[asked], 0) / usual
        weight = np.where(counts, np.exp(-FADING * (far - 0.7)), 0)
        place = np.arange(len(asked))[:, None] * classes + np.where(counts, labels[nearest], 0)
        votes = np.bincount(place.ravel(), weight.ravel(), len(asked) * classes).reshape(len(asked), classes) + prior
        votes /= votes.sum(axis=1, keepdims=True)
        found: Floats = np.log(np.maximum(votes, LEAST)).astype(np.float32)
        return found

    return Source("neighbours", known, logits)


def at(sources: Sequence[Source], rows: Rows) -> list[Floats]:
    return [source.logits(rows) for source in sources]
