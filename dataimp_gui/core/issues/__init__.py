"""What is wrong with the data: one detector a file, each a function from evidence to findings.

A detector is a module here or in an installed package (entry point `dataimp.issues`) with

    KIND: IssueKind                            what it finds
    detect(evidence, progress) -> Findings     worst first; raises nothing for odd data: what is unknown finds nothing

Findings of an installed detector join those of the same kind that come with Dataimp.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from importlib import import_module, metadata
from typing import Final, Protocol, cast

import numpy as np

from dataimp_gui.core.features.neighbours import Neighbours
from dataimp_gui.core.issues.alike import near
from dataimp_gui.core.issues.findings import Evidence, Findings, Pairs, ranked
from dataimp_gui.core.model import IssueKind
from dataimp_gui.progress import Progress

__all__ = ["DETECTORS", "Detector", "Evidence", "Findings", "Neighbours", "Pairs", "find"]


@dataclass(frozen=True, slots=True)
class Detector:
    """A kind of issue: its ``title`` in a list, what it is ``about``, what ``fix`` resolves it, who finds it."""

    title: str
    about: str
    fix: str  # relabel, exclude or look
    module: str
    of_pairs: bool = False  # it starts from pairs of near-duplicates, which are sought once for all that do


_HERE: Final = "dataimp_gui.core.issues"

DETECTORS: Final = {
    IssueKind.LABEL: Detector("Label", "The label looks wrong.", "relabel", f"{_HERE}.label"),
    IssueKind.CONFLICT: Detector(
        "Conflict", "Near-duplicates have different labels.", "relabel", f"{_HERE}.conflict", of_pairs=True
    ),
    IssueKind.LEAK: Detector(
        "Leak", "Another split has a near-duplicate, or the same group.", "exclude", f"{_HERE}.leak", of_pairs=True
    ),
    IssueKind.DUPLICATE: Detector(
        "Duplicate", "It is in the dataset more than once.", "exclude", f"{_HERE}.duplicate", of_pairs=True
    ),
    IssueKind.OUTLIER: Detector("Outlier", "It is like no other example.", "look", f"{_HERE}.outlier"),
    IssueKind.MEDIA: Detector("Media", "The picture, sound or text itself is unusable.", "look", f"{_HERE}.media"),
}
"""Kind -> its detector, in the order in which they are worth a look."""


class Module(Protocol):
    KIND: IssueKind

    def detect(self, evidence: Evidence, progress: Progress) -> Findings: ...


def find(evidence: Evidence, kinds: Iterable[IssueKind], progress: Progress) -> dict[IssueKind, Findings]:
    """What the detectors of ``kinds`` find in ``evidence``; none means all. Raises Cancelled."""
    wanted = [kind for kind in DETECTORS if kind in set(kinds)] or list(DETECTORS)
    if evidence.pairs is None and any(DETECTORS[kind].of_pairs for kind in wanted):
        evidence = replace(evidence, pairs=near(evidence, progress))
    found: dict[IssueKind, Findings] = {}
    installed = [cast("Module", point.load()) for point in metadata.entry_points(group="dataimp.issues")]
    for kind in wanted:
        module = cast("Module", import_module(DETECTORS[kind].module))
        for each in (module, *(other for other in installed if kind == other.KIND)):
            findings = each.detect(evidence, progress)
            found[kind] = _joined(found[kind], findings) if kind in found else findings
    return found


def _joined(one: Findings, other: Findings) -> Findings:
    """Both, and of two findings about one example the worse."""
    rows = np.concatenate([one.rows, other.rows])
    score = np.concatenate([one.score, other.score])
    order = np.lexsort((-score, rows))
    first = order[np.concatenate([[True], np.diff(rows[order]) != 0])] if len(rows) else order
    others = [found.others[start:end] for found in (one, other) for start, end in _spans(found)]
    reasons = [*one.reasons, *other.reasons]
    return ranked(
        one.kind,
        one.fix,
        rows[first],
        score=score[first],
        severity=np.concatenate([one.severity, other.severity])[first],
        suggested=np.concatenate([one.suggested, other.suggested])[first],
        others=[others[at] for at in first.tolist()],
        reasons=[reasons[at] for at in first.tolist()],
        warnings=(*one.warnings, *other.warnings),
    )


def _spans(found: Findings) -> list[tuple[int, int]]:
    return list(zip(found.starts[:-1].tolist(), found.starts[1:].tolist(), strict=True))
