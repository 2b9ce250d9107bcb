"""What is wrong with an example and what is like it: findings, and small pictures of the others, read on a worker."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from dataimp_gui.core.model import Issue, IssueKind, Rows
from dataimp_gui.core.project import Project
from dataimp_gui.core.runs import Predictions
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress
from dataimp_gui.ui.kit.strip import Thumb
from dataimp_gui.ui.pages.triage import similarity
from dataimp_gui.ui.pages.triage.gallery.faces import MISSING, faces
from dataimp_gui.ui.session import NO_ROWS

SHOWN: Final = 6  # of a line of thumbs, at most
SIDE: Final = 128


@dataclass(frozen=True, slots=True)
class Kin:
    """``similar`` are the nearest examples, nearest first; ``thumbs`` those of them and of the issues that show."""

    row: int
    issues: Sequence[Issue] = ()
    similar: Rows = field(default_factory=lambda: NO_ROWS)
    thumbs: Mapping[int, Thumb] = field(default_factory=dict)


def read(project: Project, row: int, run: Predictions | None, asked: frozenset[str | None], progress: Progress) -> Kin:
    """Issues of the kinds that are ``asked`` for come first, then suggested labels, then the surest."""
    issues = sorted(
        project.analysis.issues_of(row),
        key=lambda issue: (issue.kind not in asked, not issue.suggested, -issue.severity),
    )
    progress.check()
    similar = NO_ROWS
    try:
        if project.analysis.embedding is not None:
            similar = project.analysis.similar(np.array([row]), similarity.K, progress)[0]
    except DataimpError:  # this example has no vector: its file is missing, say
        similar = NO_ROWS
    wanted = [*similar[:SHOWN].tolist(), *(other for issue in issues for other in issue.others[:SHOWN])]
    return Kin(row, issues, similar, thumbs(project, list(dict.fromkeys(wanted)), run, progress))


def named(kin: Kin, rows: Sequence[int], kind: IssueKind | None, project: Project) -> list[Thumb]:
    """The thumbs of ``rows``; those of a leak say their split too."""
    shown = [kin.thumbs[row] for row in rows if row in kin.thumbs]
    if kind is not IssueKind.LEAK:
        return shown
    state = project.state
    splits = [state.word("split", int(state.splits[row])) for row in rows if row in kin.thumbs]
    return [
        Thumb(thumb.face, f"{split} {thumb.words}", thumb.sign, thumb.colour, thumb.about)
        for thumb, split in zip(shown, splits, strict=True)
    ]


def thumbs(project: Project, rows: list[int], run: Predictions | None, progress: Progress) -> dict[int, Thumb]:
    """Small pictures or texts of ``rows`` with their labels and whether the run agrees. For a worker."""
    if not rows:
        return {}
    found, state = faces(project, rows, SIDE, progress), project.state
    ids = project.ids(np.array(rows, dtype=np.int64))
    made = {}
    for row, id_ in zip(rows, ids, strict=True):
        face, label = found[row], int(state.labels[row])
        predicted = int(run.codes[row]) if run else -1
        sign, colour = ("check", "ok.base") if predicted == label else ("cross", "err.base")
        made[row] = Thumb(
            None if face == MISSING else face,
            state.word("label", label) or "no label",
            sign if predicted >= 0 and label >= 0 else "",
            colour,
            f"{id_}, predicted {state.word('label', predicted)}" if predicted >= 0 else id_,
        )
    return made
