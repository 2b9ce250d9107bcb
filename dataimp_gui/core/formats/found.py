"""What was found in a source before anything is read in full: its format, columns, their roles and the evidence."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from dataimp_gui.core.model import Modality, Role
from dataimp_gui.errors import FormatError

INCOMING: Final = "incoming"
"""The table that a `load` makes."""

PLACE: Final = "_place"
"""Its first column, BIGINT: the 1-based line (of a text file) or row (of a table) where the example stands."""

OBJECT_PREFIX: Final = "sha256:"
"""A media value of this form is not a path but bytes that lie in the project's objects."""

_IMAGES: Final = "jpg jpeg jpe jfif png bmp gif tif tiff webp ppm pgm pbm pnm avif jp2 ico tga"
_SOUNDS: Final = "wav flac ogg oga opus mp3 aif aiff aifc au snd caf w64 rf64"

SUFFIXES: Final[Mapping[Modality, frozenset[str]]] = {
    Modality.IMAGE: frozenset("." + ending for ending in _IMAGES.split()),
    Modality.AUDIO: frozenset("." + ending for ending in _SOUNDS.split()),
    Modality.TEXT: frozenset((".txt", ".md")),
}
"""File names that say what is inside; the content decides in the end."""


@dataclass(frozen=True, slots=True)
class FoundColumn:
    """A column of a source. ``type`` is text, number, flag, time or bytes; ``samples`` are a few values as written;
    ``why`` is the evidence for the role, for people."""

    name: str
    type: str = "text"
    role: Role = Role.METADATA
    samples: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Writing:
    """How a delimited text is written, where a person knows it better than the guess; "" leaves it to the guess.

    ``encoding`` is a Python name, ``separator`` one character.
    """

    encoding: str = ""
    separator: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A source that can be loaded. ``rows`` is None when counting would mean reading all of it.

    ``place`` is the word for the numbers in `PLACE`: "line" or "row", or "" when they mean nothing to a person.
    ``media_root`` is the folder that media paths start from; ``options`` belong to the format alone.
    """

    format: str
    path: Path
    modality: Modality
    columns: tuple[FoundColumn, ...]
    media_root: Path | None = None
    rows: int | None = None
    place: str = "row"
    options: Mapping[str, object] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def column(self, role: Role) -> FoundColumn | None:
        """The first column of that role."""
        return next((column for column in self.columns if column.role is role), None)

    def with_roles(self, roles: Mapping[str, Role]) -> "Found":
        """The same with roles by column name; a role that only one column can have leaves the column that had it.

        Raises FormatError for a column that is not there and when one role is given twice.
        """
        names = [column.name for column in self.columns]
        for name in roles:
            if name not in names:
                raise FormatError(
                    f'{self.path.name} has no column "{name}".', hint=f"Its columns are: {_listed(names)}."
                )
        given = [role for role in roles.values() if role in _ONCE]
        for role in given:
            if given.count(role) > 1:
                raise FormatError(f"Two columns of {self.path.name} were given as {role.value}; only one can be.")
        columns = []
        for column in self.columns:
            if column.name in roles:
                columns.append(replace(column, role=roles[column.name], why="given"))
            elif column.role in given:
                columns.append(replace(column, role=Role.METADATA, why=""))
            else:
                columns.append(column)
        return replace(self, columns=tuple(columns))


_ONCE: Final = frozenset((Role.ID, Role.MEDIA, Role.TEXT, Role.LABEL, Role.SPLIT, Role.GROUP))


def _listed(names: list[str], most: int = 12) -> str:
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")
