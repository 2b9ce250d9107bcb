"""Rules of three and more conditions, grown from the best shorter ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb
from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.slices.binning import Binned
from dataimp_gui.core.slices.bits import Bits, Members, counted
from dataimp_gui.core.slices.halves import Half
from dataimp_gui.core.slices.material import Condition, Material, Proposal, Rule
from dataimp_gui.core.slices.rules import OUTCOME
from dataimp_gui.core.slices.slice import Source
from dataimp_gui.progress import Progress

WIDTH: Final = 60
"""Rules that are grown further, of each length."""

KEPT: Final = 100


@dataclass(frozen=True, eq=False)
class _Grown:
    rule: Rule
    bits: Bits
    score: float


def propose(
    material: Material,
    columns: Sequence[Binned],
    pairs: Sequence[Proposal],
    half: Half,
    least: int,
    conditions: int,
    progress: Progress,
) -> list[Proposal]:
    """Rules of 3 to ``conditions`` conditions that surprise more than the rule that they were grown from.

    The price of a rule is that of all rules of its length, though only those near the best ``pairs`` are looked at.
    """
    members = Members(material, half)
    every = [condition for column in columns for condition in column.conditions]
    if not every:
        return []
    owners = np.array([condition.column for condition in every])
    bits = np.array([members.meeting(condition) for condition in every])
    beam = sorted((_grown(members, half, pair.rule) for pair in pairs), key=lambda each: -each.score)[:WIDTH]
    found: list[Proposal] = []
    for length in range(3, conditions + 1):
        longer: dict[frozenset[Condition], _Grown] = {}
        parents = beam
        for parent in progress.track(parents, f"Growing rules to {length} conditions"):
            for child in _children(parent, every, owners, bits, members, half, least):
                longer.setdefault(frozenset(child.rule), child)
        beam = sorted(longer.values(), key=lambda each: -each.score)[:WIDTH]
        looked_at = len(parents) * len(every)
        choices = comb(len(every), length)
        found += [Proposal(Source.RULES, looked_at, each.rule, choices=choices) for each in beam[:KEPT]]
    return found


def _grown(members: Members, half: Half, rule: Rule) -> _Grown:
    bits = members.of(Proposal(Source.RULES, 1, rule))
    return _Grown(rule, bits, float(half.surprise(counted(bits[None]), members.lost(bits[None]))[0]))


def _children(
    parent: _Grown,
    every: Sequence[Condition],
    owners: npt.NDArray[np.str_],
    bits: Bits,
    members: Members,
    half: Half,
    least: int,
) -> list[_Grown]:
    """The best condition more of each other column."""
    taken = {condition.column for condition in parent.rule}
    taken |= OUTCOME if taken & OUTCOME else set()
    free = np.flatnonzero(~np.isin(owners, list(taken)))
    if not len(free):
        return []
    inside = bits[free] & parent.bits
    n = counted(inside)
    score = half.surprise(n, members.lost(inside))
    score[n < least] = 0
    order = np.argsort(-score, kind="stable")
    best = order[np.unique(owners[free[order]], return_index=True)[1]]
    return [
        _Grown((*parent.rule, every[int(free[i])]), inside[i], float(score[i]))
        for i in best.tolist()
        if score[i] > parent.score
    ]
