"""Ranges that bring variants nearest to a target: a search over one parameter of one step after the other.

Every policy that is tried draws the same random numbers, so that two of them differ by their ranges alone. What the
search found is judged on examples that it did not see.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from dataimp_gui.core.augment.operations import Parameter, find
from dataimp_gui.core.augment.policy import Policy, Step, limits

ROUNDS: Final = 2
WINDOWS: Final = 5
CHANCES: Final = (0.0, 0.5, 1.0)
WIDTHS: Final = (0.4, 2.0)  # times that of the window that was best
BEYOND: Final = 0.5  # of its width, on either side, that a range may move at first
PRICE: Final = 5.0  # in realism, of the share of labels that is lost under the floor
LEAST: Final = 0.005  # a gain that counts

Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Trial:
    """``closed`` is the share of the gap, ``kept`` that of the labels, None where that cannot be told."""

    policy: Policy
    closed: float
    kept: float | None

    def worth(self, floor: float) -> float:
        return self.closed - PRICE * max(0.0, floor - (1.0 if self.kept is None else self.kept))


def search(policy: Policy, floor: float, tried: Callable[[Policy], Trial]) -> Trial:
    """The best of those that ``tried`` judged, the given policy among them."""
    best = tried(policy)
    for turn in range(ROUNDS):
        for place, step in enumerate(policy.steps):
            if not step.on:
                continue
            for parameter in find(step.op).parameters:
                if parameter.is_number:
                    best = _fit_range(best, place, parameter, floor, tried, 1 / (turn + 1))
            best = _first(best, floor, (_with(best, place, chance=chance) for chance in CHANCES), tried)
    return best


def count(policy: Policy) -> int:
    """About how many policies `search` looks at."""
    steps = [step for step in policy.steps if step.on]
    numbers = sum(parameter.is_number for step in steps for parameter in find(step.op).parameters)
    return 1 + ROUNDS * (numbers * (WINDOWS + len(WIDTHS)) + len(steps) * len(CHANCES))


def _fit_range(
    best: Trial, place: int, parameter: Parameter, floor: float, tried: Callable[[Policy], Trial], scale: float
) -> Trial:
    """First where the range lies, then how wide it is."""
    if best.policy.steps[place].chance == 0:
        return best
    low, high = _span(best.policy.steps[place], parameter, scale)
    edges = [parameter.at(number / WINDOWS, low, high) for number in range(WINDOWS + 1)]
    windows = [(edges[number], edges[number + 1]) for number in range(WINDOWS)]
    best = _first(best, floor, (_with(best, place, parameter, window) for window in windows), tried)
    now = limits(best.policy.steps[place], parameter)
    wider = (_widened(parameter, now, by) for by in WIDTHS)
    return _first(best, floor, (_with(best, place, parameter, each) for each in wider), tried)


def _first(best: Trial, floor: float, policies: Iterator[Policy], tried: Callable[[Policy], Trial]) -> Trial:
    for policy in policies:
        if policy != best.policy:
            trial = tried(policy)
            if trial.worth(floor) > best.worth(floor) + LEAST:
                best = trial
    return best


def _span(step: Step, parameter: Parameter, scale: float) -> Range:
    """Where a range is looked for: around the usual one and the one that the step has."""
    now = limits(step, parameter)
    if scale < 1:  # near the one that was found
        return _widened(parameter, now, 1 + 2 * scale)
    low, high = min(now[0], parameter.default[0]), max(now[1], parameter.default[1])
    return _widened(parameter, (low, high), 1 + 2 * BEYOND)


def _widened(parameter: Parameter, given: Range, by: float) -> Range:
    """About its middle, within the hard limits; in ratios where the parameter is one of ratios."""
    is_log = parameter.log and given[0] > 0
    low, high = (math.log(end) for end in given) if is_log else given
    middle = (low + high) / 2
    half = max((high - low) / 2, 0.02 * (1 if is_log else parameter.high - parameter.low)) * by
    ends = (middle - half, middle + half)
    if is_log:
        ends = (math.exp(ends[0]), math.exp(ends[1]))
    return _round(max(ends[0], parameter.low)), _round(min(ends[1], parameter.high))


def _with(
    best: Trial, place: int, parameter: Parameter | None = None, range_: Range = (0, 0), chance: float | None = None
) -> Policy:
    steps = list(best.policy.steps)
    step = steps[place]
    if parameter is not None:
        low, high = (max(parameter.low, min(parameter.high, _round(end))) for end in range_)
        step = replace(step, ranges={**step.ranges, parameter.name: (low, high)})
    if chance is not None:
        step = replace(step, chance=chance)
    steps[place] = step
    return replace(best.policy, steps=tuple(steps))


def _round(value: float) -> float:
    """To three figures, as a person would write it."""
    return float(f"{value:.3g}")
