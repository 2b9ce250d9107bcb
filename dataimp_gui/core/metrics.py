"""How well predictions match labels: rates with their intervals, per class, confusion, calibration, cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.model import Codes

Costs = Mapping[str, Mapping[str, float]]
"""``costs[label][predicted]``; a confusion that is not named costs 1, a correct prediction 0."""

BINS: Final = 15  # of the calibration error, as Guo et al. 2017 have them

MOST_CONFUSED: Final = 1000
"""A confusion over more classes than this shows the most frequent ones only; every other figure is over all."""

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class ClassMetrics:
    """``n`` examples have the label. A rate is None where it has no denominator."""

    label: str
    n: int
    precision: float | None
    recall: float | None
    f1: float | None


@dataclass(frozen=True, slots=True)
class Metrics:
    """Over the ``n`` examples that have a label and a prediction; every rate is None where nothing was counted.

    ``unlabelled`` and ``unpredicted`` were left out (an example that lacks both counts as unlabelled). ``ece`` is over
    the ``with_confidence`` examples that have one. ``confusion`` int64 (k, k) is by label, then predicted, in the
    order of ``labels``.
    """

    n: int
    errors: int
    accuracy: float | None
    accuracy_ci: Interval | None
    error_rate: float | None
    error_rate_ci: Interval | None
    macro_f1: float | None
    ece: float | None
    cost: float | None
    per_class: tuple[ClassMetrics, ...]
    labels: tuple[str, ...]
    confusion: npt.NDArray[np.int64]
    unlabelled: int
    unpredicted: int
    with_confidence: int

    def to_json(self) -> dict[str, Any]:
        """The keys that ``dataimp metrics --json`` prints; undefined is None, never NaN."""
        return {
            "n": self.n,
            "errors": self.errors,
            "accuracy": self.accuracy,
            "accuracy_ci": list(self.accuracy_ci) if self.accuracy_ci else None,
            "macro_f1": self.macro_f1,
            "ece": self.ece,
            "cost": self.cost,
            "per_class": [
                {"label": c.label, "n": c.n, "precision": c.precision, "recall": c.recall, "f1": c.f1}
                for c in self.per_class
            ],
            "confusion": {"labels": list(self.labels), "counts": self.confusion.tolist()},
        }


def measure(
    labels: Codes,
    predicted: Codes,
    confidence: npt.NDArray[np.float32] | None,
    classes: Sequence[str],
    costs: Costs | None = None,
) -> Metrics:
    """Compare two columns of codes in ``classes``, int32 (n,), -1 for none.

    ``confidence`` float32 (n,) is the probability of the predicted label, NaN for none. Per class and confusion are
    over the classes that appear among the counted labels or predictions, in the order of ``classes``; the macro F1 is
    the mean of their F1, an undefined one as 0. This is scikit-learn's rule.
    """
    labelled = labels >= 0
    counted = labelled & (predicted >= 0)
    truth, said = labels[counted], predicted[counted]
    right = truth == said
    n, correct = len(truth), int(np.count_nonzero(right))
    per_class, frequent = _per_class(truth, said, truth[right], classes)
    certain = np.isfinite(confidence[counted]) if confidence is not None else np.zeros(n, dtype=np.bool_)
    ece = calibration_error(right[certain], confidence[counted][certain]) if confidence is not None else None
    return Metrics(
        n=n,
        errors=n - correct,
        accuracy=_ratio(correct, n),
        accuracy_ci=wilson(correct, n),
        error_rate=_ratio(n - correct, n),
        error_rate_ci=wilson(n - correct, n),
        macro_f1=sum(c.f1 or 0.0 for c in per_class) / len(per_class) if per_class else None,
        ece=ece,
        cost=(n - correct + _named_costs(truth, said, classes, costs or {})) / n if n else None,
        per_class=per_class,
        labels=tuple(classes[code] for code in frequent.tolist()),
        confusion=_pairs(truth, said, frequent, len(classes)),
        unlabelled=int(np.count_nonzero(~labelled)),
        unpredicted=int(np.count_nonzero(labelled)) - n,
        with_confidence=int(np.count_nonzero(certain)),
    )


def wilson(hits: int, n: int, confidence: float = 0.95) -> Interval | None:
    """The score interval of a rate of ``hits`` in ``n`` (Wilson 1927), within [0, 1]; None when ``n`` is 0.

    ``confidence`` is in (0, 1).
    """
    if n == 0:
        return None
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    rate, spread = hits / n, z * z / n
    centre = (rate + spread / 2) / (1 + spread)
    half = z / (1 + spread) * (rate * (1 - rate) / n + spread / (4 * n)) ** 0.5
    low = 0.0 if hits == 0 else max(0.0, centre - half)
    high = 1.0 if hits == n else min(1.0, centre + half)
    return low, high


def _per_class(
    truth: Codes, said: Codes, right: Codes, classes: Sequence[str]
) -> tuple[tuple[ClassMetrics, ...], Codes]:
    """Of every class that appears, and the codes of those that the confusion shows."""
    k = len(classes)
    have, get, hit = (np.bincount(codes, minlength=k) for codes in (truth, said, right))
    present = np.flatnonzero(have + get)
    rows = zip(present.tolist(), have[present].tolist(), get[present].tolist(), hit[present].tolist(), strict=True)
    found = tuple(
        ClassMetrics(classes[code], n, _ratio(hits, times), _ratio(hits, n), _ratio(2 * hits, n + times))
        for code, n, times, hits in rows
    )
    most = np.argsort(-(have + get)[present], kind="stable")[:MOST_CONFUSED]
    return found, np.sort(present[most]).astype(np.int32)


def _pairs(truth: Codes, said: Codes, chosen: Codes, k: int) -> npt.NDArray[np.int64]:
    """How often each of ``chosen`` (m codes below ``k``) was taken for each, int64 (m, m)."""
    m = len(chosen)
    place = np.full(k + 1, m, dtype=np.int64)
    place[chosen] = np.arange(m)
    table = np.bincount(place[truth] * (m + 1) + place[said], minlength=(m + 1) ** 2)
    return table.reshape(m + 1, m + 1)[:m, :m].astype(np.int64)


def _named_costs(truth: Codes, said: Codes, classes: Sequence[str], costs: Costs) -> float:
    """What the confusions that have a cost of their own cost more (or less) than the usual 1 or 0, all together."""
    code = {name: number for number, name in enumerate(classes)}
    named = sorted({code[name] for label, row in costs.items() for name in (label, *row) if name in code})
    pairs = _pairs(truth, said, np.array(named, dtype=np.int32), len(classes))
    place = {classes[number]: i for i, number in enumerate(named)}
    return sum(
        (cost - (label != predicted)) * int(pairs[place[label], place[predicted]])
        for label, row in costs.items()
        for predicted, cost in row.items()
        if label in place and predicted in place
    )


def calibration_error(correct: npt.NDArray[np.bool_], confidence: npt.NDArray[np.float32]) -> float | None:
    """Expected calibration error: |accuracy - confidence| of bins of equal width, weighted by size."""
    if not len(confidence):
        return None
    exact = confidence.astype(np.float64)
    bins = confidence_bins(exact)
    hits = np.bincount(bins, weights=correct, minlength=BINS)
    sums = np.bincount(bins, weights=exact, minlength=BINS)
    return float(np.abs(hits - sums).sum() / len(exact))


def confidence_bins(confidence: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Of `BINS` of equal width: (0, 1/15], (1/15, 2/15] …"""
    return np.clip(np.ceil(confidence * BINS).astype(np.int64) - 1, 0, BINS - 1)


def _ratio(hits: int, n: int) -> float | None:
    return hits / n if n else None
