"""The examples in memory as questions see them: in step with every edit, with columns that come and go beside them."""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core import edits
from dataimp_gui.core.edits import Assign
from dataimp_gui.core.engine import Engine, EngineError, file_literal, literal, parquet
from dataimp_gui.core.model import Codes, Mask, Rows
from dataimp_gui.core.query import functions as f
from dataimp_gui.core.query.layout import DATA, Layout, Placed, computed
from dataimp_gui.core.query.loading import NAN, States, load, registered, write, write_side, write_words
from dataimp_gui.errors import ProjectError, QueryError

PROBABILITIES_BYTES: Final = 2**29
"""What loaded p_<class> columns may take together; past it, the one that was not asked for the longest is let go."""

WORKING_BYTES: Final = 3 * 2**29
"""What questions may take beside the tables, all together."""

_FOLLOWING: Final = {"label": ("edited", "error", "correct"), "predicted": ("error", "correct")}
_COMPACT_AFTER: Final = 4  # times the rows of the table: the texts that were overwritten are freed then
_AT_LEAST: Final = 1_000_000
_AT_ONCE: Final = 2**20  # rows of a run in one statement; the time of a larger one grows faster than its rows


class Store:
    """Any thread may read; writers take turns."""

    def __init__(self, tables: Sequence[Path], state: States, run: Path | None, classes: Sequence[str]) -> None:
        """Raises ProjectError when a file is missing or broken, or has other rows than ``state``."""
        self.count = state.count
        self.engine = Engine()
        self._files = Engine(threads=1)  # may read files, and is given SQL of ours only
        self._state = state
        self._run, self._classes = run, tuple(classes)
        self._turn = threading.RLock()
        self._sides = count()
        self._loaded: OrderedDict[int, str] = OrderedDict()  # the table of each class's probabilities, oldest use first
        self._added: dict[str, Placed] = {}
        self._later: dict[str, str] = {}
        self._rules: dict[str, str] = {}
        self._fixed: dict[str, tuple[Rows, str]] = {}
        self._overwritten: dict[str, int] = {}
        self.revision = 0  # counts the changes of whatever a clause may ask about
        self._stamps: dict[str, int] = {}
        self._readers, self._counting = 0, threading.Lock()
        self._retired: list[str] = []
        try:
            self._imported, self._tags = load(self.engine, tables, state, run)
            self._limit_memory()
            self.engine.lock()
        except BaseException as error:
            self.close()
            if isinstance(error, EngineError):
                raise _unreadable() from error
            raise
        self.layout = self._laid_out()

    def close(self) -> None:
        self.engine.close()
        self._files.close()

    @contextmanager
    def reading(self) -> Iterator[Layout]:
        """The columns as they are now; inside the block none of their tables goes away."""
        with self._counting:
            self._readers += 1
        try:
            yield self.layout
        finally:
            with self._counting:
                self._readers -= 1
                gone = [] if self._readers else self._retired
                if gone:
                    self._retired = []
                for table in gone:
                    self.engine.run(f"DROP TABLE {table}")

    def stamp(self, column: str) -> int:
        """Another number after each change of that column; of anything, when it is not a column's name."""
        return self._stamps.get(column, 0) if column in self.layout else self.revision

    @property
    def hidden(self) -> tuple[tuple[int, int], ...]:
        """First and last of each run of rows that no answer is about: their coming was undone."""
        return self._state.hidden

    @property
    def present(self) -> Mask:
        return self._state.present

    def worded(self, column: str) -> tuple[Codes, Sequence[str]]:
        """The label or the split of each example in words that may only grow."""
        return self._state.codes(column), self._state.words(column)

    def placed(self, columns: Sequence[Placed]) -> list[Placed]:
        """Those columns, each in a table; probabilities are read from the run's file when they are first asked for.

        Raises QueryError when they are too many to hold at once.
        """
        wanted = {column.place: column for column in columns if not column.table}
        if not wanted:
            return list(columns)
        most = max(8, PROBABILITIES_BYTES // max(1, 4 * self.count))
        if len(wanted) > most:
            raise QueryError(f"A clause can name the probabilities of {most} classes here, not of {len(wanted)}.")
        with self._turn:
            self._load_probabilities(list(wanted))
            tables = {place: self._loaded[place] for place in wanted}
            while len(self._loaded) > most:
                self._retire([self._loaded.popitem(last=False)[1]])
        return [c if c.table else replace(c, table=tables[c.place], sql=f"{tables[c.place]}.v") for c in columns]

    def probabilities(self, row: int) -> dict[str, float]:
        """What the current run gives each class for one example; empty when it says nothing."""
        if self._run is None or not self._classes:
            return {}
        columns = ", ".join(f"p{place}" for place in range(len(self._classes)))
        found = self._files.rows(
            f"SELECT {columns} FROM read_parquet({file_literal(self._run)}, file_row_number = true) "
            "WHERE file_row_number = $1",
            [row],
        )
        values = found[0] if found else ()
        return {name: value for name, value in zip(self._classes, values, strict=False) if value is not None}

    def update(self, edit: Assign) -> None:
        """Every question from here on sees the edit, whose words must be in the state's vocabulary by now."""
        if not len(edit.rows) or edit.column.startswith(edits.KEPT):  # no column: what it closes is told by others
            return
        with self._turn:
            if edit.column == edits.PRESENT:
                self._touch()
                return
            is_tag = edit.column.startswith(edits.TAG)
            if edit.column in edits.WORDED:
                write_words(self.engine, edit.column, edit.rows, edit.codes, self._state.words(edit.column))
                self._compact(edit.column, len(edit.rows))
            else:
                column = self._tag_column(edit.column.removeprefix(edits.TAG)) if is_tag else edit.column
                for value in np.unique(edit.codes).tolist():
                    write(self.engine, column, edit.rows[edit.codes == value], bool(value))
            self._touch("tags" if is_tag else edit.column)

    def use_run(self, run: Path | None, classes: Sequence[str]) -> None:
        """Take ``predicted``, ``confidence`` and ``p_<class>`` from another run, or from none. Raises ProjectError."""
        with self._turn:
            if run is None:
                self.engine.run(f"UPDATE {DATA} SET predicted = NULL, confidence = NULL")
            else:
                self._write_run(run)
            self._compact("predicted", self.count)
            probabilities = {f"p_{name}" for name in (*self._classes, *classes)}
            self._run, self._classes = run, tuple(classes)
            self._retire(self._loaded.values())
            self._loaded.clear()
            self.layout = self._laid_out()
            self._touch("predicted", "confidence", *probabilities)

    def add_column(
        self, name: str, values: npt.NDArray[Any], words: Sequence[str] = (), kind: str = "metadata"
    ) -> None:
        """A column of numbers, flags, or codes in ``words``, one an example; NaN and the code -1 are missing.

        One that was added under the same name is replaced. Raises ValueError for a taken name or a wrong length.
        """
        if len(values) != self.count:
            raise ValueError(f"{name} has {len(values)} values for {self.count} examples")
        with self._turn:
            if name not in self._added and self.layout.find(name):
                raise ValueError(f"there is a column {name} already")
            table = self._side(values, words)
            if name in self._added:
                self._retire([self._added[name].table])
            type_ = f.TEXT if words else f.FLAG if values.dtype == np.bool_ else f.NUMBER
            self._added[name] = Placed(name, type_, kind, f"{table}.v", table)
            self.layout = self._laid_out()
            self._touch(name)

    def expect_columns(self, hints: Mapping[str, str]) -> None:
        """Columns that may be added later: by name in lower case, a sentence that says how."""
        with self._turn:
            self._later |= hints
            self.layout = self._laid_out()

    def use_slices(self, rules: Mapping[str, str], fixed: Mapping[str, Rows]) -> None:
        """The slices that a clause can name from here on: those of a rule, and those of fixed rows."""
        with self._turn:
            before, self._fixed = self._fixed, {}
            for name, rows in fixed.items():
                if name in before and np.array_equal(before[name][0], rows):
                    self._fixed[name] = before[name]
                else:
                    self._fixed[name] = (rows, self._side(np.isin(np.arange(self.count), rows)))
            kept = {table for _, table in self._fixed.values()}
            self._rules = dict(rules)
            self._retire(table for _, table in before.values() if table not in kept)
            self.layout = self._laid_out()
            self._touch()

    def write_column(self, name: str, rows: Rows, values: npt.NDArray[Any], words: Sequence[str] = ()) -> None:
        """Give ``rows`` (unique) of an added column other values. KeyError for a column that was not added."""
        with self._turn:
            write_side(self.engine, self._added[name].table, rows, values, words)
            self._touch(name)

    def _touch(self, *columns: str) -> None:
        """Said once the change is in the tables: what was asked before it is out of date."""
        self.revision += 1
        for column in columns:
            self._stamps |= dict.fromkeys((column, *_FOLLOWING.get(column, ())), self.revision)

    def _laid_out(self) -> Layout:
        classes = [Placed(f"p_{name}", f.NUMBER, "prediction", "", "", i) for i, name in enumerate(self._classes)]
        known = [*self._imported[:1], *computed(self._tags), *self._imported[1:], *self._added.values(), *classes]
        fixed = {name: table for name, (_, table) in self._fixed.items()}
        return Layout(known, self._tags, self._later, self._rules, fixed)

    def _limit_memory(self) -> None:
        used = int(self.engine.value("SELECT sum(memory_usage_bytes) FROM duckdb_memory()") or 0)
        most = 2 * used + PROBABILITIES_BYTES + WORKING_BYTES
        self.engine.run(f"SET memory_limit = '{most // 2**20} MiB'")

    def _load_probabilities(self, places: Sequence[int]) -> None:
        if self._run is None:
            raise _unreadable()
        for place in [place for place in places if place not in self._loaded]:
            self._loaded[place] = self._side(self._from_run(f"p{place}", np.float32, self._run))
        for place in places:
            self._loaded.move_to_end(place)

    def _from_run(self, column: str, type_: type[np.generic], run: Path) -> npt.NDArray[Any]:
        """A number column of a run's file, one value an example, NaN or -1 where there is none."""
        try:
            found = self._files.arrays(f"SELECT {column} AS v FROM {parquet(run)}")["v"]
        except EngineError as error:
            raise _unreadable() from error
        none = np.nan if np.issubdtype(type_, np.floating) else -1
        values = np.ma.filled(np.ma.asarray(found).astype(type_), none)
        return np.pad(values, (0, self.count - len(values)), constant_values=none)

    def _write_run(self, run: Path) -> None:
        try:
            listed = self._files.rows(
                f"SELECT DISTINCT predicted FROM {parquet(run)} WHERE predicted IS NOT NULL ORDER BY 1"
            )
        except EngineError as error:
            raise _unreadable() from error
        words = [str(row[0]) for row in listed]
        enum = ", ".join(map(literal, words)) or "''"
        codes = self._from_run(f"enum_code(CAST(predicted AS ENUM({enum})))", np.int32, run)
        confidence = self._from_run("confidence", np.float32, run)
        for start in range(0, self.count, _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            rows = np.arange(start, min(start + _AT_ONCE, self.count))
            with registered(self.engine, {"row": rows, "code": codes[part], "sure": confidence[part]}) as given:
                self.engine.run(
                    f"UPDATE {DATA} SET predicted = w.word, confidence = nullif(g.sure, {NAN}) "
                    f"FROM {given} g LEFT JOIN (SELECT unnest($1) AS code, unnest(CAST($2 AS VARCHAR[])) AS word) w "
                    f"ON w.code = g.code WHERE {DATA}.rowid = g.row",
                    [list(range(len(words))), words],
                )

    def _side(self, values: npt.NDArray[Any], words: Sequence[str] = ()) -> str:
        """A table of its own for one column ``v``, row by row beside `DATA`."""
        table = f"s{next(self._sides)}"
        value = "v" if not np.issubdtype(values.dtype, np.floating) else f"nullif(v, {NAN})"
        value = "CAST($1 AS VARCHAR[])[v + 1]" if words else value
        with registered(self.engine, {"v": np.ma.filled(values, _missing(values))}) as given:
            self.engine.run(
                f"CREATE TABLE {table} AS SELECT {value} AS v FROM {given}", [list(words)] if words else None
            )
        return table

    def _retire(self, tables: Iterable[str]) -> None:
        with self._counting:
            self._retired.extend(tables)

    def _tag_column(self, tag: str) -> str:
        if tag not in self._tags:
            column = f"t{len(self._tags)}"
            self.engine.run(f"ALTER TABLE {DATA} ADD COLUMN {column} BOOLEAN DEFAULT FALSE")
            self._tags[tag] = column
            self.layout = self._laid_out()
        return self._tags[tag]

    def _compact(self, column: str, overwritten: int) -> None:
        """The database keeps every text that was ever written over, until the column is written anew."""
        total = self._overwritten.get(column, 0) + overwritten
        if total > max(_AT_LEAST, _COMPACT_AFTER * self.count):
            self.engine.run(f"ALTER TABLE {DATA} ALTER COLUMN {column} TYPE VARCHAR USING {column}")
            total = 0
        self._overwritten[column] = total


def _missing(values: npt.NDArray[Any]) -> Any:
    return np.nan if np.issubdtype(values.dtype, np.floating) else None


def _unreadable() -> ProjectError:
    return ProjectError("The tables of this project cannot be read.", hint="Restore its tables folder from a backup.")
