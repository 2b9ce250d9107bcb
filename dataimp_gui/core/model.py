"""The values that everyone speaks: immutable, comparable, without behaviour."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Flag, StrEnum, auto
from typing import Final

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]
"""Row positions: a row's position is its identity inside the program."""

Codes = npt.NDArray[np.int32]
"""Positions in a vocabulary, one a row; -1 means none."""

Mask = npt.NDArray[np.bool_]
"""One flag a row."""

NONE: Final = -1


class Modality(StrEnum):
    IMAGE = "image"
    AUDIO = "audio"
    TEXT = "text"
    TABLE = "table"


class Role(StrEnum):
    """What a column of a source is used as."""

    ID = "id"
    MEDIA = "media"
    TEXT = "text"
    LABEL = "label"
    SPLIT = "split"
    GROUP = "group"
    METADATA = "metadata"
    SKIP = "skip"


class Field(Flag):
    """What a change touches; a panel repaints only when it shows one of them."""

    LABEL = auto()
    TAG = auto()
    EXCLUDED = auto()
    SPLIT = auto()
    NOTE = auto()
    REVIEWED = auto()
    RUN = auto()
    VERSION = auto()
    KEPT = auto()  # a person said of a finding: this is fine as it is
    ISSUE = auto()  # findings came, or were resolved
    COLUMNS = auto()  # statistics or scores became columns
    EMBEDDING = auto()
    SLICE = auto()  # slices were saved or found
    COSTS = auto()  # what a confusion costs
    MEDIA = auto()  # files are found where they were not
    POLICY = auto()  # augmentation policies were saved


@dataclass(frozen=True, slots=True)
class Change:
    """What became different, and where."""

    fields: Field
    rows: Rows

    def touches(self, fields: Field) -> bool:
        return bool(self.fields & fields)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that was kept aside, with a reason that a person can act on.

    ``source`` is the file, ``place`` where in it ("line 12", "row 7", or empty), ``id`` as written or empty.
    """

    source: str
    place: str
    id: str
    reason: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class ColumnInfo:
    """A column that a WHERE clause can name. ``type`` is one of text, number, flag, time, list."""

    name: str
    type: str
    kind: str = "metadata"  # or: state (label, tags ...), prediction, media, id


@dataclass(frozen=True, slots=True)
class RunInfo:
    """One model's predictions. ``classes`` are the columns of its probabilities, empty when it has none."""

    number: int
    name: str
    version: str
    classes: tuple[str, ...]
    covered: int
    at: str


@dataclass(frozen=True, slots=True)
class EditInfo:
    """One line of the journal. ``action`` is do, undo or redo; the last two name their ``target`` edit."""

    number: int
    title: str
    column: str
    count: int
    author: str
    at: str
    why: str
    action: str = "do"
    target: int = 0


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """What one edit did to one example."""

    number: int
    column: str
    before: str
    after: str
    author: str
    at: str
    why: str
    action: str


@dataclass(frozen=True, slots=True)
class Prediction:
    """What one run says of one example. ``probabilities`` by class, empty when the run has none."""

    run: str
    label: str
    confidence: float | None
    probabilities: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Example:
    """Everything known of one example now. Empty strings mean none."""

    row: int
    id: str
    label: str
    given_label: str
    split: str
    tags: tuple[str, ...]
    excluded: bool
    reviewed: bool
    note: str
    media: str
    text: str
    metadata: Mapping[str, object]
    prediction: Prediction | None


@dataclass(frozen=True, slots=True)
class VersionInfo:
    """A committed version. ``parent`` is the parent's name, empty for the first; ``content`` the content id (hex)."""

    name: str
    content: str
    parent: str
    message: str
    author: str
    at: str
    examples: int
    added: int = 0
    removed: int = 0
    relabelled: int = 0
    augmented: int = 0
    synthetic: int = 0


class IssueKind(StrEnum):
    """What can be wrong with an example."""

    LABEL = "label"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    LEAK = "leak"
    OUTLIER = "outlier"
    MEDIA = "media"


@dataclass(frozen=True, slots=True)
class Issue:
    """One finding about one example.

    ``score`` in [0, 1] ranks within the kind; ``severity`` in [0, 1] is the chance that it is real, calibrated.
    ``label`` is today's and ``suggested`` the one that fits better, each empty when there is none; ``others`` are the
    examples it is about besides this one; ``reason`` is one sentence of facts; ``fix`` is what would resolve it.
    """

    kind: IssueKind
    row: int
    id: str
    score: float
    severity: float
    label: str
    suggested: str
    others: tuple[int, ...]
    reason: str
    fix: str  # relabel, exclude or look
