"""What there is to ask of policies in a project."""

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

import numpy as np

from dataimp_gui.core.augment.applying import Applied, variants
from dataimp_gui.core.augment.policy import Policy, checked
from dataimp_gui.core.augment.realism.promising import Promise
from dataimp_gui.core.augmenting import (
    estimating,
    examples,
    fitting,
    following,
    keeping,
    measuring,
    promising,
    saved,
    trying,
    verdicts,
    writing,
)
from dataimp_gui.core.augmenting.estimating import Estimate
from dataimp_gui.core.augmenting.examples import Examples
from dataimp_gui.core.augmenting.fitting import Fitted
from dataimp_gui.core.augmenting.keeping import Judges, LabelsKept
from dataimp_gui.core.augmenting.measuring import Measured
from dataimp_gui.core.augmenting.trying import Tried
from dataimp_gui.core.augmenting.verdicts import Verdicts
from dataimp_gui.core.augmenting.writing import Chosen, Written
from dataimp_gui.core.model import EditInfo, Rows
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    from dataimp_gui.core.project import Project


class Augmenting:
    """Any thread may ask. Saving and removing are edits of the project: durable, and undone like others."""

    def __init__(self, project: "Project") -> None:
        self._project = project
        self._judges = Judges()

    def saved(self) -> tuple[Policy, ...]:
        """In the order in which they were first saved."""
        return tuple(saved.read(self._project.state).values())

    def policy(self, name: str) -> Policy:
        """A saved one. Raises DataimpError when there is none of that name."""
        found = next((each for each in self.saved() if each.name == name), None)
        if found is None:
            raise DataimpError(f'There is no policy "{name}".')
        return found

    def save(self, policy: Policy, *, title: str = "") -> EditInfo | None:
        """As a new one, or in the place of the one of its name; None when nothing differs.

        Raises DataimpError for steps that cannot be done.
        """
        project = self._project
        return saved.put(project.writable(), project.state, checked(policy), title)

    def remove(self, name: str) -> EditInfo | None:
        return saved.remove(self._project.writable(), self._project.state, name)

    def load(self, rows: Rows, progress: Progress | None = None, *, side: int = examples.SIDE) -> Examples:
        """What can be read of ``rows``, pictures with their longer side at most ``side``."""
        return examples.load(self._project, rows, progress or Progress(), side=side)

    def preview(
        self, policy: Policy, loaded: Examples, draws: Sequence[int] = (0,), progress: Progress | None = None
    ) -> list[list[Applied]]:
        """The variants of what `load` gave: a list for each example, one variant for each of ``draws``."""
        whole = list(zip(loaded.values, loaded.ids, loaded.names, strict=True))
        return variants(policy, whole, draws, progress or Progress())

    def measure(
        self, policy: Policy, where: str = "", target: str = "", progress: Progress | None = None, *, steps: bool = True
    ) -> Measured:
        """How near variants of the examples of ``where`` (the training split by default) come to those of ``target``
        (the test split), whether they keep their label, and, unless told not to, which of the ``steps`` is to blame.

        Raises QueryError, DataimpError when there is no target or too little of either, Cancelled.
        """
        return measuring.measure(self._project, policy, where, target, progress or Progress(), blames=steps)

    def promise(self, policy: Policy, where: str = "", target: str = "", progress: Progress | None = None) -> Promise:
        """Of several policies, the one with the most is to be tried first: how far models that learned with variants of
        ``where`` agree about examples of ``target``, whose labels are not looked at. Has no value where models are
        wrong more often than right. Raises as `measure`."""
        return promising.promise(self._project, policy, where, target, progress or Progress())

    def kept(
        self, policy: Policy, rows: Rows, draws: Sequence[int] = (0,), progress: Progress | None = None
    ) -> LabelsKept:
        """Whether a model that learned from the real training examples still gives variants of ``rows`` their label;
        one of the folds that did not see the example is asked. It learns once, and anew when labels change.

        Raises DataimpError for a policy that cannot be done here, Cancelled.
        """
        return keeping.kept(self._project, self._judges, policy, rows, draws, progress or Progress())

    def verdicts(self, policy: Policy) -> Verdicts:
        """What people said of its variants, by id and draw: True where the label can still be told."""
        return verdicts.read(self._project.state, policy)

    def give_verdict(self, policy: Policy, row: int, draw: int, keeps: bool | None) -> EditInfo | None:
        """Say whether a variant keeps its label, None to take it back: an edit that can be undone.

        It counts in `kept`, and for draw 0 in the share of labels that `measure` finds.
        """
        project = self._project
        (id_,) = project.ids(np.array([row]))
        return verdicts.put(project.writable(), project.state, policy, id_, draw, keeps)

    def fit(
        self,
        policy: Policy,
        where: str = "",
        target: str = "",
        progress: Progress | None = None,
        *,
        floor: float = fitting.FLOOR,
        on_trial: Callable[[Sequence[float]], None] = lambda _: None,
    ) -> Fitted:
        """Set the ranges and chances of the steps that are on so that the variants come as near to the target as can be
        while a share of ``floor`` of the labels is kept; ``on_trial`` gets the curve after each policy that was tried.

        The same examples give the same ranges. Raises as `measure`, and DataimpError when there is no gap to close.
        """
        return fitting.fit(self._project, policy, where, target, floor, progress or Progress(), on_trial)

    def try_it(
        self,
        policy: Policy,
        where: str = "",
        target: str = "",
        progress: Progress | None = None,
        *,
        slice_: str = "",
        seeds: int = trying.SEEDS,
    ) -> Tried:
        """Train a simple model on the training part with and without variants of the examples of ``where``; how much
        more often it tells the labels of the target, in all, in ``slice_`` and in the rest. Raises as `measure`."""
        return trying.try_it(self._project, policy, where, target, slice_, seeds, progress or Progress())

    def write(
        self,
        policy: Policy,
        where: str = "",
        each: int = 1,
        *,
        without: Collection[tuple[int, int]] = (),
        why: str = "",
        progress: Progress | None = None,
    ) -> Written:
        """Make ``each`` variants of the training examples of ``where`` part of the dataset, in an edit that undo takes
        back. Pairs of a row and a draw in ``without`` are left out; a policy that is written again goes on with the
        next draws.

        Raises QueryError, DataimpError when there is nothing to vary, ProjectError on a full disk, Cancelled.
        """
        return writing.write(self._project, policy, where, each, progress or Progress(), without=without, why=why)

    def rejected(self, policy: Policy, where: str = "") -> set[tuple[int, int]]:
        """Row and draw of the variants that `write` would make of ``where`` but that a person said lose their label."""
        return writing.rejected(self._project, policy, self.writable(where).rows)

    def writable(self, where: str = "") -> Chosen:
        """Which examples `write` would make variants of, and how many it would refuse. Raises QueryError."""
        return writing.chosen(self._project, where)

    def estimate(self, policy: Policy, where: str = "", progress: Progress | None = None) -> Estimate:
        """What `write` would come to, found by making a few variants that are not kept. Raises as `write`."""
        return estimating.estimate(self._project, policy, where, progress or Progress())

    def variants_of(self, rows: Rows) -> Rows:
        """Those that `write` made of some examples."""
        return following.variants_of(self._project, rows)[0]

    def behind(self, rows: Rows) -> Rows:
        """Variants of ``rows`` that keep the label which their example had when they were made, and has no more."""
        return following.behind(self._project, rows)[0]

    def follow(self, rows: Rows, *, why: str = "") -> EditInfo | None:
        """Give those that are `behind` the label of their example, in one edit; None when there are none."""
        return following.follow(self._project, rows, why)

    @property
    def target(self) -> str:
        """What examples are compared with when nothing is said. Raises DataimpError when there is no such split."""
        return measuring.default_target(self._project)
