"""Which columns a clause can name, what type each has, and where its values lie in the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dataimp_gui.core.engine import literal, quoted
from dataimp_gui.core.model import ColumnInfo
from dataimp_gui.core.query import functions as f

DATA: Final = "data"
"""The one table that holds a row for each example: imported columns, state, and the current run's predictions."""

MEDIA: Final = frozenset(
    {"media", "text", "size", "width", "height", "duration", "sample_rate", "channels", "length"},
)
UNSEEN: Final = frozenset({"sha256", "mtime_ns"})
"""Columns of the project's tables that only the program needs."""

_TAG: Final = "tag\0"  # no column is called like this
_SLICE: Final = "slice\0"
_TYPES: Final = {"VARCHAR": f.TEXT, "BOOLEAN": f.FLAG}


@dataclass(frozen=True, slots=True)
class Placed:
    """A column: ``sql`` gives its value in a row of ``table``; ``place`` is its number in the run's probabilities.

    A probability has no table until it is asked for.
    """

    name: str
    type: str
    kind: str
    sql: str
    table: str = DATA
    place: int = -1


class Layout:
    """Immutable: another set of columns is another layout, so that a question keeps the one it began with."""

    def __init__(
        self,
        columns: Sequence[Placed],
        tags: Mapping[str, str],
        later: Mapping[str, str],
        rules: Mapping[str, str],
        fixed: Mapping[str, str],
    ) -> None:
        """``tags`` is the physical flag column of each tag; ``later`` says how to get columns that may come.

        ``rules`` is the clause of each slice that has one, ``fixed`` the table of the flag ``v`` of each other slice.
        """
        self._later = dict(later)
        self._rules = dict(rules)
        self.columns: Final = {column.name: column for column in columns}
        self._tags = dict(tags)
        self._folded: dict[str, list[str]] = {}
        for name in self.columns:
            self._folded.setdefault(name.lower(), []).append(name)

        self._flags = {_TAG + tag: Placed(_TAG + tag, f.FLAG, "state", column) for tag, column in tags.items()}
        for name, table in fixed.items():
            self._flags[_SLICE + name] = Placed(_SLICE + name, f.FLAG, "state", f"{table}.v", table)

    def __getitem__(self, name: str) -> Placed:
        """A column, or the flag of a tag or a slice, which a clause cannot name itself."""
        return self.columns[name] if name in self.columns else self._flags[name]

    def __contains__(self, name: object) -> bool:
        return name in self.columns or name in self._flags

    def find(self, name: str) -> Sequence[str]:
        return (name,) if name in self.columns else self._folded.get(name.lower(), ())

    def type(self, name: str) -> str:
        return self[name].type

    def tag(self, word: str) -> str:
        return _TAG + word if word in self._tags else ""

    def rule(self, slice_: str) -> str:
        return self._rules.get(slice_, "")

    def flag(self, slice_: str) -> str:
        return _SLICE + slice_ if _SLICE + slice_ in self._flags else ""

    def slices(self) -> Sequence[str]:
        fixed = (name.removeprefix(_SLICE) for name in self._flags if name.startswith(_SLICE))
        return (*self._rules, *fixed)

    def tags(self) -> Mapping[str, str]:
        return self._tags

    def names(self) -> Sequence[str]:
        return tuple(self.columns)

    def later(self, name: str) -> str:
        return self._later.get(name.lower(), "")

    def infos(self) -> tuple[ColumnInfo, ...]:
        return tuple(ColumnInfo(column.name, column.type, column.kind) for column in self.columns.values())


def type_of(sql_type: str) -> str:
    """One of text, number, flag, time for a column type of the project's tables."""
    if sql_type in _TYPES:
        return _TYPES[sql_type]
    return f.TIME if sql_type.startswith(("TIMESTAMP", "DATE")) else f.NUMBER


def computed(tags: Mapping[str, str]) -> list[Placed]:
    """State and prediction columns, the stored ones and those that follow from them."""
    rows = (
        ("label", f.TEXT, "state", "label"),
        ("given_label", f.TEXT, "state", "given_label"),
        ("edited", f.FLAG, "state", "(label IS DISTINCT FROM given_label)"),
        ("split", f.TEXT, "state", "split"),
        ("note", f.TEXT, "state", "note"),
        ("excluded", f.FLAG, "state", "excluded"),
        ("reviewed", f.FLAG, "state", "reviewed"),
        ("tags", f.LIST, "state", _tag_list(tags)),
        ("predicted", f.TEXT, "prediction", "predicted"),
        ("confidence", f.NUMBER, "prediction", "confidence"),
        ("error", f.FLAG, "prediction", "(label <> predicted)"),
        ("correct", f.FLAG, "prediction", "(label = predicted)"),
    )
    return [Placed(*row) for row in rows]


def _tag_list(tags: Mapping[str, str]) -> str:
    if not tags:
        return "CAST([] AS VARCHAR[])"
    flags = ", ".join(f"CASE WHEN {quoted(column)} THEN {literal(tag)} END" for tag, column in tags.items())
    return f"list_filter([{flags}], lambda tag: tag IS NOT NULL)"


def selected(columns: Sequence[Placed], hidden: Sequence[tuple[int, int]] = ()) -> str:
    """A SELECT of ``r``, the row, and ``c0``, ``c1`` … for ``columns``, over all examples in their order but those in
    the ranges ``hidden``."""
    sides = sorted({column.table for column in columns} - {DATA})
    values = "".join(f", {column.sql} AS c{number}" for number, column in enumerate(columns))
    tables = DATA + "".join(f" POSITIONAL JOIN {side}" for side in sides)
    there = " AND ".join(f"{DATA}.rowid NOT BETWEEN {first} AND {last}" for first, last in hidden)
    return f"SELECT {DATA}.rowid AS r{values} FROM {tables}" + (f" WHERE {there}" if there else "")
