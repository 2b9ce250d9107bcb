"""Examples that are in the dataset more than once: all but one of each group would better go."""

from typing import Final

import numpy as np

from dataimp_gui.core.issues.alike import Likeness, near
from dataimp_gui.core.issues.findings import Evidence, Findings, nothing, ranked
from dataimp_gui.core.issues.groups import groups
from dataimp_gui.core.model import IssueKind, Modality
from dataimp_gui.progress import Progress

KIND: Final = IssueKind.DUPLICATE
FIX: Final = "exclude"

_REASONS: Final = {
    Likeness.CONTENT: "It is equal to {others}",
    Likeness.WORDING: "It says the same as {others}, but for case, spaces or punctuation",
    Likeness.TEXT: "It says nearly the same as {others}",
    Likeness.SIGNATURE: "It looks like {others}, but for size, compression or brightness",
    Likeness.VIEW: "It shows the same view as {others}, perhaps cut or turned",
    Likeness.EMBEDDING: "It is far closer to {others} than unlike examples are",
}

_SOUNDS_LIKE: Final = "It sounds like {others}, but for level, rate or compression"


def detect(evidence: Evidence, progress: Progress) -> Findings:
    """One finding for each example of a group of near-duplicates but the one to keep."""
    pairs = evidence.pairs if evidence.pairs is not None else near(evidence, progress)
    found = groups(pairs, evidence)
    if not len(found):
        return nothing(KIND, FIX)
    again = np.ones(len(found.rows), np.bool_)
    again[found.starts[:-1]] = False
    places = np.flatnonzero(again)
    sizes = found.sizes()[found.number[places]]
    return ranked(
        KIND,
        FIX,
        found.rows[places],
        score=found.likely[places],
        severity=found.likely[places],
        reasons=[
            f"{_said(Likeness(why), evidence.modality).format(others=_others(size - 1))}."
            for why, size in zip(found.why[places].tolist(), sizes.tolist(), strict=True)
        ],
        others=found.others(places),
    )


def _said(why: Likeness, modality: Modality) -> str:
    return _SOUNDS_LIKE if why is Likeness.SIGNATURE and modality is Modality.AUDIO else _REASONS[why]


def _others(count: int) -> str:
    return "another example" if count == 1 else f"{count:,} other examples"
