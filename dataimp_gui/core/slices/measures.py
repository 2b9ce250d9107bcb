"""How often a subset fails, beside all and beside the rest of the examples."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.metrics import Costs, Interval, calibration_error, wilson
from dataimp_gui.core.model import Codes, Mask
from dataimp_gui.core.slices.honesty import fisher


@dataclass(frozen=True, slots=True)
class Figures:
    """What `measure` counts; `slice.Measured` says what each means."""

    n: int
    errors: int
    error_rate: float | None
    ci: Interval | None
    lift: float | None
    share_of_errors: float | None
    fixable: float
    headroom: float
    loss: float
    ece: float | None
    p: float | None


def measure(
    errors: Mask,
    counted: Mask,
    mask: Mask,
    loss: npt.NDArray[np.float64] | None = None,
    confidence: npt.NDArray[np.float32] | None = None,
) -> Figures:
    """Of the ``counted`` examples in ``mask``, all arrays (n,); ``errors`` where the prediction is not the label.

    ``loss`` is what each prediction costs, by default 1 for an error. ``confidence`` is the probability of the
    predicted label, NaN for none. ``p`` is of failing more often than the other counted examples; None without any.
    """
    inside = mask & counted
    everyone, all_wrong = int(np.count_nonzero(counted)), int(np.count_nonzero(errors & counted))
    n, wrong = int(np.count_nonzero(inside)), int(np.count_nonzero(errors & inside))
    others, others_wrong = everyone - n, all_wrong - wrong
    fixable = max(0.0, wrong - n * others_wrong / others) if others else 0.0
    ece = None
    if confidence is not None:
        certain = inside & np.isfinite(confidence)
        ece = calibration_error(~errors[certain], confidence[certain])
    return Figures(
        n=n,
        errors=wrong,
        error_rate=wrong / n if n else None,
        ci=wilson(wrong, n),
        lift=wrong * everyone / (n * all_wrong) if n and all_wrong else None,
        share_of_errors=wrong / all_wrong if all_wrong else None,
        fixable=fixable,
        headroom=fixable / everyone if everyone else 0.0,
        loss=float(wrong if loss is None else loss[inside].sum()),
        ece=ece,
        p=float(fisher(np.array([n]), np.array([wrong]), everyone, all_wrong)[0]) if n and others else None,
    )


def losses(labels: Codes, predicted: Codes, classes: Sequence[str], costs: Costs) -> npt.NDArray[np.float64]:
    """What each prediction costs, float64 (n,): by ``costs``, else 1 for an error; 0 without label or prediction."""
    code = {name: number for number, name in enumerate(classes)}
    both = (labels >= 0) & (predicted >= 0)
    cost: npt.NDArray[np.float64] = (both & (labels != predicted)).astype(np.float64)
    for label, row in costs.items():
        for said, price in row.items():
            if label in code and said in code:
                cost[(labels == code[label]) & (predicted == code[said])] = price
    return cost
