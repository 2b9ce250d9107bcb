"""What sets the examples of a slice apart from the others: the columns in which they differ most."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.model import Codes, Mask, Rows
from dataimp_gui.core.slices.material import Column

MOST: Final = 12
LEAST_EFFECT: Final = 0.1
_LEAST_SHARE: Final = 0.05


@dataclass(frozen=True, slots=True)
class Contrast:
    """Of a number, its means ``inside`` the slice and in the ``rest``; of a ``word``, the shares that have it.

    ``effect`` is the difference in standard deviations of the whole (of a share: Cohen's h), positive where it is more
    inside.
    """

    column: str
    word: str | None
    inside: float
    rest: float
    effect: float


def contrasts(columns: Iterable[Column], rows: Rows, counted: Mask) -> tuple[Contrast, ...]:
    """Of the ``counted`` examples; each column comes once, with the word that differs most."""
    inside = np.zeros(len(counted), dtype=np.bool_)
    inside[rows] = True
    rest = counted & ~inside
    inside &= counted
    if not inside.any() or not rest.any():
        return ()
    found = []
    for column in columns:
        if column.numbers is not None:
            each = _of_numbers(column.name, column.numbers, inside, rest)
        else:
            assert column.codes is not None
            each = _of_words(column.name, column.codes, column.words, inside, rest)
        if each is not None and abs(each.effect) >= LEAST_EFFECT:
            found.append(each)
    return tuple(sorted(found, key=lambda each: -abs(each.effect))[:MOST])


def _of_numbers(name: str, numbers: npt.NDArray[np.float64], inside: Mask, rest: Mask) -> Contrast | None:
    known = np.isfinite(numbers)
    within, without = numbers[inside & known], numbers[rest & known]
    if not len(within) or not len(without):
        return None
    spread = float(np.std(numbers[(inside | rest) & known]))
    difference = float(within.mean() - without.mean())
    effect = difference / spread if spread > 0 else 0.0
    return Contrast(name, None, float(within.mean()), float(without.mean()), effect)


def _of_words(name: str, codes: Codes, words: Sequence[str], inside: Mask, rest: Mask) -> Contrast | None:
    if not len(words):
        return None
    shares = [np.bincount(codes[mask & (codes >= 0)], minlength=len(words)) / mask.sum() for mask in (inside, rest)]
    angles = [2 * np.arcsin(np.sqrt(share)) for share in shares]
    effects = np.where(np.maximum(*shares) >= _LEAST_SHARE, angles[0] - angles[1], 0.0)
    best = int(np.abs(effects).argmax())
    return Contrast(name, words[best], float(shares[0][best]), float(shares[1][best]), float(effects[best]))
