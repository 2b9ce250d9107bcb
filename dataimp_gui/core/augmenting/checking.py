"""Which variants a person should look at: those whose label the model is least sure of."""

from collections.abc import Container
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.augment.realism.labels import Judge
from dataimp_gui.core.augmenting.examples import Examples

PER_CLASS: Final = 3
MOST: Final = 24


@dataclass(frozen=True, slots=True)
class Check:
    """A variant to look at; ``score`` is how far the model agrees with the label, 0 to 1."""

    row: int
    id: str
    draw: int
    label: str
    score: float


def to_check(ours: Examples, judge: Judge, varied: npt.NDArray[np.float32], said: Container[int]) -> tuple[Check, ...]:
    """Variants number 0 of which nobody ``said`` anything yet (by place): of each class the few that the model agrees
    with least, those of the least agreement first. Of an original that it does not know it says nothing."""
    score, _ = judge.agreement(varied, ours.labels, np.arange(len(ours)))
    found: list[Check] = []
    for code in np.unique(ours.labels[ours.labels >= 0]).tolist():
        places = np.flatnonzero((ours.labels == code) & judge.tells)
        places = places[[place not in said for place in places.tolist()]]
        for place in places[np.argsort(score[places], kind="stable")][:PER_CLASS].tolist():
            found.append(Check(int(ours.rows[place]), ours.ids[place], 0, ours.names[place], float(score[place])))
    return tuple(sorted(found, key=lambda each: each.score)[:MOST])
