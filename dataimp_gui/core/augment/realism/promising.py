"""Which of several policies to try first: a guess, without any label of the target, at how much a model would gain."""

from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.augment.realism import distance
from dataimp_gui.core.augment.realism.describing import Described
from dataimp_gui.core.augment.realism.labels import Kept

Floats = npt.NDArray[np.float32]

ANGLES: Final = ("statistics", "texture", "content")
WORST: Final = -0.5
OF_LABELS: Final = 0.25
_LEAST: Final = 0.05  # a distance below it is as good as none


def promise(original: Described, augmented: Described, target: Described, kept: Kept) -> float:
    """How much nearer to the target the originals together with their variants are than the originals alone, 1 when
    they meet it, the mean of three angles of which each is at least WORST, plus OF_LABELS times the share of labels
    that are kept.

    A model learns from both: where the variants overshoot a little, the two may still surround the target. Only the
    order of such figures means anything. ``augmented`` are variants of ``original``, row by row.
    """
    shares = [_nearer(*(getattr(each, angle) for each in (original, augmented, target))) for angle in ANGLES]
    return float(np.mean(np.maximum(shares, WORST))) + OF_LABELS * (1 if kept.share is None else kept.share)


def _nearer(original: Floats, augmented: Floats, target: Floats) -> float:
    count, faced = len(original), len(original) + len(target)
    parts = distance.scaled([original, target, augmented], 0, 1)
    k = distance.kernel(np.concatenate(parts), slice(0, faced)).astype(np.float64)
    ours, theirs, varied = slice(0, count), slice(count, faced), slice(faced, None)
    pairs = count * (count - 1)
    own, other = k[ours, ours].sum() / pairs, k[varied, varied].sum() / pairs
    beside = (k[ours, varied].sum() - np.trace(k[ours, varied])) / pairs  # an original and its own variant are no pair
    goal = k[theirs, theirs].sum() / (len(target) * (len(target) - 1))
    before = own + goal - 2 * k[ours, theirs].mean()
    after = other + goal - 2 * k[varied, theirs].mean()
    moved = own + other - 2 * beside
    together = before / 2 + after / 2 - moved / 4  # squared, of the mixture of both in equal parts
    gap = max(float(np.sqrt(max(before, 0))), _LEAST)
    return (gap - float(np.sqrt(max(together, 0)))) / gap
