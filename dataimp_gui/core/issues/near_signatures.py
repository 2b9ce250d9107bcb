"""Pairs of media whose 64-bit signatures differ in few bits, and how many such pairs chance would make."""

from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.model import Mask, Rows
from dataimp_gui.progress import Progress

BITS: Final = 8  # pairs that differ in more are not sought by signature
SURE_BITS: Final = 4  # pairs that differ in no more are believed even where vectors are far apart

_TURNS: Final = 16
_WINDOW: Final = 12
_SAMPLE: Final = 2_000_000
_FEWEST: Final = 2_000  # pairs of different examples, below which nothing can be said of chance

Signatures = npt.NDArray[np.uint64]


def close_pairs(signatures: Signatures, has: Mask, progress: Progress) -> tuple[Rows, Rows]:
    """Pairs (first < second, each once) that differ in at most `BITS` bits.

    The signatures are sorted `_TURNS` times, each time turned by some bits more, and each is compared with those that
    follow it, so the time grows with n log n. A pair is missed when none of the turns brings it together: among a
    million signatures that is one in ten of those that differ in 4 bits, and hardly any that differ in less.
    """
    rows = np.flatnonzero(has)
    values = signatures[rows]
    found: list[npt.NDArray[np.int64]] = []
    count = max(1, len(signatures))
    for turn in progress.track(range(0, 64, 64 // _TURNS), "Comparing signatures"):
        turned = np.bitwise_or(values << np.uint64(turn), values >> np.uint64((64 - turn) % 64)) if turn else values
        order = np.argsort(turned, kind="stable")
        ordered = turned[order]
        for step in range(1, min(_WINDOW, len(ordered) - 1) + 1):
            close = np.flatnonzero(np.bitwise_count(ordered[step:] ^ ordered[:-step]) <= BITS)
            one, other = rows[order[close]], rows[order[close + step]]
            found.append(np.minimum(one, other) * count + np.maximum(one, other))
    keys = np.unique(np.concatenate(found)) if found else np.zeros(0, np.int64)
    return keys // count, keys % count


def different(one: Signatures, other: Signatures) -> npt.NDArray[np.int64]:
    """In how many of 64 bits each pair differs."""
    bits: npt.NDArray[np.int64] = np.bitwise_count(one ^ other).astype(np.int64)
    return bits


def likely(bits: npt.NDArray[np.int64], signatures: Signatures, has: Mask) -> npt.NDArray[np.float32]:
    """The chance that a pair which differs in ``bits`` (m,) bits shows the same, by the signatures alone.

    One minus the pairs that chance makes at that distance, over those that there are. Chance is read from pairs drawn
    at random: the logarithm of their number falls with the distance along a parabola, which is followed below the
    distances that duplicates can have. Digits of 28 pixels make thousands of pairs at 2 bits, photos none.
    """
    known = signatures[has]
    pairs = len(known) * (len(known) - 1) / 2
    if pairs < _FEWEST:
        return np.where(bits <= 2, 0.8, 0.3).astype(np.float32)
    drawn = np.random.default_rng(0).integers(0, len(known), (2, _SAMPLE))
    drawn = drawn[:, drawn[0] != drawn[1]]
    counts = np.bincount(different(known[drawn[0]], known[drawn[1]]), minlength=65).astype(np.float64)
    share = np.cumsum(counts) / counts.sum()
    at = np.flatnonzero((share > 1e-3) & (share < 0.2) & (counts > 0))
    at = at[at > 2] if np.count_nonzero(at > 2) >= 3 else at
    if len(at) < 3:
        return np.where(bits <= 2, 0.8, 0.3).astype(np.float32)
    curve = np.polyfit(at, np.log(counts[at]), 2, w=np.sqrt(counts[at]))
    if curve[0] > 0:  # it must fall ever faster
        curve = np.array([0.0, *np.polyfit(at, np.log(counts[at]), 1, w=np.sqrt(counts[at]))])
    distances = np.arange(BITS + 1)
    expected = np.exp(np.polyval(curve, distances)) * pairs / counts.sum()
    there = np.bincount(np.clip(bits, 0, BITS), minlength=BITS + 1)
    real = np.minimum.accumulate(np.clip(1 - expected / np.maximum(there, 1), 0, 0.99))
    return np.asarray(real[np.clip(bits, 0, BITS)], np.float32)
