"""The examples that slices are measured on, and how a run does on each of them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.metrics import Interval, wilson
from dataimp_gui.core.model import Codes, Mask, RunInfo
from dataimp_gui.core.slices.measures import losses
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    from dataimp_gui.core.project import Project


@dataclass(frozen=True, slots=True)
class Overall:
    """Over the whole scope; rates are None where nothing was counted. ``loss`` is what all predictions cost."""

    n: int
    errors: int
    error_rate: float | None
    ci: Interval | None
    loss: float


@dataclass(frozen=True, eq=False)
class Scope:
    """Arrays (n,) over all examples. ``counted`` are those in scope with a label and a prediction, ``errors`` those of
    them whose prediction is not the label; ``loss`` is what each costs, 0 outside; ``confidence`` NaN where there is
    none. ``run`` is the name, empty without one.
    """

    run: str
    where: str
    classes: tuple[str, ...]
    labels: Codes
    predicted: Codes
    confidence: npt.NDArray[np.float32]
    counted: Mask
    errors: Mask
    loss: npt.NDArray[np.float64]

    def overall(self) -> Overall:
        n, errors = int(np.count_nonzero(self.counted)), int(np.count_nonzero(self.errors))
        return Overall(n, errors, errors / n if n else None, wilson(errors, n), float(self.loss.sum()))


def the_run(project: "Project", run: str) -> RunInfo | None:
    """The newest of that name or number, the current one without; None when there is none."""
    if not run:
        return project.run
    return next((each for each in reversed(project.runs) if run in (each.name, str(each.number))), None)


def scope(project: "Project", where: str, run: str, progress: Progress | None = None) -> Scope:
    """As it stands now, of the named run or the current one. Excluded examples are out unless ``where`` names them.

    Raises QueryError, and DataimpError when there is no such run.
    """
    with project.editing.turn:
        labels, excluded, classes = project.state.labels, project.state.excluded, project.classes
    said, n = project.predictions(run), project.count
    predicted = said.codes if said else np.full(n, -1, dtype=np.int32)
    confidence = said.confidence if said else np.full(n, np.nan, dtype=np.float32)
    counted = (labels >= 0) & (predicted >= 0)
    if where.strip():
        inside = np.zeros(n, dtype=np.bool_)
        inside[project.rows(where, progress=progress)] = True
        counted &= inside
    if not where.strip() or not project.query.mentions(where, "excluded"):
        counted &= ~excluded
    cost = np.where(counted, losses(labels, predicted, classes, project.contract.costs), 0.0)
    errors = counted & (labels != predicted)
    info = the_run(project, run)
    return Scope(info.name if info else "", where, classes, labels, predicted, confidence, counted, errors, cost)
