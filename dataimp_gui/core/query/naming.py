"""What a clause can name: columns, tags and slices, as the reader of a clause asks for them."""

from collections.abc import Sequence
from typing import Protocol


class Columns(Protocol):
    def find(self, name: str) -> Sequence[str]:
        """The columns meant by ``name`` as written: one, none, or several that differ in their capitals only."""

    def type(self, name: str) -> str: ...

    def tag(self, word: str) -> str:
        """The flag column of a tag; empty when nobody ever put it."""

    def rule(self, slice_: str) -> str:
        """The clause of a slice; empty when there is no such slice or it has fixed rows."""

    def flag(self, slice_: str) -> str:
        """The flag column of a slice of fixed rows; empty when there is none of that name."""

    def slices(self) -> Sequence[str]:
        """The names of all slices."""
        ...

    def names(self) -> Sequence[str]: ...

    def later(self, name: str) -> str:
        """How to get a column that is not there yet, as a sentence; empty when it is none that there could be."""
        ...
