"""What the model learns from that judges a policy, and what it is asked about."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core import edits
from dataimp_gui.core.augmenting import examples
from dataimp_gui.core.augmenting.examples import Examples
from dataimp_gui.core.model import Rows
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    from dataimp_gui.core.project import Project

MOST_LEARNED: Final = 1200
MOST_JUDGED: Final = 1000
FEWEST: Final = 20


@dataclass(frozen=True, slots=True)
class Lesson:
    """``ours`` (n,) have labels, and those of ``has_variant`` (n,) are ``varied``, in their order; ``goal`` is the
    target."""

    ours: Examples
    has_variant: npt.NDArray[np.bool_]
    varied: Examples
    goal: Examples

    @property
    def is_enough(self) -> bool:
        """There is something to tell apart, and enough to learn it from."""
        return min(len(self.goal), len(self.varied)) >= FEWEST and len(np.unique(self.ours.labels)) > 1


def gather(project: "Project", varied: Rows, trained: Rows, faced: Rows, progress: Progress) -> Lesson:
    """Some of ``trained`` beside some of those to be ``varied``, but none of ``faced``."""
    goal = examples.load(project, examples.sampled(faced, MOST_JUDGED, examples.SEED), progress)
    varied, trained = labelled(project, np.setdiff1d(varied, faced)), labelled(project, np.setdiff1d(trained, faced))
    ours = examples.load(project, _learned(varied, np.setdiff1d(trained, varied)), progress)
    has_variant = np.isin(ours.rows, varied)
    return Lesson(ours, has_variant, _only(ours, has_variant), goal)


def labelled(project: "Project", rows: Rows) -> Rows:
    return rows[project.state.codes(edits.LABEL)[rows] >= 0]


def _learned(varied: Rows, rest: Rows) -> Rows:
    """Not more than can be learned from; at least half of them varied ones, if there are so many."""
    most = max(MOST_LEARNED // 2, MOST_LEARNED - len(rest))
    some = examples.sampled(varied, most, examples.SEED)
    return np.union1d(some, examples.sampled(rest, MOST_LEARNED - len(some), examples.SEED))


def _only(found: Examples, mask: npt.NDArray[np.bool_]) -> Examples:
    places = np.flatnonzero(mask).tolist()
    ids, names = (tuple(each[at] for at in places) for each in (found.ids, found.names))
    return Examples(found.rows[mask], ids, found.labels[mask], names, tuple(found.values[at] for at in places))
