"""Doing, undoing and redoing: narrows an edit to what it changes, makes it durable, then lets it be seen."""

from collections.abc import Callable, Sequence
from threading import RLock

import numpy as np

from dataimp_gui.core import edits
from dataimp_gui.core.edits import Assign
from dataimp_gui.core.model import Change, Codes, EditInfo, HistoryLine, Rows
from dataimp_gui.core.storage.database import Database
from dataimp_gui.core.storage.journal import Journal, Line
from dataimp_gui.core.storage.state import State
from dataimp_gui.errors import DataimpError

Seen = Callable[[Assign, Change], None]


class Editing:
    """One edit at a time, whichever thread asks. ``seen`` is called with each applied edit, still in its turn."""

    def __init__(self, database: Database, state: State, author: str, seen: Seen) -> None:
        self.state = state
        self.author = author
        self._seen = seen
        self.turn = RLock()
        """Held while an edit is written and applied."""
        self.journal = Journal(database)
        for edit in self.journal.replay():
            edit.apply(state)

    def set_word(self, column: str, rows: Rows, word: str, *, why: str = "") -> EditInfo | None:
        """Give every one of ``rows`` the same label, split or note; a new word joins the vocabulary."""
        return self.set_all([(column, word)], rows, why=why)

    def set_codes(self, column: str, rows: Rows, codes: Codes, *, why: str = "") -> EditInfo | None:
        """Give each of ``rows`` (unique) a value of its own, one of those that the vocabulary has."""
        with self.turn:
            order, same = np.argsort(rows), np.unique(codes)
            word = self.state.word(column, int(same[0])) if len(same) == 1 else None
            return self._do([self._narrowed(Assign(column, rows[order], codes[order]), word)], why)

    def set_flag(self, column: str, rows: Rows, on: bool, *, why: str = "") -> EditInfo | None:
        """Switch a flag (excluded, reviewed, ``tag:NAME``) on or off for every one of ``rows``."""
        return self.set_all([(column, on)], rows, why=why)

    def set_all(
        self,
        wishes: Sequence[tuple[str, str | bool]],
        rows: Rows,
        *,
        why: str = "",
        beside: Callable[[int], None] | None = None,
    ) -> EditInfo | None:
        """Give every one of ``rows`` several values, by column, as edits that are undone as one; the first is returned.

        ``beside`` writes to the database in the same transaction, also when no value becomes different; it is given
        the number of the first edit, 0 when there is none.
        """
        with self.turn:
            return self._do([self._line(*wish, rows) for wish in wishes], why, beside)

    def set_document(self, column: str, place: int, text: str, title: str, *, why: str = "") -> EditInfo | None:
        """Put ``text`` at a place of a column of the project; an empty one takes away what is there."""
        with self.turn:
            known = not text or self.state.knows(column, text)
            code = self.state.code(column, text) if known else len(self.state.words(column))
            edit = edits.assign(column, np.array([place]), code).narrowed(self.state)
            before = self.state.codes(column)[edit.rows]
            return self._do([Line(edit, before, title, () if known else (text,))], why)

    def set_columns(
        self,
        wishes: Sequence[tuple[Assign, Sequence[str]]],
        title: str,
        *,
        why: str = "",
        beside: Callable[[int], None] | None = None,
    ) -> EditInfo | None:
        """Apply edits of different columns, each with the words that its column does not know yet, as one edit.

        ``beside`` as in `set_all`.
        """
        with self.turn:
            lines = [
                Line(edit, self.state.codes(edit.column)[edit.rows], title, words)
                for given, words in wishes
                if len((edit := given.narrowed(self.state)).rows)
            ]
            return self._do(lines, why, beside)

    def bring(
        self, rows: Rows, title: str, again: Callable[[], State], *, why: str = "", beside: Callable[[int], None]
    ) -> EditInfo:
        """Let examples come: ``rows`` behind all others, in an edit that undo takes back.

        ``beside`` writes in the same transaction where they come from; ``again`` then reads the state without any edit.
        """
        edits.checked("reason", why, edits.MOST_OF_NOTE)
        with self.turn:
            edit = edits.assign(edits.PRESENT, rows, 1)
            line = Line(edit, np.zeros(len(rows), dtype=np.int32), title)
            info = self.journal.append_all([line], author=self.author, why=why, beside=beside)[0]
            state = again()
            for each in self.journal.replay():
                each.apply(state)
            self.state = state
            return info

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
                self.state.word(step.edit.column, step.before),
                self.state.word(step.edit.column, step.after),
                step.edit.author,
                step.edit.at,
                step.edit.why,
                step.edit.action,
            )
            for step in self.journal.steps(row)
        ]

    def _line(self, column: str, value: str | bool, rows: Rows) -> Line:
        """What is to be written so that ``rows`` have that value; a new word joins the vocabulary."""
        if isinstance(value, bool):
            return self._narrowed(edits.assign(column, rows, int(value)), str(int(value)))
        known = not value or self.state.knows(column, value)
        if not known and column == edits.NOTE:
            edits.checked("note", value, edits.MOST_OF_NOTE)
        elif not known:
            edits.name(column, value)
        code = self.state.code(column, value) if known else len(self.state.words(column))
        return self._narrowed(edits.assign(column, rows, code), value, () if known else (value,))

    def _narrowed(self, edit: Assign, word: str | None, words: tuple[str, ...] = ()) -> Line:
        self._check(edit.rows)
        edit = edit.narrowed(self.state)
        title = edits.title(edit.column, len(edit.rows), word)
        return Line(edit, self.state.codes(edit.column)[edit.rows], title, words)

    def _do(self, lines: Sequence[Line], why: str, beside: Callable[[int], None] | None = None) -> EditInfo | None:
        edits.checked("reason", why, edits.MOST_OF_NOTE)
        lines = [line for line in lines if len(line.edit.rows)]
        if not lines and beside is None:
            return None
        infos = self.journal.append_all(lines, author=self.author, why=why, beside=beside)
        for line in lines:
            self.state.add_words(line.edit.column, line.words)
            self._apply(line.edit)
        return infos[0] if infos else None

    def _invert(self, action: str, stack: Sequence[int], empty: str) -> EditInfo:
        if not stack:
            raise DataimpError(empty)
        numbers = self.journal.as_one(stack)
        pairs = [self.journal.read(number) for number in numbers]
        infos = self.journal.append_inverses(action, [self.journal.info(n) for n in numbers], author=self.author)
        for done, inverse in pairs:
            self._apply(inverse if action == "undo" else done)
        return min(infos, key=lambda info: info.target)

    def _apply(self, edit: Assign) -> None:
        edit.apply(self.state)
        self._seen(edit, Change(edits.field_of(edit.column), edit.rows))

    def _check(self, rows: Rows) -> None:
        if len(rows) and (rows[0] < 0 or rows[-1] >= self.state.count):
            raise DataimpError(f"There is no example at row {rows[-1] if rows[0] >= 0 else rows[0]}.")
