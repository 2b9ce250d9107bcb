"""What there is to ask of the slices of a project, and how they are saved, combined, found and measured."""

from collections.abc import Sequence
from threading import RLock
from typing import TYPE_CHECKING

import numpy as np

from dataimp_gui.core import edits
from dataimp_gui.core.model import Rows
from dataimp_gui.core.slices.slice import Slice
from dataimp_gui.core.slicing.saved import How, Saved, combined
from dataimp_gui.errors import DataimpError, ProjectError

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

    # the façade calls this in its turn

    def show(self, query: "Query") -> None:
        """Let clauses name the saved slices."""
        saved = self.saved()
        rules = {each.name: each.where for each in saved if each.where}
        query.use_slices(rules, {each.name: self.rows(each) for each in saved if not each.where})

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
