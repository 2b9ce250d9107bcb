"""The questions that can be asked of the examples of a project, and how they learn what has changed."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.edits import Assign
from dataimp_gui.core.model import Codes, ColumnInfo, Example, Prediction, Rows
from dataimp_gui.core.query import counting, grouping
from dataimp_gui.core.query.asking import Asking
from dataimp_gui.core.query.counting import Facet, Histogram
from dataimp_gui.core.query.grouping import Groups
from dataimp_gui.core.query.layout import Placed
from dataimp_gui.core.query.loading import States, registered
from dataimp_gui.core.query.store import Store
from dataimp_gui.progress import Progress

_FEW: Final = 1000  # rows that are cheaper to send as a list than to register


class Query:
    """Loaded once; any thread may ask, writers take turns.

    Each method with a ``where`` raises QueryError when it cannot be understood or computed, and Cancelled when its
    ``progress`` is cancelled meanwhile.
    """

    def __init__(
        self,
        tables: Sequence[Path],
        state: States,
        run: Path | None = None,
        classes: Sequence[str] = (),
        *,
        run_name: str = "",
    ) -> None:
        """``tables`` are the files of the examples in the order of their rows, ``run`` that of the current run, and
        ``classes`` the names of its probabilities p0, p1 … Raises ProjectError when they cannot be read.
        """
        self._store = Store(tables, state, run, classes)
        self._asking = Asking(self._store)
        self._run_name = run_name

    def close(self) -> None:
        self._store.close()

    def columns(self) -> tuple[ColumnInfo, ...]:
        """Everything that a clause can name."""
        return self._store.layout.infos()

    def rows(
        self, where: str = "", *, order_by: str = "", descending: bool = False, progress: Progress | None = None
    ) -> Rows:
        """Positions that ``where`` selects, ascending, or by ``order_by``: a column or an expression; missing last."""
        if not where.strip() and not order_by:
            rows = np.arange(self._store.count, dtype=np.int64)
            return rows[self._store.present] if self._store.hidden else rows
        with self._asking.asked(where, [order_by] if order_by else []) as asked:
            way = "DESC" if descending else "ASC"
            order = f" ORDER BY {asked.terms[order_by]} {way} NULLS LAST, r" if order_by else ""
            return np.asarray(self._asking.arrays(f"SELECT r FROM {asked.source}{order}", progress)["r"], np.int64)

    def groups(
        self,
        column: str,
        where: str = "",
        *,
        order_by: str = "",
        descending: bool = False,
        progress: Progress | None = None,
    ) -> Groups:
        """What ``where`` selects, in groups of equal values of ``column``, the largest first; ordered within each.

        A number of many values makes a few groups from low to high.
        """
        return grouping.grouped(self._asking, column, where, order_by, descending, progress)

    def count(self, where: str = "", progress: Progress | None = None) -> int:
        if not where.strip():
            return int(self._store.present.sum()) if self._store.hidden else self._store.count
        with self._asking.asked(where) as asked:
            return int(self._asking.rows(f"SELECT count(*) FROM {asked.source}", progress)[0][0])

    def mentions(self, where: str, column: str) -> bool:
        """Whether a clause names that column."""
        return column in self._asking.named(where)

    def facet(self, column: str, where: str = "", limit: int = 0, progress: Progress | None = None) -> Facet:
        """Values of a column as text and how many examples have each, most first; None where there is none.

        ``limit`` 0 is all of them. Of ``tags``, an example counts once for each of its tags.
        """
        return counting.facet(self._asking, column, where, limit, progress)

    def histogram(self, column: str, bins: int = 28, where: str = "", progress: Progress | None = None) -> Histogram:
        """Of a number or time column; the edges are the same whatever ``where`` selects."""
        return counting.histogram(self._asking, column, bins, where, progress)

    def values(self, columns: Sequence[str], rows: Rows) -> dict[str, list[object]]:
        """Columns by name, each a list in the order of ``rows``: str, float, int, bool, datetime, None, or tags.

        Raises KeyError for a column that is not there, IndexError for a row that is not.
        """
        wanted = np.asarray(rows, dtype=np.int64)
        if len(wanted) and (wanted.min() < 0 or wanted.max() >= self._store.count):
            raise IndexError(f"there are {self._store.count} examples")
        with self._store.reading() as layout:
            placed = self._store.placed([layout[name] for name in columns])
            found: dict[str, list[object]] = {}
            if not len(wanted):
                return {name: [] for name in columns}
            for table in dict.fromkeys(column.table for column in placed):
                found |= self._fetched(table, [column for column in placed if column.table == table], wanted)
            return {name: found[name] for name in columns}

    def numbers(self, column: str, progress: Progress | None = None) -> npt.NDArray[np.float64]:
        """A column or an expression of numbers over all examples, float64 (n,), NaN where there is none."""
        found = np.full(self._store.count, np.nan)
        with self._asking.asked("", [column], every_row=True) as asked:
            select = f"SELECT r, CAST({asked.terms[column]} AS DOUBLE) AS v FROM {asked.source}"
            arrays = self._asking.arrays(select, progress)
        found[arrays["r"]] = np.ma.filled(np.ma.asarray(arrays["v"], dtype=np.float64), np.nan)
        return found

    def codes(self, column: str, most: int, progress: Progress | None = None) -> tuple[Codes, tuple[str, ...]] | None:
        """A column as text: codes int32 (n,) in its words, the most frequent first, -1 where there is none.

        None when it has more than ``most`` different words.
        """
        return counting.codes(self._asking, column, most, self._store.count, progress)

    def example(self, row: int) -> Example:
        """Everything known of one example. Raises IndexError when there is no such row."""
        layout = self._store.layout
        names = [column.name for column in layout.columns.values() if column.place < 0]
        value = {name: found[0] for name, found in self.values(names, np.array([row])).items()}
        predicted, confidence = value["predicted"], value["confidence"]
        prediction = None
        if predicted is not None:
            prediction = Prediction(
                self._run_name,
                str(predicted),
                float(confidence) if isinstance(confidence, float) else None,
                self._store.probabilities(row),
            )
        tags = value["tags"]
        kinds = {name: layout[name].kind for name in names}
        return Example(
            row=int(row),
            id=_text(value["id"]),
            label=_text(value["label"]),
            given_label=_text(value["given_label"]),
            split=_text(value["split"]),
            tags=tuple(tags) if isinstance(tags, list) else (),
            excluded=bool(value["excluded"]),
            reviewed=bool(value["reviewed"]),
            note=_text(value["note"]),
            media=_text(value.get("media")),
            text=_text(value.get("text")),
            metadata={
                name: value[name]
                for name, kind in kinds.items()
                if kind not in ("id", "state", "prediction") and name not in ("media", "text")
            },
            prediction=prediction,
        )

    def probabilities(self, row: int) -> dict[str, float]:
        """What the current run gives each class for one example; empty when it says nothing."""
        return self._store.probabilities(row)

    def update(self, edit: Assign) -> None:
        """Every question from here on sees the edit; its words must be in the state's vocabulary."""
        self._store.update(edit)

    def use_run(self, run: Path | None, classes: Sequence[str], *, run_name: str = "") -> None:
        """Take predictions and probabilities from another run's file. Raises ProjectError when it cannot be read."""
        self._store.use_run(run, classes)
        self._run_name = run_name

    def add_column(
        self, name: str, values: npt.NDArray[Any], words: Sequence[str] = (), kind: str = "metadata"
    ) -> None:
        """A column beside the imported ones: numbers (NaN missing), flags, or int32 codes in ``words`` (-1 missing).

        Replaces one that was added under the same name. Raises ValueError for a taken name or a wrong length.
        """
        self._store.add_column(name, values, words, kind)

    def expect_columns(self, hints: Mapping[str, str]) -> None:
        """Who names one of these before it was added is told how to get it: by name in lower case, a sentence each."""
        self._store.expect_columns(hints)

    def use_slices(self, rules: Mapping[str, str], fixed: Mapping[str, Rows]) -> None:
        """The slices that a clause can name from here on: clauses, and fixed rows, by name."""
        self._store.use_slices(rules, fixed)

    def write_column(self, name: str, rows: Rows, values: npt.NDArray[Any], words: Sequence[str] = ()) -> None:
        """Give ``rows`` (unique) of a column that was added other values, as `add_column` takes them."""
        self._store.write_column(name, rows, values, words)

    def _fetched(self, table: str, columns: Sequence[Placed], rows: Rows) -> dict[str, list[object]]:
        unique, places = np.unique(rows, return_inverse=True)
        first, last = int(unique[0]), int(unique[-1])
        values = ", ".join(f"{column.sql} AS c{number}" for number, column in enumerate(columns))
        ask = f"SELECT rowid AS r, {values} FROM {table} WHERE rowid BETWEEN {first} AND {last}"
        engine = self._store.engine
        if last - first + 1 == len(unique):
            found = engine.arrays(ask)
        elif len(unique) <= _FEW:
            found = engine.arrays(f"{ask} AND rowid IN (SELECT unnest($1))", [unique.tolist()])
        else:
            with registered(engine, {"row": unique}) as given:
                found = engine.arrays(f"{ask} AND rowid IN (SELECT row FROM {given})")
        order = np.argsort(found["r"])[places]
        return {column.name: _listed(found[f"c{number}"][order]) for number, column in enumerate(columns)}


def _listed(values: npt.NDArray[Any]) -> list[object]:
    """An array of the database as plain values, None where it is masked."""
    if values.dtype.kind == "M":
        values = values.astype("datetime64[us]")  # only these become datetime
    plain: list[object] = values.tolist()
    return [value.tolist() if isinstance(value, np.ndarray) else value for value in plain]


def _text(value: object) -> str:
    return "" if value is None else str(value)
