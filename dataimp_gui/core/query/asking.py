"""How a clause and some columns become one statement, and how what the database says becomes a sentence."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy.typing as npt

from dataimp_gui.core.engine import EngineError, OutOfMemory
from dataimp_gui.core.query.clause import Expression, condition, expression
from dataimp_gui.core.query.keeping import Kept
from dataimp_gui.core.query.layout import Layout, selected
from dataimp_gui.core.query.store import Store
from dataimp_gui.errors import QueryError
from dataimp_gui.progress import Progress


@dataclass(frozen=True, slots=True)
class Asked:
    """``source`` is SQL of the examples that a clause selects, ``r`` their rows; ``terms`` and ``types`` by what was
    asked for beside it, as it was asked for.
    """

    source: str
    terms: Mapping[str, str]
    types: Mapping[str, str]


class Asking:
    def __init__(self, store: Store) -> None:
        self.store = store
        self.kept = Kept()

    @contextmanager
    def asked(self, where: str, expressions: Sequence[str] = (), *, every_row: bool = False) -> Iterator[Asked]:
        """Ready to be put into a statement, inside the block. ``expressions`` are column names, or SQL like a clause.

        ``every_row``: also those that are not there, for an array with a value for each. Raises QueryError, also for
        what the database cannot compute inside the block.
        """
        with self.store.reading() as layout:
            used: dict[str, str] = {}
            hidden = () if every_row else self.store.hidden
            test = condition(where, layout, self._check, used).sql if where.strip() else ""
            others = {text: self._expression(text, layout, used) for text in expressions}
            source = f"({selected(self.store.placed([layout[name] for name in used]), hidden)})"
            if test:
                source = f"(SELECT * FROM {source} WHERE {test})"
            terms = {text: found.sql for text, found in others.items()}
            try:
                yield Asked(source, terms, {text: found.type for text, found in others.items()})
            except OutOfMemory as error:
                raise QueryError("This needs more memory than a question may take.", hint="Ask for less.") from error
            except EngineError as error:
                raise QueryError("The clause cannot be computed for every example.") from error

    def named(self, where: str) -> frozenset[str]:
        """The columns that a clause names. Raises QueryError."""
        used: dict[str, str] = {}
        if where.strip():
            condition(where, self.store.layout, self._check, used)
        return frozenset(used)

    def arrays(self, sql: str, progress: Progress | None) -> dict[str, npt.NDArray[Any]]:
        return self.store.engine.arrays(sql, progress=progress)

    def rows(self, sql: str, progress: Progress | None) -> list[tuple[Any, ...]]:
        return self.store.engine.rows(sql, progress=progress)

    def _expression(self, text: str, layout: Layout, used: dict[str, str]) -> Expression:
        if text in layout:
            return Expression(used.setdefault(text, f"c{len(used)}"), layout.type(text))
        return expression(text, layout, self._check, used)

    def _check(self, sql: str, parameters: Sequence[object]) -> Any:
        return self.store.engine.value(sql, parameters)
