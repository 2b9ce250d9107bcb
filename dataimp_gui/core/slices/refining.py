"""Better bounds for a rule: where its numbers should begin and end, to the fineness of the data, and in few digits."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.model import Mask
from dataimp_gui.core.slices.halves import Half
from dataimp_gui.core.slices.material import LARGEST, Condition, Material, Proposal, Rule, rule_mask

Floats = npt.NDArray[np.float64]

STEPS: Final = 96
"""Bounds that are tried, at even shares of the examples."""

GAINED: Final = 1.0
"""Nats that another bound must be better by."""

ROUNDED: Final = 0.5
"""Nats that fewer digits may cost."""

_ROUNDS: Final = 2


def refined(material: Material, proposal: Proposal, half: Half, among: Mask, least: int) -> Proposal:
    """``proposal`` with each range of numbers as it explains most of the errors ``among`` some examples of the half."""
    rule = proposal.rule
    for _ in range(_ROUNDS):
        before = rule
        for place, condition in enumerate(rule):
            if material.columns[condition.column].numbers is not None and not condition.missing:
                others = rule[:place] + rule[place + 1 :]
                better = _bounded(material, condition, others, half, among, least)
                rule = (*rule[:place], better, *rule[place + 1 :])
        if rule == before or len(rule) == 1:
            break
    return replace(proposal, rule=rule)


def _bounded(material: Material, condition: Condition, others: Rule, half: Half, among: Mask, least: int) -> Condition:
    inside = among & rule_mask(material, others, half.rows) if others else among
    numbers = material.columns[condition.column].numbers
    assert numbers is not None
    values, lost = numbers[half.rows[inside]], half.lost[inside]
    known = np.isfinite(values)
    values, lost = values[known], lost[known]
    if len(values) < 2:
        return condition
    costly = np.flatnonzero(lost)
    order = np.argsort(values[costly], kind="stable")
    values, wrong = np.sort(values), values[costly][order]
    sums = np.concatenate([[0.0], np.cumsum(lost[costly][order])])
    everyone, all_lost = int(np.count_nonzero(among)), float(half.lost[among].sum())

    def scores(low: Floats, high: Floats) -> Floats:
        first, stop = np.searchsorted(values, low), np.searchsorted(values, high)
        n = np.maximum(stop - first, 0)
        cost = sums[np.searchsorted(wrong, high)] - sums[np.searchsorted(wrong, low)]
        found = half.surprise(n, np.where(n > 0, cost, 0.0), everyone, all_lost)
        found[(n < least) | (n > LARGEST * half.n)] = 0
        return found

    places = np.unique(np.linspace(0, len(values) - 1, STEPS + 1).astype(np.int64))[1:]
    edges = np.concatenate([[-np.inf], np.unique(values[places]), [np.inf]])
    low, high = np.triu_indices(len(edges), 1)
    tried = scores(edges[low], edges[high])
    best = int(tried.argmax())
    now = float(scores(np.array([condition.low]), np.array([condition.high]))[0])
    if tried[best] > now + GAINED:
        condition = replace(condition, low=float(edges[low[best]]), high=float(edges[high[best]]))
        now = float(tried[best])
    return _shortened(condition, now, lambda a, b: float(scores(np.array([a]), np.array([b]))[0]))


def _shortened(condition: Condition, score: float, scored: Callable[[float, float], float]) -> Condition:
    """The bounds in as few digits as explain the errors nearly as well."""
    low, high = condition.low, condition.high
    for digits in range(1, 7):
        if np.isfinite(low) and scored(short := float(f"{low:.{digits}g}"), high) >= score - ROUNDED:
            low = short
            break
    for digits in range(1, 7):
        if np.isfinite(high) and scored(low, short := float(f"{high:.{digits}g}")) >= score - 2 * ROUNDED:
            high = short
            break
    return replace(condition, low=low, high=high)
