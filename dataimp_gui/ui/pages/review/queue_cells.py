"""What the strip below an example says of each one of the queue: what it looks like, what was decided on it."""

from collections.abc import Callable, Iterable
from typing import Final

from dataimp_gui.core.reviewing import Decision, Verb
from dataimp_gui.ui.pages.review.queue_strip import Cell
from dataimp_gui.ui.pages.review.tally import SIGNS
from dataimp_gui.ui.pages.review.walk import Walk

LABELLING: Final = (Verb.ACCEPT, Verb.RELABEL, Verb.KEEP)
LAST: Final = {
    Verb.ACCEPT: "Accepted",
    Verb.RELABEL: "Relabelled to",
    Verb.KEEP: "Kept",
    Verb.EXCLUDE: "Excluded",
    Verb.FLAG: "Flagged",
    Verb.SKIP: "Skipped",
}
Word = Callable[[int], str]  # a label by its code


def cells(walk: Walk, places: Iterable[int], word: Word) -> list[Cell]:
    return [_cell(walk, place, word) for place in places]


def label_of(decision: Decision, word: Word) -> str:
    """The label that was decided on, if one was."""
    return word(decision.label) if decision.verb in LABELLING else ""


def _cell(walk: Walk, place: int, word: Word) -> Cell:
    row, frame = int(walk.rows[place]), walk.frame_at(place)
    face = frame.picture if frame is not None and frame.picture is not None else frame.text if frame else None
    broken = row in walk.unreadable or (frame is not None and bool(frame.missing))
    decision = walk.decided.get(row)
    if decision is not None:
        words = label_of(decision, word) or LAST[decision.verb]
        return Cell(place, face, "Now" if place == walk.place else words, *SIGNS[decision.verb], broken=broken)
    if place == walk.place:
        return Cell(place, face, "Now", broken=broken)
    issue = frame.issue if frame is not None and not walk.blind else None
    return Cell(place, face, f"{issue.severity:.0%}" if issue else "", broken=broken)
