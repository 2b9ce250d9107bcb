"""A project in a few figures: what there is, and how well a run does on it."""

from typing import TYPE_CHECKING, Any

import numpy as np

from dataimp_gui.core.metrics import Metrics, measure

if TYPE_CHECKING:
    from dataimp_gui.core.project import Project


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
    found = project.predictions()
    predicted = found.codes[rows] if found else np.full(len(rows), -1, dtype=np.int32)
    confidence = found.confidence[rows] if found else np.full(len(rows), np.nan, dtype=np.float32)
    return measure(project.state.labels[rows], predicted, confidence, project.classes, project.contract.costs)
