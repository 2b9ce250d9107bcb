"""From the text of a WHERE clause to the parser's tree, and from a node of that tree back to its place in the text."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from dataimp_gui.core.query import words
from dataimp_gui.errors import QueryError

Ask = Callable[[str, Sequence[object]], Any]
"""One value from the database, for SQL of ours and parameters; raises EngineError."""

Node = Mapping[str, Any]

REFUSED: Final = {
    "SUBQUERY": "A clause cannot ask another table or hold a SELECT.",
    "WINDOW": "A clause looks at one example at a time; window functions look at many.",
    "PARAMETER": "A clause has no parameters; write the value itself.",
    "LAMBDA": "A clause cannot define functions.",
    "STAR": "A clause cannot name all columns at once.",
    "COLLATE": "A clause has no collations; compare lower(…) with lower(…).",
}
"""Kinds of nodes that a clause cannot contain, and what to say of each; of any other, `OTHERWISE`."""

OTHERWISE: Final = "A clause cannot contain this."

_BEFORE: Final = "SELECT 1 FROM t WHERE "
_BEHIND: Final = ("modifiers", "group_expressions", "group_sets", "having", "sample", "qualify")
_PIECE: Final = re.compile(r"\w+|[<>=!|&]+|.", re.DOTALL)
_OPEN_ENDED: Final = "and or not in is like ilike between when then else case = == < > <= >= <> != + - * / % ,"
_UNFINISHED: Final = frozenset(_OPEN_ENDED.split())


def parsed(clause: str, ask: Ask, known: Callable[[str], object]) -> Node:
    """The tree of the one condition that a clause is. Raises QueryError with the place where reading stopped.

    ``known`` says whether a word is a column.
    """
    words.check(clause)
    tree = json.loads(ask("SELECT json_serialize_sql($1)", [_BEFORE + clause]))
    if tree["error"]:
        raise _unreadable(clause, tree, known)
    node: Node = tree["statements"][0]["node"]
    if len(tree["statements"]) > 1 or node["type"] != "SELECT_NODE" or not node["where_clause"]:
        raise QueryError("A clause is one condition, without UNION, SELECT or a second statement.")
    if any(node[key] for key in _BEHIND) or node["cte_map"]["map"]:
        raise QueryError("A clause is one condition, with no ORDER BY, GROUP BY, LIMIT or anything else behind it.")
    condition: Node = node["where_clause"]
    return condition


def place(clause: str, node: Node) -> tuple[int, int]:
    """Start and length in characters; (-1, 0) for a node that the parser made up."""
    start = _character(clause, int(node.get("query_location", -1)))
    end = _character(clause, int(node.get("query_location", -1)) + int(node.get("query_location_length", 0)))
    return (start, end - start) if 0 <= start < end else (-1, 0)


def _character(clause: str, position: int) -> int:
    """The parser counts bytes from the start of its statement."""
    at, raw = position - len(_BEFORE), clause.encode()
    return len(raw[:at].decode(errors="ignore")) if 0 <= at <= len(raw) else -1


def _unreadable(clause: str, tree: Mapping[str, Any], known: Callable[[str], object]) -> QueryError:
    if "depth" in tree["error_message"]:
        return QueryError("The clause is nested too deep.")
    start = _character(clause, int(tree.get("position", -1)))
    found = _PIECE.match(clause, start) if start >= 0 else None
    if found is None or found.group().isspace():
        return QueryError("The clause is not complete.", hint="Write a condition, for example: label = 'cat'")
    word = found.group()
    if not clause[found.end() :].strip() and word.lower() in _UNFINISHED:
        return QueryError(f"Something is missing after {word}.", start=start, length=len(word))
    hint = f'The column is written "{words.shown(word)}".' if known(word) else ""
    return QueryError(f"The clause cannot be read at {words.shown(word)}.", hint=hint, start=start, length=len(word))
