"""The issues of a project: searched, kept in the cache, in step with the edits, shown as columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.about import VERSION
from dataimp_gui.core import edits
from dataimp_gui.core.analysis import findings_file
from dataimp_gui.core.analysis.standing import Found, Standing
from dataimp_gui.core.issues.findings import Findings
from dataimp_gui.core.model import NONE, Codes, Issue, IssueKind, Rows

if TYPE_CHECKING:
    from dataimp_gui.core.issues.findings import Floats
    from dataimp_gui.core.project import Project
    from dataimp_gui.core.query import Query
    from dataimp_gui.core.storage.state import State

COLUMN: Final = "issue_"
SUGGESTED: Final = "suggested"

MadeFrom = Mapping[str, Any]
"""What a search saw: run, embedding and its version (None where that does not matter), how many examples, the last
line of the journal, and which Dataimp it was."""


@dataclass(frozen=True, slots=True)
class Searched:
    """The findings of one kind, and what they were made from."""

    standing: Standing
    made_from: MadeFrom


@dataclass(frozen=True, slots=True)
class Followed:
    """After an edit: ``places`` of the findings of each kind that opened or closed, and the ``rows`` they are about."""

    places: Mapping[IssueKind, npt.NDArray[np.int64]]
    rows: Rows


class Searching:
    """The caller takes turns: nothing here is called by two threads at once."""

    def __init__(self, project: "Project") -> None:
        self._project = project
        self._folder = project.path / "cache" / "issues"
        self._searched: dict[IssueKind, Searched] | None = None

    @property
    def standing(self) -> dict[IssueKind, Standing]:
        """By kind, those that were searched; from the cache when that was not in this session."""
        return {kind: each.standing for kind, each in self._all().items()}

    @property
    def made_from(self) -> list[MadeFrom]:
        return [each.made_from for each in self._all().values()]

    def take(self, searched: Mapping[IssueKind, Searched]) -> None:
        """These findings in place of earlier ones of their kinds, looked at again after edits made meanwhile."""
        for kind, each in searched.items():
            each.standing.refresh()
            self._all()[kind] = each

    def keep(self, searched: Mapping[IssueKind, Searched]) -> None:
        """Write them into the cache; nobody needs to wait for that."""
        for each in searched.values() if not self._project.read_only else ():
            findings_file.write(self._folder, each.standing.found, each.made_from)

    def follow(self, rows: Rows) -> Followed:
        """Look again after an edit of ``rows``."""
        if self._searched is None:
            return Followed({}, np.empty(0, dtype=np.int64))
        places = {kind: standing.follow(rows) for kind, standing in self.standing.items()}
        touched = [self.standing[kind].findings.rows[found] for kind, found in places.items()]
        return Followed(places, np.unique(np.concatenate(touched)) if touched else np.empty(0, dtype=np.int64))

    def rewrite(self, query: "Query", followed: Followed) -> None:
        """Bring the columns in step."""
        for kind, places in followed.places.items():
            if len(places):
                standing = self.standing[kind]
                rows = standing.findings.rows[places]
                query.write_column(COLUMN + kind, rows, standing.scores(places))
                if kind == IssueKind.LABEL:
                    query.write_column(self._suggested(), rows, standing.suggested(places), self._project.classes)

    def columns(self) -> tuple[str, ...]:
        """What `show` may add."""
        return (*(COLUMN + kind for kind in IssueKind), self._suggested())

    def show(self, query: "Query") -> None:
        """Make columns of what was searched."""
        for kind in self.standing:
            query.add_column(COLUMN + kind, self.scores(kind), kind="issue")
            if kind == IssueKind.LABEL:
                query.add_column(self._suggested(), self.suggested(), self._project.classes or ("",), kind="issue")

    def scores(self, kind: IssueKind) -> "Floats":
        found = np.full(self._project.count, np.nan, dtype=np.float32)
        if kind in self.standing:
            standing = self.standing[kind]
            found[standing.findings.rows] = standing.scores(np.arange(len(standing.findings)))
        return found

    def suggested(self) -> Codes:
        found = np.full(self._project.count, NONE, dtype=np.int32)
        if IssueKind.LABEL in self.standing:
            standing = self.standing[IssueKind.LABEL]
            found[standing.findings.rows] = standing.suggested(np.arange(len(standing.findings)))
        return found

    def issues(self, kinds: Sequence[IssueKind], top: int, rows: Rows | None) -> list[Issue]:
        """Open ones, worst first: by severity, then by score."""
        found: list[tuple[Standing, int]] = []
        severity, score = [], []
        for kind in kinds:
            if (standing := self.standing.get(kind)) is not None:
                places = standing.open if rows is None else standing.of(rows)
                found += [(standing, place) for place in places.tolist()]
                severity.append(standing.findings.severity[places])
                score.append(standing.findings.score[places])
        if not found:
            return []
        order = np.lexsort((-np.concatenate(score), -np.concatenate(severity)))[: top or None]
        return self._told([found[place] for place in order.tolist()])

    def _told(self, found: Sequence[tuple[Standing, int]]) -> list[Issue]:
        rows = np.array([standing.findings.rows[place] for standing, place in found], dtype=np.int64)
        state, words = self._project.state, self._project.classes
        return [
            Issue(
                kind=standing.findings.kind,
                row=int(row),
                id=id_,
                score=float(standing.findings.score[place]),
                severity=float(standing.findings.severity[place]),
                label=state.word("label", int(state.labels[row])),
                suggested=words[code] if (code := int(standing.findings.suggested[place])) >= 0 else "",
                others=tuple(standing.others(place).tolist()),
                reason=standing.findings.reasons[place],
                fix=standing.findings.fix,
            )
            for (standing, place), row, id_ in zip(found, rows, self._project.ids(rows), strict=True)
        ]

    def _suggested(self) -> str:
        """The column of suggested labels; one of the dataset's own keeps that name."""
        own = {column.name.lower() for column in self._project.contract.columns}
        return COLUMN + SUGGESTED if SUGGESTED in own else SUGGESTED

    def _all(self) -> dict[IssueKind, Searched]:
        if self._searched is None:
            self._searched = {}
            for kind in IssueKind:
                if kept := findings_file.read(self._folder, kind, self._project.count):
                    self._searched[kind] = Searched(Standing(kept[0], self._project.state), kept[1])
        return self._searched


def searched(
    found: Mapping[IssueKind, Findings], labels: Codes, state: "State", seen: MadeFrom
) -> dict[IssueKind, Searched]:
    """Findings in step with today's state; ``labels`` (n,) are those that the search saw."""
    return {
        kind: Searched(
            Standing(Found(findings, labels[findings.rows]), state),
            {**seen, "embedding": None} if kind == IssueKind.MEDIA else seen,
        )
        for kind, findings in found.items()
    }


def made_from(project: "Project", embedding: str) -> MadeFrom:
    """What a search would see now; ``embedding`` is its name and version."""
    run = project.run.number if project.run else 0
    ((edit,),) = project.database.rows("SELECT coalesce(max(number), 0) FROM edit")
    examples = project.count - int(project.state.brought.sum())  # variants are not searched
    return {"run": run, "embedding": embedding, "examples": examples, "dataimp": VERSION, "edit": edit}


def difference(seen: MadeFrom, now: MadeFrom) -> str:
    """Why what was found is of another time, as a sentence; empty when it is not."""
    reasons = {
        "examples": "Examples came that were not searched for issues.",
        "run": "The issues were found with other predictions than those of the current run.",
        "embedding": "The issues were found with another embedding than the one in use.",
        "dataimp": "The issues were found by another version of Dataimp.",
    }
    return next((why for what, why in reasons.items() if seen.get(what, "") not in (None, now[what])), "")


def edited_since(project: "Project", edit: int) -> int:
    """How many labels, splits and exclusions were changed after that line of the journal."""
    columns = (edits.LABEL, edits.SPLIT, edits.EXCLUDED)
    ((count,),) = project.database.rows(
        "SELECT coalesce(sum(count), 0) FROM edit WHERE number > ? AND field IN (?, ?, ?)", (edit, *columns)
    )
    return int(count)
