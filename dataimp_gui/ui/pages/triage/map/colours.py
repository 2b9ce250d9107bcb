"""How the points of the map are coloured: by outcome, by a word, by a number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QColor

from dataimp_gui.core.model import Codes, ColumnInfo, Mask
from dataimp_gui.core.project import Project
from dataimp_gui.core.runs import Predictions
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress
from dataimp_gui.ui import clauses, theme

OUTCOME: Final = "outcome"
SLICES: Final = clauses.SLICES
SLICE_COLUMN: Final = ColumnInfo(SLICES, "text", "slice")  # not a column of the data: the saved slices
MOST: Final = 10
"""Classes that have a colour of their own: those with the most examples; the others are quiet."""
SHADES: Final = 7
FAINT: Final = 2
_PARTS: Final = (QColor.red, QColor.green, QColor.blue)


@dataclass(frozen=True, slots=True)
class Colouring:
    """``codes`` int32 (n,) in ``names``, -1 for the others; ``shades`` True when the names are steps of one number."""

    column: str
    codes: Codes
    names: tuple[str, ...]
    crossed: Mask | None = None
    shades: bool = False

    def palette(self) -> list[QColor]:
        if self.column == OUTCOME:
            return [theme.color("ok.base"), theme.color("err.base")]
        if self.shades:
            return _shades()
        return [theme.categorical(number)[0] for number in range(len(self.names))]


def _shades() -> list[QColor]:
    """From low to high; the faintest stops of the scale are left out, as single points would not be seen in them."""
    stops = [QColor(stop) for stop in theme.TOKENS["sequential"]["ok"][theme.mode()][FAINT:]]
    at = np.linspace(0, len(stops) - 1, SHADES)
    parts = [np.interp(at, range(len(stops)), [part(stop) for stop in stops]) for part in _PARTS]
    return [QColor(*(round(float(value)) for value in colour)) for colour in zip(*parts, strict=True)]


def offered(columns: Sequence[ColumnInfo], *, has_run: bool, has_slices: bool = False) -> list[str]:
    """The columns that a map can be coloured by, the outcome first."""
    first = [OUTCOME] * has_run + [SLICES] * has_slices
    plain = [c.name for c in columns if c.type in ("text", "number", "flag") and c.name not in ("id", "media", "text")]
    return first + sorted(plain, key=lambda name: name not in ("label", "predicted", "confidence", "split"))


def colouring(project: Project, run: Predictions | None, column: ColumnInfo | None, progress: Progress) -> Colouring:
    """By ``column``; None is the outcome. Runs on a worker."""
    labels, classes = project.state.labels, project.classes
    if column is None:
        if run is None:
            return Colouring(OUTCOME, np.full(project.count, -1, dtype=np.int32), ("correct", "error"))
        known = (labels >= 0) & (run.codes >= 0)
        wrong = known & (labels != run.codes)
        codes = np.where(known, wrong, -1).astype(np.int32)
        return Colouring(OUTCOME, codes, ("correct", "error"), wrong)
    if column == SLICE_COLUMN:
        return _by_slice(project)
    if column.name in ("label", "predicted"):
        said = labels if column.name == "label" else run.codes if run else np.full(project.count, -1, np.int32)
        return _frequent(column.name, said, classes)
    if column.type == "number":
        return _shaded(project, column.name, progress)
    found = project.query.facet(clauses.name(column.name), limit=MOST, progress=progress)
    names = [value for value, _ in found if value is not None]
    codes = np.full(project.count, -1, dtype=np.int32)
    for number, value in enumerate(names):
        sql = clauses.quote(value) if column.type == "text" else value
        codes[project.rows(f"{clauses.name(column.name)} = {sql}", progress=progress)] = number
    return Colouring(column.name, codes, tuple(names))


def _by_slice(project: Project) -> Colouring:
    """By the saved slices; an example in several has the colour of the first."""
    names: list[str] = []
    codes = np.full(project.count, -1, dtype=np.int32)
    for each in project.slices.saved():
        try:
            rows = project.slices.rows(each)
        except DataimpError:  # its column went away
            continue
        codes[rows[codes[rows] < 0]] = len(names)
        names.append(each.name)
        if len(names) == MOST:
            break
    return Colouring(SLICES, codes, tuple(names))


def _frequent(column: str, codes: Codes, classes: Sequence[str]) -> Colouring:
    counts = np.bincount(codes[codes >= 0], minlength=len(classes))
    kept = np.sort(np.argsort(-counts, kind="stable")[:MOST])
    kept = kept[counts[kept] > 0]
    place = np.full(len(classes) + 1, -1, dtype=np.int32)
    place[kept] = np.arange(len(kept))
    return Colouring(column, place[codes], tuple(classes[code] for code in kept.tolist()))


def _shaded(project: Project, column: str, progress: Progress) -> Colouring:
    """Seven steps with as many examples each."""
    values = project.query.numbers(clauses.name(column), progress)
    finite = np.isfinite(values)
    if not finite.any():
        return Colouring(column, np.full(len(values), -1, dtype=np.int32), (), shades=True)
    edges = np.unique(np.quantile(values[finite], np.linspace(0, 1, SHADES + 1)))
    codes = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, max(0, len(edges) - 2)).astype(np.int32)
    names = tuple(f"{low:.3g} to {high:.3g}" for low, high in pairwise(edges.tolist())) or (f"{edges[0]:.3g}",)
    return Colouring(column, np.where(finite, codes, -1).astype(np.int32), names, shades=True)


def centres(xy: npt.NDArray[np.float32], coloured: Colouring, shown: Mask) -> list[tuple[float, float, str]]:
    """The middle of the examples of each name, for words on the map."""
    found = []
    for number, name in enumerate(coloured.names):
        places = xy[(coloured.codes == number) & shown]
        places = places[np.isfinite(places).all(axis=1)]
        if len(places) >= MOST:
            x, y = np.median(places, axis=0)
            found.append((float(x), float(y), name))
    return found


def legend(coloured: Colouring) -> Mapping[str, QColor]:
    return dict(zip(coloured.names, coloured.palette(), strict=False))
