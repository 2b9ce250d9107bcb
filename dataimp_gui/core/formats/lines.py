"""On which line of a text file each record stands, and copies of a file without the lines that break the rest.

Lines count from 1 and end with LF, CRLF or CR, also inside quotes, as an editor counts them.
"""

import csv
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.formats.dialect import MAX_FIELD, Dialect, how_quoted
from dataimp_gui.progress import Progress

Lines = npt.NDArray[np.int64]

_CHUNK: Final = 4 * 2**20


def count(path: Path) -> int:
    """How many lines a file has; a last one without an end counts too."""
    feeds = returns = 0
    last = b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            feeds += chunk.count(b"\n")
            if not feeds:
                returns += chunk.count(b"\r")
            last = chunk[-1:]
    return (feeds or returns) + (last not in (b"\n", b"\r", b""))


def has_bare_returns(path: Path) -> bool:
    """Whether lines end with CR alone, as far as the first megabytes tell."""
    with path.open("rb") as file:
        head = file.read(_CHUNK)
    return b"\r" in head and b"\n" not in head


def at_bytes(path: Path, offsets: Sequence[int]) -> Lines:
    """The line that stands at each byte offset (from 0, ascending), where lines end with LF or CRLF."""
    found = []
    line, passed = 1, 0
    with path.open("rb") as file:
        for offset in offsets:
            while passed < offset:
                chunk = file.read(min(_CHUNK, offset - passed))
                if not chunk:
                    break
                line += chunk.count(b"\n")
                passed += len(chunk)
            found.append(line)
    return np.array(found, dtype=np.int64)


def starts(path: Path, dialect: Dialect, progress: Progress) -> Lines:
    """The first line of each record that is not blank, the header included."""
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        return np.fromiter((line for line, _ in _records(file, dialect, progress)), dtype=np.int64)


def straightened(path: Path, dialect: Dialect, folder: Path | None, progress: Progress) -> tuple[Path, Lines, Lines]:
    """A copy with one kind of line end and every value in quotes, for files that mix several.

    Returns the copy (the caller removes it), for each line of the copy the line of ``path`` that its record begins on
    (index 0 stands for no line), and the lines of records whose quotes make no sense; these are left out.
    """
    descriptor, name = tempfile.mkstemp(prefix="lines-", suffix=".csv", dir=folder)
    origin, wrong = [0, *range(1, dialect.skip + 1)], []
    options: dict[str, Any] = {"errors": "surrogateescape", "newline": ""}
    with (
        path.open(encoding="utf-8-sig", **options) as source,
        os.fdopen(descriptor, "w", encoding="utf-8", **options) as target,
    ):
        target.write("\n" * dialect.skip)
        writer = csv.writer(target, lineterminator="\n", **{"quoting": csv.QUOTE_ALL, **_format(dialect)})
        for line, record in _records(source, dialect, progress, strict=True):
            if record is None:
                wrong.append(line)
                continue
            writer.writerow(record)
            origin += [line] * (1 + sum(value.count("\n") for value in record))
    return Path(name), np.array(origin, dtype=np.int64), np.array(wrong, dtype=np.int64)


def without(path: Path, unwanted: Lines, folder: Path | None, progress: Progress) -> tuple[Path, Lines]:
    """A copy that lacks the ``unwanted`` lines, and for each line of the copy (from index 1) its line in ``path``."""
    descriptor, name = tempfile.mkstemp(prefix="lines-", suffix=".csv", dir=folder)
    left_out = set(unwanted.tolist())
    origin = [0]
    with path.open("rb") as source, os.fdopen(descriptor, "wb") as target:
        for line, content in enumerate(source, 1):
            if line % 10_000 == 0:
                progress.check()
            if line not in left_out:
                target.write(content)
                origin.append(line)
    return Path(name), np.array(origin, dtype=np.int64)


def _records(
    file: Any, dialect: Dialect, progress: Progress, *, strict: bool = False
) -> Iterator[tuple[int, list[str] | None]]:
    """(first line, values) of each record; None for values that cannot be told apart (only when ``strict``)."""
    csv.field_size_limit(MAX_FIELD)
    for _ in range(dialect.skip):
        file.readline()
    reader = csv.reader(file, strict=strict, **_format(dialect))
    while True:
        record: list[str] | None
        line = dialect.skip + reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error:
            record = None
        if record is None or record:
            yield line, record
        if reader.line_num % 4096 == 0:
            progress.check()


def _format(dialect: Dialect) -> dict[str, Any]:
    return {"delimiter": dialect.separator, **how_quoted(dialect.quote, dialect.escape)}
