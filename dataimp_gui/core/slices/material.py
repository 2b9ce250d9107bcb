"""What a search for slices is given, and what the finders propose."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.engine import literal
from dataimp_gui.core.model import NONE, Codes, Mask, Rows
from dataimp_gui.core.query.words import written
from dataimp_gui.core.slices.slice import Source

Floats = npt.NDArray[np.float64]

LARGEST: Final = 0.25
"""Of all counted examples, at most so many are a slice: the larger it is, the less it says where to begin."""


@dataclass(frozen=True, eq=False)
class Column:
    """A column that rules may use: ``numbers`` float64 (n,), NaN where missing, or ``codes`` in ``words``, -1 missing.

    The words of a ``flag`` are ("false", "true"). ``sql`` is what a clause writes for it, by default its quoted name.
    """

    name: str
    numbers: Floats | None = None
    codes: Codes | None = None
    words: Sequence[str] = ()
    flag: bool = False
    sql: str = ""

    @property
    def written(self) -> str:
        return self.sql or written(self.name)


@dataclass(frozen=True, eq=False)
class Material:
    """What is known of n examples under one run.

    ``errors`` (n,) says where the prediction is not the label, ``counted`` which examples are looked at at all: those
    in scope with a label and a prediction. ``loss`` (n,) is what each prediction costs; None where an error costs 1
    and a right one nothing. ``vectors`` float32 (n, d) is an embedding, rows of NaN where there is none;
    ``texts`` gives the texts of rows. Examples of one of the ``groups`` (-1: of none) are never on both sides of the
    search.
    """

    columns: Mapping[str, Column]
    labels: Codes
    predicted: Codes
    classes: Sequence[str]
    errors: Mask
    counted: Mask
    loss: Floats | None = None
    vectors: npt.NDArray[np.float32] | None = None
    texts: Callable[[Rows], Sequence[str]] | None = None
    groups: Codes | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition on one column: a number in [low, high), a word, or that it is missing; ``negated``: another word,
    a missing one among them, or that it is not missing."""

    column: str
    low: float = -np.inf
    high: float = np.inf
    code: int = NONE
    missing: bool = False
    negated: bool = False

    def clause(self, column: Column) -> str:
        name = column.written
        if self.missing:
            return f"{name} IS {'NOT ' if self.negated else ''}NULL"
        if column.flag and not self.negated:
            return name if column.words[self.code] == "true" else f"NOT {name}"
        if column.codes is not None:
            value = column.words[self.code] if column.flag else literal(column.words[self.code])
            return f"{name} {'IS DISTINCT FROM' if self.negated else '='} {value}"
        bounds = [
            f"{name} {sign} {_number(value)}"
            for sign, value in ((">=", self.low), ("<", self.high))
            if np.isfinite(value)
        ]
        return " AND ".join(bounds) or f"{name} IS NOT NULL"

    def mask(self, column: Column, rows: Rows | None = None) -> Mask:
        """Which of ``rows``, of all by default, meet it: what the clause would select."""
        if column.codes is not None:
            codes = column.codes if rows is None else column.codes[rows]
            same: Mask = (codes == (NONE if self.missing else self.code)) != self.negated
            return same
        assert column.numbers is not None
        numbers = column.numbers if rows is None else column.numbers[rows]
        if self.missing:
            lacking: Mask = np.isnan(numbers) != self.negated
            return lacking
        found = ~np.isnan(numbers) if self.low == -np.inf else numbers >= self.low
        if self.high < np.inf:
            found &= numbers < self.high
        return found


Rule = tuple[Condition, ...]


@dataclass(frozen=True, eq=False)
class Proposal:
    """What a finder proposes after a look at the searched half: a ``rule``, or a ``mask`` (n,) over all examples with
    the clause that selects it, if one does. It is the best of ``tried``, or of ``choices`` if these are
    more: of all of its kind, where a finder looks at the likely ones only.
    """

    source: Source
    tried: int
    rule: Rule = ()
    mask: Mask | None = None
    where: str = ""
    name: str = ""
    why: str = ""
    choices: int = 0


@dataclass(frozen=True, eq=False)
class Candidate:
    """A slice that a search brought, by ``where`` or, without one, by ``rows``; ``mask`` (n,) is who is in it.

    ``p`` is one-sided, of failing more often than the rest among the examples that the search did not see;
    ``p_adjusted`` after Benjamini and Hochberg over all that were tested on them. Both are NaN before the test.
    """

    name: str
    where: str
    rows: Rows | None
    mask: Mask = field(repr=False)
    source: Source
    reason: str
    p: float
    p_adjusted: float


def rule_mask(material: Material, rule: Rule, rows: Rows | None = None) -> Mask:
    found = rule[0].mask(material.columns[rule[0].column], rows)
    for condition in rule[1:]:
        found &= condition.mask(material.columns[condition.column], rows)
    return found


def rule_clause(material: Material, rule: Rule) -> str:
    return " AND ".join(condition.clause(material.columns[condition.column]) for condition in rule)


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))
