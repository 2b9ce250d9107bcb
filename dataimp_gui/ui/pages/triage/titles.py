"""What columns are called on the screen: statistics and scores by their titles, everything else by its name."""

from collections.abc import Iterable
from typing import Any, Final

from dataimp_gui.ui.pages.triage.issue_words import WORDS

PLAIN: Final = {
    "id": "Id",
    "label": "Label",
    "given_label": "Given label",
    "edited": "Edited",
    "split": "Split",
    "note": "Note",
    "excluded": "Excluded",
    "reviewed": "Reviewed",
    "predicted": "Predicted",
    "confidence": "Confidence",
    "error": "Error",
    "correct": "Correct",
    "suggested": "Suggested label",
    "similarity": "Similarity",
}
SCORES: Final = {f"issue_{kind}": f"{kind.capitalize()} issue" for kind in WORDS}
FALLING: Final = (*SCORES, "similarity")
"""Columns whose highest values are what one wants to see first."""

WORDLESS: Final = ("share", "characters")
"""Units that a number is read with anyway."""


class Titles:
    def __init__(self, statistics: Iterable[Any] = ()) -> None:
        """``statistics`` have a name, a title, a unit and a sentence about them."""
        self._measures = {each.name: each for each in statistics}

    def of(self, column: str) -> str:
        known = self.of_measure(column)
        return known or SCORES.get(column) or PLAIN.get(column, column)

    def is_finding(self, column: str) -> bool:
        """Whether it is a score or a suggestion, which stand elsewhere with their reasons."""
        return column in SCORES or column in ("suggested", "similarity")

    def of_measure(self, column: str) -> str:
        """Of a statistic, with its unit; empty for other columns."""
        measure = self._measures.get(column)
        if measure is None:
            return ""
        return f"{measure.title} ({measure.unit})" if measure.unit else str(measure.title)

    def plain(self, column: str) -> str:
        """Without the unit, which then stands beside the value."""
        measure = self._measures.get(column)
        return self.of(column) if measure is None else str(measure.title)

    def with_unit(self, column: str, value: str) -> str:
        measure = self._measures.get(column)
        unit = str(measure.unit) if measure else ""
        return f"{value} {unit}" if unit and unit not in WORDLESS else value

    def about(self, column: str) -> str:
        measure = self._measures.get(column)
        return str(measure.about) if measure else ""
