"""What a person can say about an import, and what an import says about itself."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from dataimp_gui.core.contract import Limits, Renamed
from dataimp_gui.core.formats.found import Writing
from dataimp_gui.core.model import Modality, Rejected, Role

_MOST_REASONS: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """What is left out is found by looking. ``roles`` are by column name; ``classes`` close the list of labels.

    ``writing`` takes the source for delimited text. ``predictions`` are files of runs; ``workers`` 0 takes one process
    a core for checking media.
    """

    format: str = ""
    writing: Writing | None = None
    modality: Modality | None = None
    roles: Mapping[str, Role] = field(default_factory=dict)
    media_root: Path | None = None
    classes: tuple[str, ...] | None = None
    predictions: tuple[Path, ...] = ()
    copy_media: bool = False
    stop_on_bad: bool = False
    limits: Limits = field(default_factory=Limits)
    workers: int = 0


@dataclass(frozen=True, slots=True)
class RunSummary:
    """``covered`` examples have a prediction of this run; ``classes`` are new ones that it brought to the dataset."""

    name: str
    number: int
    covered: int
    quarantined: int
    by_reason: Mapping[str, int]
    classes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, object]:
        return {
            "run": self.name,
            "covered": self.covered,
            "quarantined": self.quarantined,
            "by_reason": dict(self.by_reason),
            "new_classes": list(self.classes),
            "notes": list(self.notes),
        }


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """``quarantined`` and ``by_reason`` count the rows of the dataset and of all its runs."""

    examples: int
    quarantined: int
    by_reason: Mapping[str, int]
    notes: tuple[str, ...]
    renamed: tuple[Renamed, ...]
    seconds: float
    format: str
    modality: Modality
    roles: Mapping[str, str]
    runs: tuple[RunSummary, ...] = ()

    def to_json(self) -> dict[str, object]:
        return {
            "examples": self.examples,
            "quarantined": self.quarantined,
            "by_reason": dict(self.by_reason),
            "format": self.format,
            "modality": self.modality.value,
            "roles": dict(self.roles),
            "renamed": {one.source: one.name for one in self.renamed},
            "runs": [run.to_json() for run in self.runs],
            "notes": list(self.notes),
            "seconds": round(self.seconds, 3),
        }


def counted(rejected: Iterable[Rejected]) -> dict[str, int]:
    """How many rows for each reason, most first; the rare ones of a long list together."""
    counts = Counter(row.reason for row in rejected).most_common()
    shown = dict(counts[:_MOST_REASONS])
    if rest := sum(count for _, count in counts[_MOST_REASONS:]):
        shown["other reasons"] = rest
    return shown
