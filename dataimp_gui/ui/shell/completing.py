"""What can stand at a place of a clause: columns, signs, values and tags; and what plain words are taken for."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from dataimp_gui.core.model import ColumnInfo
from dataimp_gui.ui.clauses import SEARCHED, holding, name, quote

MOST: Final = 50
_TOKEN: Final = re.compile(r"'(?:[^']|'')*'?|\"(?:[^\"]|\"\")*\"?|\d+\.?\d*|\w+|<>|!=|<=|>=|\S")
_WORD: Final = re.compile(r"[\w.@#:/-]+")
_STARTS: Final = frozenset(["", "and", "or", "not", "(", "when", "then", "else", "case"])
_COMPARES: Final = frozenset(["=", "==", "!=", "<>", "<", ">", "<=", ">=", "from", "like", "ilike"])
_LANGUAGE: Final = _STARTS | {
    "in",
    "is",
    "null",
    "between",
    "like",
    "ilike",
    "distinct",
    "from",
    "true",
    "false",
    "end",
}
_SIGNS: Final = {
    "text": ("= ", "!= ", "in (", "ilike '%", "is null", "is not null"),
    "number": ("> ", "< ", ">= ", "<= ", "= ", "between ", "is null", "is not null"),
    "time": ("> ", "< ", "between ", "is null"),
    "flag": ("", "= false"),
    "list": ("",),
}

Values = Callable[[str], "Sequence[str] | None"]
"""The values of a text column, most frequent first; None while they are not known yet."""


@dataclass(frozen=True, slots=True)
class Offer:
    """``insert`` takes the place of what was begun; ``about`` says what it is."""

    insert: str
    about: str


@dataclass(frozen=True, slots=True)
class Offers:
    """What can stand in the text from ``start`` for ``length`` characters.

    ``missing`` is a column whose values would be offered if they were known.
    """

    start: int
    length: int
    offers: tuple[Offer, ...] = ()
    missing: str = ""


def offers(text: str, cursor: int, columns: Sequence[ColumnInfo], values: Values) -> Offers:
    """At ``cursor``, after what stands before it."""
    before = [(found.start(), found.group()) for found in _TOKEN.finditer(text[:cursor])]
    start, begun = cursor, ""
    if before and not text[cursor - 1].isspace() and (before[-1][1][0].isalnum() or before[-1][1][0] in "_'\""):
        start, begun = before.pop()
    length = cursor - start
    words = [word for _, word in before]
    known = {column.name.lower(): column for column in columns}
    last = words[-1].lower() if words else ""
    column = _column_before(words, known)
    if column is not None and (begun.startswith("'") or last in _COMPARES or last in ("(", ",")):
        found = values(column.name)
        if column.type not in ("text", "list"):
            return Offers(start, length)
        if found is None:
            return Offers(start, length, missing=column.name)
        wanted = begun.strip("'").replace("''", "'").lower()
        shown = _ranked(found, wanted)
        return Offers(start, length, tuple(Offer(quote(value), column.name) for value in shown))
    if begun.startswith("'"):
        return _tags(start, length, begun, values)
    if last in _STARTS and not begun.startswith("'"):
        wanted = begun.strip('"').lower()
        shown = _ranked([column.name for column in columns], wanted)
        return Offers(start, length, tuple(Offer(name(one), _about(known[one.lower()])) for one in shown))
    here = known.get(last.strip('"'))
    if here is not None:
        signs = [sign for sign in _SIGNS.get(here.type, ()) if sign and sign.startswith(begun.lower())]
        more = [word for word in ("and ", "or ") if word.startswith(begun.lower())] if here.type == "flag" else []
        return Offers(start, length, tuple(Offer(sign, "") for sign in (*signs, *more)))
    if words and last not in _LANGUAGE:
        lone = last.startswith("'") and column is None
        follow = ("in tags", "not in tags") if lone else ("and ", "or ")
        return Offers(start, length, tuple(Offer(word, "") for word in follow if word.startswith(begun.lower())))
    return Offers(start, length)


def _tags(start: int, length: int, begun: str, values: Values) -> Offers:
    """``'x' in tags``: a text with nothing before it that it could be compared with."""
    found = values("tags")
    if found is None:
        return Offers(start, length, missing="tags")
    return Offers(
        start, length, tuple(Offer(f"{quote(tag)} in tags", "tag") for tag in _ranked(found, begun.strip("'").lower()))
    )


def _column_before(words: Sequence[str], known: dict[str, ColumnInfo]) -> ColumnInfo | None:
    """The column that a value at the end would be compared with."""
    rest = [word.lower() for word in words]
    while rest and (rest[-1] in (",", "(") or rest[-1][0] in "'\"" or rest[-1].isdigit()):
        rest.pop()
    while rest and (rest[-1] in _COMPARES or rest[-1] in ("in", "not", "is", "distinct")):
        rest.pop()
    return known.get(rest[-1].strip('"')) if rest and len(rest) < len(words) else None


def _ranked(names: Sequence[str], wanted: str) -> list[str]:
    """Those that begin with it, then those that hold it, each in the order given."""
    begins = [one for one in names if one.lower().startswith(wanted)]
    holds = [one for one in names if wanted in one.lower() and not one.lower().startswith(wanted)]
    return [*begins, *holds][:MOST]


def _about(column: ColumnInfo) -> str:
    return {"state": "", "prediction": "prediction", "media": "statistic", "issue": "issue"}.get(
        column.kind, column.type
    )


def search(text: str, columns: Sequence[ColumnInfo]) -> str:
    """Plain words as a clause: each must stand in the id or in the text. Empty when they are not plain words.

    A text that names a column, has a word of the language, a quote or a sign of a comparison in it is a clause.
    """
    names = {column.name.lower() for column in columns}
    words = text.split()
    plain = bool(words) and all(_WORD.fullmatch(word) for word in words)
    if not plain or any(word.lower() in names or word.lower() in _LANGUAGE for word in words):
        return ""
    if all(re.fullmatch(r"[\d.]+", word) for word in words) and len(words) > 1:
        return ""
    places = [place for place in SEARCHED if place in names]
    return " and ".join(holding(word, places) for word in words)
