"""Sets of examples with a bit for each, 64 to a word: quick to intersect and to count."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.model import Mask
from dataimp_gui.core.slices.halves import Half
from dataimp_gui.core.slices.material import Column, Condition, Material, Proposal

Bits = npt.NDArray[np.uint64]
Counts = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class Members:
    """Which examples of a half are in a proposal; every condition is looked up once."""

    def __init__(self, material: Material, half: Half) -> None:
        self._material, self._rows = material, half.rows
        self._levels = [(value, packed(mask)) for value, mask in half.levels]
        self._met: dict[Condition, Bits] = {}
        self._columns: dict[str, Column] = {}

    def of(self, proposal: Proposal) -> Bits:
        if proposal.mask is not None:
            return packed(proposal.mask[self._rows])
        bits: Bits = np.bitwise_and.reduce([self.meeting(condition) for condition in proposal.rule])
        return bits

    def meeting(self, condition: Condition) -> Bits:
        if condition not in self._met:
            self._met[condition] = packed(condition.mask(self._column(condition.column)))
        return self._met[condition]

    def _column(self, name: str) -> Column:
        """A column of this half alone."""
        if name not in self._columns:
            whole, rows = self._material.columns[name], self._rows
            numbers = None if whole.numbers is None else whole.numbers[rows]
            codes = None if whole.codes is None else whole.codes[rows]
            self._columns[name] = replace(whole, numbers=numbers, codes=codes)
        return self._columns[name]

    def lost(self, bits: Bits) -> Floats:
        """What the predictions of each set cost together, along the last axis."""
        total = np.zeros(bits.shape[:-1])
        for value, level in self._levels:
            total += value * counted(bits & level)
        return total


def packed(mask: Mask) -> Bits:
    words = np.zeros(-(-len(mask) // 64) * 8, dtype=np.uint8)
    words[: -(-len(mask) // 8)] = np.packbits(mask)
    bits: Bits = words.view(np.uint64)
    return bits


def unpacked(bits: Bits, count: int) -> Mask:
    return np.unpackbits(bits.view(np.uint8), count=count).view(np.bool_)


def counted(bits: Bits) -> Counts:
    """How many bits are set along the last axis."""
    ones: Counts = np.bitwise_count(bits).sum(axis=-1, dtype=np.int64)
    return ones
