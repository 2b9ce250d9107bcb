"""Where a clause speaks of slices: ``slice = 'a'``, ``slice in ('a', 'b')``, as long as no column has that name."""

from dataclasses import dataclass, field
from typing import Final

from dataimp_gui.core.engine import literal
from dataimp_gui.core.query.naming import Columns
from dataimp_gui.core.query.parsing import Node, place
from dataimp_gui.core.query.words import nearest, shown
from dataimp_gui.errors import QueryError

WORD: Final = "slice"

_DEEPEST: Final = 8
_MOST: Final = 200
_SIDES: Final = {"COMPARE_EQUAL": False, "COMPARE_NOTEQUAL": True}
_LISTS: Final = {"COMPARE_IN": False, "COMPARE_NOT_IN": True}


@dataclass(frozen=True, slots=True)
class Asked:
    """The names that are asked for, each with its node; ``out`` for the examples that are in none of them."""

    names: tuple[tuple[str, Node], ...]
    out: bool


@dataclass(slots=True)
class Unfolding:
    """The rules that are being read in place of their names, the outermost first, and how many were in all."""

    path: list[str] = field(default_factory=list)
    count: int = 0

    def check(self, name: str) -> str:
        """What is wrong with reading the rule of ``name`` here, as a sentence; mostly nothing."""
        if name in self.path:
            return f"The slice {shown(name)} is made of itself."
        too_many = len(self.path) >= _DEEPEST or self.count >= _MOST
        return "The clause is made of too many slices." if too_many else ""


def asked(clause: str, node: Node, columns: Columns) -> Asked | None:
    """What a comparison asks of slices; None when it is about something else. Raises QueryError."""
    kind = node["type"]
    if kind in _SIDES:
        sides = [node["left"], node["right"]]
        if not any(_is_word(side, columns) for side in sides):
            return None
        names = [side for side in sides if not _is_word(side, columns)][:1] or sides[:1]
        return Asked(tuple((_name(clause, each), each) for each in names), _SIDES[kind])
    if kind in _LISTS and _is_word(node["children"][0], columns):
        return Asked(tuple((_name(clause, each), each) for each in node["children"][1:]), _LISTS[kind])
    return None


def unknown(clause: str, name: str, node: Node, columns: Columns) -> QueryError:
    known = columns.slices()
    near = nearest(name, known)
    hint = "" if near or not known else f"The slices are: {', '.join(shown(each) for each in known[:12])}."
    start, length = place(clause, node)
    return QueryError(
        f"There is no slice {shown(name)}" + (f"; the nearest is {shown(near)}." if near else "."),
        hint=hint if known else "Save one first.",
        start=start,
        length=length,
        instead=literal(near) if near else "",
    )


def _is_word(node: Node, columns: Columns) -> bool:
    names = node.get("column_names", ())
    return len(names) == 1 and names[0].lower() == WORD and not columns.find(names[0])


def _name(clause: str, node: Node) -> str:
    if node["class"] != "CONSTANT" or node["literal"]["kind"] != "STRING":
        start, length = place(clause, node)
        raise QueryError("A slice is named in quotes: slice = 'its name'.", start=start, length=length)
    return str(node["literal"]["text"])
