"""The one module that imports DuckDB: an in-memory database for columns, and its errors in our words."""

import errno
import os
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt

from dataimp_gui.progress import Progress

EngineError = duckdb.Error
"""Whatever the database refuses; callers turn it into a sentence of their own."""
ConversionError = duckdb.ConversionException
InvalidInputError = duckdb.InvalidInputException
Interrupted = duckdb.InterruptException
OutOfMemory = duckdb.OutOfMemoryException
DiskError = (
    duckdb.IOException,
    duckdb.OutOfMemoryException,
    duckdb.InvalidInputException,
    duckdb.SerializationException,
)
"""What a full disk, too little memory and a damaged file look like; `disk_reason` puts one of them into words."""

Parameters = Sequence[object] | Mapping[str, object] | None


def disk_reason(error: BaseException) -> str:
    """A few words, such as "No space left on device"."""
    if isinstance(error, duckdb.OutOfMemoryException):
        return "there is too little memory, or space for temporary files"
    number = _errno(error)
    return os.strerror(number) if number else "a file could not be read or written"


def is_disk_full(error: BaseException) -> bool:
    """Of a `DiskError` or an OSError."""
    return _errno(error) in (errno.ENOSPC, errno.EDQUOT)


def _errno(error: BaseException) -> int:
    """0 where it has none."""
    if isinstance(error, OSError):
        return error.errno or 0
    found = re.search(r'"errno":"(\d+)"', str(error))
    return int(found[1]) if found else 0


def quoted(name: str) -> str:
    """An identifier for SQL text: any name, also one with quotes or spaces in it."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A string constant for SQL text, where a parameter cannot stand."""
    return "'" + text.replace("'", "''") + "'"


def file_literal(path: Path) -> str:
    """A string constant for the one file of that name, also where it holds characters of a pattern."""
    return literal("".join(f"[{letter}]" if letter in "*?[" else letter for letter in str(path)))


def parquet(*paths: Path) -> str:
    """SQL for the rows of Parquet files, one after the other; columns that a file lacks are NULL there."""
    if len(paths) == 1:
        return f"read_parquet({file_literal(paths[0])})"
    return f"read_parquet([{', '.join(map(file_literal, paths))}], union_by_name = true)"


class Engine:
    """One in-memory database. Every thread gets a cursor of its own; they see the same tables.

    Arrays that are registered stay with the engine (kept alive until `forget`).
    """

    def __init__(self, *, temp: Path | None = None, memory_limit: str = "", threads: int = 0) -> None:
        self.temp = temp
        config: dict[str, Any] = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
        config["temp_directory"] = "" if temp is None else str(temp)  # the default is the current folder
        if memory_limit:
            config["memory_limit"] = memory_limit
        if threads:
            config["threads"] = threads
        self._root = duckdb.connect(":memory:", config=config)
        self._root.execute("SET enable_progress_bar = false")
        self._local = threading.local()
        self._cursors: list[duckdb.DuckDBPyConnection] = []
        self._guard = threading.Lock()
        self._arrays: dict[str, Mapping[str, npt.NDArray[Any]]] = {}

    def lock(self) -> None:
        """From here on no statement reads or writes files, the network or extensions, nor changes that again."""
        self._root.execute("SET enable_external_access = false")
        self._root.execute("SET lock_configuration = true")

    def close(self) -> None:
        with self._guard:
            for cursor in self._cursors:
                cursor.close()
            self._cursors.clear()
        self._root.close()

    def run(self, sql: str, parameters: Parameters = None, progress: Progress | None = None) -> None:
        """Execute and wait. Raises Cancelled when ``progress`` is cancelled meanwhile, else EngineError."""
        with self._stoppable(progress):
            self._cursor().execute(sql, parameters)

    def rows(self, sql: str, parameters: Parameters = None, progress: Progress | None = None) -> list[tuple[Any, ...]]:
        with self._stoppable(progress):
            return self._cursor().execute(sql, parameters).fetchall()

    def value(self, sql: str, parameters: Parameters = None, progress: Progress | None = None) -> Any:
        """The first column of the first row, or None."""
        rows = self.rows(sql, parameters, progress)
        return rows[0][0] if rows else None

    def arrays(
        self, sql: str, parameters: Parameters = None, progress: Progress | None = None
    ) -> dict[str, npt.NDArray[Any]]:
        """Columns as arrays; a column with NULL comes as a masked array, text as objects."""
        with self._stoppable(progress):
            return self._cursor().execute(sql, parameters).fetchnumpy()

    def batches(self, sql: str, parameters: Parameters = None, size: int = 1000) -> Iterator[list[tuple[Any, ...]]]:
        """Rows in lists of at most ``size``, over a cursor of its own, so that other statements may run in between."""
        cursor = self._root.cursor()
        try:
            with _told_of_keys():
                cursor.execute(sql, parameters)
            while batch := cursor.fetchmany(size):
                yield batch
        finally:
            cursor.close()

    def columns(self, sql: str, parameters: Parameters = None) -> list[tuple[str, str]]:
        """(name, SQL type) of each column that a SELECT would give."""
        found = self.rows(f"DESCRIBE {sql}", parameters)
        return [(str(row[0]), str(row[1])) for row in found]

    def register(self, name: str, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        """Make numeric or boolean arrays of equal length a table, without a copy."""
        fixed = {key: np.ascontiguousarray(array) for key, array in arrays.items()}
        cursor = self._cursor()
        cursor.register(name, fixed)
        self._arrays[name] = fixed

    def forget(self, name: str) -> None:
        self._cursor().unregister(name)
        self._arrays.pop(name, None)

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        cursor: duckdb.DuckDBPyConnection | None = getattr(self._local, "cursor", None)
        if cursor is None:
            cursor = self._root.cursor()
            self._local.cursor = cursor
            with self._guard:
                self._cursors.append(cursor)
        return cursor

    @contextmanager
    def _stoppable(self, progress: Progress | None) -> Iterator[None]:
        with _told_of_keys():
            if progress is None:
                yield
                return
            with progress.stopping(self._cursor().interrupt):
                try:
                    yield
                except Interrupted:
                    progress.check()
                    raise
                progress.check()  # an interrupt that came before the statement had begun is lost


@contextmanager
def _told_of_keys() -> Iterator[None]:
    """DuckDB makes a RuntimeError of Ctrl+C."""
    try:
        yield
    except RuntimeError as error:
        if "interrupted" in str(error).lower():
            raise KeyboardInterrupt from error
        raise
