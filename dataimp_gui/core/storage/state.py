"""How the examples stand today: the imported columns plus every edit that was not undone."""

from collections.abc import Mapping, Sequence

import numpy as np

from dataimp_gui.core import edits
from dataimp_gui.core.model import NONE, Codes, Mask, Rows


class State:
    """Columns of ``count`` rows. An edit replaces an array and never writes into it, so readers may keep theirs."""

    def __init__(
        self, count: int, given: Mapping[str, Codes], words: Mapping[str, Sequence[str]], tags: Sequence[str] = ()
    ) -> None:
        """``given`` holds the imported label and split codes, and which rows are there before any edit says so, all by
        default; ``words`` the vocabulary of each worded column."""
        self.count = count
        worded = (*edits.WORDED, *edits.OF_PROJECT)
        self._words = {column: list(words.get(column, ())) for column in worded}
        self._places = {column: {word: code for code, word in enumerate(w)} for column, w in self._words.items()}
        self.given_labels: Codes = given.get(edits.LABEL, np.full(count, NONE, dtype=np.int32))
        self._columns: dict[str, Codes] = {
            column: given.get(column, np.full(count, NONE, dtype=np.int32)) for column in edits.WORDED
        }
        for column in edits.OF_PROJECT:
            self._columns[column] = np.full(edits.PLACES, NONE, dtype=np.int32)
        for column in (edits.EXCLUDED, edits.REVIEWED, *(edits.TAG + tag for tag in tags)):
            self._columns[column] = np.zeros(count, dtype=np.int32)
        self._columns[edits.PRESENT] = given.get(edits.PRESENT, np.ones(count, dtype=np.int32))
        self.brought: Mask = self._columns[edits.PRESENT] == 0
        """Rows that an edit brought, not an import."""
        self.hidden: tuple[tuple[int, int], ...] = _ranges(self._columns[edits.PRESENT] == 0)
        """First and last row of each run of rows that are not there."""

    @property
    def labels(self) -> Codes:
        return self._columns[edits.LABEL]

    @property
    def splits(self) -> Codes:
        return self._columns[edits.SPLIT]

    @property
    def notes(self) -> Codes:
        return self._columns[edits.NOTE]

    @property
    def excluded(self) -> Mask:
        """Also those that are not there."""
        excluded: Mask = self._columns[edits.EXCLUDED].astype(np.bool_)
        return excluded | ~self.present if self.hidden else excluded

    @property
    def present(self) -> Mask:
        """Rows that are there: of others, the coming was undone."""
        return self._columns[edits.PRESENT].astype(np.bool_)

    @property
    def reviewed(self) -> Mask:
        return self._columns[edits.REVIEWED].astype(np.bool_)

    @property
    def tags(self) -> dict[str, Mask]:
        """Every tag that was ever put, by name, in the order of their first use."""
        return {
            column.removeprefix(edits.TAG): codes.astype(np.bool_)
            for column, codes in self._columns.copy().items()  # another thread may put the first of a tag meanwhile
            if column.startswith(edits.TAG)
        }

    def words(self, column: str) -> Sequence[str]:
        """Of a worded column or one of the project, in the order of their codes."""
        return self._words[column]

    def knows(self, column: str, word: str) -> bool:
        return word in self._places[column]

    def code(self, column: str, word: str) -> int:
        """The code of a word, -1 for the empty word. KeyError when it is not in the vocabulary."""
        return self._places[column][word] if word else NONE

    def add_words(self, column: str, words: Sequence[str]) -> None:
        for word in words:
            self._places[column][word] = len(self._words[column])
            self._words[column].append(word)

    def word(self, column: str, code: int) -> str:
        """What a code says, for people: the word, or "0" and "1" for a flag."""
        if column in self._words:
            return self._words[column][code] if code >= 0 else ""
        return str(code)

    def documents(self, column: str) -> dict[int, str]:
        """What a column of the project holds today, by place."""
        codes = self._columns[column]
        return {place: self._words[column][codes[place]] for place in np.flatnonzero(codes >= 0).tolist()}

    def codes(self, column: str) -> Codes:
        """A column as int32 codes; a tag that nobody put yet is all 0."""
        found = self._columns.get(column)
        return np.zeros(self.count, dtype=np.int32) if found is None else found

    def assign(self, column: str, rows: Rows, codes: Codes) -> None:
        """When a row comes twice, its last value stays."""
        fresh = self.codes(column).copy()
        fresh[rows] = codes
        self._columns[column] = fresh
        if column == edits.PRESENT:
            self.hidden = _ranges(fresh == 0)


def _ranges(mask: Mask) -> tuple[tuple[int, int], ...]:
    """First and last place of each run of True."""
    ends = np.flatnonzero(np.diff(mask, prepend=False, append=False)).tolist()
    return tuple((first, last - 1) for first, last in zip(ends[::2], ends[1::2], strict=True))
