"""The types of a clause: what may meet what, and what text in quotes stands for beside a number, a time or a flag."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Final

from dataimp_gui.core.engine import EngineError, literal
from dataimp_gui.core.query import functions as f
from dataimp_gui.core.query.parsing import Ask, Node, place
from dataimp_gui.core.query.words import shown
from dataimp_gui.errors import QueryError

KINDS: Final = {
    f.TEXT: "text",
    f.NUMBER: "a number",
    f.FLAG: "true or false",
    f.TIME: "a time",
    f.LIST: "a list",
    f.INTERVAL: "a span of time",
    f.NULL: "nothing",
}
_SQL_TYPES: Final = {
    f.TEXT: "VARCHAR",
    f.NUMBER: "DOUBLE",
    f.FLAG: "BOOLEAN",
    f.TIME: "TIMESTAMP",
    f.LIST: "VARCHAR[]",
    f.INTERVAL: "INTERVAL",
}
_TIME_HINT: Final = "A time is written '2026-12-31' or '2026-12-31 18:30'."
_LONGEST_DECIMAL: Final = 30


@dataclass(frozen=True, slots=True)
class Term:
    """A part of a clause: its SQL and type, its text if it is text in quotes, and the node that it was read from."""

    sql: str
    type: str
    quoted: str | None = None
    clause: str = ""
    node: Node = field(default_factory=dict)

    def wrong(self, sentence: str, hint: str = "") -> QueryError:
        start, length = place(self.clause, self.node)
        return QueryError(sentence, hint=hint, start=start, length=length)

    @property
    def name(self) -> str:
        """How it was written, for a sentence."""
        start, length = place(self.clause, self.node)
        made_up = literal(self.quoted) if self.quoted is not None else "this"
        return shown(self.clause[start : start + length] if length else made_up)


def flag(term: Term) -> Term:
    """``term``, which must be true or false. Raises QueryError."""
    if term.type in (f.FLAG, f.NULL):
        return term
    comparison = {f.TEXT: "= 'x'", f.NUMBER: "> 0"}.get(term.type, "")
    hint = f"Compare it, for example: {term.name} {comparison}" if comparison and term.quoted is None else ""
    raise term.wrong(f"{term.name} is {KINDS[term.type]}, not a condition.", hint)


def common(terms: Sequence[Term]) -> str:
    """The type that all of ``terms`` shall have: text in quotes gives way to every other."""
    kinds = [term.type for term in terms if term.quoted is None and term.type != f.NULL]
    if kinds:
        return kinds[0]
    return f.TEXT if any(term.quoted is not None for term in terms) else f.NULL


def alike(terms: Sequence[Term], ask: Ask) -> list[str]:
    """SQL of each of ``terms``, all of one type. Raises QueryError naming the one that does not fit."""
    kind = common(terms)
    witness = next((term for term in terms if term.type == kind and term.quoted is None), None)
    return [fitted(term, kind, ask, witness) for term in terms]


def fitted(term: Term, kind: str, ask: Ask, witness: Term | None = None) -> str:
    """SQL of ``term`` as a ``kind``; ``witness`` is what asks for that kind. Raises QueryError when it cannot be."""
    if term.type == f.NULL:
        return f"CAST(NULL AS {_SQL_TYPES[kind]})" if kind in _SQL_TYPES else "NULL"
    if term.type == kind:
        return term.sql
    if term.quoted is not None and (sql := _unquoted(term.quoted, kind, ask)):
        return sql
    hint = _TIME_HINT if kind == f.TIME else ""
    if witness is None:
        raise term.wrong(f"{term.name} is {KINDS[term.type]}, where {KINDS[kind]} is needed.", hint)
    if kind == f.TEXT and term.type == f.NUMBER and term.node.get("class") == "CONSTANT":
        raise term.wrong(f"{witness.name} is text; write '{term.name}' in quotes.")
    if term.quoted is not None or (kind == f.FLAG and term.type == f.NUMBER):
        raise term.wrong(f"{witness.name} is {KINDS[kind]}; {term.name} is not.", hint)
    raise term.wrong(f"{witness.name} is {KINDS[kind]} and {term.name} is {KINDS[term.type]}.", hint)


def number(text: str) -> str:
    """A number as SQL, exact where it can be; empty when ``text`` is no finite number."""
    try:
        value = Decimal(text.replace("_", ""))
    except InvalidOperation:
        return ""
    if not value.is_finite() or not math.isfinite(rounded := float(value)):
        return ""
    exact = format(value, "f") if abs(value.adjusted()) < _LONGEST_DECIMAL else ""
    plain = exact if exact and len(exact) <= _LONGEST_DECIMAL else f"CAST({rounded!r} AS DOUBLE)"
    return f"({plain})" if plain.startswith("-") else plain


def pattern(term: Term, ask: Ask) -> str:
    """A regular expression in quotes. Raises QueryError when it is none."""
    if term.quoted is None:
        raise term.wrong("A pattern is text in quotes.")
    try:
        ask("SELECT regexp_matches('', $1)", [term.quoted])
    except EngineError:
        raise term.wrong(f"{term.name} is not a regular expression.") from None
    return literal(term.quoted)


def part(term: Term) -> str:
    """The name of a part of a time, in quotes."""
    if term.quoted is None or term.quoted.lower() not in f.DATE_PARTS:
        raise term.wrong(
            f"{term.name} is no part of a time.", "The parts are: " + ", ".join(sorted(f.DATE_PARTS)) + "."
        )
    return literal(term.quoted.lower())


def escape(term: Term, pattern: Term) -> str:
    """The character of ESCAPE: exactly one, and it must not end the pattern, where it would have nothing to escape."""
    if term.quoted is None or len(term.quoted) != 1:
        raise term.wrong("ESCAPE takes one character in quotes.")
    if pattern.quoted is None:
        raise pattern.wrong("With ESCAPE, the pattern is text in quotes.")
    tail = len(pattern.quoted) - len(pattern.quoted.rstrip(term.quoted))
    if tail % 2:
        raise pattern.wrong(f"The pattern ends with its escape character {shown(term.quoted)}.")
    return literal(term.quoted)


def _unquoted(text: str, kind: str, ask: Ask) -> str:
    """Text in quotes as another kind of value, empty when it is none."""
    match kind:
        case f.NUMBER:
            return number(text.strip())
        case f.FLAG:
            return text.strip().upper() if text.strip().lower() in ("true", "false") else ""
        case f.TIME | f.INTERVAL:
            name = "TIMESTAMP" if kind == f.TIME else "INTERVAL"
            found = ask(f"SELECT CAST(TRY_CAST($1 AS {name}) AS VARCHAR)", [text])
            return f"CAST({literal(str(found))} AS {name})" if found is not None else ""
    return ""
