"""How the figures of a slice are written."""

from typing import Final

from dataimp_gui.core.slices.slice import Measured, Source, Status
from dataimp_gui.core.slicing.difference import Difference

SOURCES: Final = {
    Source.SAVED: "Saved",
    Source.RULES: "Rules",
    Source.TREE: "Tree",
    Source.CLUSTERS: "Clusters",
    Source.CONFUSION: "Confusion",
    Source.WORDS: "Words",
}
BADGES: Final = {
    Status.CONFIRMED: ("ok", "check"),
    Status.WEAK: ("warn", "warning"),
    Status.CHANCE: ("", "minus"),
    Status.CHECKING: ("", "clock"),
}
_ON_ALL: Final = (
    "Tested on all examples, as no search kept half of them aside: who chose the rule by its errors believes too much"
)
ABOUT: Final = {
    Status.CONFIRMED: "Fails more often than the rest also on examples that the search did not see (adjusted p < 0.01)",
    Status.WEAK: "Likely fails more often than the rest (adjusted p < 0.05)",
    Status.CHANCE: "No more errors than chance would give among so many slices that were tried",
    Status.CHECKING: "Found in the half that is searched; the other half is about to say whether it repeats",
}
NOT_SEARCHED: Final = {
    Status.CONFIRMED: f"Fails more often than the rest (adjusted p < 0.01). {_ON_ALL}",
    Status.WEAK: f"Likely fails more often than the rest (adjusted p < 0.05). {_ON_ALL}",
    Status.CHANCE: "No more errors than chance would give",
}
NONE: Final = "–"


def percent(value: float | None) -> str:
    return NONE if value is None else f"{100 * value:.1f}%"


def times(value: float | None) -> str:
    return NONE if value is None else f"{value:.1f}×"


def chance(p: float | None) -> str:
    if p is None:
        return NONE
    return "< 0.0001" if p < 0.0001 else f"{p:.4f}" if p < 0.01 else f"{p:.3f}"


def interval(measured: Measured) -> str:
    if measured.ci is None:
        return NONE
    low, high = measured.ci
    return f"{100 * low:.1f} to {100 * high:.1f}%"


def examples(count: int) -> str:
    return f"{count:,} example" if count == 1 else f"{count:,} examples"


def errors(count: int) -> str:
    return f"{count:,} error" if count == 1 else f"{count:,} errors"


def about(measured: Measured) -> str:
    """What its status means."""
    return (ABOUT if measured.held_out or measured.status is Status.CHECKING else NOT_SEARCHED)[measured.status]


def sentences(*said: str) -> str:
    """One after the other, each once, with a full stop."""
    return " ".join(f"{each.rstrip('.')}." for each in dict.fromkeys(said) if each)


def change(found: Difference) -> str:
    """ "The error fell by 3.1 points (95 % interval −5.2 to −1.0) on the same 531 examples." """
    if found.change is None or found.ci is None:
        return "They have no example in common."
    low, high = (f"{100 * bound:+.1f}".replace("-", "−") for bound in found.ci)
    interval = f"(95 % interval {low} to {high})"
    on = f"on the same {found.n:,} examples" if found.n > 1 else "on the same example"
    if found.ci[0] <= 0 <= found.ci[1]:
        return f"No clear change: {100 * found.change:+.1f} points {interval} {on}.".replace("-", "−")
    went = "fell" if found.change < 0 else "rose"
    return f"The error {went} by {100 * abs(found.change):.1f} points {interval} {on}."
