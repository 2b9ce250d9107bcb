"""A WHERE clause as a list of conditions, so that facets and brushes can read and change a text that was typed by hand.

Only conditions of the few forms that the window writes itself are understood; everything else is kept as it stands.
"""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from dataimp_gui.core.model import IssueKind

OUTCOME: Final = "outcome"  # not a column: the flags ``error`` and ``correct`` as two values of one question
TAGS: Final = "tags"
ISSUES: Final = "issues"  # not a column: the columns ``issue_<kind>``, each as one value, had by who has a score there
SLICES: Final = "slice"  # not a column: the saved slices that an example is in, as long as no column has that name
SEARCHED: Final = ("id", "text", "media")  # the columns that plain words are looked for in
RUNS: Final = "runs"  # not a column: what became of an example from the run that is compared with to the current one
BROKEN, FIXED, CHANGED = "broken", "fixed", "changed"
_RUNS: Final = {
    BROKEN: "(error and label = predicted_before)",
    FIXED: "(correct and label <> predicted_before)",
    CHANGED: "(predicted <> predicted_before)",
}

Value = str | None
"""A value of a text column; None where it is empty."""

_TOKEN: Final = re.compile(
    r"""\s+|'(?:[^']|'')*'?|"(?:[^"]|"")*"?|\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?|\w+|<>|!=|<=|>=|==|."""
)
_PLAIN_NAME: Final = re.compile(r"[a-z_][a-z0-9_]*")
_WORDS: Final = """
all and any as asc between by case cast desc distinct else end exists false from group having in is like limit not null
on or order select table then to true union using when where with
"""
_KEYWORDS: Final = frozenset(_WORDS.split())


def quote(text: str) -> str:
    """A text value as SQL."""
    return "'" + text.replace("'", "''") + "'"


def name(column: str) -> str:
    """A column as SQL: bare where that is safe, else in double quotes."""
    if _PLAIN_NAME.fullmatch(column) and column not in _KEYWORDS:
        return column
    return '"' + column.replace('"', '""') + '"'


def number(value: float) -> str:
    return f"{value:.9g}"


def holding(word: str, places: Sequence[str]) -> str:
    """What a plain word asks for: that one of some columns of text has it."""
    if re.search(r"[%_\\]", word):  # signs of a pattern
        either = " or ".join(f"contains(lower({place}), {quote(word.lower())})" for place in places)
    else:
        either = " or ".join(f"{place} ilike {quote(f'%{word}%')}" for place in places)
    return f"({either})" if len(places) > 1 else either


def held(condition: str) -> str:
    """The plain word that a condition of `holding` was made of, or nothing."""
    found = re.search(r"'((?:[^']|'')*)'", condition)
    if found is None:
        return ""
    written = found[1].replace("''", "'")
    places = [place for place in SEARCHED if re.search(rf"\b{place}( ilike |\), )'", condition)]
    words = (written, written[1:-1])  # as it is, or between two percent signs
    return next((word for word in words if word and places and holding(word, places) == condition), "")


@dataclass(frozen=True, slots=True)
class Condition:
    """One part of the clause. ``column`` is empty where the form is not one of ours."""

    text: str
    column: str = ""
    chosen: frozenset[Value] = frozenset()
    refused: frozenset[Value] = frozenset()
    between: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Where:
    """The conditions of a clause, all of which must hold."""

    conditions: tuple[Condition, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "Where":
        return cls(tuple(_understand(part) for part in _split(text)))

    def __str__(self) -> str:
        return " and ".join(condition.text for condition in self.conditions)

    def chosen(self, column: str) -> frozenset[Value]:
        return frozenset().union(*(c.chosen for c in self._of(column)))

    def refused(self, column: str) -> frozenset[Value]:
        return frozenset().union(*(c.refused for c in self._of(column)))

    def between(self, column: str) -> tuple[float, float] | None:
        ranges = [c.between for c in self._of(column) if c.between]
        return ranges[-1] if ranges else None

    def without(self, column: str) -> "Where":
        return Where(tuple(c for c in self.conditions if c.column.lower() != column.lower()))

    def drop(self, position: int) -> "Where":
        return Where(self.conditions[:position] + self.conditions[position + 1 :])

    def choose(self, column: str, chosen: Iterable[Value], refused: Iterable[Value] = ()) -> "Where":
        """The clause with these values of ``column`` asked for and kept out, in place of what it said of them."""
        parts = [_wanted(column, sorted(set(chosen), key=_order))] if chosen else []
        parts += [_unwanted(column, value) for value in sorted(set(refused), key=_order)]
        return self._put(column, parts)

    def pick(self, column: str, value: Value, add: bool, refuse: bool) -> "Where":
        """The clause after a click on a value: only it, or none if it was alone; ``add`` keeps the others beside it,
        ``refuse`` keeps it out. A second such click takes that back."""
        chosen, refused = self.chosen(column), self.refused(column)
        if refuse:
            return self.choose(column, chosen - {value}, refused ^ {value})
        if add:
            return self.choose(column, chosen ^ {value}, refused - {value})
        return self.choose(column, () if chosen == {value} else (value,))

    def narrow(self, column: str, low: float, high: float) -> "Where":
        """The clause with ``column`` between two numbers, rounded outwards to 3 digits of their distance."""
        step = 10.0 ** (math.floor(math.log10(high - low)) - 2) if high > low else 0.0
        if step:
            low, high = math.floor(low / step + 1e-6) * step, math.ceil(high / step - 1e-6) * step
        return self._put(column, [f"{name(column)} between {number(low)} and {number(high)}"])

    def _of(self, column: str) -> Iterable[Condition]:
        return (c for c in self.conditions if c.column.lower() == column.lower())

    def _put(self, column: str, parts: Sequence[str]) -> "Where":
        fresh = [_understand(part) for part in parts]
        at = next(
            (i for i, c in enumerate(self.conditions) if c.column.lower() == column.lower()), len(self.conditions)
        )
        kept = self.without(column).conditions
        at = min(at, len(kept))
        return Where((*kept[:at], *fresh, *kept[at:]))


def _order(value: Value) -> str:
    return "" if value is None else value


def _wanted(column: str, values: Sequence[Value]) -> str:
    texts = [value for value in values if value is not None]
    if column == OUTCOME:
        return texts[0] if len(texts) == 1 else "(error or correct)"
    listed = ", ".join(quote(text) for text in texts)
    if column == RUNS:
        either = " or ".join(_RUNS[text] for text in texts)
        return either if len(texts) == 1 else f"({either})"
    if column == ISSUES:
        some = " or ".join(f"issue_{kind} is not null" for kind in texts)
        return some if len(texts) == 1 else f"({some})"
    if column == TAGS:
        return f"{listed} in tags" if len(texts) == 1 else f"list_has_any(tags, [{listed}])"
    some = f"{name(column)} = {listed}" if len(texts) == 1 else f"{name(column)} in ({listed})"
    if len(texts) == len(values):
        return some
    return f"({some} or {name(column)} is null)" if texts else f"{name(column)} is null"


def _unwanted(column: str, value: Value) -> str:
    if column == OUTCOME:
        return f"not {value}"
    if column == RUNS:
        return f"{_RUNS[value or '']} is not true"
    if column == ISSUES:
        return f"issue_{value} is null"
    if column == SLICES and value is not None:
        return f"{SLICES} <> {quote(value)}"
    if column == TAGS:
        return f"{quote(value or '')} not in tags"
    return f"{name(column)} is not null" if value is None else f"{name(column)} is distinct from {quote(value)}"


def _tokens(text: str) -> list[tuple[int, int, str]]:
    """Start, end and text of every word, number, string and sign."""
    return [(m.start(), m.end(), m.group()) for m in _TOKEN.finditer(text) if not m.group().isspace()]


def _split(text: str) -> list[str]:
    """The text cut at every AND that stands on the top level; one piece where an OR stands there."""
    if not text.strip():
        return []
    depth, between, start, parts = 0, 0, 0, []
    for begin, end, token in _tokens(text):
        match token.lower():
            case "(" | "[" | "case":
                depth += 1
            case ")" | "]" | "end":
                depth -= 1
            case "between" if depth == 0:
                between += 1
            case "and" if depth == 0 and between:
                between -= 1
            case "and" if depth == 0:
                parts.append(text[start:begin].strip())
                start = end
            case "or" if depth == 0:
                return [f"({text.strip()})"]
    return [*parts, text[start:].strip()]


def _understand(text: str) -> Condition:
    """What a single condition asks, where it has one of the forms that ``choose`` and ``narrow`` write."""
    known = _OF_RUNS.get(_key(text))
    return Condition(text, RUNS, *known) if known else _understood(text)


def _understood(text: str) -> Condition:
    words = [token for _, _, token in _tokens(text)]
    if words and words[0] == "(" and words[-1] == ")" and text.startswith("(") and text.endswith(")"):
        inner = _either(words[1:-1])
        if inner is not None:
            return Condition(text, inner[0], chosen=inner[1])
    match [word if word[:1] in "'\"" else word.lower() for word in words]:
        case [("error" | "correct") as flag]:
            return Condition(text, OUTCOME, chosen=frozenset({flag}))
        case ["not", ("error" | "correct") as flag]:
            return Condition(text, OUTCOME, refused=frozenset({flag}))
        case [value, "in", "tags"] if _is_text(value):
            return Condition(text, TAGS, chosen=frozenset({_text(value)}))
        case [value, "not", "in", "tags"] if _is_text(value):
            return Condition(text, TAGS, refused=frozenset({_text(value)}))
        case ["list_has_any", "(", "tags", ",", "[", *values, "]", ")"] if (listed := _list(values)) is not None:
            return Condition(text, TAGS, chosen=listed)
        case [scored, "is", *sign, "null"] if (kind := _kind(scored)) and sign in ([], ["not"]):
            found = frozenset({kind})
            return Condition(text, ISSUES, found) if sign else Condition(text, ISSUES, refused=found)
        case [_, "is", "not", "null"] if column := _column(words[0]):
            return Condition(text, column, refused=frozenset({None}))
        case [_, "is", "distinct", "from", value] | ["slice", "<>", value] if _is_text(value) and (
            column := _column(words[0])
        ):
            return Condition(text, column, refused=frozenset({_text(value)}))
        case [_, "between", *bounds] if (between := _bounds(bounds)) and (column := _column(words[0])):
            return Condition(text, column, between=between)
        case _:
            one = _choice(words)
            return Condition(text, one[0], chosen=one[1]) if one else Condition(text)


def _key(text: str) -> tuple[str, ...]:
    return tuple(token.lower() for _, _, token in _tokens(text))


_OF_RUNS: Final = {
    _key(_wanted(RUNS, values)): (frozenset[Value](values), frozenset[Value]())
    for amount in (1, 2, 3)
    for values in combinations(sorted(_RUNS), amount)
} | {_key(_unwanted(RUNS, value)): (frozenset[Value](), frozenset[Value]({value})) for value in _RUNS}


def _either(words: Sequence[str]) -> tuple[str, frozenset[Value]] | None:
    lowered = [word.lower() for word in words]
    if lowered == ["error", "or", "correct"]:
        return OUTCOME, frozenset({"error", "correct"})
    if "or" not in lowered:
        return None
    if (kinds := [_kind(word) for word in lowered[::5]]) and all(kinds):
        form = [f"issue_{kind} is not null or".split() for kind in kinds]
        if lowered == [word for part in form for word in part][:-1]:
            return ISSUES, frozenset(kinds)
    at = lowered.index("or")
    left, right = _choice(words[:at]), _choice(words[at + 1 :])
    if left and right and left[0] == right[0]:
        return left[0], left[1] | right[1]
    return None


def _choice(words: Sequence[str]) -> tuple[str, frozenset[Value]] | None:
    if len(words) < 3 or not (column := _column(words[0])):
        return None
    match [word.lower() if word[:1] != "'" else word for word in words[1:]]:
        case ["=" | "==", value] if _is_text(value):
            return column, frozenset({_text(value)})
        case ["is", "null"]:
            return column, frozenset({None})
        case ["in", "(", *values, ")"] if (listed := _list(values)) is not None:
            return column, listed
    return None


def _kind(word: str) -> str:
    """The kind of issue whose score a column holds, or nothing."""
    kind = word.lower().removeprefix("issue_")
    return kind if kind in tuple(IssueKind) and kind != word.lower() else ""


def _is_text(token: str) -> bool:
    return len(token) >= 2 and token[0] == token[-1] == "'"


def _text(token: str) -> str:
    return token[1:-1].replace("''", "'")


def _list(tokens: Sequence[str]) -> frozenset[Value] | None:
    values, commas = tokens[::2], tokens[1::2]
    if not values or any(c != "," for c in commas) or len(commas) != len(values) - 1 or not all(map(_is_text, values)):
        return None
    return frozenset(_text(value) for value in values)


def _column(token: str) -> str:
    """The column that a word names, or nothing. Words of the language are no columns."""
    if len(token) > 2 and token[0] == token[-1] == '"':
        return token[1:-1].replace('""', '"')
    lowered = token.lower()
    return token if re.fullmatch(r"[^\W\d]\w*", token) and lowered not in _KEYWORDS else ""


def _bounds(tokens: Sequence[str]) -> tuple[float, float] | None:
    joined = "".join(tokens).lower()
    match = re.fullmatch(r"(-?[\d.]+(?:e[+-]?\d+)?)and(-?[\d.]+(?:e[+-]?\d+)?)", joined)
    try:
        return (float(match[1]), float(match[2])) if match else None
    except ValueError:
        return None
