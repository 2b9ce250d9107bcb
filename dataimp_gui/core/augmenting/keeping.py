"""Which variants a model still gives their label, that learned from the real examples of a project."""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core import edits
from dataimp_gui.core.augment.policy import Policy
from dataimp_gui.core.augment.realism.describing import content
from dataimp_gui.core.augment.realism.labels import Judge
from dataimp_gui.core.augmenting import examples, measuring, verdicts
from dataimp_gui.core.model import Rows
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    from dataimp_gui.core.project import Project

MOST_LEARNED: Final = 800
_SIDE: Final = 128  # pixels; of pictures, only their edges at 32 are learned

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class LabelsKept:
    """Of ``rows`` (those asked about, in their order) and ``draws``: ``score`` (rows, draws) says how far the model
    agrees with the label, 0 to 1, ``original`` (rows,) the same of the originals; NaN where nothing can be said, as by
    a model that only guesses.

    ``is_lost`` (rows, draws): the model tells the original but not the variant, unless a person said otherwise;
    ``said`` (rows, draws) is 1 where a person said that the label is kept, 0 that it is lost, -1 nothing.
    """

    rows: Rows
    draws: tuple[int, ...]
    score: Floats
    original: Floats
    is_lost: Bools
    said: npt.NDArray[np.int8]


class Judges:
    """The model that learned from a project's real examples as they stand; learned anew when their labels change."""

    def __init__(self) -> None:
        self._learning = Lock()
        self._known: tuple[bytes, Rows, Judge] | None = None

    def judge(self, project: "Project", progress: Progress) -> tuple[Rows, Judge]:
        """And the rows that it learned from, ascending."""
        labels = project.state.codes(edits.LABEL)
        rows = measuring.rows_of(project, measuring.default_source(project))
        rows = examples.sampled(rows[labels[rows] >= 0], MOST_LEARNED, examples.SEED)
        key = rows.tobytes() + labels[rows].tobytes()
        with self._learning:
            if self._known is None or self._known[0] != key:
                loaded = examples.load(project, rows, progress, side=_SIDE)
                progress.check()
                self._known = key, loaded.rows, Judge(content(loaded.values, project.modality), loaded.labels)
            return self._known[1:]


def kept(
    project: "Project", judges: Judges, policy: Policy, rows: Rows, draws: Sequence[int], progress: Progress
) -> LabelsKept:
    """Raises DataimpError for a policy that cannot be done here, Cancelled."""
    measuring.check(project, policy)
    learned, judge = judges.judge(project, progress)
    loaded = examples.load(project, rows, progress)
    places = np.full(len(loaded), -1)
    found = np.searchsorted(learned, loaded.rows).clip(0, max(len(learned) - 1, 0))
    if len(learned):
        places = np.where(learned[found] == loaded.rows, found, -1)
    score, is_first = judge.agreement(content(loaded.values, policy.modality), loaded.labels, places)
    here = np.flatnonzero(np.isin(rows, loaded.rows))
    shape = len(rows), len(draws)
    original, scores = np.full(len(rows), np.nan, np.float32), np.full(shape, np.nan, np.float32)
    is_lost, said = np.zeros(shape, np.bool_), np.full(shape, -1, np.int8)
    knows = judge.is_better_than_guessing
    if knows:
        original[here] = score
    known = verdicts.read(project.state, policy)
    for column, draw in enumerate(progress.track(draws, "Asking whether labels are kept")):
        varied = content(measuring.varied(policy, loaded, progress, draw), policy.modality)
        if knows:
            scores[here, column], still = judge.agreement(varied, loaded.labels, places)
            is_lost[here, column] = is_first & ~still
        for place, id_ in zip(here.tolist(), loaded.ids, strict=True):
            if (keeps := known.get((id_, draw))) is not None:
                said[place, column], is_lost[place, column] = keeps, not keeps
    return LabelsKept(rows, tuple(draws), scores, original, is_lost, said)
