"""What a person can decide on one example of a queue, and what each decision changes."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from dataimp_gui.core import edits
from dataimp_gui.core.model import Codes, IssueKind, Rows

FLAGGED: Final = "flagged"
"""The tag that says: look at this one again."""

OUT: Final = -2
"""In place of a label code: the example is not to be used at all."""


class Verb(StrEnum):
    ACCEPT = "accept"  # the suggested label
    RELABEL = "relabel"  # another one
    KEEP = "keep"  # today's
    EXCLUDE = "exclude"
    FLAG = "flag"  # for somebody else, or later
    SKIP = "skip"


UNSURE: Final = (Verb.FLAG, Verb.SKIP)
"""These say nothing about the label."""


@dataclass(frozen=True, slots=True)
class Decision:
    """``before``, ``label`` and ``suggested`` are label codes, -1 for none; ``label`` is what it had afterwards.

    ``blind``: label, prediction and suggestion were hidden. ``edit`` is the number of its edit, 0 when nothing became
    different.
    """

    number: int
    row: int
    reviewer: str
    verb: Verb
    before: int
    label: int
    suggested: int
    blind: bool
    edit: int
    at: str

    @property
    def answer(self) -> int | None:
        """What this says the example is: a label code, `OUT`, or None for `UNSURE`."""
        if self.verb in UNSURE:
            return None
        return OUT if self.verb is Verb.EXCLUDE else self.label


def wishes(verb: Verb, label: str, kind: IssueKind | None) -> list[tuple[str, str | bool]]:
    """The values that a decision gives its example, by column. Whatever was looked at and settled is reviewed."""
    match verb:
        case Verb.ACCEPT | Verb.RELABEL:
            return [(edits.LABEL, label), (edits.REVIEWED, True)]
        case Verb.KEEP:
            kept: list[tuple[str, str | bool]] = [(edits.KEPT + kind, True)] if kind else []
            return [*kept, (edits.REVIEWED, True)]
        case Verb.EXCLUDE:
            return [(edits.EXCLUDED, True), (edits.REVIEWED, True)]
        case Verb.FLAG:
            return [(edits.TAG + FLAGGED, True)]
        case Verb.SKIP:
            return []


def verb_of(label: int, *, before: int, suggested: int) -> Verb:
    """What giving a label means: keeping today's, accepting the suggested one, or neither."""
    if label == before:
        return Verb.KEEP
    return Verb.ACCEPT if label == suggested else Verb.RELABEL


def answers(decisions: Iterable[Decision]) -> tuple[Rows, Codes]:
    """Rows, ascending, and the last answer to each; those without one are left out."""
    last = {decision.row: decision.answer for decision in decisions}
    said = sorted((row, answer) for row, answer in last.items() if answer is not None)
    rows = np.array([row for row, _ in said], dtype=np.int64)
    return rows, np.array([answer for _, answer in said], dtype=np.int32)
