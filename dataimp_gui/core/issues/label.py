"""Which labels are likely wrong, and which would fit: a run, the neighbours and a cross-validated model, combined."""

from typing import Final

import numpy as np

from dataimp_gui.core.issues.findings import Evidence, Findings, Floats, Neighbours
from dataimp_gui.core.issues.label_model import out_of_fold
from dataimp_gui.core.model import Codes, IssueKind, Mask
from dataimp_gui.progress import Progress

KIND: Final = IssueKind.LABEL
NEAREST: Final = 10
LISTED: Final = 0.5  # the severity from which an example is a finding


def detect(evidence: Evidence, progress: Progress) -> Findings:
    """The examples whose label is more likely wrong than right, worst first."""
    classes = len(evidence.classes)
    usable = (evidence.labels >= 0) & (evidence.labels < classes) & ~evidence.excluded
    sources: dict[str, Floats] = {}
    near: Neighbours | None = None
    if evidence.probabilities is not None and usable.any():
        sources["the model"] = evidence.probabilities
    if evidence.embedding is not None and usable.sum() > 1:
        near = evidence.neighbours
        if near is not None:
            sources["its neighbours"] = _votes(near, evidence.labels, usable, classes)
        model = out_of_fold(evidence.embedding, evidence.labels, classes, usable, evidence.groups, progress)
        if model is not None:
            sources["the built-in model"] = model
    rows = np.flatnonzero(usable)
    together = _together([source[rows] for source in sources.values()], len(rows), classes)
    given = evidence.labels[rows]
    own = together[np.arange(len(rows)), given]
    others = together.copy()
    others[np.arange(len(rows)), given] = -1
    suggested = others.argmax(axis=1).astype(np.int32)
    score = np.clip(1 - own, 0, 1)
    listed = np.flatnonzero((score >= LISTED) & np.isfinite(score) & (others.max(axis=1) > own))
    listed = listed[np.argsort(-score[listed], kind="stable")]
    reasons = [_reason(evidence, near, usable, int(rows[i]), int(suggested[i]), sources) for i in listed]
    return Findings(
        kind=KIND,
        rows=rows[listed],
        score=score[listed],
        severity=score[listed],
        suggested=suggested[listed],
        starts=np.zeros(len(listed) + 1, np.int64),
        others=np.empty(0, np.int64),
        reasons=reasons,
        fix="relabel",
    )


def _votes(near: Neighbours, labels: Codes, usable: Mask, classes: int) -> Floats:
    """Shares (n, classes) of the labels of the neighbours, weighted by similarity; a little to each class."""
    rows = near.rows[:, :NEAREST]
    there = (rows >= 0) & usable[rows]
    weight = np.where(there, np.clip(np.nan_to_num(near.similarity[:, :NEAREST]), 0, 1), 0).astype(np.float64)
    place = np.arange(len(rows))[:, None] * classes + np.where(there, labels[rows], 0)
    votes = np.bincount(place.ravel(), weight.ravel(), len(rows) * classes).reshape(len(rows), classes)
    total = votes.sum(axis=1, keepdims=True)
    found: Floats = ((votes + 0.5 / classes) / (total + 0.5)).astype(np.float32)
    found[total[:, 0] == 0] = np.nan
    return found


def _together(sources: list[Floats], count: int, classes: int) -> Floats:
    """The geometric mean of what is known of each example, summing to 1; NaN where nothing is."""
    logs = np.zeros((count, classes), np.float32)
    known = np.zeros(count, np.float32)
    for source in sources:
        there = np.isfinite(source).all(axis=1)
        logs[there] += np.log(np.clip(source[there], 1e-4, 1))
        known += there
    mean = np.exp(logs / np.maximum(known, 1)[:, None])
    mean /= mean.sum(axis=1, keepdims=True)
    mean[known == 0] = np.nan
    return mean


def _reason(
    evidence: Evidence, near: Neighbours | None, usable: Mask, row: int, suggested: int, sources: dict[str, Floats]
) -> str:
    facts = []
    name, given = evidence.classes[suggested], evidence.classes[evidence.labels[row]]
    if near is not None:
        rows = near.rows[row, :NEAREST]
        rows = rows[rows >= 0]
        rows = rows[usable[rows]]
        if len(rows):
            facts.append(
                f"{(evidence.labels[rows] == suggested).sum()} of its {len(rows)} nearest neighbours are {name}"
            )
    for source in ("the model", "the built-in model"):
        if source in sources and np.isfinite(sources[source][row]).all():
            facts.append(f"{source} gives {given} {sources[source][row, evidence.labels[row]]:.0%}")
            break
    sentence = "; ".join(facts)
    return sentence[:1].upper() + sentence[1:] + "."
