"""What there is to ask of the slices of a project, and how they are saved, combined, found and measured."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from threading import RLock
from typing import TYPE_CHECKING

import numpy as np

from dataimp_gui.core import edits
from dataimp_gui.core.analysis.jobs import Jobs
from dataimp_gui.core.analysis.searching import edited_since
from dataimp_gui.core.model import Change, Field, Rows
from dataimp_gui.core.slices import search as searches
from dataimp_gui.core.slices.halves import halves, outside
from dataimp_gui.core.slices.material import Candidate
from dataimp_gui.core.slices.search import Search
from dataimp_gui.core.slices.slice import Found, Measured, Slice
from dataimp_gui.core.slicing import contrast, kept, knowledge, measuring
from dataimp_gui.core.slicing.contrast import Contrast
from dataimp_gui.core.slicing.difference import Difference, difference
from dataimp_gui.core.slicing.kept import Finding, Kept
from dataimp_gui.core.slicing.measuring import OfRun
from dataimp_gui.core.slicing.past import Past
from dataimp_gui.core.slicing.saved import How, Saved, combined
from dataimp_gui.core.slicing.scope import Overall, Scope, scope, the_run
from dataimp_gui.errors import Cancelled, DataimpError, ProjectError, QueryError
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    from dataimp_gui.core.editing import Editing
    from dataimp_gui.core.project import Project
    from dataimp_gui.core.query import Query


class Slices:
    """Any thread may ask. Saving, renaming and removing are edits of the project: durable, and undone like others."""

    def __init__(self, project: "Project", turn: RLock) -> None:
        self._project = project
        self._turn = turn
        self._saved = Saved(project.state)
        self._past = Past(project)
        self._folder = project.path / "cache" / "slices"
        self._jobs = Jobs()
        self._kept: Kept | None = None
        self._is_read = False
        self._found: Found | None = None  # measured, until something changes
        self._changes = 0

    def close(self) -> None:
        """Cancel what runs; it ends on its own thread."""
        self._jobs.close()

    # saved ones

    def saved(self) -> tuple[Slice, ...]:
        """In the order in which they were first saved."""
        return self._saved.all()

    def slice(self, name: str) -> Slice:
        """A saved one. Raises DataimpError when there is none of that name."""
        return self._saved.find(name)

    def save(self, name: str, where: str = "", rows: Rows | None = None, *, why: str = "") -> Slice:
        """By a WHERE clause, which is asked anew whenever the slice is, or by fixed ``rows``.

        Raises QueryError for a clause that cannot be understood, DataimpError for a name that is taken.
        """
        return self._saved.put(self._editing, self._checked(name, where, rows, why))

    def change(self, name: str, where: str = "", rows: Rows | None = None) -> Slice:
        """Give a saved slice another rule, or other fixed rows."""
        before = self.slice(name)
        after = self._checked(name, where, rows, before.why)
        return self._saved.change(self._editing, name, after, f'Changed the slice "{name}"')

    def rename(self, name: str, to: str) -> Slice:
        before = self.slice(name)
        title = f'Renamed the slice "{name}" to "{to}"'
        return self._saved.change(self._editing, name, Slice(to, before.where, before.rows, before.why), title)

    def remove(self, name: str) -> None:
        self._saved.remove(self._editing, name)

    def combine(self, slices: Sequence[Slice | str], how: How, name: str) -> Slice:
        """Save what is in any of ``slices`` (merge), in all (intersect), or in the first alone (subtract)."""
        each = [self._slice(one) for one in slices]
        rows = [] if all(one.where for one in each) else [self.rows(one) for one in each]
        made = combined(each, how, name, rows)
        return self._saved.put(self._editing, self._checked(name, made.where, made.rows, made.why))

    def rows(self, slice_: Slice | str) -> Rows:
        """The examples of a slice as they stand now, excluded ones among them. Raises QueryError when its rule cannot
        be asked any more, for instance because its column went away."""
        found = self._slice(slice_)
        if found.where:
            return self._project.rows(found.where)
        return np.empty(0, dtype=np.int64) if found.rows is None else found.rows

    # measuring

    def overall(self, where: str = "", run: str = "") -> Overall:
        """How a run does on the whole scope; excluded examples are out unless ``where`` names them."""
        return scope(self._project, where, run).overall()

    def measure(
        self, slices: Sequence[Slice | str] = (), where: str = "", run: str = "", progress: Progress | None = None
    ) -> tuple[Measured, ...]:
        """How a run does on slices, on the saved ones by default, among the examples that ``where`` selects.

        One whose rule the last search brought keeps the p-values of that. The others are tested on the examples that it
        did not see, as who wrote them may know what it brought; on all where nobody searched. One that cannot be asked
        any more counts nothing, and its ``reason`` says why.
        """
        over = scope(self._project, where, run, progress)
        asked = [self._slice(each) for each in slices] or self.saved()
        known = self._known(where, run)
        measured = self._apart([self._measured(each, over, progress) for each in asked], over)
        same = [known.get(kept.essence(each)) for each in asked]
        others = iter(measuring.tested([each for each, found in zip(measured, same, strict=True) if not found]))
        return tuple(
            kept.confirmed(each, found) if found else next(others) for each, found in zip(measured, same, strict=True)
        )

    def against_rest(self, slice_: Slice | str, where: str = "", run: str = "") -> tuple[Contrast, ...]:
        """In which columns a slice differs most from the other examples in scope, the greatest difference first."""
        over = scope(self._project, where, run)
        columns, _ = knowledge.columns(self._project, Progress())
        return contrast.contrasts(columns.values(), self.rows(slice_), over.counted)

    def instead(self, slice_: Slice | str, where: str = "", run: str = "") -> list[tuple[str, int]]:
        """What a run says where it is wrong on a slice, most frequent first."""
        return measuring.instead(self.rows(slice_), scope(self._project, where, run))

    def trend(self, slice_: Slice | str, where: str = "") -> tuple[OfRun, ...]:
        """How each run does on a slice, in the order in which the runs were added; those of one name are numbered."""
        rows, runs = self.rows(slice_), self._project.runs
        looks = [measuring.of_run(rows, scope(self._project, where, str(each.number))) for each in runs]
        names = [each.name for each in runs]
        told = [f"{each.name} ({each.number})" if names.count(each.name) > 1 else each.name for each in runs]
        return tuple(replace(look, run=name) for look, name in zip(looks, told, strict=True))

    def over_versions(
        self, slice_: Slice | str, where: str = "", progress: Progress | None = None
    ) -> tuple[OfRun, ...]:
        """How the current run does on a slice by the labels of each version, the oldest first; each bears its name.

        Raises Cancelled; versions that were read by then are not read again.
        """
        rows, looks = self.rows(slice_), self._past.scopes(where, progress or Progress())
        return tuple(replace(measuring.of_run(rows, over), run=info.name) for info, over in looks)

    def difference(self, slice_: Slice | str, before: str, after: str = "", where: str = "") -> Difference:
        """How much more or less often a run is wrong on a slice than another, over the examples that both predict.

        Runs by name or number, the current one by default. Raises DataimpError when there is no such run.
        """
        rows = self.rows(slice_)
        return difference(*(measuring.of_run(rows, scope(self._project, where, run)) for run in (before, after)))

    # finding

    def find(
        self,
        search: Search | None = None,
        where: str = "",
        run: str = "",
        progress: Progress | None = None,
        checking: Callable[[Found], None] | None = None,
    ) -> Found:
        """Search the examples that ``where`` selects for slices on which a run fails more often than elsewhere.

        Half of them is searched, the other half tells what repeats. It is kept until the next search. ``checking``
        hears of what was chosen by then, before its test. A search that is cancelled ends with what it had chosen, if
        none had come to its end there before. Raises DataimpError without a run, Cancelled.
        """
        project = self._project
        with self._jobs.job(progress) as job:
            info = the_run(project, run)
            if info is None:
                raise DataimpError("There are no predictions to look at.", hint="Add a run first.")
            edit = project.editing.journal.last
            over = scope(project, where, run, job)
            made_of, left_out = knowledge.gather(project, over, job)
            asked, number = search or Search(), str(info.number)

            def tell(candidates: tuple[Candidate, ...], tried: int) -> None:
                if checking is not None:
                    checking(kept.unchecked(candidates, tried, over))

            candidates, tried, notes = searches.find(made_of, asked, job, tell)
            if job.cancelled and (self._jobs.is_closed or self._has_whole(where, number)):
                raise Cancelled
            findings, seen = kept.findings(candidates), halves(made_of, asked.seed)[0].rows
            said = (*notes, *left_out)
            made = Kept(findings, tried, said, where, number, edit, project.count, seen, job.cancelled)
            with self._turn:
                self._kept, self._is_read, self._found = made, True, None
            if not project.read_only:
                kept.write(self._folder, made)
        project.tell(Change(Field.SLICE, np.empty(0, dtype=np.int64)))
        found = self.found
        assert found is not None
        return found

    @property
    def found(self) -> Found | None:
        """What the last search brought, counted as the examples stand now; its p-values are those of the search.

        None when nobody searched yet, or where it was searched cannot be asked any more.
        """
        with self._turn:
            if not self._is_read:
                self._kept, self._is_read = kept.read(self._folder, self._project.count), True
            last, found, turn = self._kept, self._found, self._changes
        if last is None or found is not None:
            return found
        try:
            over = scope(self._project, last.where, last.run)
        except QueryError:  # a column of its scope went away
            return None
        measured = tuple(kept.confirmed(self._measured(each.slice, over, None), each) for each in last.findings)
        overall = over.overall()
        found = Found(measured, last.tried, overall.n, overall.errors, last.where, over.run, last.notes)
        with self._turn:
            if self._kept is last and self._changes == turn:
                self._found = found
        return found

    @property
    def stale(self) -> str:
        """Why one should search anew, as a sentence; empty when there is no need, or nobody searched yet."""
        last = self._kept if self.found else None
        if last is None:
            return ""
        now = self._project.run
        if now and str(now.number) != last.run:
            return f"The search looked at another run than {now.name}."
        if self._project.count > last.count:
            return f"{self._project.count - last.count:,} examples came since the search."
        if self._project.editing.journal.has_since(edits.COSTS, last.edit):
            return "The costs were changed since the search."
        edited = edited_since(self._project, last.edit)
        return f"Since the search, {edited:,} labels, splits or exclusions were changed." if edited else ""

    # the façade calls these in its turn

    def follow(self, change: Change) -> None:
        """Count anew after ``change``."""
        if not change.touches(Field.SLICE | Field.NOTE | Field.VERSION):
            self._found, self._changes = None, self._changes + 1

    def show(self, query: "Query") -> None:
        """Let clauses name the saved slices."""
        saved = self.saved()
        rules = {each.name: each.where for each in saved if each.where}
        query.use_slices(rules, {each.name: self.rows(each) for each in saved if not each.where})

    def _measured(self, slice_: Slice, over: Scope, progress: Progress | None) -> Measured:
        if progress is not None:
            progress.check()
        try:
            return measuring.measured(slice_, self.rows(slice_), over)
        except QueryError as error:
            return measuring.broken(slice_, error.whole)

    def _apart(self, found: Sequence[Measured], over: Scope) -> Sequence[Measured]:
        """Tested on what the last search did not see."""
        last = self._kept if self.found else None
        unseen = outside(knowledge.outcomes(self._project, over), last.seen) if last and found else None
        if unseen is None or not unseen.n:
            return found
        return [each if each.p is None else measuring.again(each, self.rows(each.slice), unseen) for each in found]

    def _has_whole(self, where: str, run: str) -> bool:
        """Whether a search that came to its end looked there before."""
        last = self._kept if self.found else None
        return last is not None and not last.stopped and (last.where, last.run) == (where, run)

    def _known(self, where: str, run: str) -> dict[str | bytes, Finding]:
        """What the last search brought, by its `kept.essence`, if it looked at these examples and that run."""
        last, info = self._kept if self.found else None, the_run(self._project, run)
        if last is None or info is None or (last.where, last.run) != (where, str(info.number)):
            return {}
        return {kept.essence(each.slice): each for each in last.findings}

    @property
    def _editing(self) -> "Editing":
        if self._project.read_only:
            raise ProjectError(f"{self._project.name} is open read-only.", hint="Close it elsewhere and open it again.")
        return self._project.editing

    def _slice(self, slice_: Slice | str) -> Slice:
        return self.slice(slice_) if isinstance(slice_, str) else slice_

    def _checked(self, name: str, where: str, rows: Rows | None, why: str) -> Slice:
        if where.strip():
            self._project.query.mentions(where, edits.LABEL)  # raises when it cannot be understood
            return Slice(name, where.strip(), None, why)
        if rows is None or not len(rows):
            raise DataimpError("The slice has no examples.", hint="Give a rule, or select examples first.")
        fixed = edits.assign(edits.SLICE, rows, 0).rows
        if fixed[0] < 0 or fixed[-1] >= self._project.count:
            raise DataimpError(f"There is no example at row {fixed[-1] if fixed[0] >= 0 else fixed[0]}.")
        return Slice(name, "", fixed, why)
