"""How many examples each filter would leave: every column is counted under the other filters in force."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.project import Project
from dataimp_gui.errors import QueryError
from dataimp_gui.progress import Progress
from dataimp_gui.ui.clauses import BROKEN, CHANGED, FIXED, ISSUES, OUTCOME, RUNS, SLICES, Value, Where
from dataimp_gui.ui.pages.triage.issue_words import WORDS


@dataclass(frozen=True, slots=True)
class Spread:
    """A histogram of a number column: ``edges`` float64 [bins + 1], all examples and those of the filter, int64 [bins].

    ``missing`` counts the examples of the filter that have no number there.
    """

    edges: npt.NDArray[np.float64]
    everything: npt.NDArray[np.int64]
    shown: npt.NDArray[np.int64]
    missing: int


@dataclass(frozen=True, slots=True)
class Counts:
    values: Mapping[str, Sequence[tuple[Value, int]]] = field(default_factory=dict)
    spreads: Mapping[str, Spread] = field(default_factory=dict)
    with_issues: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """The sections that are open: columns to count by value, columns to draw."""

    values: tuple[str, ...]
    spreads: tuple[str, ...]


def count(project: Project, where: Where, asked: Asked, progress: Progress) -> Counts:
    values: dict[str, Sequence[tuple[Value, int]]] = {}
    spreads = {}
    for column in asked.values:
        progress.check()
        others = str(where.without(column))
        if column == OUTCOME:
            values[column] = outcomes(project, others, progress)
        elif column == ISSUES:
            values[column] = issues(project, where, progress)
        elif column == RUNS:
            values[column] = of_runs(project, where, progress)
        elif column == SLICES:
            values[column] = slices(project, where, progress)
        else:
            values[column] = project.query.facet(column, others, progress=progress)
    for column in asked.spreads:
        progress.check()
        everything = project.query.histogram(column, progress=progress)
        here = project.query.histogram(column, where=str(where.without(column)), progress=progress)
        spreads[column] = Spread(everything.edges, everything.counts, here.counts, here.missing)
    return Counts(values, spreads, with_issues(project, where, progress) if ISSUES in asked.values else 0)


def outcomes(project: Project, where: str, progress: Progress) -> list[tuple[Value, int]]:
    """Errors and correct ones; examples without a label or a prediction are neither."""
    found = dict(project.query.facet("error", where, progress=progress))
    return [("error", found.get("true", 0)), ("correct", found.get("false", 0))]


def issues(project: Project, where: Where, progress: Progress) -> list[tuple[Value, int]]:
    """The kinds that were searched, in the order in which they are worth a look."""
    searched = project.analysis.counts()
    others = where.without(ISSUES)
    return [
        (kind, project.query.count(str(others.choose(ISSUES, [kind])), progress)) for kind in WORDS if kind in searched
    ]


def slices(project: Project, where: Where, progress: Progress) -> list[tuple[Value, int]]:
    """The saved slices, in the order in which they were saved; one whose rule cannot be asked any more counts 0."""
    others = where.without(SLICES)
    found: list[tuple[Value, int]] = []
    for each in project.slices.saved():
        try:
            found.append((each.name, project.query.count(str(others.choose(SLICES, [each.name])), progress)))
        except QueryError:
            found.append((each.name, 0))
    return found


def of_runs(project: Project, where: Where, progress: Progress) -> list[tuple[Value, int]]:
    """What became of examples from the run before; those that changed hold the other two."""
    others = where.without(RUNS)
    return [
        (value, project.query.count(str(others.choose(RUNS, [value])), progress)) for value in (BROKEN, FIXED, CHANGED)
    ]


def with_issues(project: Project, where: Where, progress: Progress) -> int:
    """How many examples have an open issue, of the kinds that the filter chooses, else of any."""
    kinds = list(project.analysis.counts())
    if not kinds:
        return 0
    asked = where if where.chosen(ISSUES) else where.choose(ISSUES, kinds, where.refused(ISSUES))
    return project.query.count(str(asked), progress)


@dataclass(frozen=True, slots=True)
class Emptying:
    """The condition that removed the last examples: its ``position`` in the clause and how many it removed."""

    position: int
    removed: int


def emptying(project: Project, where: Where, progress: Progress) -> Emptying | None:
    """Which condition, read from left to right, leaves nothing; None when something is left."""
    before = project.size
    for position in range(len(where.conditions)):
        progress.check()
        left = project.query.count(str(Where(where.conditions[: position + 1])), progress)
        if not left:
            return Emptying(position, before)
        before = left
    return None
