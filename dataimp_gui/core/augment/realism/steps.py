"""Which step of a policy is to blame: each one alone, and the policy without it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import msgspec

from dataimp_gui.core.augment.policy import Policy
from dataimp_gui.core.augment.realism.closing import Closed, overall
from dataimp_gui.core.augment.realism.describing import Described
from dataimp_gui.core.augment.realism.labels import Judge, Kept
from dataimp_gui.progress import Progress

FLOOR: Final = 0.9  # of the labels that a step must keep, alone
NOTHING: Final = 0.02  # a move of the distance that nobody would see


class Verdict(StrEnum):
    HELPS = "helps"
    NEUTRAL = "neutral"
    UNSEEN = "not seen in target"
    BREAKS = "breaks labels"


@dataclass(frozen=True, slots=True)
class OfStep:
    """``alone``: the step by itself. ``added``: what it adds to the others; None when it is the only one."""

    place: int
    op: str
    alone: Closed
    added: Closed | None
    kept: Kept
    verdict: Verdict


def blame(
    policy: Policy,
    full: Described,
    original: Described,
    target: Described,
    judge: Judge,
    vary: Callable[[Policy], Described],
    progress: Progress,
    *,
    has_gap: bool = True,
) -> tuple[OfStep, ...]:
    """A verdict for each step that is on. ``full`` are the variants of the policy, ``vary`` makes those of another.

    Without a gap no step helps: it can make up for another one at best.
    """
    places = [place for place, step in enumerate(policy.steps) if step.on]
    found = []
    for place in progress.track(places, "Looking at each step"):
        alone = vary(only(policy, {place}))
        kept = judge.kept(alone.content)
        closed = overall(original, alone, target)
        added = None
        if len(places) > 1:
            without = vary(only(policy, set(places) - {place}))
            added = overall(without, full, target)
        said = verdict(closed, added, kept)
        if said is Verdict.HELPS and not has_gap:
            said = Verdict.NEUTRAL
        found.append(OfStep(place, policy.steps[place].op, closed, added, kept, said))
    return tuple(found)


def verdict(alone: Closed, added: Closed | None, kept: Kept) -> Verdict:
    """A step helps when it brings the originals, or what the other steps made of them, nearer to the target.

    Labels come second: a model that never saw a noise fails on it though a person would still tell the label.
    """
    up = _is_up(alone) or (added is not None and _is_up(added))
    down = _is_down(alone) or (added is not None and _is_down(added))
    if down and not up:
        return Verdict.UNSEEN
    if kept.interval is not None and kept.interval[1] < FLOOR:
        return Verdict.BREAKS
    return Verdict.HELPS if up and not down else Verdict.NEUTRAL


def only(policy: Policy, places: set[int]) -> Policy:
    """With just these steps on; each draws what it drew before."""
    steps = (msgspec.structs.replace(step, on=step.on and place in places) for place, step in enumerate(policy.steps))
    return msgspec.structs.replace(policy, steps=tuple(steps))


def _is_up(closed: Closed) -> bool:
    return closed.gained > NOTHING and closed.gained_interval[0] > 0


def _is_down(closed: Closed) -> bool:
    return closed.gained < -NOTHING and closed.gained_interval[1] < 0
