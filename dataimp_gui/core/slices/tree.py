"""A small tree of conditions that parts examples by how often they fail: rules that no look at pairs would find."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import comb
from typing import Final

import numpy as np

from dataimp_gui.core.slices.binning import Binned
from dataimp_gui.core.slices.bits import Bits, Members, counted, packed
from dataimp_gui.core.slices.halves import Half
from dataimp_gui.core.slices.material import Column, Condition, Material, Proposal, Rule
from dataimp_gui.core.slices.rules import OUTCOME
from dataimp_gui.core.slices.slice import Source
from dataimp_gui.progress import Progress

DEPTH: Final = 4


@dataclass(frozen=True, eq=False)
class _Node:
    rule: Rule
    bits: Bits


def propose(
    material: Material, columns: Sequence[Binned], half: Half, least: int, progress: Progress
) -> list[Proposal]:
    """Every node below the first with its conditions; numbers are parted at one cut, words from all others.

    A rule's price is that of all rules of its length.
    """
    members = Members(material, half)
    every = [(condition, column.column) for column in columns for condition in column.conditions]
    parting = [(condition, other) for condition, column in every if (other := _opposite(condition, column)) is not None]
    if not parting:
        return []
    bits = np.array([members.meeting(condition) for condition, _ in parting])
    nodes = [_Node((), packed(np.ones(half.n, dtype=np.bool_)))]
    found: list[Proposal] = []
    for _ in progress.track(range(DEPTH), "Growing a tree"):
        nodes = [child for node in nodes for child in _parted(node, parting, bits, members, half, least)]
        rules = [_joined(node.rule) for node in nodes]
        looked_at = (2**DEPTH - 1) * len(parting)
        found += [Proposal(Source.TREE, looked_at, rule, choices=comb(2 * len(every), len(rule))) for rule in rules]
    return found


def _parted(
    node: _Node, parting: Sequence[tuple[Condition, Condition]], bits: Bits, members: Members, half: Half, least: int
) -> list[_Node]:
    """The two children of the condition that tells errors best; none where no condition leaves ``least`` on both sides
    or where the node has only errors, or none."""
    inside = bits & node.bits
    n, everyone = counted(inside), int(counted(node.bits))
    lost, all_lost = members.lost(inside), float(members.lost(node.bits))
    score = half.surprise(n, lost, everyone, all_lost)
    score += half.surprise(everyone - n, all_lost - lost, everyone, all_lost)
    score[(n < least) | (everyone - n < least)] = 0
    named = {condition.column for condition in node.rule}
    if named & OUTCOME:
        score[[each.column in OUTCOME - named for each, _ in parting]] = 0
    best = int(score.argmax())
    if score[best] <= 0:
        return []
    condition, other = parting[best]
    sides = ((condition, inside[best]), (other, members.meeting(other) & node.bits))
    return [_Node((*node.rule, side), held) for side, held in sides]


def _opposite(condition: Condition, column: Column) -> Condition | None:
    """What the other examples meet, of numbers and of two words those that have one. None for a range with two ends."""
    if condition.code >= 0 and len(column.words) == 2:
        return replace(condition, code=1 - condition.code)
    if condition.missing or condition.code >= 0:
        return replace(condition, negated=not condition.negated)
    if np.isfinite(condition.low) == np.isfinite(condition.high):
        return None
    if np.isfinite(condition.high):
        return replace(condition, low=condition.high, high=np.inf)
    return replace(condition, low=-np.inf, high=condition.low)


def _joined(rule: Rule) -> Rule:
    """Two conditions on the numbers of one column as one."""
    found: dict[tuple[str, object], Condition] = {}
    for condition in rule:
        is_range = not condition.missing and condition.code < 0
        key = (condition.column, None if is_range else condition)
        known = found.get(key)
        found[key] = (
            replace(condition, low=max(known.low, condition.low), high=min(known.high, condition.high))
            if known
            else condition
        )
    return tuple(found.values())
