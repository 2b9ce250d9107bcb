"""What the finders, the confirmation and the window say of a slice."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import numpy as np

from dataimp_gui.core.metrics import Interval
from dataimp_gui.core.model import Rows

CONFIRMED_BELOW: Final = 0.01
WEAK_BELOW: Final = 0.05


class Source(StrEnum):
    """Who came up with a slice."""

    SAVED = "saved"
    RULES = "rules"
    TREE = "tree"
    CLUSTERS = "clusters"
    CONFUSION = "confusion"
    WORDS = "words"


class Status(StrEnum):
    """Whether a slice fails more often than the rest on examples that the search did not see."""

    CONFIRMED = "confirmed"
    WEAK = "weak"
    CHANCE = "by chance"
    CHECKING = "checking"
    """Chosen by a search that has not tested it yet."""


@dataclass(frozen=True, eq=False)
class Slice:
    """A subset of the examples: those a WHERE clause selects today, or, without one, the fixed ``rows``."""

    name: str
    where: str = ""
    rows: Rows | None = None
    why: str = ""
    source: Source = Source.SAVED


@dataclass(frozen=True, slots=True)
class Measured:
    """How a run does on a slice, over its ``n`` examples that have a label and a prediction and are not excluded.

    Rates are None where nothing was counted. ``lift`` is the error rate over that of all examples in scope.
    ``fixable`` is how many errors would go away if the slice failed as often as the rest does, at least 0;
    ``headroom`` is the same in accuracy over all, in [0, 1]. ``loss`` is the cost of its confusions, in the units of
    the contract. ``p`` is one-sided, of failing more often than the rest; ``p_adjusted`` after Benjamini and Hochberg
    over all that were tried together. ``held_out`` says that both come from examples that no search looked at.
    """

    slice: Slice
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
    p_adjusted: float | None
    status: Status
    held_out: bool
    reason: str = ""

    def to_json(self, ids: list[str] | None = None) -> dict[str, Any]:
        """The keys that ``dataimp slices --json`` prints; ``ids`` only where the slice has no rule."""
        return {
            "name": self.slice.name,
            "where": self.slice.where or None,
            "ids": ids,
            "n": self.n,
            "errors": self.errors,
            "error_rate": self.error_rate,
            "ci": list(self.ci) if self.ci else None,
            "lift": self.lift,
            "share_of_errors": self.share_of_errors,
            "headroom": self.headroom,
            "p_adjusted": self.p_adjusted,
            "confirmed": self.status is Status.CONFIRMED,
            "source": self.slice.source.value,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class Found:
    """What one search brought: ``slices`` best first, of ``tried`` candidates; ``notes`` are sentences for a person.

    ``n`` and ``errors`` are those of the whole scope.
    """

    slices: tuple[Measured, ...]
    tried: int
    n: int
    errors: int
    where: str = ""
    run: str = ""
    notes: tuple[str, ...] = ()


def status(p_adjusted: float | None) -> Status:
    if p_adjusted is None or not np.isfinite(p_adjusted) or p_adjusted >= WEAK_BELOW:
        return Status.CHANCE
    return Status.CONFIRMED if p_adjusted < CONFIRMED_BELOW else Status.WEAK
