"""How a delimited text is laid out: its separator, whether its first line is a header, the names of its columns.

Found by parsing the beginning with each separator and comparing how well its lines agree. (DuckDB's own sniffer was
tried: it takes the line above the data for a comment, skips lines that do not fit and finds headers by types.)
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from dataimp_gui.core.formats.found import PLACE
from dataimp_gui.errors import FormatError

SEPARATORS: Final = (",", "\t", ";", "|")
MAX_COLUMNS: Final = 4_000
MAX_NAME: Final = 1_000
MAX_FIELD: Final = 2**27
NO_SEPARATOR: Final = "\x1f"
"""Stands for the separator of a table of one column, where a comma is a comma."""

_USUAL_NAMES: Final = (
    "id uuid guid key index idx name file filename file_name filepath path image audio img url text sentence message "
    "label labels class target category y split subset group prediction predicted confidence score probability"
)
_HEADER_WORDS: Final = frozenset(_USUAL_NAMES.split())
_LOOKS_LIKE_DATA: Final = re.compile(r"[+-]?\d*[.,]\d+([eE][+-]?\d+)?|.*\.(jpe?g|png|wav|flac|mp3|bmp|gif|tiff?)", re.I)
_DIGITS: Final = re.compile(r"[+-]?\d+")


@dataclass(frozen=True, slots=True)
class Dialect:
    """``names`` are unique (without regard to case) and never empty; ``records`` a sample of the rows below them.

    ``skip`` lines stand above the header (a spreadsheet's "sep=;"). ``quote`` is empty where quotes are characters.
    ``agreement`` is the share of lines that have as many columns as the first.
    """

    separator: str
    has_header: bool
    names: tuple[str, ...]
    records: tuple[tuple[str, ...], ...]
    skip: int = 0
    escape: str = '"'
    quote: str = '"'
    agreement: float = 1.0
    notes: tuple[str, ...] = ()


def sniff(head: str, *, whole: bool, name: str, separator: str = "") -> Dialect | None:
    """The layout of a text that begins with ``head`` (all of it when ``whole``); None for nothing but blank lines.

    Raises FormatError, naming the file ``name``, when no separator explains the lines or there are too many columns.
    """
    skip = 0
    if said := re.match(r"\ufeff?sep=([,;|\t])\r?\n", head):
        separator, skip, head = said[1], 1, head[said.end() :]
    head = head.removeprefix("\ufeff")
    if not head.strip("\r\n \ufeff"):
        return None
    escape = "\\" if re.search(r'\\"(?![,;|\t\r\n])', head) and '""' not in head else '"'
    parsed = {each: _records(head, each, escape, whole) for each in ([separator] if separator else SEPARATORS)}
    for records in parsed.values():
        if records and len(records[0]) > MAX_COLUMNS:
            raise FormatError(
                f"{name} has {len(records[0]):,} columns; {MAX_COLUMNS:,} is the most that a dataset can have.",
                hint="Keep the columns that you will look at; put long vectors into a file of their own.",
            )
    best = max(parsed, key=lambda each: _agreement(parsed[each]))
    records = parsed[best]
    if len(records[0]) == 1 and not separator:
        _refuse_hidden_columns(parsed, name)
        best, records = NO_SEPARATOR, _records(head, NO_SEPARATOR, escape, whole)
    quote = '"'
    if best == "\t" and _has_stray_quotes(head):  # plain tab-separated text knows no quoting
        quote, records = "", _records(head, best, "", whole)
    width = len(records[0])
    fitting = [record for record in records[1:] if len(record) == width]
    has_header = _is_header(records[0], fitting)
    if has_header:
        _refuse_long_names(records[0], name)
    names, notes = _names(records[0] if has_header else [""] * width)
    sample = fitting if has_header else [records[0], *fitting]
    if not has_header:
        notes = ["The first line looks like data, so the columns have no names.", *notes]
    return Dialect(
        best, has_header, names, tuple(map(tuple, sample)), skip, escape, quote, _agreement(records)[1], tuple(notes)
    )


def _records(text: str, separator: str, escape: str, whole: bool) -> list[list[str]]:
    """The records of a text, without blank lines, and without the last when the text may end within it."""
    csv.field_size_limit(MAX_FIELD)
    rules = how_quoted('"' if escape else "", escape)
    found: list[list[str]] = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=separator, **rules):
            if record:
                found.append(record)
    except csv.Error:
        pass
    if not whole and len(found) > 1:
        found.pop()
    return found or [[text.strip()]]


def how_quoted(quote: str, escape: str) -> dict[str, Any]:
    """The arguments of the `csv` module for it."""
    if not quote:
        return {"quoting": csv.QUOTE_NONE}
    return {"doublequote": False, "escapechar": escape} if escape != '"' else {"doublequote": True}


def _has_stray_quotes(text: str) -> bool:
    """Whether quotes in tab-separated text make no sense as such, and every line does without them."""
    lines = text.rstrip("\r\n").split("\n")[:-1]
    if len({line.count("\t") for line in lines}) != 1:
        return False
    try:
        for _ in csv.reader(lines, delimiter="\t", strict=True):
            pass
    except csv.Error:
        return True
    return False


def _agreement(records: Sequence[Sequence[str]]) -> tuple[bool, float, int]:
    """More than one column, then the share of lines as wide as the first, then the number of columns."""
    width = len(records[0])
    return width > 1, sum(len(record) == width for record in records) / len(records), width


def _refuse_hidden_columns(parsed: dict[str, list[list[str]]], name: str) -> None:
    """A first line without separators above lines that all have the same number of them is a broken header."""
    hidden = []
    for separator, records in parsed.items():
        widths = Counter(len(record) for record in records[1:])
        width, count = widths.most_common(1)[0] if widths else (1, 0)
        if width > 1 and count >= 0.9 * (len(records) - 1) and (count >= 3 or separator != ","):
            hidden.append((width, "tab" if separator == "\t" else separator))
    if hidden:
        width, separator = max(hidden)
        raise FormatError(
            f'The first line of {name} has one column, but the lines below have {width} separated by "{separator}".',
            hint="Repair the header line, or put texts that hold separators in double quotes.",
        )


def _is_header(first: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    words = [cell.strip().lower() for cell in first]
    if any(word in _HEADER_WORDS for word in words):
        return True
    if any(_LOOKS_LIKE_DATA.fullmatch(word) or len(word) > 200 or "\n" in word for word in words):
        return False
    digits = [int(word) for word in words if _DIGITS.fullmatch(word)]
    if digits:  # 0, 1, 2 ... are the names that data frames give to columns
        return digits == list(range(digits[0], digits[0] + len(digits))) and digits[0] in (0, 1) and len(digits) > 1
    if "" in words[1:]:
        return len(words) > 2 and words.count("") * 2 < len(words)
    columns = list(zip(*below, strict=True))
    if any(all(_is_number(cell) for cell in cells) for cells in columns):
        return True
    return not any(word and word in cells for word, cells in zip(first, columns, strict=False))


def _is_number(cell: str) -> bool:
    return bool(_DIGITS.fullmatch(cell) or _LOOKS_LIKE_DATA.fullmatch(cell))


def _refuse_long_names(header: Sequence[str], name: str) -> None:
    longest = max(map(len, header))
    if longest > MAX_NAME:
        raise FormatError(
            f"A column of {name} has a name of {longest:,} characters; {MAX_NAME:,} is the most.",
            hint="Look at its first line: line ends or a double quote may be missing there.",
        )


def _names(header: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    names: list[str] = []
    notes = []
    taken = {PLACE}
    for number, cell in enumerate(header, 1):
        wanted = name = cell.strip() or f"column{number}"
        suffix = 2
        while name.lower() in taken:
            name = f"{wanted}_{suffix}"
            suffix += 1
        if name != wanted:
            notes.append(f'There is more than one column "{wanted}"; number {number} is called "{name}" here.')
        taken.add(name.lower())
        names.append(name)
    return tuple(names), notes
