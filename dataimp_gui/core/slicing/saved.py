"""The slices that a person saved: documents of the project, each change of which is an edit that can be undone."""

import base64
import binascii
import zlib
from collections.abc import Iterable, Sequence
from typing import Final, Literal

import msgspec
import numpy as np

from dataimp_gui.core import edits
from dataimp_gui.core.editing import Editing
from dataimp_gui.core.model import Codes, Rows
from dataimp_gui.core.query.words import nearest
from dataimp_gui.core.slices.slice import Slice
from dataimp_gui.core.storage.state import State
from dataimp_gui.errors import DataimpError

How = Literal["merge", "intersect", "subtract"]

_TITLES: Final = {"merge": "Merged", "intersect": "Intersected", "subtract": "Subtracted"}


class _Document(msgspec.Struct, frozen=True):
    """``rows`` is base64 of zlib over little-endian int32 differences from one row to the next."""

    name: str
    where: str = ""
    rows: str = ""
    why: str = ""


class Saved:
    """Any thread may ask; a change is durable when its method returns."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._known: tuple[Codes, dict[int, Slice]] | None = None

    def all(self) -> tuple[Slice, ...]:
        """In the order in which they were first saved."""
        return tuple(self._read().values())

    def find(self, name: str) -> Slice:
        """Raises DataimpError when there is none of that name."""
        return self._find(name)[1]

    def put(self, editing: Editing, slice_: Slice, title: str = "") -> Slice:
        """A new one. Raises DataimpError when the name is taken, or is none."""
        with editing.turn:
            there = self._read()
            name = edits.name("slice", slice_.name.strip())
            _check_free(name, there.values())
            place = next((place for place in range(edits.PLACES) if place not in there), None)
            if place is None:
                raise DataimpError(f"A project keeps at most {edits.PLACES:,} slices.", hint="Remove one first.")
            fresh = Slice(name, slice_.where.strip(), slice_.rows, slice_.why)
            editing.set_document(edits.SLICE, place, _text(fresh), title or f'Saved the slice "{name}"', why=slice_.why)
            return fresh

    def change(self, editing: Editing, name: str, to: Slice, title: str) -> Slice:
        """Put another in the place of the one called ``name``."""
        with editing.turn:
            place, before = self._find(name)
            fresh = Slice(edits.name("slice", to.name.strip()), to.where.strip(), to.rows, to.why)
            if fresh.name != before.name:
                _check_free(fresh.name, self.all())
            editing.set_document(edits.SLICE, place, _text(fresh), title)
            return fresh

    def remove(self, editing: Editing, name: str) -> None:
        with editing.turn:
            place, _ = self._find(name)
            editing.set_document(edits.SLICE, place, "", f'Removed the slice "{name}"')

    def _find(self, name: str) -> tuple[int, Slice]:
        there = self._read()
        for place, each in there.items():
            if each.name == name:
                return place, each
        near = nearest(name, [each.name for each in there.values()])
        raise DataimpError(
            f'There is no slice "{name}".',
            hint=f'The nearest is "{near}".' if near else "" if there else "No slice was saved yet.",
        )

    def _read(self) -> dict[int, Slice]:
        codes, known = self._state.codes(edits.SLICE), self._known
        if known is None or known[0] is not codes:  # an edit replaces the array
            found = self._state.documents(edits.SLICE)
            read = {place: each for place, text in found.items() if (each := _slice(text, self._state.count))}
            known = self._known = (codes, read)
        return known[1]


def combined(slices: Sequence[Slice], how: How, name: str, all_rows: Sequence[Rows]) -> Slice:
    """One of several: what is in any, in all, or in the first alone. A rule where all are rules, else fixed rows."""
    if len(slices) < 2:
        raise DataimpError("It takes two slices or more.", hint="Choose another one beside it.")
    why = f"{_TITLES[how]}: {', '.join(each.name for each in slices)}."
    if all(each.where for each in slices):
        parts = [f"({each.where})" for each in slices]
        if how == "subtract":
            parts[1:] = [f"not coalesce({part}, false)" for part in parts[1:]]
        return Slice(name, (" or " if how == "merge" else " and ").join(parts), None, why)
    rows = all_rows[0]
    for other in all_rows[1:]:
        match how:
            case "merge":
                rows = np.union1d(rows, other)
            case "intersect":
                rows = np.intersect1d(rows, other)
            case "subtract":
                rows = np.setdiff1d(rows, other)
    return Slice(name, "", rows, why)


def _check_free(name: str, there: Iterable[Slice]) -> None:
    if any(each.name == name for each in there):
        raise DataimpError(f'There is a slice "{name}" already.', hint="Choose another name, or rename that one.")


def _text(slice_: Slice) -> str:
    rows = ""
    if slice_.rows is not None:
        steps = np.diff(np.unique(slice_.rows).astype(np.int64), prepend=0).astype("<i4")
        rows = base64.b64encode(zlib.compress(steps.tobytes(), 1)).decode()
    document = _Document(slice_.name, slice_.where, rows, slice_.why)
    return msgspec.json.encode(document).decode()


def _slice(text: str, count: int) -> Slice | None:
    """None for a document that cannot be read: the rest of the project still opens."""
    try:
        document = msgspec.json.decode(text, type=_Document)
        if document.where:
            return Slice(document.name, document.where, None, document.why)
        packed = base64.b64decode(document.rows)
        steps = np.frombuffer(zlib.decompressobj().decompress(packed, 4 * max(1, count)), dtype="<i4")
    except (msgspec.DecodeError, binascii.Error, zlib.error, ValueError):
        return None
    rows = np.cumsum(steps, dtype=np.int64)
    return Slice(document.name, "", rows[(rows >= 0) & (rows < count)], document.why)
