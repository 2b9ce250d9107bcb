"""How values that are written as text become numbers, flags and times, without one of them changing its meaning."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final, Protocol, cast

from dataimp_gui.core.engine import Engine, quoted
from dataimp_gui.core.formats.found import INCOMING, PLACE, Found
from dataimp_gui.core.model import Role
from dataimp_gui.progress import Progress

ROWS: Final = "incoming_rows"
"""The table behind the view `incoming`: typed values in the order of the source; its rowid counts from 0."""

MISSING: Final = ("NA", "N/A", "n/a", "null", "NULL", "None", "none", "nan", "NaN", "-")
"""Words that stand for no value in a column of numbers, flags or times. In text they are text."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read text. ``decimal_comma``: 1,5 is one and a half. ``missing``: the words of `MISSING` are NULL."""

    sql: str = "VARCHAR"  # or BIGINT, DOUBLE, BOOLEAN, TIMESTAMP
    decimal_comma: bool = False
    missing: bool = False

    @property
    def type(self) -> str:
        return {"BIGINT": "number", "DOUBLE": "number", "BOOLEAN": "flag", "TIMESTAMP": "time"}.get(self.sql, "text")


TEXT: Final = Reading()

_MANY_PARTS: Final = 500
_MISFIT: Final = '"\x1fmisfit {}"'  # no column of a file is called so
_INTEGER: Final = re.compile(r"-?(0|[1-9]\d{0,17})")
_NUMBER: Final = re.compile(r"-?(((0|[1-9]\d*)(\.\d*)?|\.\d+)([eE][+-]?\d+)?|inf|Infinity)|nan|NaN")
_LONG: Final = re.compile(r"-?\d{16,}")  # more digits than a floating-point number keeps: a code, not a quantity
_COMMA_NUMBER: Final = re.compile(r"-?(0|[1-9]\d*)(,\d+)?")
_FLAG: Final = re.compile(r"true|false", re.IGNORECASE)
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?Z?)?")


def reading(values: Iterable[str | None], *, decimal_comma: bool = False) -> Reading:
    """The narrowest reading that all of ``values`` allow. A number with a leading zero or plus is text: a code."""
    words = {value for value in values if value}
    present = words.difference(MISSING)
    missing = present != words

    def all_are(pattern: re.Pattern[str]) -> bool:
        return bool(present) and all(pattern.fullmatch(value) for value in present)

    if all_are(_INTEGER):
        return Reading("BIGINT", missing=missing)
    if all_are(_NUMBER) and not any(_LONG.fullmatch(value) for value in present):
        return Reading("DOUBLE", missing=missing)
    if decimal_comma and all_are(_COMMA_NUMBER):
        return Reading("DOUBLE", decimal_comma=True, missing=missing)
    if all_are(_FLAG):
        return Reading("BOOLEAN", missing=missing)
    if all_are(_TIME):
        return Reading("TIMESTAMP", missing=missing)
    return TEXT


class Target(Protocol):
    """What a relation of VARCHAR columns is made into: a ``table`` of its rows, and views of it with their places."""

    table: str

    def fill(self, source: Callable[[], str]) -> None:
        """Make the table from the relation whose SQL ``source`` gives, once for each pass."""

    def show(self, place: str, *, where: str = "", beside: str = "") -> None:
        """Make the views; see the function `show`."""


class Incoming:
    """The table `ROWS` and the view `incoming` of what was found; ``options`` of the format has the readings."""

    table = ROWS

    def __init__(self, found: Found, engine: Engine, progress: Progress) -> None:
        self._columns = {column.name: column.role for column in found.columns}
        self._readings = readings(found)
        self._engine = engine
        self._progress = progress

    def fill(self, source: Callable[[], str]) -> None:
        fill(self._engine, source, self._columns, self._readings, self._progress)

    def show(self, place: str, *, where: str = "", beside: str = "") -> None:
        show(self._engine, self._columns, place, where=where, beside=beside)


def readings(found: Found) -> Mapping[str, Reading]:
    """How the columns of a found text are to be read, by name."""
    return cast("Mapping[str, Reading]", found.options["readings"])


def fill(
    engine: Engine,
    source: Callable[[], str],
    columns: Mapping[str, Role],
    readings: Mapping[str, Reading],
    progress: Progress,
) -> None:
    """Make the table `ROWS` from a relation of VARCHAR columns; ``source`` gives its SQL, once for each pass.

    A reading is a guess from a sample. Where a value further down does not fit, the relation is read once more and
    the whole column falls back to a wider reading, in the end to text: no value is lost or bent.
    """
    chosen = {
        name: readings.get(name, TEXT) if role is Role.METADATA else TEXT
        for name, role in columns.items()
        if role is not Role.SKIP
    }
    while True:
        names = list(chosen)
        parts = [f"{_cast(name, chosen[name])} AS {quoted(name)}" for name in names]
        watched = [name for name in names if chosen[name].sql != "VARCHAR"]
        parts += [
            f"CASE WHEN {_misfit(name, chosen[name])} THEN {quoted(name)} END AS {_MISFIT.format(place)}"
            for place, name in enumerate(watched)
        ]
        engine.run(f"DROP TABLE IF EXISTS {ROWS}")
        with _plain_planning(engine, many=len(parts) > _MANY_PARTS):
            engine.run(f"CREATE TABLE {ROWS} AS SELECT {', '.join(parts)} FROM {source()}", progress=progress)
        wrong = [(place, watched[place]) for place in _held(engine, [_MISFIT.format(n) for n in range(len(watched))])]
        if not wrong:
            return
        for place, name in wrong:
            misfits = [
                row[0] for row in engine.rows(f"SELECT DISTINCT {_MISFIT.format(place)} FROM {ROWS} LIMIT 10000")
            ]
            chosen[name] = _wider(chosen[name], [value for value in misfits if value is not None])


@contextmanager
def _plain_planning(engine: Engine, *, many: bool) -> Iterator[None]:
    """The engine looks for common parts in square time: for 4,000 columns that is minutes, for 50 it saves half."""
    if many:
        engine.run("SET disabled_optimizers = 'common_subexpressions'")
    try:
        yield
    finally:
        if many:
            engine.run("RESET disabled_optimizers")


def show(engine: Engine, columns: Mapping[str, Role], place: str, *, where: str = "", beside: str = "") -> None:
    """Make the view `incoming` over `ROWS`; ``place`` is SQL, ``beside`` a relation joined by position."""
    names = ", ".join(f"r.{quoted(name)}" for name, role in columns.items() if role is not Role.SKIP)
    joined = f" POSITIONAL JOIN {beside}" if beside else ""
    kept = f" WHERE {where}" if where else ""
    engine.run(
        f"CREATE OR REPLACE VIEW {INCOMING} AS SELECT ({place})::BIGINT AS {PLACE}{', ' if names else ''}{names} "
        f"FROM {ROWS} r{joined}{kept}"
    )


def _held(engine: Engine, columns: Sequence[str]) -> list[int]:
    """Which of the columns hold anything, by their places; asked at once, for there can be thousands."""
    if not columns:
        return []
    ((*counts,),) = engine.rows(f"SELECT {', '.join(f'count({column})' for column in columns)} FROM {ROWS}")
    return [place for place, count in enumerate(counts) if count]


def _source(name: str, how: Reading) -> str:
    value = quoted(name)
    if how.missing:
        words = ", ".join(f"'{word}'" for word in MISSING)
        value = f"(CASE WHEN {value} NOT IN ({words}) THEN {value} END)"
    return f"replace({value}, ',', '.')" if how.decimal_comma else value


def _cast(name: str, how: Reading) -> str:
    return quoted(name) if how.sql == "VARCHAR" else f"TRY_CAST({_source(name, how)} AS {how.sql})"


def _misfit(name: str, how: Reading) -> str:
    value = _source(name, how)
    cast = f"TRY_CAST({value} AS {how.sql})"
    match how.sql:
        case "BIGINT":  # also 007, +7, 7.0 and " 7" do not survive the way there and back
            wrong = f"{cast}::VARCHAR IS DISTINCT FROM {value}"
        case "DOUBLE":  # ranges of text are far cheaper than a pattern: 0 and a digit, or a plus
            zero = "".join(
                f" OR ({value} >= '{low}' AND {value} < '{high}')"
                for low, high in (("00", "0:"), ("-00", "-0:"), ("+", ","))
            )
            long = (
                f"length({value}) > 15 AND NOT contains({value}, '.') AND regexp_full_match({value}, '{_LONG.pattern}')"
            )
            wrong = f"({cast} IS NULL{zero} OR contains({value}, '_') OR ({long}))"
            if how.decimal_comma:
                wrong = f"({wrong} OR contains({quoted(name)}, '.'))"
        case "BOOLEAN":
            wrong = f"lower({value}) NOT IN ('true', 'false')"
        case _:  # the engine drops the offset of another time zone
            dashes = f"length({value}) - length(replace({value}, '-', ''))"
            wrong = f"({cast} IS NULL OR contains({value}, '+') OR {dashes} != 2)"
    return f"{value} IS NOT NULL AND {wrong}"


def _wider(how: Reading, misfits: Sequence[str]) -> Reading:
    if not how.missing and any(value in MISSING for value in misfits):
        misfits = [value for value in misfits if value not in MISSING]
        how = replace(how, missing=True)
        if not misfits:
            return how
    if how.sql == "BIGINT" and all(_NUMBER.fullmatch(value) and not value.lstrip("-").isdigit() for value in misfits):
        return replace(how, sql="DOUBLE")
    return TEXT
