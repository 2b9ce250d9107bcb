"""Which proposals go on to the unseen half, what becomes of near-copies, and which of them are confirmed there."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.model import Mask
from dataimp_gui.core.slices.halves import Half
from dataimp_gui.core.slices.material import Condition, Material, Proposal
from dataimp_gui.progress import Progress

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
Bits = npt.NDArray[np.uint64]

MOST: Final = 400
"""Proposals that are compared with each other."""

SLACK: Final = 2.0
"""Nats by which a proposal may fall short of its price and still be tested."""


def chosen(
    material: Material, proposals: Sequence[Proposal], half: Half, least: int, most: int, progress: Progress
) -> list[Proposal]:
    """The proposals worth a test, most surprising first, near-copies left out.

    Each pays for how many it was the best of, the logarithm of that; so of two that select about the same examples the
    one with fewer conditions comes first. The others are then judged by the examples that the better ones leave
    over: what merely overlaps a better one has nothing surprising left.
    """
    if not proposals or not 0 < half.wrong < half.n:
        return []
    price = np.log([max(1, each.tried) for each in proposals])
    members = Members(material, half)
    bits = np.array([members.of(each) for each in progress.track(proposals, "Comparing candidates")])
    wrong = packed(half.errors)
    n = size = counted(bits)
    errors = counted(bits & wrong)
    score = half.surprise(n, errors) - price
    kept = np.argsort(-score, kind="stable")[:MOST]
    bits, size, price = bits[kept], size[kept], price[kept]
    found: list[int] = []
    left = packed(np.ones(half.n, dtype=np.bool_))
    while len(found) < most:
        progress.check()
        rest = bits & left
        n, errors = counted(rest), counted(rest & wrong)
        score = half.surprise(n, errors) - price
        score[(n < least) | (2 * n < size)] = -np.inf
        best = int(score.argmax())
        if score[best] < -SLACK:
            break
        found.append(int(kept[best]))
        left &= ~bits[best]
    return [proposals[i] for i in found]


class Members:
    """Which examples of a half are in a proposal; every condition is looked up once."""

    def __init__(self, material: Material, half: Half) -> None:
        self._material, self._rows = material, half.rows
        self._known: dict[Condition, Bits] = {}

    def of(self, proposal: Proposal) -> Bits:
        if proposal.mask is not None:
            return packed(proposal.mask[self._rows])
        bits: Bits = np.bitwise_and.reduce([self._met(condition) for condition in proposal.rule])
        return bits

    def _met(self, condition: Condition) -> Bits:
        if condition not in self._known:
            self._known[condition] = packed(condition.mask(self._material.columns[condition.column], self._rows))
        return self._known[condition]


def fisher(n: Counts, errors: Counts, everyone: int, wrong: int) -> Floats:
    """The chance of ``errors`` or more among ``n`` drawn blindly from ``everyone``, of whom ``wrong`` fail.

    Fisher's exact test, one-sided, of arrays (k,).
    """
    from scipy.stats import hypergeom

    return np.asarray(hypergeom.sf(errors - 1, everyone, wrong, n), dtype=np.float64)


def adjusted(p: Floats) -> Floats:
    """Benjamini and Hochberg 1995: of the p-values (k,) below q, a share of at most q is expected to be chance."""
    order = np.argsort(-p, kind="stable")
    ranks = np.arange(len(p), 0, -1)
    result = np.empty(len(p), dtype=np.float64)
    result[order] = np.minimum.accumulate(np.minimum(p[order] * len(p) / ranks, 1))
    return result


def packed(mask: Mask) -> Bits:
    """A flag a bit, in words of 64."""
    words = np.zeros(-(-len(mask) // 64) * 8, dtype=np.uint8)
    words[: -(-len(mask) // 8)] = np.packbits(mask)
    bits: Bits = words.view(np.uint64)
    return bits


def counted(bits: Bits) -> Counts:
    """How many bits are set along the last axis."""
    ones: Counts = np.bitwise_count(bits).sum(axis=-1, dtype=np.int64)
    return ones
