"""Which proposals are worth a test: the most surprising ones, without what only repeats them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.slices.bits import Bits, Members, counted, packed, unpacked
from dataimp_gui.core.slices.halves import Half
from dataimp_gui.core.slices.material import LARGEST, Material, Proposal
from dataimp_gui.core.slices.refining import refined
from dataimp_gui.core.slices.slice import Source
from dataimp_gui.progress import Progress

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

MOST: Final = 400
"""Proposals that are compared with each other."""

SLACK: Final = 2.0
"""Nats by which a proposal may fall short of its price and still be tested."""

MOST_CELLS: Final = 64
"""Parts that chosen slices cut the examples into; later ones are judged by these."""

NEAR_COPY: Final = 0.7
"""Likeness (Jaccard) of two proposals from which the less surprising one is left out."""


@dataclass(frozen=True, eq=False)
class _Cell:
    """A part of the half that chosen slices cut it into, and of each proposal how many of its examples are in there,
    what their predictions may be expected to cost, with which variance."""

    bits: Bits
    n: Counts
    expected: Floats
    variance: Floats


def chosen(
    material: Material, proposals: Sequence[Proposal], half: Half, least: int, most: int, progress: Progress
) -> list[Proposal]:
    """The proposals worth a test, most surprising first.

    Each pays for how many it was chosen from, the logarithm of that; so of two that select about the same examples the
    one with fewer conditions comes first. The next one is the most surprising within the parts that those before it
    cut the examples into: a near-copy has nothing surprising left. More than `LARGEST` of all is no slice, of two
    classes twice that.
    """
    members = Members(material, half)
    bits = np.array([members.of(each) for each in progress.track(proposals, "Comparing candidates")])
    if not len(bits):
        return []
    price = np.log([max(1, each.tried, each.choices) for each in proposals])
    alone = half.surprise(counted(bits), members.lost(bits))
    surprise = np.where(alone > 0, alone - price, -np.inf)  # what fails less than the rest is no slice beside others
    kept = np.argsort(-surprise, kind="stable")[:MOST]
    bits, price, score = bits[kept], price[kept], surprise[kept]
    size, lost = counted(bits), members.lost(bits)
    cells = [_cell(members, half, bits, packed(np.ones(half.n, dtype=np.bool_)))]
    largest = np.array([2 if proposals[i].source is Source.CONFUSION else 1 for i in kept.tolist()]) * LARGEST * half.n
    free = (size >= least) & (size <= largest) & np.isfinite(score)
    found: list[Proposal] = []
    while len(found) < most and free.any():
        progress.check()
        score[~free] = -np.inf
        best = int(score.argmax())
        if score[best] < -SLACK:
            break
        free[best] = False
        proposal, inside = proposals[int(kept[best])], bits[best]
        if proposal.rule and 2 * cells[0].n[best] >= size[best]:
            better = refined(material, proposal, half, unpacked(cells[0].bits, half.n), least)
            held = members.of(better)
            if 2 * int(counted(held & inside)) >= int(counted(held | inside)) and counted(held) <= LARGEST * half.n:
                proposal, inside = better, held
        found.append(proposal)
        shared = counted(bits & inside)
        free &= shared <= NEAR_COPY * (size + counted(inside) - shared)
        cells = _cut(members, half, bits, cells, inside, least)
        expected = np.sum([cell.expected for cell in cells], axis=0)
        score = half.surprise.beyond(lost, expected, np.sum([cell.variance for cell in cells], axis=0)) - price
    return found


def _cell(members: Members, half: Half, bits: Bits, inside: Bits) -> _Cell:
    n, everyone, lost = counted(bits & inside), int(counted(inside)), float(members.lost(inside))
    return _Cell(inside, n, n.astype(np.float64) * (lost / everyone), half.surprise.variance(n, everyone, lost))


def _cut(members: Members, half: Half, bits: Bits, cells: list[_Cell], inside: Bits, least: int) -> list[_Cell]:
    """Each cell in the part out of ``inside`` and the part in it, where both are large enough to have a rate."""
    found: list[_Cell] = []
    for cell in cells:
        within, outside = cell.bits & inside, cell.bits & ~inside
        if len(cells) < MOST_CELLS and min(int(counted(within)), int(counted(outside))) >= least:
            found += [_cell(members, half, bits, part) for part in (outside, within)]
        else:
            found.append(cell)
    return found
