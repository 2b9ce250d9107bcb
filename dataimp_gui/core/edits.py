"""What a person can change: an edit gives rows of one column new values, and applying it returns its inverse."""

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from dataimp_gui.core.model import Codes, Field, Rows
from dataimp_gui.errors import DataimpError

LABEL: Final = "label"
SPLIT: Final = "split"
NOTE: Final = "note"
EXCLUDED: Final = "excluded"
REVIEWED: Final = "reviewed"
TAG: Final = "tag:"
"""A tag is a column of its own, ``tag:NAME``, with the values 0 and 1."""

PRESENT: Final = "present"
"""Whether an example is there at all: 0 for one whose coming was undone, which nothing shows or counts."""

KEPT: Final = "kept:"
"""That issues of a kind are no matter of concern: a flag of its own for each, ``kept:KIND``."""

WORDED: Final = (LABEL, SPLIT, NOTE)
"""Columns whose values are codes in a vocabulary; the others are flags."""

SLICE: Final = "slice"
COSTS: Final = "costs"
GATES: Final = "gates"
POLICY: Final = "policy"
VERDICT: Final = "verdict"
OF_PROJECT: Final = (SLICE, COSTS, GATES, POLICY, VERDICT)
"""Columns of the project itself: a row is not an example but a place for one document, a word the text of it."""

PLACES: Final = 4096
"""Documents that such a column holds at most."""

MOST_OF_NAME: Final = 1000
MOST_OF_NOTE: Final = 100_000
"""Characters."""

_KEPT: Final = {
    "label": "with their label",
    "duplicate": "beside their duplicates",
    "conflict": "in spite of their conflict",
    "leak": "in their split",
    "outlier": "though unusual",
    "media": "with their media",
}

FIELDS: Final = {
    LABEL: Field.LABEL,
    SPLIT: Field.SPLIT,
    NOTE: Field.NOTE,
    EXCLUDED: Field.EXCLUDED,
    REVIEWED: Field.REVIEWED,
    PRESENT: ~(Field.SLICE | Field.NOTE | Field.VERSION),
    SLICE: Field.SLICE,
    COSTS: Field.COSTS,
    GATES: Field.VERSION,
    POLICY: Field.POLICY,
    VERDICT: Field.POLICY,
}


def field_of(column: str) -> Field:
    if column.startswith(KEPT):
        return Field.KEPT
    return Field.TAG if column.startswith(TAG) else FIELDS[column]


class Columns(Protocol):
    """What an edit is applied to."""

    def codes(self, column: str) -> Codes: ...

    def assign(self, column: str, rows: Rows, codes: Codes) -> None: ...


@dataclass(frozen=True, slots=True)
class Assign:
    """``rows`` (unique) of ``column`` get ``codes``, one each: positions in its vocabulary, or 0 and 1 for a flag."""

    column: str
    rows: Rows
    codes: Codes

    def narrowed(self, columns: Columns) -> "Assign":
        """Only the rows that would become different."""
        differs = columns.codes(self.column)[self.rows] != self.codes
        return Assign(self.column, self.rows[differs], self.codes[differs])

    def apply(self, columns: Columns) -> "Assign":
        """Write, and return the edit that undoes it."""
        before = columns.codes(self.column)[self.rows]
        columns.assign(self.column, self.rows, self.codes)
        return Assign(self.column, self.rows, before)


def assign(column: str, rows: Rows, code: int) -> Assign:
    """Every one of ``rows`` gets the same value. Raises TypeError for a mask: rows are positions."""
    given = np.asarray(rows)
    if given.size and not np.issubdtype(given.dtype, np.integer):
        raise TypeError(f"rows are positions, not {given.dtype}; of a mask they are numpy.flatnonzero(mask)")
    unique = np.unique(given.astype(np.int64))
    return Assign(column, unique, np.full(len(unique), code, dtype=np.int32))


def checked(what: str, text: str, most: int) -> str:
    """``text`` as it can be kept, shown and exported. Raises DataimpError, which calls it ``what``."""
    if len(text) > most:
        raise DataimpError(f"The {what} has {len(text):,} characters; {most:,} is the most.")
    if any(ord(letter) < 32 and letter not in "\t\n\r" for letter in text):
        raise DataimpError(f"The {what} has a control character in it.", hint="Take it out and try again.")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise DataimpError(f"The {what} has a broken character in it.", hint="Type it again as UTF-8 text.") from None
    return text


def name(what: str, text: str) -> str:
    """`checked`, for a new class, split or tag: one line with something to see."""
    if not text.strip() or not text.splitlines()[0] == text:
        raise DataimpError(f"A {what} needs at least one visible character and no line breaks.")
    return checked(what, text, MOST_OF_NAME)


def title(column: str, count: int, word: str | None) -> str:
    """What an edit did, for people. ``word`` is the value that all rows got, None when they got different ones."""
    if column.startswith((TAG, KEPT)):
        return _flag_title(column, count, on=word == "1")
    match column, word:
        case "label", None:
            return f"Relabelled {count:,}"
        case "label", "":
            return f"Cleared the label of {count:,}"
        case "label", _:
            return f"Relabelled {count:,} to {word}"
        case "split", "":
            return f"Took {count:,} out of their split"
        case "split", _:
            return f"Moved {count:,} to {word or 'other splits'}"
        case "note", "":
            return f"Removed the note of {count:,}"
        case "note", _:
            return f"Noted on {count:,}"
        case "excluded", "0":
            return f"Included {count:,}"
        case "excluded", _:
            return f"Excluded {count:,}"
        case "reviewed", "0":
            return f"Marked {count:,} as not reviewed"
        case _:
            return f"Marked {count:,} as reviewed"


def _flag_title(column: str, count: int, *, on: bool) -> str:
    if column.startswith(TAG):
        return f"{'Tagged' if on else 'Untagged'} {count:,} {column.removeprefix(TAG)}"
    what = _KEPT.get(column.removeprefix(KEPT), "as they are")
    return f"Kept {count:,} {what}" if on else f"No longer keeps {count:,} {what}"
