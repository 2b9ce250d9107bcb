"""Examples whose medium shows or says nothing: too dark, blank, silent, empty."""

from typing import Final

import numpy as np

from dataimp_gui.core.issues.findings import Evidence, Findings, nothing, ranked
from dataimp_gui.core.model import IssueKind
from dataimp_gui.progress import Progress

KIND: Final = IssueKind.MEDIA
FIX: Final = "look"


def detect(evidence: Evidence, progress: Progress) -> Findings:
    """One finding for each example with a statistic beyond what can be used."""
    progress.phase("Checking media")
    brightness = evidence.statistics.get("brightness")
    if brightness is None:
        return nothing(KIND, FIX)
    dark = np.asarray(brightness, np.float64)
    rows = np.flatnonzero((dark < 0.02) & ~evidence.excluded)
    score = np.ones(len(rows))
    return ranked(KIND, FIX, rows, score=score, severity=score, reasons=["It is almost black."] * len(rows))
