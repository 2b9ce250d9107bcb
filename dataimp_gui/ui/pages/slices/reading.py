"""Everything the panel beside the table says of one slice. Read on a worker."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.model import IssueKind, Mask, Rows
from dataimp_gui.core.project import Project
from dataimp_gui.core.slicing import scope as scoping
from dataimp_gui.core.slicing.contrast import Contrast
from dataimp_gui.core.slicing.measuring import OfRun
from dataimp_gui.progress import Progress
from dataimp_gui.ui.kit.strip import Thumb
from dataimp_gui.ui.pages.faces import faces
from dataimp_gui.ui.pages.slices.board import Line
from dataimp_gui.ui.session import NO_ROWS

SHOWN: Final = 12  # samples of errors, and of correct ones


@dataclass(frozen=True, eq=False)
class Reading:
    """``errors`` come with the surest mistakes first, ``correct`` are a few; thumbs are of the first of each."""

    key: tuple[bool, str, str]  # of the line
    errors: Rows = field(default_factory=lambda: NO_ROWS)
    correct: Rows = field(default_factory=lambda: NO_ROWS)
    error_thumbs: Sequence[Thumb] = ()
    correct_thumbs: Sequence[Thumb] = ()
    against_rest: Sequence[Contrast] = ()
    instead: Sequence[tuple[str, int]] = ()
    trend: Sequence[OfRun] = ()  # over runs
    titles: Mapping[str, str] = field(default_factory=dict)  # of statistics, by their columns
    confidence: tuple[float, float] | None = None  # its mean in the slice, and in the rest
    issues: tuple[float, float] | None = None  # the share with an open issue of the label, and of the rest
    suspects: Rows = field(default_factory=lambda: NO_ROWS)  # with an open issue of their label
    queue: Rows = field(default_factory=lambda: NO_ROWS)  # what to review, in this order


def read(project: Project, line: Line, scope: str, progress: Progress) -> Reading:
    slices, run, state = project.slices, project.predictions(), project.state
    if run is None or line.broken:
        return Reading(line.key)
    rows = line.rows
    counted = rows[(state.labels[rows] >= 0) & (run.codes[rows] >= 0) & ~state.excluded[rows]]
    wrong = state.labels[counted] != run.codes[counted]
    errors, correct = counted[wrong], counted[~wrong]
    errors = errors[np.argsort(-np.nan_to_num(run.confidence[errors]), kind="stable")]
    issues = project.analysis.issue_rows(IssueKind.LABEL) if project.analysis.is_searched else NO_ROWS
    correct = correct[:: max(1, len(correct) // SHOWN)][:SHOWN]
    suspects = issues[np.isin(issues, rows)]
    progress.check()
    over = scoping.scope(project, scope, "", progress)
    is_suspect = np.isin(np.arange(project.count), issues)
    return Reading(
        line.key,
        errors,
        correct,
        _thumbs(project, errors[:SHOWN], progress),
        _thumbs(project, correct, progress),
        slices.against_rest(line.slice, where=scope),
        slices.instead(line.slice, where=scope),
        slices.trend(line.slice, where=scope),
        {statistic.name: statistic.title for statistic in project.analysis.statistics},
        _means(over.confidence, rows, over.counted),
        _means(is_suspect.astype(np.float64), rows, over.counted) if project.analysis.is_searched else None,
        suspects,
        _queue(suspects, errors, rows),
    )


def read_versions(project: Project, line: Line, scope: str, progress: Progress) -> Sequence[OfRun]:
    """The current run by the labels of each version, and by those of now; apart, as the first look takes long."""
    if project.run is None or line.broken:
        return ()
    looks = project.slices.over_versions(line.slice, scope, progress)
    runs = zip(project.slices.trend(line.slice, where=scope), project.runs, strict=True) if looks else ()
    return (*looks, *(replace(each, run="now") for each, info in runs if info == project.run))


def _means(values: npt.NDArray[np.floating], rows: Rows, counted: Mask) -> tuple[float, float] | None:
    """Of the counted examples in ``rows``, and of the others; None where either has none that is known."""
    inside = np.zeros(len(counted), dtype=np.bool_)
    inside[rows] = True
    known = counted & np.isfinite(values)
    within, without = values[known & inside], values[known & ~inside]
    return (float(within.mean()), float(without.mean())) if len(within) and len(without) else None


def _queue(suspects: Rows, errors: Rows, rows: Rows) -> Rows:
    """Where the label is likely wrong, then the errors; all of it when there are neither."""
    wanted = np.concatenate([suspects, errors[~np.isin(errors, suspects)]])
    return wanted if len(wanted) else rows


def _thumbs(project: Project, rows: Rows, progress: Progress) -> list[Thumb]:
    """Small pictures or texts with what was predicted. What cannot be shown stays empty."""
    if not len(rows):
        return []
    run, state = project.predictions(), project.state
    ids, looks = project.ids(rows), faces(project, rows, progress)
    made = []
    for row, id_, face in zip(rows.tolist(), ids, looks, strict=True):
        label = state.word("label", int(state.labels[row]))
        predicted = state.word("label", int(run.codes[row])) if run else ""
        sign = ("check", "ok.base") if label == predicted else ("cross", "err.base")
        made.append(Thumb(face, predicted, *sign, f"{id_}: {label}, predicted {predicted}"))
    return made
