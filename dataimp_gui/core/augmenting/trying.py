"""The judge: a simple model that learned with the variants beside one that did without, on labels that neither saw."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core import edits
from dataimp_gui.core.augment.policy import Policy
from dataimp_gui.core.augment.realism.describing import content
from dataimp_gui.core.augment.realism.labels import learn
from dataimp_gui.core.augmenting import examples, measuring
from dataimp_gui.core.model import Rows
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    from dataimp_gui.core.project import Project

MOST_LEARNED: Final = 1200
MOST_JUDGED: Final = 1000
SEEDS: Final = 5
FEWEST: Final = 20
_SHARE: Final = 0.8  # of the training examples that a seed learns from
_DRAWS: Final = 1000

Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Difference:
    """Accuracy on ``n`` examples of the target; ``difference`` is that with the variants minus that without."""

    n: int
    without: float
    with_variants: float
    difference: float
    interval: Range

    def to_json(self) -> dict[str, Any]:
        return {
            "n": self.n,
            "without": self.without,
            "with": self.with_variants,
            "difference": self.difference,
            "ci": list(self.interval),
        }


@dataclass(frozen=True, slots=True)
class Tried:
    """``slice_`` and ``rest`` are parts of the target; None where nobody asked, or one of them is empty."""

    learned: int
    seeds: int
    overall: Difference
    slice_: Difference | None
    rest: Difference | None


def try_it(
    project: "Project", policy: Policy, where: str, target: str, slice_: str, seeds: int, progress: Progress
) -> Tried:
    """Raises QueryError, DataimpError when too little has a label, Cancelled."""
    measuring.check(project, policy)
    target = target or measuring.default_target(project)
    faced, trained = (
        measuring.rows_of(project, target),
        measuring.rows_of(project, where or measuring.default_source(project)),
    )
    faced, trained = _labelled(project, faced), np.setdiff1d(_labelled(project, trained), faced)
    goal = examples.load(project, examples.sampled(faced, MOST_JUDGED, measuring.SEED), progress)
    ours = examples.load(project, examples.sampled(trained, MOST_LEARNED, measuring.SEED), progress)
    if min(len(goal), len(ours)) < FEWEST or len(np.unique(ours.labels)) < 2:
        raise DataimpError(
            f"There are {len(ours):,} examples to learn from and {len(goal):,} to judge by, with a label.",
            hint=f"It takes {FEWEST} of each, and two classes.",
        )
    judged = content(goal.values, policy.modality)
    original = content(ours.values, policy.modality)
    right = np.zeros((2, seeds, len(goal)))
    for seed in progress.track(range(seeds), "Training with and without the policy"):
        varied = content(measuring.varied(policy, ours, progress, seed), policy.modality)
        chosen = np.random.default_rng(seed).permutation(len(ours))[: max(2, round(_SHARE * len(ours)))]
        labels = np.tile(ours.labels[chosen], 2)  # as many examples without variants: each original twice
        for place, beside in enumerate((original, varied)):
            model = learn(np.concatenate([original[chosen], beside[chosen]]), labels)
            right[place, seed] = model.says(judged) == goal.labels
    inside = np.isin(goal.rows, project.rows(slice_)) if slice_ else np.zeros(len(goal), np.bool_)
    parts = [_difference(right[:, :, mask]) for mask in (inside, ~inside)] if inside.any() and not inside.all() else []
    return Tried(len(ours), seeds, _difference(right), *(parts or (None, None)))


def _difference(right: npt.NDArray[np.float64]) -> Difference:
    """``right`` (without and with, seeds, examples): the interval draws examples and seeds anew."""
    apart = right[1] - right[0]
    random = np.random.default_rng(0)
    seeds, count = apart.shape
    drawn = [
        apart[random.integers(0, seeds, seeds)].mean(axis=0)[random.integers(0, count, count)].mean()
        for _ in range(_DRAWS)
    ]
    low, high = np.percentile(drawn, (2.5, 97.5))
    return Difference(
        count, float(right[0].mean()), float(right[1].mean()), float(apart.mean()), (float(low), float(high))
    )


def _labelled(project: "Project", rows: Rows) -> Rows:
    return rows[project.state.codes(edits.LABEL)[rows] >= 0]
