"""A project in a few figures: what there is, and how well a run does on it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from dataimp_gui.core import pictures
from dataimp_gui.core.issues.groups import is_test
from dataimp_gui.core.metrics import Metrics, measure
from dataimp_gui.core.model import Modality, Rows
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    from dataimp_gui.core.media.image import Pixels
    from dataimp_gui.core.project import Project

FACES: Final = 4
PICTURED: Final = (Modality.IMAGE, Modality.AUDIO)


@dataclass(frozen=True, slots=True)
class Glance:
    """What a card of a project shows: ``accuracy`` of the current run on ``part`` (its test splits, "" for all of it),
    how many gates the newest evaluation fails, None where there is none, and what its first examples look like."""

    accuracy: float | None
    part: str
    failing: int | None
    faces: "tuple[Pixels, ...]"


def glance(project: "Project", side: int, progress: Progress) -> Glance:
    """``side``: of a face, in pixels. For a worker thread; raises Cancelled."""
    names = [name for name in project.splits if is_test(name)]
    tested = np.isin(project.state.splits, [project.splits.index(name) for name in names])
    rows = np.flatnonzero(tested if tested.any() else project.state.present)
    accuracy = _measured(project, rows[~project.state.excluded[rows]]).accuracy if project.run else None
    progress.check()
    evaluations = project.evaluation.kept()
    failing = len(evaluations[0].failed) if evaluations else None
    first = np.flatnonzero(project.state.present & ~project.state.excluded)[:FACES]
    found = pictures.thumbnails(project, first.tolist(), side, progress) if project.modality in PICTURED else {}
    faces = tuple(each for each in found.values() if each is not None)
    return Glance(accuracy, ", ".join(names) if tested.any() else "", failing, faces)


def info(project: "Project") -> dict[str, Any]:
    """As ``dataimp info`` prints it."""
    ((quarantined,),) = project.database.rows("SELECT count(*) FROM quarantine")
    ((edits,),) = project.database.rows("SELECT count(*) FROM edit")
    there = project.state.present & (project.state.splits >= 0)
    splits = np.bincount(project.state.splits[there], minlength=len(project.splits))
    return {
        "examples": project.size,
        "modality": project.modality,
        "classes": project.classes,
        "splits": {name: int(count) for name, count in zip(project.splits, splits, strict=True) if count},
        "runs": [{"name": run.name, "version": run.version, "covered": run.covered} for run in project.runs],
        "quarantined": quarantined,
        "edits": edits,
        "versions": [version.name for version in reversed(project.versions())],
        "contract": project.contract,
    }


def metrics(project: "Project", where: str) -> Metrics:
    """Of the current run on what ``where`` selects. Excluded examples are left out unless the clause speaks of them."""
    rows = project.rows(where) if where.strip() else np.arange(project.count)
    if not where.strip() or not project.query.mentions(where, "excluded"):
        rows = rows[~project.state.excluded[rows]]
    return _measured(project, rows)


def _measured(project: "Project", rows: Rows) -> Metrics:
    found = project.predictions()
    predicted = found.codes[rows] if found else np.full(len(rows), -1, dtype=np.int32)
    confidence = found.confidence[rows] if found else np.full(len(rows), np.nan, dtype=np.float32)
    return measure(project.state.labels[rows], predicted, confidence, project.classes, project.contract.costs)
