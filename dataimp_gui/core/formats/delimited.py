"""CSV, TSV and the like: text whose lines are rows, with whatever separator, encoding and line ends it was written."""

import csv
import io
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from dataimp_gui.core.engine import Engine, EngineError, file_literal, literal, quoted
from dataimp_gui.core.formats import dialect, encoding, lines, roles, values
from dataimp_gui.core.formats.dialect import Dialect
from dataimp_gui.core.formats.found import Found, Writing
from dataimp_gui.core.formats.lines import Lines
from dataimp_gui.core.model import Rejected, Role
from dataimp_gui.errors import FormatError
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    from dataimp_gui.core.storage.objects import Objects

SUFFIXES: Final = frozenset((".csv", ".tsv", ".tab", ".psv"))
OTHER_SUFFIXES: Final = frozenset(("", ".txt", ".data", ".dat"))
HEAD_BYTES: Final = 2**18
LONGEST_HEAD: Final = 16 * 2**20
"""A header of more bytes than this is no header."""
SAMPLE_ROWS: Final = 2000

_BINARY: Final = {b"PK\x03\x04": "a zip or Excel file", b"\xd0\xcf\x11\xe0": "an Excel file", b"PAR1": "a Parquet file"}
REJECTS: Final = "incoming_rejects"
"""The engine's table of lines that it could not parse."""
_SCANS: Final = "incoming_scans"
_LINES: Final = "incoming_lines"
_MOST_REPAIRS: Final = 20


def inspect(path: Path, _engine: Engine) -> Found | None:
    """Looks at the first megabyte for the layout, and through the file (up to 256 MB) for its encoding."""
    suffix = path.suffix.lower()
    if not path.is_file() or suffix not in SUFFIXES | OTHER_SUFFIXES:
        return None
    try:
        return _inspect(path, Writing(separator="\t" if suffix in (".tsv", ".tab") else ""))
    except FormatError:
        if suffix in SUFFIXES:
            raise
        return None


def inspect_as(path: Path, writing: Writing) -> Found:
    """Like `inspect`, for a text of any name that a person says is written so. Raises FormatError when it is not."""
    found = _inspect(path, writing, is_sure=True)
    if found is None:
        raise FormatError(f"{path.name} is no delimited text.")
    return found


def load(found: Found, engine: Engine, _objects: "Objects", progress: Progress) -> list[Rejected]:
    """Places are the lines that the records begin on. Lines with too few or too many columns, broken quotes, bytes
    that are not UTF-8, or more than 2 MB are returned."""
    return read(found, engine, values.Incoming(found, engine, progress), progress)


def read(found: Found, engine: Engine, target: values.Target, progress: Progress) -> list[Rejected]:
    """Like `load`, into another table than `incoming`: ``target`` makes it from the columns as text."""
    layout = found.options["dialect"]
    assert isinstance(layout, Dialect)
    reader = _Reader(found, layout, engine, target, progress)
    with encoding.as_utf8(found.path, str(found.options["encoding"]), progress, folder=engine.temp) as source:
        try:
            return reader.read(source)
        finally:
            reader.close()


def _inspect(path: Path, writing: Writing, *, is_sure: bool = False) -> Found | None:
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        while b"\n" not in head and b"\r" not in head and len(head) < min(size, LONGEST_HEAD):
            head += file.read(HEAD_BYTES)
    if not head:
        raise FormatError(f"{path.name} is empty.", hint="Export it again from where it came.")
    for magic, what in _BINARY.items():
        if head.startswith(magic):
            raise FormatError(f"{path.name} is {what} and no delimited text.", hint="Save it as CSV first.")
    written = writing.encoding or encoding.guess(head)
    if not written:
        raise FormatError(f"{path.name} is no text.", hint="A CSV file is plain text, in UTF-8 if you can choose.")
    if written == "utf-8" and not writing.encoding and size > len(head):
        written = encoding.guess_further(path, len(head))
    text = encoding.decode(head, written)
    separator = writing.separator if is_sure or writing.separator in text.split("\n", 1)[0] else ""
    layout = dialect.sniff(text, whole=len(head) == size, name=path.name, separator=separator)
    if layout is None:
        raise FormatError(f"{path.name} holds nothing but blank lines.")
    if not is_sure and path.suffix.lower() not in SUFFIXES and (len(layout.names) < 2 or layout.agreement < 0.9):
        return None
    notes = list(layout.notes)
    if not writing.encoding and written not in ("utf-8", "utf-8-sig"):
        notes.append(f"It was read as {written}, because it is not UTF-8.")
    sample = [*zip(*layout.records[:SAMPLE_ROWS], strict=True)] or [()] * len(layout.names)
    comma = layout.separator != ","
    readings = {
        name: values.reading(column, decimal_comma=comma) for name, column in zip(layout.names, sample, strict=True)
    }
    guessed = roles.guess(
        [
            roles.Sampled(name, readings[name].type, tuple(value for value in column if value))
            for name, column in zip(layout.names, sample, strict=True)
        ],
        path.parent,
    )
    return Found(
        "delimited",
        path,
        guessed.modality,
        guessed.columns,
        guessed.media_root,
        None,
        "line",
        {"dialect": replace(layout, records=()), "encoding": written, "readings": readings},
        tuple(notes),
    )


class _Reader:
    """One reading of one file: the engine's strict parser, and what to do with files that it gives up on.

    ``origin`` maps lines of the file that is read now to lines of the source; None while they are the same.
    """

    def __init__(
        self, found: Found, layout: Dialect, engine: Engine, target: values.Target, progress: Progress
    ) -> None:
        self._found = found
        self._target = target
        self._layout = layout
        self._engine = engine
        self._progress = progress
        self._origin: Lines | None = None
        self._rejected: list[Rejected] = []
        self._copies: list[Path] = []
        self._is_straight = False

    def close(self) -> None:
        for copy in self._copies:
            copy.unlink(missing_ok=True)
        for table in (REJECTS, _SCANS):
            self._engine.run(f"DROP TABLE IF EXISTS {table}")

    def read(self, source: Path) -> list[Rejected]:
        self._progress.phase(f"Reading {self._found.path.name}")
        if lines.has_bare_returns(source):
            source = self._straighten(source)
        for _ in range(_MOST_REPAIRS):
            source = self._fill(source)
            bad = self._bad_lines(source)
            runaway = [line for line, (_, text) in bad.items() if "\n" in text.strip("\r\n")]
            if not runaway:
                good = int(self._engine.value(f"SELECT count(*) FROM {self._target.table}"))
                places = self._places(source, good, bad)
                if places is not None and len(places) > good and not self._is_straight:
                    source = self._straighten(source)  # the engine left records out without a word
                    continue
                self._show(places, good, bad)
                return self._rejected
            # an open quote swallows what follows: keep only its own line aside, and read the others again
            for line in runaway:
                first = bad[line][1].lstrip("\r\n").split("\n", 1)[0]
                self._reject(line, "UNQUOTED VALUE", first)
            copy, origin = lines.without(source, np.array(runaway), self._engine.temp, self._progress)
            source = self._now(copy, origin)
        raise FormatError(
            f"The double quotes of {self._found.path.name} do not match up in more than {_MOST_REPAIRS} places.",
            hint="Write a double quote inside a quoted value as two, and import it again.",
        )

    def _straighten(self, source: Path) -> Path:
        self._is_straight = True
        copy, origin, wrong = lines.straightened(source, self._layout, self._engine.temp, self._progress)
        for line in wrong.tolist():
            self._reject(line, "UNQUOTED VALUE", "")
        return self._now(copy, origin)

    def _now(self, copy: Path, origin: Lines) -> Path:
        self._copies.append(copy)
        self._origin = origin if self._origin is None else self._origin[origin]
        return copy

    def _true(self, found: Lines) -> Lines:
        return found if self._origin is None else self._origin[found]

    def _fill(self, source: Path) -> Path:
        try:
            self._fill_once(source)
        except EngineError:  # strict parsing stops at mixed line ends: write them anew, then it is final
            source = self._straighten(source)
            try:
                self._fill_once(source)
            except EngineError as error:
                raise FormatError(
                    f"{self._found.path.name} cannot be read: {str(error).splitlines()[0]}",
                    hint="Open it in a spreadsheet, look at its first lines and save it as CSV again.",
                ) from error
        return source

    def _fill_once(self, source: Path) -> None:
        self._target.fill(lambda: self._scan(source))

    def _scan(self, source: Path) -> str:
        for table in (REJECTS, _SCANS):
            self._engine.run(f"DROP TABLE IF EXISTS {table}")
        layout = self._layout
        named = ", ".join(f"{literal(column.name)}: 'VARCHAR'" for column in self._found.columns)
        return (
            f"read_csv({file_literal(source)}, auto_detect = false, columns = {{{named}}}, "
            f"delim = {literal(layout.separator)}, quote = {literal(layout.quote)}, "
            f"escape = {literal(layout.escape if layout.quote else '')}, "
            f"header = {layout.has_header}, skip = {layout.skip}, compression = 'none', strict_mode = true, "
            f"store_rejects = true, rejects_table = '{REJECTS}', rejects_scan = '{_SCANS}', rejects_limit = 0, "
            "rejects_line_size_limit = 4000" + (", new_line = '\\n')" if self._is_straight else ")")
        )

    def _bad_lines(self, source: Path) -> dict[int, tuple[str, str]]:
        """Line of ``source`` -> (what the engine says, the text), ascending."""
        found = self._engine.rows(
            f"SELECT line_byte_position, error_type || ': ' || error_message, csv_line FROM {REJECTS} "
            "ORDER BY line_byte_position, column_idx"
        )
        unique = {row[0]: row for row in reversed(found)}
        ordered = [unique[offset] for offset in sorted(unique)]
        # the position counts from 1, and points at the line end before where lines end with CRLF
        offsets = [row[0] - 1 + (row[2] or "").startswith("\n") for row in ordered]
        places = lines.at_bytes(source, offsets)
        return {int(line): (row[1], row[2] or "") for line, row in zip(places, ordered, strict=True)}

    def _places(self, source: Path, good: int, bad: dict[int, tuple[str, str]]) -> Lines | None:
        """The line of each good record of ``source``; None when each is the line below the one before."""
        above = self._layout.skip + self._layout.has_header
        if lines.count(source) == good + len(bad) + above:
            if not bad and self._origin is None:
                return None
            places = np.arange(above + 1, above + 1 + good + len(bad), dtype=np.int64)
        else:
            places = lines.starts(source, self._layout, self._progress)[int(self._layout.has_header) :]
        return places[~np.isin(places, list(bad))]

    def _show(self, places: Lines | None, good: int, bad: dict[int, tuple[str, str]]) -> None:
        for line, (what, text) in bad.items():
            self._reject(line, what, text)
        columns = {column.name: column.role for column in self._found.columns}
        kept = [name for name, role in columns.items() if role is not Role.SKIP]
        blank = f"r.{quoted(kept[0])} IS NOT NULL" if len(columns) == len(kept) == 1 else ""
        above = self._layout.skip + self._layout.has_header
        if places is None and not any(name.lower() == "rowid" for name in columns):
            self._target.show(f"r.rowid + {above + 1}", where=blank)
            return
        if places is None or len(places) != good:  # two parsers that differ: the count of records is the best there is
            places = np.arange(above + 1, above + 1 + good, dtype=np.int64)
            self._origin = None
        self._engine.register("_places", {"line": self._true(places)})
        self._engine.run(f"CREATE OR REPLACE TABLE {_LINES} AS SELECT line FROM _places")
        self._engine.forget("_places")
        self._target.show(f"{_LINES}.line", where=blank, beside=_LINES)

    def _reject(self, line: int, what: str, text: str) -> None:
        """``line`` of the file that is read now, ``text`` as far as it is known."""
        reason, hint = _reason(what)
        place = f"line {int(self._true(np.array([line]))[0])}"
        self._rejected.append(Rejected(str(self._found.path), place, self._id(text), reason, hint))

    def _id(self, text: str) -> str:
        """The id in a line that could not be read, where its beginning can."""
        column = self._found.column(Role.ID)
        if column is None or not text:
            return ""
        first_line = text.lstrip("\r\n").split("\n", 1)[0]
        cells = next(csv.reader(io.StringIO(first_line), delimiter=self._layout.separator), [])
        place = self._found.columns.index(column)
        return cells[place] if place < len(cells) else ""


def _reason(what: str) -> tuple[str, str]:
    if counted := re.search(r"Columns: (\d+) Found: (\d+)", what):
        wanted, found = counted.groups()
        return (
            f"the line has {found} {'value' if found == '1' else 'values'} where the header has {wanted}",
            "Put values that hold the separator in double quotes, and give every line all of its separators.",
        )
    if what.startswith("UNQUOTED VALUE"):
        return "its double quotes do not match up", "Write a double quote inside a quoted value as two."
    if what.startswith("INVALID ENCODING"):
        return "it holds bytes that are not UTF-8", "Save the file as UTF-8."
    if what.startswith("LINE SIZE"):
        return "the line is longer than 2 MB", "Keep long content in files of its own and name them in a column."
    return f"it cannot be read: {what}", ""
