"""How much more or less a slice fails than before: by another run, or by the labels of another version."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from dataimp_gui.core.evaluate.compare import mcnemar
from dataimp_gui.core.metrics import Interval, wilson
from dataimp_gui.core.model import Mask
from dataimp_gui.core.slicing.measuring import OfRun


@dataclass(frozen=True, slots=True)
class Difference:
    """Error rates over the ``n`` examples of a slice that count both before and after; ``change`` is after less before.

    ``ci`` covers the change 95 times in 100, ``p`` is McNemar's, two-sided. All but ``n`` are None where ``n`` is 0.
    """

    n: int
    before: float | None
    after: float | None
    change: float | None
    ci: Interval | None
    p: float | None

    def to_json(self) -> dict[str, Any]:
        return {
            "n": self.n,
            "before": self.before,
            "after": self.after,
            "change": self.change,
            "ci": list(self.ci) if self.ci else None,
            "p": self.p,
        }


def difference(before: OfRun, after: OfRun) -> Difference:
    """Of two looks at the same slice."""
    both = before.counted & after.counted
    first, second = before.wrong[both], after.wrong[both]
    if not len(first):
        return Difference(0, None, None, None, None, None)
    one, two = float(first.mean()), float(second.mean())
    return Difference(
        len(first), one, two, two - one, paired_interval(first, second), mcnemar(~first[None], ~second[None])
    )


def paired_interval(before: Mask, after: Mask) -> Interval:
    """Covers the difference of two rates of the same examples, flags (n,), in 95 of 100 samples.

    From the score intervals of both rates and their correlation (Newcombe 1998, method 10): it has a width also
    where no example changed.
    """
    n, first, second = len(before), int(before.sum()), int(after.sum())
    same, up, down, neither = (
        int(np.count_nonzero(flags)) for flags in (before & after, ~before & after, before & ~after, ~before & ~after)
    )
    one, two = wilson(first, n), wilson(second, n)
    assert one is not None
    assert two is not None
    product = same * neither - up * down
    together = max(0.0, product - n / 2) if product > 0 else float(product)
    spread = (float(first) * (n - first) * second * (n - second)) ** 0.5
    phi = together / spread if spread else 0.0
    p, q = first / n, second / n
    low = _joined(q - two[0], one[1] - p, phi)
    high = _joined(two[1] - q, p - one[0], phi)
    return max(-1.0, q - p - low), min(1.0, q - p + high)


def _joined(a: float, b: float, phi: float) -> float:
    return float(max(0.0, a * a - 2 * phi * a * b + b * b) ** 0.5)
