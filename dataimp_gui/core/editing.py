"""Doing, undoing and redoing: narrows an edit to what it changes, makes it durable, then lets it be seen."""

from collections.abc import Callable, Sequence
from threading import RLock

import numpy as np

from dataimp_gui.core import edits
from dataimp_gui.core.edits import Assign
from dataimp_gui.core.model import Change, Codes, EditInfo, HistoryLine, Rows
from dataimp_gui.core.storage.database import Database
from dataimp_gui.core.storage.journal import Journal
from dataimp_gui.core.storage.state import State
from dataimp_gui.errors import DataimpError

Seen = Callable[[Assign, Change], None]


class Editing:
    """One edit at a time, whichever thread asks. ``seen`` is called with each applied edit, still in its turn."""

    def __init__(self, database: Database, state: State, author: str, seen: Seen) -> None:
        self._state = state
        self._author = author
        self._seen = seen
        self.turn = RLock()
        """Held while an edit is written and applied."""
        self.journal = Journal(database)
        for edit in self.journal.replay():
            edit.apply(state)

    def set_word(self, column: str, rows: Rows, word: str, *, why: str = "") -> EditInfo | None:
        """Give every one of ``rows`` the same label, split or note; a new word joins the vocabulary."""
        with self.turn:
            known = not word or self._state.knows(column, word)
            if not known and column == edits.NOTE:
                edits.checked("note", word, edits.MOST_OF_NOTE)
            elif not known:
                edits.name(column, word)
            code = self._state.code(column, word) if known else len(self._state.words(column))
            return self._do(edits.assign(column, rows, code), word, () if known else (word,), why)

    def set_codes(self, column: str, rows: Rows, codes: Codes, *, why: str = "") -> EditInfo | None:
        """Give each of ``rows`` (unique) a value of its own, one of those that the vocabulary has."""
        with self.turn:
            order, same = np.argsort(rows), np.unique(codes)
            word = self._state.word(column, int(same[0])) if len(same) == 1 else None
            return self._do(Assign(column, rows[order], codes[order]), word, (), why)

    def set_flag(self, column: str, rows: Rows, on: bool, *, why: str = "") -> EditInfo | None:
        """Switch a flag (excluded, reviewed, ``tag:NAME``) on or off for every one of ``rows``."""
        with self.turn:
            return self._do(edits.assign(column, rows, int(on)), str(int(on)), (), why)

    def undo(self) -> EditInfo:
        with self.turn:
            return self._invert("undo", self.journal.live, "There is nothing to undo.")

    def redo(self) -> EditInfo:
        with self.turn:
            return self._invert("redo", self.journal.undone, "There is nothing to redo.")

    def history(self, row: int) -> list[HistoryLine]:
        """What happened to one example, oldest first."""
        return [
            HistoryLine(
                step.edit.number,
                step.edit.column,
                self._state.word(step.edit.column, step.before),
                self._state.word(step.edit.column, step.after),
                step.edit.author,
                step.edit.at,
                step.edit.why,
                step.edit.action,
            )
            for step in self.journal.steps(row)
        ]

    def _do(self, edit: Assign, word: str | None, words: tuple[str, ...], why: str) -> EditInfo | None:
        self._check(edit.rows)
        edits.checked("reason", why, edits.MOST_OF_NOTE)
        edit = edit.narrowed(self._state)
        if not len(edit.rows):
            return None
        before = self._state.codes(edit.column)[edit.rows]
        title = edits.title(edit.column, len(edit.rows), word)
        info = self.journal.append(edit, before, title=title, author=self._author, why=why, words=words)
        if words:
            self._state.add_words(edit.column, words)
        self._apply(edit)
        return info

    def _invert(self, action: str, stack: Sequence[int], empty: str) -> EditInfo:
        if not stack:
            raise DataimpError(empty)
        done, inverse = self.journal.read(stack[-1])
        info = self.journal.append_inverse(action, self.journal.info(stack[-1]), author=self._author)
        self._apply(inverse if action == "undo" else done)
        return info

    def _apply(self, edit: Assign) -> None:
        edit.apply(self._state)
        self._seen(edit, Change(edits.field_of(edit.column), edit.rows))

    def _check(self, rows: Rows) -> None:
        if len(rows) and (rows[0] < 0 or rows[-1] >= self._state.count):
            raise DataimpError(f"There is no example at row {rows[-1] if rows[0] >= 0 else rows[0]}.")
