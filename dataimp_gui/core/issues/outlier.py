"""Examples that are like no others: far from their nearest ones and from the bulk, by what is usual for their class."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.issues.findings import Evidence, Findings, nothing, ranked
from dataimp_gui.core.model import IssueKind, Rows
from dataimp_gui.progress import Progress

KIND: Final = IssueKind.OUTLIER
FIX: Final = "look"

FEWEST: Final = 30  # examples, below which nobody can say what is usual
LEAST: Final = 0.3  # severity below which an example is not reported

_OF_CLASS: Final = 20  # examples of a class, below which the usual distance is that of all
_COMPONENTS: Final = 50
_SAMPLE: Final = 5_000
_BLOCK: Final = 8_192

Values = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Distances:
    """Of ``rows`` (m,): ``times`` (m,) the distance to the last neighbour over the usual one, and of whom that is usual
    (``of_class``); ``far`` and ``away`` (m,), how odd its neighbours' distance and its place in the whole are, in
    deviations."""

    rows: Rows
    times: Values
    of_class: npt.NDArray[np.bool_]
    far: Values
    away: Values | None

    @property
    def oddness(self) -> Values:
        return self.far if self.away is None else (self.far + self.away) / np.sqrt(2)


def detect(evidence: Evidence, progress: Progress) -> Findings:
    """One finding for each example that is more likely odd than the end of what is usual."""
    progress.phase("Looking for outliers")
    found = _measured(evidence, progress)
    if found is None:
        return nothing(KIND, FIX)
    oddness = found.oddness
    severity = _severity(oddness)
    told = np.flatnonzero((severity >= LEAST) & (found.times > 1))
    neighbours = evidence.neighbours.rows.shape[1] if evidence.neighbours is not None else 0
    return ranked(
        KIND,
        FIX,
        found.rows[told],
        score=1 - 1 / np.maximum(1.0, oddness[told] / 2),
        severity=severity[told],
        reasons=[_reason(evidence, found, place, neighbours) for place in told.tolist()],
    )


def _reason(evidence: Evidence, found: Distances, place: int, neighbours: int) -> str:
    usual = f"for {evidence.classes[evidence.labels[found.rows[place]]]}" if found.of_class[place] else "here"
    far = f"Its {neighbours} nearest neighbours reach {found.times[place]:.1f} times as far as is usual {usual}"
    if found.away is not None and found.away[place] > max(3, found.far[place]):
        return f"{far}, and it lies apart from the bulk of the examples."
    return f"{far}."


def _measured(evidence: Evidence, progress: Progress) -> Distances | None:
    """None where too little is known, or where half of the examples coincide."""
    near = evidence.neighbours
    if near is None or near.rows.shape[1] == 0:
        return None
    with np.errstate(invalid="ignore"):
        last = np.sqrt(np.clip(2 - 2 * near.similarity[:, -1].astype(np.float64), 0, None))
    rows = np.flatnonzero((near.rows[:, -1] >= 0) & np.isfinite(last) & ~evidence.excluded)
    if len(rows) < FEWEST or np.median(last[rows]) < 1e-3:
        return None
    distance = np.log(np.maximum(last[rows], 1e-3))
    middle, spread = np.full(len(rows), np.median(distance)), np.full(len(rows), _deviation(distance))
    of_class = np.zeros(len(rows), np.bool_)
    labels = evidence.labels[rows]
    order = np.argsort(labels, kind="stable")
    begins = np.flatnonzero(np.diff(labels[order], prepend=-2))
    for members in np.split(order, begins[1:]):
        if labels[members[0]] >= 0 and len(members) >= _OF_CLASS:
            middle[members], spread[members] = np.median(distance[members]), _deviation(distance[members])
            of_class[members] = True
    away = _away(evidence.embedding, rows, progress) if evidence.embedding is not None else None
    return Distances(rows, np.exp(distance - middle), of_class, (distance - middle) / spread, away)


def _away(vectors: npt.NDArray[np.float32], rows: Rows, progress: Progress) -> Values | None:
    """How far each vector lies from the centre in the directions in which they vary most, each direction measured by
    the median deviation there: robust against the odd ones, unlike the variance. In deviations of its logarithm."""
    drawn = rows if len(rows) <= _SAMPLE else np.random.default_rng(0).choice(rows, _SAMPLE, replace=False)
    sample = vectors[drawn].astype(np.float64)
    mean = sample.mean(axis=0)
    count = min(_COMPONENTS, vectors.shape[1], len(drawn) // 10)
    if count < 2:
        return None
    directions = np.linalg.eigh(np.cov((sample - mean).T))[1][:, ::-1][:, :count].astype(np.float32)
    places = sample.astype(np.float32) @ directions
    centre = np.median(places, axis=0)
    scale = np.median(np.abs(places - centre), axis=0)
    wide = scale > 1e-6
    directions, centre, scale = directions[:, wide], centre[wide], scale[wide]
    if not len(scale):
        return None
    apart = np.empty(len(rows))
    for start in range(0, len(rows), _BLOCK):
        progress.check()
        block = vectors[rows[start : start + _BLOCK]].astype(np.float32) @ directions
        apart[start : start + _BLOCK] = np.linalg.norm((block - centre) / scale, axis=1)
    odd = np.log(np.maximum(apart, 1e-6))
    return np.asarray((odd - np.median(odd)) / _deviation(odd), np.float64)


def _deviation(values: Values) -> float:
    """The upper standard deviation, from quantiles: what lies beyond is what is sought, and must not widen it."""
    half, more = np.quantile(values, [0.5, 0.75])
    return float(max((more - half) / 0.6745, 1e-2))


def _severity(oddness: Values) -> npt.NDArray[np.float64]:
    """One minus the local false discovery rate: the density that the bulk would have at this oddness, were it normal,
    over the density there is (B. Efron, Large-scale simultaneous hypothesis testing, 2004). 0.99 at most."""
    from scipy.stats import norm

    scaled = (oddness - np.median(oddness)) / _deviation(oddness)
    ordered = np.sort(scaled)
    width = 0.5
    there = np.searchsorted(ordered, scaled + width, "right") - np.searchsorted(ordered, scaled - width, "left")
    usual = len(scaled) * (norm.cdf(scaled + width) - norm.cdf(scaled - width))
    real = np.where(scaled > 1, np.clip(1 - usual / np.maximum(there, 1), 0, 0.99), 0)
    order = np.argsort(-scaled, kind="stable")
    falling = np.empty(len(scaled))
    falling[order] = np.minimum.accumulate(real[order])
    return falling
