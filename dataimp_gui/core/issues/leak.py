"""Examples of one split that another split has as well, or that share a group with it: a test that is not one."""

from typing import Final

import numpy as np

from dataimp_gui.core.issues.alike import near
from dataimp_gui.core.issues.findings import Evidence, Findings, nothing, ranked
from dataimp_gui.core.issues.groups import groups
from dataimp_gui.core.model import IssueKind
from dataimp_gui.progress import Progress

KIND: Final = IssueKind.LEAK
FIX: Final = "exclude"


def detect(evidence: Evidence, progress: Progress) -> Findings:
    """One finding for each example that is in a more held-out split too."""
    if len(np.unique(evidence.splits[(evidence.splits >= 0) & ~evidence.excluded])) < 2:
        return nothing(KIND, FIX)
    pairs = evidence.pairs or near(evidence, progress)
    found = groups(pairs, evidence)
    rows: list[int] = []
    reasons: list[str] = []
    places: list[int] = []
    for start, end in zip(found.starts[:-1].tolist(), found.starts[1:].tolist(), strict=True):
        splits = evidence.splits[found.rows[start:end]]
        kept = int(splits[0])
        for place in np.flatnonzero((splits != kept) & (splits >= 0)).tolist() if kept >= 0 else []:
            rows.append(int(found.rows[start + place]))
            places.append(start + place)
            name, other = evidence.split_names[splits[place]], evidence.split_names[kept]
            reasons.append(f"It is in {name}, and a near-duplicate of it is in {other}.")
    if not rows:
        return nothing(KIND, FIX)
    at = np.array(places)
    likely = found.likely[at]
    return ranked(KIND, FIX, np.array(rows), score=likely, severity=likely, reasons=reasons, others=found.others(at))
