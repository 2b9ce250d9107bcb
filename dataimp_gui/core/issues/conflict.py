"""Examples that show the same and have different labels: not all of them can be right."""

from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.issues.alike import near
from dataimp_gui.core.issues.findings import Evidence, Findings, nothing, ranked
from dataimp_gui.core.issues.groups import Groups, groups
from dataimp_gui.core.model import NONE, Codes, IssueKind
from dataimp_gui.progress import Progress

KIND: Final = IssueKind.CONFLICT
FIX: Final = "relabel"

_CLEARLY: Final = 2.0  # times as much support, for a label to be the one that is suggested

Support = npt.NDArray[np.float64]


def detect(evidence: Evidence, progress: Progress) -> Findings:
    """One finding for each example whose group has another label with as much support as its own, or more.

    Each member supports its label, a reviewed one three times as much; so do the model's probabilities for the members,
    together as much as one member. A label is suggested where it has clearly more support.
    """
    pairs = evidence.pairs if evidence.pairs is not None else near(evidence, progress)
    found = groups(pairs, evidence)
    if not len(found):
        return nothing(KIND, FIX)
    labels = evidence.labels[found.rows]
    lowest = np.minimum.reduceat(np.where(labels >= 0, labels, len(evidence.classes)), found.starts[:-1])
    highest = np.maximum.reduceat(labels, found.starts[:-1])
    places: list[int] = []
    suggested: list[int] = []
    reasons: list[str] = []
    for group in np.flatnonzero((highest > lowest) & (highest >= 0)).tolist():
        start, end = int(found.starts[group]), int(found.starts[group + 1])
        support = _support(evidence, found, start, end)
        best = max(support, key=lambda label: support[label])
        for place in range(start, end):
            label = int(labels[place])
            if label == NONE or support[label] >= _CLEARLY * max(
                value for rival, value in support.items() if rival != label
            ):
                continue
            clear = best != label and support[best] >= _CLEARLY * support[label]
            places.append(place)
            suggested.append(best if clear else NONE)
            reasons.append(_reason(evidence, labels[start:end], label, best))
    at = np.array(places, np.int64)
    likely = found.likely[at]
    # both of an even pair are reported, and one of them is right
    severity = np.where(np.array(suggested) >= 0, likely, likely / 2) if places else likely
    return ranked(
        KIND,
        FIX,
        found.rows[at],
        score=severity,
        severity=severity,
        reasons=reasons,
        suggested=suggested,
        others=found.others(at),
    )


def _support(evidence: Evidence, found: Groups, start: int, end: int) -> dict[int, float]:
    members = found.rows[start:end]
    labels = evidence.labels[members]
    weights = np.ones(len(members))
    if evidence.reviewed is not None:
        weights[evidence.reviewed[members]] = 3.0
    support = {int(label): float(weights[labels == label].sum()) for label in np.unique(labels[labels >= 0])}
    if evidence.probabilities is not None:
        said = evidence.probabilities[members]
        said = said[np.isfinite(said).all(axis=1)]
        if len(said):
            for label in support:
                support[label] += float(said[:, label].mean())
    return support


def _reason(evidence: Evidence, labels: Codes, label: int, best: int) -> str:
    rivals, counts = np.unique(labels[(labels >= 0) & (labels != label)], return_counts=True)
    rival = best if best != label else int(rivals[counts.argmax()])
    count = int(counts[rivals == rival][0])
    equal = int(np.count_nonzero(labels == label)) - 1
    others = "its near-duplicate is" if count == 1 else f"{count:,} near-duplicates of it are"
    also = f", and {equal:,} more {'is' if equal == 1 else 'are'} {evidence.classes[label]} too" if equal else ""
    return f"It is labelled {evidence.classes[label]}, but {others} {evidence.classes[rival]}{also}."
