"""The ranges of a policy, set from examples of a target."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import msgspec
import numpy as np
from msgspec.structs import replace

from dataimp_gui.core.augment.policy import Policy
from dataimp_gui.core.augment.realism.closing import Closed, overall, realism
from dataimp_gui.core.augment.realism.describing import describe
from dataimp_gui.core.augment.realism.fitting import Trial, count, search
from dataimp_gui.core.augment.realism.labels import Judge
from dataimp_gui.core.augmenting import measuring
from dataimp_gui.core.augmenting.examples import Examples
from dataimp_gui.core.augmenting.measuring import Pair
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    from dataimp_gui.core.project import Project

MOST: Final = 300  # examples on each side; one half is searched on, the other judges
FLOOR: Final = 0.95
SEEN: Final = 0.1  # of a share of the gap: a change that one can rely on


@dataclass(frozen=True, slots=True)
class Fitted:
    """``policy`` with fitted ranges; a step that only costs is off. It is the given one where nothing was better.

    ``before`` and ``after`` were measured on examples that the search did not see, ``kept`` is the share of labels that
    the fitted one keeps there. ``curve`` holds the best share of the gap after each trial, ``said`` a sentence.
    """

    policy: Policy
    before: Closed
    after: Closed
    kept: float | None
    curve: tuple[float, ...]
    is_better: bool
    said: str

    def to_json(self) -> dict[str, Any]:
        return {
            "policy": msgspec.to_builtins(self.policy),
            "closed_before": self.before.share,
            "closed_after": self.after.share,
            "ci": list(self.after.interval),
            "label_preserved": self.kept,
            "better": self.is_better,
            "trials": len(self.curve),
        }


def fit(
    project: "Project",
    policy: Policy,
    where: str,
    target: str,
    floor: float,
    progress: Progress,
    on_trial: Callable[[Sequence[float]], None],
) -> Fitted:
    """Raises QueryError, DataimpError when there is nothing to close or to compare, Cancelled."""
    if not any(step.on for step in policy.steps):
        raise DataimpError("The policy has no step that is on.", hint="Add one, then fit its ranges.")
    whole = measuring.gather(project, policy, where, target, MOST, progress)
    searched, judged = _Half(policy, whole, 0, progress), _Half(policy, whole, 1, progress)
    first = realism(searched.original, searched.varied(policy), searched.goal)
    if first.is_closed_already:
        raise DataimpError(
            "The originals look like the target already: there is nothing to fit.", hint="Choose another target."
        )
    curve: list[float] = []
    best = -np.inf

    def tried(one: Policy) -> Trial:
        nonlocal best
        trial = searched.trial(one)
        best = max(best, trial.closed)
        curve.append(float(best))
        on_trial(tuple(curve))
        progress.advance(1)
        return trial

    progress.phase("Fitting to the target", count(policy))
    found = search(policy, floor, tried)
    made = _tidied(found.policy)
    before, after = judged.closed(policy), judged.closed(made)
    is_better = made != policy and after.share > before.share + LEAST_GAIN and judged.is_allowed(made, floor, found)
    if not is_better:
        made, after = policy, before
    return Fitted(
        made, before, after, judged.trial(made).kept, tuple(curve), is_better, _said(before, after, is_better)
    )


LEAST_GAIN: Final = 0.01


class _Half:
    """One half of the examples on either side, and what policies make of it."""

    def __init__(self, policy: Policy, whole: Pair, half: int, progress: Progress) -> None:
        self._progress, self._modality = progress, policy.modality
        self._ours = _every_other(whole.ours, half)
        self.goal = describe(_every_other(whole.faced, half).values, policy.modality)
        self.original = describe(self._ours.values, policy.modality)
        self._judge = Judge(self.original.content, self._ours.labels)

    def varied(self, policy: Policy) -> Any:
        return describe(measuring.varied(policy, self._ours, self._progress), self._modality)

    def trial(self, policy: Policy) -> Trial:
        full = self.varied(policy)
        closed = overall(self.original, full, self.goal)
        return Trial(policy, closed.share, self._judge.kept(full.content).share)

    def closed(self, policy: Policy) -> Closed:
        return overall(self.original, self.varied(policy), self.goal)

    def is_allowed(self, policy: Policy, floor: float, found: Trial) -> bool:
        """It keeps the labels here too, as far as so few examples can tell."""
        kept = self.trial(policy).kept
        return kept is None or found.kept is None or kept >= min(floor, found.kept) - SEEN


def _every_other(given: Examples, half: int) -> Examples:
    places = range(half, len(given), 2)
    return Examples(
        given.rows[half::2],
        tuple(given.ids[place] for place in places),
        given.labels[half::2],
        tuple(given.names[place] for place in places),
        tuple(given.values[place] for place in places),
    )


def _tidied(policy: Policy) -> Policy:
    """A step that is never done is off, with a chance for who turns it on again."""
    steps = (replace(step, on=False, chance=0.5) if step.on and not step.chance else step for step in policy.steps)
    return replace(policy, steps=tuple(steps))


def _said(before: Closed, after: Closed, is_better: bool) -> str:
    if not is_better:
        return "No other ranges bring the variants nearer to the target."
    low, high = after.interval
    return (
        f"Closes {after.share:.0%} of the gap ({low:.0%} to {high:.0%}) on examples that the search did not see; "
        f"{before.share:.0%} before."
    )
