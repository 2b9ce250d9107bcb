"""All errors cut into parts: by one column, and each part again by another."""

from dataclasses import dataclass

import numpy as np

from dataimp_gui.core.model import Codes, Mask


@dataclass(frozen=True, slots=True)
class Part:
    """The ``n`` counted examples of one code, -1 for those without a value; ``inner`` are codes of the second column
    with their errors, most first."""

    code: int
    n: int
    errors: int
    inner: tuple[tuple[int, int], ...]


def parts(outer: Codes, inner: Codes, counted: Mask, errors: Mask) -> tuple[Part, ...]:
    """``outer`` and ``inner`` (n,) with -1 for none. Only parts with errors, most first; their errors add up to all."""
    width = int(inner.max(initial=-1)) + 2
    sizes = np.bincount(outer[counted] + 1)
    pairs = (outer[errors].astype(np.int64) + 1) * width + inner[errors] + 1
    codes, counts = np.unique(pairs, return_counts=True)
    found = []
    for place in np.unique(codes // width).tolist():
        mine = codes // width == place
        order = np.argsort(-counts[mine], kind="stable")
        within = zip((codes[mine] % width - 1)[order].tolist(), counts[mine][order].tolist(), strict=True)
        found.append(Part(place - 1, int(sizes[place]), int(counts[mine].sum()), tuple(within)))
    return tuple(sorted(found, key=lambda part: -part.errors))
