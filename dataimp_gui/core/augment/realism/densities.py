"""How the values of a statistic are spread among originals, variants and target, as curves to draw."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.augment.realism.describing import STATISTICS, Described
from dataimp_gui.core.augment.realism.naming import OfStatistic
from dataimp_gui.core.media.statistics.table import STATISTICS as TABLE
from dataimp_gui.core.model import Modality

POINTS: Final = 64
MOST: Final = 6

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Density:
    """Curves (POINTS,) over ``x``, in ``unit``; each has an area of about 1."""

    statistic: str
    title: str
    unit: str
    x: Floats
    source: Floats
    augmented: Floats
    target: Floats


def densities(
    original: Described, augmented: Described, target: Described, modality: Modality, named: tuple[OfStatistic, ...]
) -> tuple[Density, ...]:
    """Of those of ``named`` that lie furthest from the target, before or after, furthest first."""
    furthest = sorted(named, key=lambda each: -max(each.before, each.after))[:MOST]
    units = {each.name: each.unit for each in TABLE[modality]}
    found = []
    for each in furthest:
        place = STATISTICS[modality].index(each.name)
        columns = [_known(part.statistics[:, place]) for part in (original, augmented, target)]
        low, high = np.percentile(np.concatenate(columns), (0.5, 99.5))
        margin = max(0.05 * (high - low), 1e-6)
        x = np.linspace(low - margin, high + margin, POINTS)
        curves = [_curve(column, x) for column in columns]
        found.append(Density(each.name, each.title, units[each.name], x.astype(np.float32), *curves))
    return tuple(found)


def _curve(values: Floats, x: npt.NDArray[np.float64]) -> Floats:
    """Gaussian kernels as wide as Silverman's rule says (1986), at least a step of ``x``; what lies outside is counted
    at the ends."""
    quarter, three = np.percentile(values, (25, 75))
    spread = min(float(values.std()), float(three - quarter) / 1.349 or np.inf)
    width = max(0.9 * spread * len(values) ** -0.2, float(x[1] - x[0]))
    apart = (x[:, None] - np.clip(values, x[0], x[-1])) / width
    return np.asarray(np.exp(-np.square(apart) / 2).mean(axis=1) / (width * np.sqrt(2 * np.pi)), np.float32)


def _known(values: Floats) -> Floats:
    return values[np.isfinite(values)]
