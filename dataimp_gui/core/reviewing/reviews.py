"""The queues of a project and the decisions on them, as its database keeps them."""

import hashlib
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from dataimp_gui.core.model import NONE, EditInfo, IssueKind, Rows
from dataimp_gui.core.reviewing.agreement import Agreement, Blind, agreement, blind
from dataimp_gui.core.reviewing.decisions import OUT, Decision, Verb, answers, wishes
from dataimp_gui.errors import DataimpError, ProjectError

if TYPE_CHECKING:
    from dataimp_gui.core.project import Project

_DECISION = "number, row, reviewer, verb, before, label, suggested, blind, edit, at"
_REVIEW = "number, title, kind, settles, at, count"


@dataclass(frozen=True, slots=True)
class Review:
    """A queue of ``count`` examples. ``settles`` is the number of the one whose disagreements it settles, else 0."""

    number: int
    title: str
    kind: IssueKind | None
    settles: int
    at: str
    count: int


class Reviews:
    """Any thread may ask; what is written is durable when a method returns."""

    def __init__(self, project: "Project") -> None:
        self._project = project
        self._db = project.database

    def open(self, title: str, rows: Rows, kind: IssueKind | None = None, *, settles: int = 0) -> Review:
        """The queue over ``rows`` in this order; the same rows for the same reason are the same queue as before."""
        if self._project.read_only:
            raise ProjectError(
                f"{self._project.name} is open read-only.", hint="Close it elsewhere and open it again to review it."
            )
        if not len(rows):
            raise DataimpError("There is nothing to review.", hint="Select examples, or clear the filter.")
        packed = np.asarray(rows).astype("<i4").tobytes()
        digest = hashlib.sha256(f"{kind or ''} {settles} ".encode() + packed).hexdigest()
        with self._db.transaction():
            if not self._db.rows("SELECT 1 FROM queue WHERE digest = ?", (digest,)):
                self._db.execute(
                    "INSERT INTO queue (title, kind, settles, at, count, digest, rows) VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (title, kind or "", settles, _now(), len(rows), digest, zlib.compress(packed, 1)),
                )
        return self._reviews("WHERE digest = ?", digest)[0]

    def all(self) -> list[Review]:
        """Newest first."""
        return self._reviews("ORDER BY number DESC")

    def rows(self, review: Review) -> Rows:
        """The examples of a queue in its order."""
        ((packed,),) = self._db.rows("SELECT rows FROM queue WHERE number = ?", (review.number,))
        return np.frombuffer(zlib.decompress(packed), dtype="<i4").astype(np.int64)

    def unfinished(self) -> list[Review]:
        """Queues that this person has begun and not come to the end of, the one worked on last first."""
        return self._reviews(
            "JOIN (SELECT queue, max(number) AS latest, count(DISTINCT row) AS done FROM decision "
            "WHERE reviewer = ? AND withdrawn = 0 GROUP BY queue) ON queue = number WHERE done < count "
            "ORDER BY latest DESC",
            self._project.author,
        )

    def of_others(self) -> list[Review]:
        """Queues that others have decided on and this person has not been through, the latest first."""
        return self._reviews(
            "JOIN (SELECT queue, max(number) AS latest, count(DISTINCT CASE WHEN reviewer = ? THEN row END) AS mine "
            "FROM decision WHERE withdrawn = 0 GROUP BY queue HAVING sum(reviewer <> ?) > 0) ON queue = number "
            "WHERE mine < count AND settles = 0 ORDER BY latest DESC",
            self._project.author,
            self._project.author,
        )

    # deciding

    def decide(
        self,
        review: Review,
        row: int,
        verb: Verb,
        label: str = "",
        *,
        suggested: int = NONE,
        kind: IssueKind | None = None,
        blind: bool = False,
        new_class: bool = False,
    ) -> Decision:
        """Write a decision and all that it changes as one step; durable when it returns.

        ``label`` is the one to give, for accept and relabel; ``kind`` is that of the finding that was shown, which keep
        closes where the queue is of no kind. Raises DataimpError for an unknown class unless ``new_class``, and when
        the project is read-only.
        """
        project, state, at = self._project, self._project.state, _now()
        if project.read_only:
            raise ProjectError(f"{project.name} is open read-only.")
        gives = verb in (Verb.ACCEPT, Verb.RELABEL)
        if gives and (not label or not (new_class or state.knows("label", label))):
            raise DataimpError(f'There is no class "{label}".')
        written: list[Decision] = []

        def write(edit: int) -> None:
            before = int(state.labels[row])
            after = before
            if gives:
                after = state.code("label", label) if state.knows("label", label) else len(state.words("label"))
            values = (row, project.author, verb, before, after, suggested, blind, edit, at)
            number = self._db.execute(
                "INSERT INTO decision (queue, row, reviewer, verb, before, label, suggested, blind, edit, at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (review.number, *values),
            )
            written.append(Decision(number, *values))

        project.editing.set_all(
            wishes(verb, label, review.kind or kind), np.array([row]), why=f"Review: {review.title}"[:200], beside=write
        )
        return written[0]

    def withdraw(self, decision: Decision) -> EditInfo | None:
        """Take a decision back with all that it changed. Raises DataimpError when something was edited since."""
        with self._project.editing.turn:
            if not decision.edit:
                self._db.execute("UPDATE decision SET withdrawn = 1 WHERE number = ?", (decision.number,))
                return None
            journal = self._project.editing.journal
            if not journal.live or journal.first(journal.live[-1]) != decision.edit:
                raise DataimpError(
                    "Something else was edited since that decision.", hint="Undo that first, with Ctrl+Z in Triage."
                )
            return self._project.undo()

    def decisions(self, review: Review, reviewer: str = "") -> list[Decision]:
        """Those that stand, by one person or by all, in the order they were made."""
        live = set(self._project.editing.journal.live)
        found = self._db.rows(
            f"SELECT {_DECISION} FROM decision WHERE queue = ? AND withdrawn = 0 AND (? = '' OR reviewer = ?) "
            "ORDER BY number",
            (review.number, reviewer, reviewer),
        )
        return [
            Decision(number, row, who, Verb(verb), before, label, suggested, bool(blind), edit, at)
            for number, row, who, verb, before, label, suggested, blind, edit, at in found
            if not edit or edit in live
        ]

    # comparing

    def agreement(self, review: Review) -> list[Agreement]:
        """Of each two reviewers with answers in common, those with most of them first."""
        given = {
            name: answers(decision for decision in self.decisions(review, name)) for name in self._reviewers(review)
        }
        pairs = [agreement(one, given[one], other, given[other]) for one, other in combinations(given, 2)]
        return sorted((pair for pair in pairs if pair.compared), key=lambda pair: -pair.compared)

    def disagreements(self, review: Review) -> Rows:
        """Examples that two reviewers answered differently and that nobody has settled since, in the queue's order."""
        apart = [pair.disagreed for pair in self.agreement(review)]
        settled = [
            decision.row
            for settling in self._reviews("WHERE settles = ?", review.number)
            for decision in self.decisions(settling)
            if decision.answer is not None
        ]
        rows = self.rows(review)
        return rows[np.isin(rows, np.concatenate(apart) if apart else []) & ~np.isin(rows, settled)]

    def opinions(self, review: Review, row: int) -> list[tuple[str, str]]:
        """Who said what of an example, in the queue or, when this settles one, in that."""
        asked = self._reviews("WHERE number = ?", review.settles)[0] if review.settles else review
        said = {d.reviewer: d for d in self.decisions(asked) if d.row == row}
        return [(name, self.words(decision)) for name, decision in said.items()]

    def words(self, decision: Decision) -> str:
        """What a decision says, for people: a label, or what else was done."""
        match decision.answer:
            case None:
                return "flagged" if decision.verb is Verb.FLAG else "skipped"
            case code if code == OUT:
                return "excluded"
            case code:
                return self._project.state.word("label", code) or "no label"

    def blind(self, review: Review) -> Blind | None:
        """How this person's blind answers in a queue agree with what was hidden; None when there are none."""
        given = {d.row: d for d in self.decisions(review, self._project.author) if d.blind and d.answer is not None}
        if not given:
            return None
        rows = np.array(list(given), dtype=np.int64)
        run = self._project.predictions()
        answered = np.array([d.answer for d in given.values()], dtype=np.int32)
        before = np.array([d.before for d in given.values()], dtype=np.int32)
        return blind(answered, before, run.codes[rows] if run else None)

    def _reviewers(self, review: Review) -> list[str]:
        found = self._db.rows(
            "SELECT reviewer FROM decision WHERE queue = ? GROUP BY reviewer ORDER BY min(number)", (review.number,)
        )
        return [name for (name,) in found]

    def _reviews(self, clause: str, *values: object) -> list[Review]:
        found = self._db.rows(f"SELECT {_REVIEW} FROM queue {clause}", values)
        return [
            Review(number, title, IssueKind(kind) if kind else None, settles, at, count)
            for number, title, kind, settles, at, count in found
        ]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
