"""What became different in one version, with a few of its examples to look at. Read on a worker."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from dataimp_gui.core import edits
from dataimp_gui.core.model import Rows
from dataimp_gui.core.project import Project
from dataimp_gui.core.versions import balance
from dataimp_gui.core.versions.diff import Diff
from dataimp_gui.progress import Progress
from dataimp_gui.ui.clauses import Where
from dataimp_gui.ui.kit.strip import Thumb
from dataimp_gui.ui.pages.faces import faces
from dataimp_gui.ui.pages.versions.standing import Entry

SHOWN: Final = 14  # thumbs of each kind of change
KINDS: Final = ("relabelled", "added", "removed", "moved", "tagged")
SIGNS: Final = {
    "relabelled": ("pencil", "accent.text"),
    "added": ("plus", "ok.base"),
    "removed": ("minus", "err.base"),
    "moved": ("updown", "text.secondary"),
    "tagged": ("tag", "text.secondary"),
}
Counts = Mapping[str, int]


@dataclass(frozen=True, eq=False)
class Reading:
    """``labels`` counts the examples of each label, ``labels_before`` those of the parent, None where there is none.

    ``thumbs`` and ``rows`` are of the first examples of each kind of change.
    """

    name: str
    diff: Diff | None
    labels: Counts
    labels_before: Counts | None
    thumbs: Mapping[str, Sequence[Thumb]] = field(default_factory=dict)
    rows: Mapping[str, Rows] = field(default_factory=dict)


def read(project: Project, entry: Entry, progress: Progress) -> Reading:
    """Raises ProjectError when the files of a version were changed."""
    labels = _labels(project, entry.name if entry.info else "")
    if not entry.parent:
        return Reading(entry.name, None, labels, None)
    before = _labels(project, entry.parent)
    diff = project.diff(entry.parent, entry.name if entry.info else "", progress)
    thumbs: dict[str, Sequence[Thumb]] = {}
    rows: dict[str, Rows] = {}
    for kind in KINDS:
        progress.check()
        thumbs[kind], rows[kind] = _thumbs(project, kind, _about(diff, kind), progress)
    return Reading(entry.name, diff, labels, before, thumbs, rows)


def _labels(project: Project, version: str) -> Counts:
    """Of a version, or of the examples as they stand where the name is empty."""
    if version:
        return balance.labels(project.database, project.path, version)
    state = project.state
    codes, counts = np.unique(state.labels[~state.excluded], return_counts=True)
    return {
        state.word(edits.LABEL, code) if code >= 0 else "": count
        for code, count in zip(codes.tolist(), counts.tolist(), strict=True)
    }


def _about(diff: Diff, kind: str) -> dict[str, tuple[str, str, str]]:
    """By id, what an example was, what it became and a sentence on that, of the first changes of a kind."""
    match kind:
        case "relabelled" | "moved":
            found = (diff.relabelled if kind == "relabelled" else diff.moved)[:SHOWN]
            none = "no label" if kind == "relabelled" else "no split"
            pairs = {each.id: (each.before or none, each.after or none) for each in found}
            told = {
                each.id: "".join([f", by {each.by}" * bool(each.by), f": {each.why}" * bool(each.why)])
                for each in found
            }
            return {id_: (before, after, f"{before} → {after}{told[id_]}") for id_, (before, after) in pairs.items()}
        case "tagged":
            return {
                each.id: (", ".join(each.removed), ", ".join(each.added) or "–", "tags changed")
                for each in diff.tagged[:SHOWN]
            }
        case "added":
            return dict.fromkeys(diff.added[:SHOWN], ("", "", "added"))
        case _:
            return dict.fromkeys(diff.removed[:SHOWN], ("", "", "excluded"))


def _thumbs(
    project: Project, kind: str, about: Mapping[str, tuple[str, str, str]], progress: Progress
) -> tuple[Sequence[Thumb], Rows]:
    if not about:
        return (), np.empty(0, dtype=np.int64)
    rows = project.rows(str(Where().choose("id", list(about))), progress=progress)
    state, made = project.state, []
    for row, id_, face in zip(rows.tolist(), project.ids(rows), faces(project, rows, progress), strict=True):
        before, after, said = about[id_]
        label = state.word(edits.LABEL, int(state.labels[row])) if state.labels[row] >= 0 else "no label"
        made.append(Thumb(face, after or label, *SIGNS[kind], f"{id_}: {said}", before))
    return made, rows
