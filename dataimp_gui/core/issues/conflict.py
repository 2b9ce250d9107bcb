"""Examples that show the same and have different labels: not all of them can be right."""

from typing import Final

import numpy as np

from dataimp_gui.core.issues.alike import near
from dataimp_gui.core.issues.findings import Evidence, Findings, nothing, ranked
from dataimp_gui.core.issues.groups import groups
from dataimp_gui.core.model import NONE, IssueKind
from dataimp_gui.progress import Progress

KIND: Final = IssueKind.CONFLICT
FIX: Final = "relabel"


def detect(evidence: Evidence, progress: Progress) -> Findings:
    """One finding for each example whose group has another label more often, or as often."""
    pairs = evidence.pairs or near(evidence, progress)
    known = evidence.labels >= 0
    found = groups(pairs, evidence)
    rows: list[int] = []
    suggested: list[int] = []
    reasons: list[str] = []
    places: list[int] = []
    for start, end in zip(found.starts[:-1].tolist(), found.starts[1:].tolist(), strict=True):
        members = found.rows[start:end]
        labels = evidence.labels[members][known[members]]
        codes, counts = np.unique(labels, return_counts=True)
        if len(codes) < 2:
            continue
        most = counts.max()
        winner = int(codes[counts.argmax()]) if (counts == most).sum() == 1 else NONE
        for place in range(start, end):
            label = int(evidence.labels[found.rows[place]])
            if label in (NONE, winner):
                continue
            rival = winner if winner != NONE else int(codes[codes != label][0])
            rows.append(int(found.rows[place]))
            places.append(place)
            suggested.append(winner)
            count = int(counts[codes == rival][0])
            others = "a near-duplicate of it is" if count == 1 else f"{count} near-duplicates of it are"
            reasons.append(f"It is labelled {evidence.classes[label]}, but {others} {evidence.classes[rival]}.")
    if not rows:
        return nothing(KIND, FIX)
    at = np.array(places)
    likely = found.likely[at]
    return ranked(
        KIND,
        FIX,
        np.array(rows),
        score=likely,
        severity=likely,
        reasons=reasons,
        suggested=suggested,
        others=found.others(at),
    )
