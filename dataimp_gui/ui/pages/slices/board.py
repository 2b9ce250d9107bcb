"""What the table of slices shows: the saved and the found ones, measured, with what they cover. Read on a worker."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from dataimp_gui.core.model import Rows
from dataimp_gui.core.project import Project
from dataimp_gui.core.slices import cover
from dataimp_gui.core.slices.slice import Found, Measured, Slice, Source, Status
from dataimp_gui.core.slicing import scope as scoping
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress
from dataimp_gui.ui.session import NO_ROWS

MOST: Final = 100
"""Found slices that are shown, the best first."""


REAL: Final = (Status.CONFIRMED, Status.WEAK)


class Kind(StrEnum):
    ALL = "all"
    FOUND = "found"
    SAVED = "saved"


@dataclass(frozen=True, eq=False)
class Line:
    """One slice. ``broken`` says why it cannot be asked any more; ``under`` names the better one that it overlaps."""

    measured: Measured
    rows: Rows = field(default_factory=lambda: NO_ROWS)
    broken: str = ""
    under: str = ""

    @property
    def slice(self) -> Slice:
        return self.measured.slice

    @property
    def name(self) -> str:
        return self.slice.name

    @property
    def is_saved(self) -> bool:
        return self.slice.source is Source.SAVED

    @property
    def rule(self) -> str:
        return self.slice.where or f"{len(self.rows):,} fixed examples"

    @property
    def key(self) -> tuple[bool, str, str]:
        """What tells it from the others, also after it was measured again."""
        return self.is_saved, self.name, self.slice.where


@dataclass(frozen=True, slots=True)
class Board:
    """``n`` and ``errors`` are of the whole ``scope``; ``covered`` errors lie in a slice that is not by chance."""

    lines: tuple[Line, ...] = ()
    n: int = 0
    errors: int = 0
    covered: int = 0
    scope: str = ""
    is_searched: bool = False
    tried: int = 0
    notes: tuple[str, ...] = ()
    stale: str = ""
    can_compare: bool = False  # no embedding yet, and one can be computed
    is_checking: bool = False  # the found ones await their test

    @property
    def rate(self) -> float | None:
        return self.errors / self.n if self.n else None

    def count(self, kind: Kind) -> int:
        return sum(1 for line in self.lines if kind is Kind.ALL or line.is_saved == (kind is Kind.SAVED))

    def rest_rate(self, measured: Measured) -> float | None:
        """How often all but the slice fail."""
        n = self.n - measured.n
        return (self.errors - measured.errors) / n if n > 0 else None


def read(
    project: Project, scope: str, drafts: Sequence[Slice], progress: Progress, checking: Found | None = None
) -> Board:
    """``drafts`` are slices that a person tries out, ``checking`` what a search that runs has chosen by now. ``scope``
    counts only while nothing was found."""
    slices = project.slices
    found = checking or slices.found
    scope = found.where if found else scope
    progress.check()
    saved = slices.saved()
    rules = {each.where for each in saved}
    asked = [*(draft for draft in drafts if draft.where not in rules), *saved]
    measured = list(slices.measure(asked, where=scope, progress=progress)) if asked else []
    taken = {each.slice.where for each in measured if each.slice.where}
    fresh = [each for each in (found.slices if found else ())[:MOST] if each.slice.where not in taken]
    if (
        found and not checking and fresh and project.run and found.run != project.run.name
    ):  # all figures are of the run that is shown
        fresh = list(slices.measure([each.slice for each in fresh], where=scope, progress=progress))
    lines = [_line(project, each) for each in [*measured, *fresh]]
    lines.sort(key=lambda line: (bool(line.broken), -line.measured.fixable))
    progress.check()
    hidden = cover.hidden_by([line.rows for line in lines], [line.measured.ci for line in lines], project.count)
    lines = [
        Line(line.measured, line.rows, line.broken, lines[by].name if by >= 0 and not line.broken else "")
        for line, by in zip(lines, hidden, strict=True)
    ]
    everyone = scoping.scope(project, scope, "", progress)
    overall = everyone.overall()
    real = [line.rows for line in lines if line.measured.status in REAL]
    return Board(
        tuple(lines),
        overall.n,
        overall.errors,
        cover.covered(real, everyone.errors),
        scope,
        found is not None,
        found.tried if found else 0,
        found.notes if found else (),
        slices.stale if found and not checking else "",
        project.analysis.embedding is None and bool(project.analysis.embedders),
        checking is not None,
    )


def _line(project: Project, measured: Measured) -> Line:
    try:
        return Line(measured, project.slices.rows(measured.slice))
    except DataimpError as error:
        return Line(measured, broken=error.whole)
