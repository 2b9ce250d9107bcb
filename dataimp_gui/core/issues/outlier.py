"""Examples that are like no other: far from their nearest neighbours, measured by what is usual."""

from typing import Final

import numpy as np

from dataimp_gui.core.issues.findings import Evidence, Findings, nothing, ranked
from dataimp_gui.core.model import IssueKind
from dataimp_gui.progress import Progress

KIND: Final = IssueKind.OUTLIER
FIX: Final = "look"
FAR: Final = 1.5  # times the usual distance


def detect(evidence: Evidence, progress: Progress) -> Findings:
    """One finding for each example whose neighbours are much farther than is usual for its class."""
    progress.phase("Looking for outliers")
    if evidence.neighbours is None or evidence.count < 10:
        return nothing(KIND, FIX)
    with np.errstate(invalid="ignore"):
        distance = np.sqrt(np.clip(2 - 2 * evidence.neighbours.similarity, 0, None))
    known = np.isfinite(distance[:, 0]) & ~evidence.excluded
    if not known.any():
        return nothing(KIND, FIX)
    mean = np.full(evidence.count, np.nan)
    mean[known] = np.nanmean(distance[known], axis=1)
    usual = np.median(mean[known])
    if usual <= 0:
        return nothing(KIND, FIX)
    times = mean / usual
    rows = np.flatnonzero(known & (times > FAR))
    score = 1 - FAR / times[rows]
    return ranked(
        KIND,
        FIX,
        rows,
        score=score,
        severity=score,
        reasons=[f"Its nearest neighbours are {times[row]:.1f} times as far as is usual." for row in rows.tolist()],
    )
