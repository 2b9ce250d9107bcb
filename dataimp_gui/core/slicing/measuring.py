"""How a run does on slices, beside all and beside the rest, and how the runs of a project compare on one."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from dataimp_gui.core.metrics import Interval
from dataimp_gui.core.model import Mask, Rows
from dataimp_gui.core.slices import honesty
from dataimp_gui.core.slices.halves import Half
from dataimp_gui.core.slices.honesty import adjusted
from dataimp_gui.core.slices.measures import measure
from dataimp_gui.core.slices.slice import Measured, Slice, Status, status
from dataimp_gui.core.slicing.scope import Scope

if TYPE_CHECKING:
    from dataimp_gui.core.slicing.scope import Overall


@dataclass(frozen=True, eq=False)
class OfRun:
    """How one run does on a slice and on all; rates are None where nothing was counted.

    ``counted`` and ``wrong`` (k,) say it of each example of the slice.
    """

    run: str
    n: int
    errors: int
    error_rate: float | None
    ci: Interval | None
    overall: "Overall"
    counted: Mask
    wrong: Mask


def measured(slice_: Slice, rows: Rows, scope: Scope, reason: str = "") -> Measured:
    """One slice of the examples ``rows``. Its p-value is not adjusted: it stands alone until `tested` sees others."""
    figures = measure(scope.errors, scope.counted, _mask(rows, len(scope.counted)), scope.loss, scope.confidence)
    return Measured(
        slice=slice_,
        **asdict(figures),
        p_adjusted=figures.p,
        status=status(figures.p),
        held_out=False,
        reason=reason or slice_.why,
    )


def unchecked(slice_: Slice, rows: Rows, scope: Scope) -> Measured:
    """One that a search has chosen and not tested yet."""
    return replace(measured(slice_, rows, scope), p=None, p_adjusted=None, status=Status.CHECKING)


def again(found: Measured, rows: Rows, half: Half) -> Measured:
    """With the p-value of its test on ``half`` alone."""
    inside = _mask(rows, int(max(rows.max(initial=0), half.rows.max(initial=0))) + 1)
    return replace(found, p=float(honesty.tested([inside[half.rows]], half)[0]), held_out=True)


def broken(slice_: Slice, why: str) -> Measured:
    """A slice that cannot be asked any more."""
    return Measured(
        slice=slice_,
        n=0,
        errors=0,
        error_rate=None,
        ci=None,
        lift=None,
        share_of_errors=None,
        fixable=0.0,
        headroom=0.0,
        loss=0.0,
        ece=None,
        p=None,
        p_adjusted=None,
        status=Status.CHANCE,
        held_out=False,
        reason=why,
    )


def tested(found: Sequence[Measured]) -> tuple[Measured, ...]:
    """Each with its p-value adjusted over all that were asked for together."""
    known = [each.p for each in found if each.p is not None]
    values = iter(adjusted(np.array(known, dtype=np.float64)).tolist())
    after = [None if each.p is None else next(values) for each in found]
    return tuple(
        replace(each, p_adjusted=value, status=status(value)) for each, value in zip(found, after, strict=True)
    )


def of_run(rows: Rows, scope: Scope) -> OfRun:
    figures = measure(scope.errors, scope.counted, _mask(rows, len(scope.counted)))
    return OfRun(
        scope.run,
        figures.n,
        figures.errors,
        figures.error_rate,
        figures.ci,
        scope.overall(),
        scope.counted[rows],
        scope.errors[rows],
    )


def instead(rows: Rows, scope: Scope) -> list[tuple[str, int]]:
    """What the run says where it is wrong on ``rows``, most frequent first."""
    said = scope.predicted[rows[scope.errors[rows]]]
    counts = np.bincount(said, minlength=len(scope.classes))
    order = np.argsort(-counts, kind="stable")
    return [(scope.classes[code], int(counts[code])) for code in order.tolist() if counts[code]]


def _mask(rows: Rows, count: int) -> Mask:
    mask = np.zeros(count, dtype=np.bool_)
    mask[rows] = True
    return mask
