"""Which labels are likely wrong, and which would fit: a run, the neighbours and cross-validated models, weighed."""

from typing import Final

import numpy as np

from dataimp_gui.core.issues import label_reasons
from dataimp_gui.core.issues.findings import Evidence, Findings
from dataimp_gui.core.issues.label_scores import scores
from dataimp_gui.core.model import IssueKind
from dataimp_gui.progress import Progress

KIND: Final = IssueKind.LABEL
LISTED: Final = 0.3
"""The severity from which an example is a finding: about one in three of the least sure ones is wrong."""


def detect(evidence: Evidence, progress: Progress) -> Findings:
    """The examples whose label may well be wrong, worst first.

    ``severity`` is the chance that the label is wrong under the model of `label_noise`; ``score`` ranks: the odds of
    that, half-way to the odds that the sources alone give. Without labels of two classes, or without anything to hold
    against them, nothing is found. Raises Cancelled.
    """
    found = scores(evidence, progress)
    with np.errstate(invalid="ignore"):
        rows = np.flatnonzero(found.severity >= LISTED)
    rows = rows[np.argsort(-found.doubt[rows], kind="stable")]
    warnings = []
    if found.memory is not None and found.memory.found:
        warnings.append(label_reasons.warning(evidence, found.memory))
    if found.contradicted:
        warnings.append(label_reasons.too_weak(found.contradicted))
    return Findings(
        kind=KIND,
        rows=rows,
        score=found.score[rows],
        severity=found.severity[rows],
        suggested=found.suggested[rows],
        starts=np.zeros(len(rows) + 1, np.int64),
        others=np.zeros(0, np.int64),
        reasons=label_reasons.reasons(evidence, found, rows),
        fix="relabel",
        warnings=tuple(warnings),
    )
