"""Which lines of the table are shown and in which order."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from dataimp_gui.core.slices.slice import Status
from dataimp_gui.ui.pages.slices.board import Kind, Line

_STATUS: Final = {Status.CONFIRMED: 2, Status.WEAK: 1, Status.CHECKING: 0, Status.CHANCE: -1}
_KEYS: Final[dict[str, Callable[[Line], float | str | None]]] = {
    "name": lambda line: line.name.casefold(),
    "size": lambda line: line.measured.n,
    "error": lambda line: line.measured.error_rate,
    "interval": lambda line: line.measured.ci[0] if line.measured.ci else None,
    "lift": lambda line: line.measured.lift,
    "share": lambda line: line.measured.share_of_errors,
    "fixable": lambda line: line.measured.fixable,
    "cost": lambda line: line.measured.loss,
    "p": lambda line: line.measured.p_adjusted,
    "status": lambda line: _STATUS[line.measured.status],
    "source": lambda line: line.slice.source.value,
}
RISING: Final = frozenset({"name", "p", "source"})
"""Columns whose first click sorts upwards."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """``typed`` is looked for in names and rules; slices below ``least`` examples are left out."""

    kind: Kind = Kind.ALL
    typed: str = ""
    least: int = 0
    hides_overlapping: bool = True
    order: str = "fixable"
    descending: bool = True

    def apply(self, lines: Sequence[Line]) -> list[Line]:
        shown = [line for line in lines if self._shows(line)]
        key = _KEYS[self.order]
        known = [line for line in shown if key(line) is not None]
        known.sort(key=key, reverse=self.descending)  # type: ignore[arg-type]
        return known + [line for line in shown if key(line) is None]

    def _shows(self, line: Line) -> bool:
        if self.kind is not Kind.ALL and line.is_saved != (self.kind is Kind.SAVED):
            return False
        if self.hides_overlapping and line.under and not line.is_saved:
            return False
        needle = self.typed.strip().casefold()
        if needle and needle not in line.name.casefold() and needle not in line.slice.where.casefold():
            return False
        return line.is_saved or line.measured.n >= self.least


def written(arrangement: Arrangement) -> str:
    """What is remembered until the next time."""
    now = arrangement
    return json.dumps({"least": now.least, "hides": now.hides_overlapping, "kind": now.kind.value})


def read(remembered: str) -> Arrangement | None:
    """None for what `written` did not write."""
    try:
        found = json.loads(remembered)
        least, hides = max(0, int(found["least"])), bool(found["hides"])
        return Arrangement(Kind(found["kind"]), least=least, hides_overlapping=hides)
    except (ValueError, KeyError, TypeError):
        return None
