"""The append-only list of edits, with who, when and why; undo appends too, and nothing is ever removed.

A row of the `edit` table holds three columns of little-endian int32: the rows, the values before and the values after.
``packed`` is 0 for plain bytes and 1 for zlib over bytes (the rows then as differences from one to the next).
An undo or a redo holds none of its own and names the edit it is about in ``target``. Edits that were made as one
name the first of them in ``first``; they are undone and redone as one.
"""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby, takewhile
from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.edits import OF_PROJECT, Assign
from dataimp_gui.core.model import Codes, EditInfo, Rows
from dataimp_gui.core.storage.database import Database

_PACK_FROM: Final = 256  # rows; smaller edits are not worth compressing
_INFO: Final = "number, title, field, count, author, at, why, action, target"


@dataclass(frozen=True, slots=True)
class Step:
    """One effect on one row, as the journal tells it."""

    edit: EditInfo
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Line:
    """An edit to write, the values ``before``, what it is called, and ``words`` that its column did not know yet."""

    edit: Assign
    before: Codes
    title: str
    words: Sequence[str] = ()


class Journal:
    def __init__(self, database: Database) -> None:
        self._db = database
        self._undo: list[int] = []
        self._redo: list[int] = []
        self._first: dict[int, int] = dict(database.rows("SELECT number, first FROM edit WHERE first > 0"))
        for number, action in database.rows("SELECT number, action FROM edit ORDER BY number"):
            self._move(number, action)

    @property
    def live(self) -> Sequence[int]:
        """Numbers of the edits that count today, oldest first; the last is the one that undo takes back."""
        return tuple(self._undo)

    @property
    def last(self) -> int:
        """The number of its last line, 0 of an empty one."""
        ((number,),) = self._db.rows("SELECT coalesce(max(number), 0) FROM edit")
        return int(number)

    def has_since(self, column: str, number: int) -> bool:
        """Whether a line after ``number`` is about that column."""
        found = self._db.rows("SELECT 1 FROM edit WHERE number > ? AND field = ? LIMIT 1", (number, column))
        return bool(found)

    @property
    def undone(self) -> Sequence[int]:
        """Numbers of the edits that can be redone; the last comes back first."""
        return tuple(self._redo)

    def append(
        self, edit: Assign, before: Codes, *, title: str, author: str, why: str, words: Sequence[str] = ()
    ) -> EditInfo:
        """Write one edit, and the words that its column did not know yet; durable when it returns."""
        return self.append_all([Line(edit, before, title, words)], author=author, why=why)[0]

    def append_all(
        self, lines: Sequence[Line], *, author: str, why: str, beside: Callable[[int], None] | None = None
    ) -> list[EditInfo]:
        """Write edits that are undone as one; durable, all of them, when it returns.

        ``beside`` writes what belongs to them in the same transaction; it is given the number of the first, 0 without.
        """
        at = _now()
        infos: list[EditInfo] = []
        with self._db.transaction():
            for line in lines:
                edit, first = line.edit, infos[0].number if infos else 0
                packed, blobs = _pack(edit.rows, line.before, edit.codes)
                self._db.add_words(edit.column, line.words)
                number = self._db.execute(
                    "INSERT INTO edit (action, target, field, title, author, at, why, count, packed, rows, before, "
                    "after, first) VALUES ('do', 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (edit.column, line.title, author, at, why, len(edit.rows), packed, *blobs, first),
                )
                infos.append(EditInfo(number, line.title, edit.column, len(edit.rows), author, at, why))
            if beside is not None:
                beside(infos[0].number if infos else 0)
        for info in infos:
            self._move(info.number, "do")
            if info is not infos[0]:
                self._first[info.number] = infos[0].number
        return infos

    def append_inverses(self, action: str, targets: Sequence[EditInfo], *, author: str) -> list[EditInfo]:
        """Write an undo or a redo of each of ``targets``; durable, all of them, when it returns."""
        at = _now()
        infos = []
        with self._db.transaction():
            for target in targets:
                title = f"{'Undid' if action == 'undo' else 'Redid'}: {target.title}"
                number = self._db.execute(
                    "INSERT INTO edit (action, target, field, title, author, at, why, count, packed) "
                    "VALUES (?, ?, ?, ?, ?, ?, '', ?, 0)",
                    (action, target.number, target.column, title, author, at, target.count),
                )
                infos.append(
                    EditInfo(number, title, target.column, target.count, author, at, "", action, target.number)
                )
        for info in infos:
            self._move(info.number, action)
        return infos

    def first(self, number: int) -> int:
        """The first of the edits that were made as one with this one; mostly itself."""
        return self._first.get(number, number)

    def as_one(self, stack: Sequence[int]) -> list[int]:
        """The end of `live` or `undone` that goes back or comes back as one, what goes first at the front."""
        first = self.first(stack[-1])
        return list(takewhile(lambda number: self.first(number) == first, reversed(stack)))

    def info(self, number: int) -> EditInfo:
        return EditInfo(*self._db.rows(f"SELECT {_INFO} FROM edit WHERE number = ?", (number,))[0])

    def infos(self) -> list[EditInfo]:
        """Every line, oldest first."""
        return [EditInfo(*row) for row in self._db.rows(f"SELECT {_INFO} FROM edit ORDER BY number")]

    def read(self, number: int) -> tuple[Assign, Assign]:
        """An edit as it was done, and its inverse."""
        ((column, packed, rows, before, after),) = self._db.rows(
            "SELECT field, packed, rows, before, after FROM edit WHERE number = ?", (number,)
        )
        where = _unpack_rows(packed, rows)
        return Assign(column, where, _unpack_codes(packed, after)), Assign(column, where, _unpack_codes(packed, before))

    def replay(self) -> list[Assign]:
        """The edits that count today as one assignment for each column, in order, later ones over earlier ones."""
        live = set(self._undo)
        found = self._db.rows(
            "SELECT field, number, packed, rows, after FROM edit WHERE action = 'do' ORDER BY field, number"
        )
        merged = []
        for column, lines in groupby((line for line in found if line[1] in live), key=lambda line: line[0]):
            rows, codes = [], []
            for packed, run in groupby(lines, key=lambda line: line[2]):
                blobs = [(row_blob, code_blob) for *_, row_blob, code_blob in run]
                if not packed:  # a hundred thousand single edits are common: read them with one call
                    blobs = [(b"".join(blob for blob, _ in blobs), b"".join(blob for _, blob in blobs))]
                rows += [_unpack_rows(packed, blob) for blob, _ in blobs]
                codes += [_unpack_codes(packed, blob) for _, blob in blobs]
            merged.append(Assign(column, np.concatenate(rows), np.concatenate(codes)))
        return merged

    def authors(self, column: str) -> list[tuple[str, Rows]]:
        """Who gave today's values of a column: (author, rows) of its live edits, oldest first; later ones win."""
        return self._told("author", column)

    def reasons(self, column: str, until: int | None = None) -> list[tuple[str, Rows]]:
        """As `authors`, why: empty where nobody said. ``until``: by the edits up to that one."""
        return self._told("why", column, until)

    def _told(self, what: str, column: str, until: int | None = None) -> list[tuple[str, Rows]]:
        live = {number for number in self._undo if until is None or number <= until}
        found = self._db.rows(
            f"SELECT number, {what}, packed, rows FROM edit WHERE action = 'do' AND field = ? ORDER BY number",
            (column,),
        )
        return [(said, _unpack_rows(packed, blob)) for number, said, packed, blob in found if number in live]

    def steps(self, row: int) -> list[Step]:
        """Everything that ever happened to one example, oldest first."""
        touched: dict[int, tuple[int, int]] = {}
        fields = ", ".join("?" * len(OF_PROJECT))
        for number, packed, rows, before, after in self._db.rows(
            "SELECT number, packed, rows, before, after FROM edit WHERE action = 'do' "
            f"AND field NOT IN ({fields}) ORDER BY number",
            OF_PROJECT,
        ):
            if not packed and row.to_bytes(4, "little") not in rows:
                continue
            hits = np.flatnonzero(_unpack_rows(packed, rows) == row)
            if len(hits):
                place = int(hits[0])
                touched[number] = (int(_unpack_codes(packed, before)[place]), int(_unpack_codes(packed, after)[place]))
        steps = []
        for info in self.infos():
            if (pair := touched.get(info.target or info.number)) is not None:
                steps.append(Step(info, *(pair[::-1] if info.action == "undo" else pair)))
        return steps

    def _move(self, number: int, action: str) -> None:
        match action:
            case "do":
                self._undo.append(number)
                self._redo.clear()
            case "undo":
                self._redo.append(self._undo.pop())
            case _:
                self._undo.append(self._redo.pop())


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _plain(data: bytes) -> Codes:
    return np.frombuffer(data, dtype="<i4").astype(np.int32, copy=False)


def _bytes(array: npt.NDArray[np.integer]) -> bytes:
    return array.astype("<i4").tobytes()


def _pack(rows: Rows, before: Codes, after: Codes) -> tuple[int, list[bytes]]:
    if len(rows) < _PACK_FROM:
        return 0, [_bytes(rows), _bytes(before), _bytes(after)]
    return 1, [zlib.compress(_bytes(part), 1) for part in (np.diff(rows, prepend=0), before, after)]


def _unpack_rows(packed: int, blob: bytes) -> Rows:
    if packed:
        return np.cumsum(_plain(zlib.decompress(blob)), dtype=np.int64)
    return _plain(blob).astype(np.int64)


def _unpack_codes(packed: int, blob: bytes) -> Codes:
    return _plain(zlib.decompress(blob) if packed else blob)
