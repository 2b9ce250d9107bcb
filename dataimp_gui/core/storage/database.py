"""The project's SQLite file: its tables, its migrations, and one connection that any thread may use."""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any, Final

from dataimp_gui.errors import ProjectError

FILE: Final = "project.sqlite"
APPLICATION_ID: Final = 0x44494D50  # "DIMP"

MIGRATIONS: Final[tuple[tuple[str, ...], ...]] = (
    (
        "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
        """CREATE TABLE vocabulary (
            field TEXT, code INTEGER, word TEXT NOT NULL, PRIMARY KEY (field, code)) WITHOUT ROWID""",
        """CREATE TABLE source (
            number INTEGER PRIMARY KEY, location TEXT NOT NULL, format TEXT NOT NULL, file TEXT NOT NULL,
            media_root TEXT NOT NULL, first_row INTEGER NOT NULL, count INTEGER NOT NULL, at TEXT NOT NULL)""",
        """CREATE TABLE run (
            number INTEGER PRIMARY KEY, name TEXT NOT NULL, version TEXT NOT NULL, file TEXT NOT NULL,
            classes TEXT NOT NULL, covered INTEGER NOT NULL, at TEXT NOT NULL)""",
        """CREATE TABLE quarantine (
            number INTEGER PRIMARY KEY, source TEXT NOT NULL, place TEXT NOT NULL, id TEXT NOT NULL,
            reason TEXT NOT NULL, hint TEXT NOT NULL)""",
        """CREATE TABLE edit (
            number INTEGER PRIMARY KEY, action TEXT NOT NULL, target INTEGER NOT NULL, field TEXT NOT NULL,
            title TEXT NOT NULL, author TEXT NOT NULL, at TEXT NOT NULL, why TEXT NOT NULL, count INTEGER NOT NULL,
            packed INTEGER NOT NULL, rows BLOB, before BLOB, after BLOB)""",
        """CREATE TABLE version (
            number INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL, content TEXT NOT NULL, parent TEXT NOT NULL,
            message TEXT NOT NULL, author TEXT NOT NULL, at TEXT NOT NULL,
            edit INTEGER NOT NULL, counts TEXT NOT NULL)""",
    ),
    (
        "ALTER TABLE edit ADD COLUMN first INTEGER NOT NULL DEFAULT 0",  # of the edits that are undone as one
        """CREATE TABLE queue (
            number INTEGER PRIMARY KEY, title TEXT NOT NULL, kind TEXT NOT NULL, settles INTEGER NOT NULL,
            at TEXT NOT NULL, count INTEGER NOT NULL, digest TEXT NOT NULL, rows BLOB NOT NULL)""",
        """CREATE TABLE decision (
            number INTEGER PRIMARY KEY, queue INTEGER NOT NULL, row INTEGER NOT NULL, reviewer TEXT NOT NULL,
            verb TEXT NOT NULL, before INTEGER NOT NULL, label INTEGER NOT NULL, suggested INTEGER NOT NULL,
            blind INTEGER NOT NULL, edit INTEGER NOT NULL, at TEXT NOT NULL, withdrawn INTEGER NOT NULL DEFAULT 0)""",
        "CREATE INDEX decision_queue ON decision (queue, reviewer)",
    ),
    (),  # slices, costs and views are in the journal and in `meta`: an older program would not know them
    (
        """CREATE TABLE evaluation (
            number INTEGER PRIMARY KEY, version TEXT NOT NULL, against TEXT NOT NULL, at TEXT NOT NULL,
            author TEXT NOT NULL, document TEXT NOT NULL)""",
        """CREATE TABLE move (
            number INTEGER PRIMARY KEY, version TEXT NOT NULL, kind TEXT NOT NULL, at TEXT NOT NULL,
            author TEXT NOT NULL, reason TEXT NOT NULL, failed TEXT NOT NULL)""",
    ),
    (),  # edits bring examples: an older program would also show those whose coming was undone
)
"""Step k brings a file from format k to format k + 1; a landed step is never changed, only followed by another."""


class Database:
    """WAL and ``synchronous=FULL``: what a transaction wrote is on the disk when it returns."""

    def __init__(self, folder: Path, *, read_only: bool = False, create: bool = False) -> None:
        self.path = folder / FILE
        if not create and not self.path.is_file():
            raise ProjectError(
                f"{folder} is not a Dataimp project.", hint=f"A project is a folder that holds a {FILE}."
            )
        self._lock = RLock()
        self._connect("ro" if read_only else "rwc" if create else "rw")
        try:
            try:
                self._prepare(folder, read_only=read_only)
            except sqlite3.DatabaseError as error:
                if not (read_only and _is_of_the_disk(error)) or self._has_log():
                    raise
                self._db.close()  # on a full or read-only disk SQLite cannot even make the files for sharing
                self._connect("ro&immutable=1")
                self._prepare(folder, read_only=True)
        except sqlite3.DatabaseError as error:
            self._db.close()
            if _is_of_the_disk(error):
                raise _unwritten(self.path, error) from error
            raise _damaged(self.path, error) from error
        except BaseException:
            self._db.close()
            raise

    def _connect(self, mode: str) -> None:
        self._db = sqlite3.connect(
            f"{self.path.resolve().as_uri()}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False
        )

    def _has_log(self) -> bool:
        """Whether transactions stand beside the file that are not in it yet."""
        log = self.path.with_name(FILE + "-wal")
        return log.exists() and log.stat().st_size > 0

    def close(self) -> None:
        with self._lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of the block or nothing of it; durable when it returns."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException as error:
                if self._db.in_transaction:  # SQLite ends it itself when the disk is full
                    self._db.execute("ROLLBACK")
                if isinstance(error, sqlite3.DatabaseError) and _is_of_the_disk(error):
                    raise _unwritten(self.path, error) from error
                raise
            try:
                self._db.execute("COMMIT")
            except sqlite3.Error as error:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise _unwritten(self.path, error) from error

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """What is read inside the block is of one moment, whatever another process writes meanwhile."""
        with self._lock:
            self._db.execute("BEGIN")
            try:
                yield
            finally:
                self._db.execute("ROLLBACK")

    def execute(self, sql: str, values: Sequence[object] = ()) -> int:
        """Run one statement and return the rowid of what it inserted."""
        with self._lock, _sound(self.path):
            return self._db.execute(sql, values).lastrowid or 0

    def executemany(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        with self._lock, _sound(self.path):
            self._db.executemany(sql, rows)

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with self._lock, _sound(self.path):
            return self._db.execute(sql, values).fetchall()

    def get(self, key: str, default: str = "") -> str:
        """A value of the `meta` table: the contract, the project's name …"""
        found = self.rows("SELECT value FROM meta WHERE key = ?", (key,))
        return str(found[0][0]) if found else default

    def put(self, key: str, value: str) -> None:
        self.execute(
            "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", (key, value)
        )

    def words(self, field: str) -> list[str]:
        """The vocabulary of a field, in the order of its codes."""
        return [word for (word,) in self.rows("SELECT word FROM vocabulary WHERE field = ? ORDER BY code", (field,))]

    def add_words(self, field: str, words: Sequence[str]) -> None:
        """Append to a vocabulary; codes count on from what is there and never change."""
        ((start,),) = self.rows("SELECT count(*) FROM vocabulary WHERE field = ?", (field,))
        self.executemany(
            "INSERT INTO vocabulary VALUES (?, ?, ?)",
            ((field, start + place, word) for place, word in enumerate(words)),
        )

    def _prepare(self, folder: Path, *, read_only: bool) -> None:
        ((found,),) = self.rows("PRAGMA user_version")
        ((application,),) = self.rows("PRAGMA application_id")
        if application not in (0, APPLICATION_ID) or (found and application != APPLICATION_ID):
            raise ProjectError(f"{self.path} belongs to another program.", hint="Choose a folder made by Dataimp.")
        if found > len(MIGRATIONS):
            raise ProjectError(
                f"{folder.name} was made by a newer Dataimp (format {found}; this one knows {len(MIGRATIONS)}).",
                hint="Update Dataimp; the project was not touched.",
            )
        if read_only:
            if found < len(MIGRATIONS):
                raise ProjectError(
                    f"{folder.name} was made by an older Dataimp and must be brought up to date first.",
                    hint="Open it once for writing.",
                )
            return
        self.execute("PRAGMA journal_mode = WAL")
        self.execute("PRAGMA synchronous = FULL")
        if found < len(MIGRATIONS):
            self._migrate(found)

    def _migrate(self, found: int) -> None:
        if found:
            self._back_up(self.path.with_name(f"project.format-{found}.sqlite"))
        with self.transaction():
            for step in MIGRATIONS[found:]:
                for statement in step:
                    self.execute(statement)
            self.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
            self.execute(f"PRAGMA application_id = {APPLICATION_ID}")

    def _back_up(self, target: Path) -> None:
        part = target.with_name(target.name + ".part")
        copy = sqlite3.connect(part)
        try:
            self._db.backup(copy)
        finally:
            copy.close()
        os.replace(part, target)


@contextmanager
def _sound(path: Path) -> Iterator[None]:
    """Raises ProjectError for what is broken in the file, which may show only when that part of it is read."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise _damaged(path, error) from error
        raise


def _damaged(path: Path, error: sqlite3.Error) -> ProjectError:
    return ProjectError(f"{path} is damaged or no Dataimp database: {error}.", hint="Restore it from a backup.")


def _is_of_the_disk(error: sqlite3.DatabaseError) -> bool:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN)


def _unwritten(path: Path, error: sqlite3.Error) -> ProjectError:
    return ProjectError(
        f"The change could not be written to {path}: {error}.",
        hint="Check the free space on that disk and your rights there; nothing was changed.",
    )
