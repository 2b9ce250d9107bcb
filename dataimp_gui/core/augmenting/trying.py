"""The judge: a simple model that learned with the variants beside one that did without, on labels that neither saw."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.augment.policy import Policy
from dataimp_gui.core.augment.realism.describing import content
from dataimp_gui.core.augment.realism.labels import learn
from dataimp_gui.core.augmenting import lessons, measuring
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    from dataimp_gui.core.project import Project

SEEDS: Final = 5
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

    def to_json(self) -> dict[str, Any]:
        parts = {"overall": self.overall, "slice": self.slice_, "rest": self.rest}
        return {name: part.to_json() if part else None for name, part in parts.items()}


def try_it(
    project: "Project", policy: Policy, where: str, target: str, slice_: str, seeds: int, progress: Progress
) -> Tried:
    """Variants are of ``where``, beside them all of the training part is learned from.

    Raises QueryError, DataimpError when too little has a label, Cancelled.
    """
    measuring.check(project, policy)
    target, source = target or measuring.default_target(project), measuring.default_source(project)
    faced, varied, trained = (measuring.rows_of(project, clause) for clause in (target, where or source, source))
    lesson = lessons.gather(project, varied, trained, lessons.labelled(project, faced), progress)
    ours, goal, has_variant = lesson.ours, lesson.goal, lesson.has_variant
    if not lesson.is_enough:
        raise DataimpError(
            f"There are {len(lesson.varied):,} examples to learn from and {len(goal):,} to judge by, with a label.",
            hint=f"It takes {lessons.FEWEST} of each, and two classes.",
        )
    judged = content(goal.values, policy.modality)
    original = content(ours.values, policy.modality)
    right = np.zeros((2, seeds, len(goal)))
    for seed in progress.track(range(seeds), "Training with and without the policy"):
        made = original.copy()
        made[has_variant] = measuring.varied_content(policy, lesson.varied, progress, seed)
        chosen = np.random.default_rng(seed).permutation(len(ours))[: max(2, round(_SHARE * len(ours)))]
        twice = chosen[has_variant[chosen]]  # as many examples without variants: those twice
        labels = np.concatenate([ours.labels[chosen], ours.labels[twice]])
        for place, beside in enumerate((original, made)):
            model = learn(np.concatenate([original[chosen], beside[twice]]), labels)
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
