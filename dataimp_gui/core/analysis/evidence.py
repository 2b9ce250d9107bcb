"""What a project knows of its examples, as the detectors read it."""

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.analysis import material
from dataimp_gui.core.analysis.material import Material
from dataimp_gui.core.analysis.measuring import Statistics
from dataimp_gui.core.engine import Engine, parquet
from dataimp_gui.core.features.embedding import Embedding
from dataimp_gui.core.features.neighbours import Neighbours
from dataimp_gui.core.issues.findings import Evidence
from dataimp_gui.core.model import Mask, Modality, RunInfo
from dataimp_gui.core.storage import columns

if TYPE_CHECKING:
    from dataimp_gui.core.project import Project

Floats = npt.NDArray[np.float32]

MOST_PROBABILITIES: Final = 2**28  # examples times classes: 1 GiB of them
_CLASSES_AT_ONCE: Final = 16


def gather(
    project: "Project",
    made_of: Material,
    statistics: Statistics | None,
    embedding: Embedding | None,
    neighbours: Neighbours | None,
) -> Evidence:
    """As the examples stand now; later edits do not change it. Raises ProjectError when a table cannot be read."""
    with project.editing.turn:
        state, classes, run = project.state, project.classes, project.run
        labels, splits, reviewed = state.labels, state.splits, state.reviewed
        excluded = state.excluded | state.brought  # a variant is like its example, and as wrong, on purpose
    return Evidence(
        modality=project.modality,
        labels=labels,
        classes=classes,
        excluded=excluded,
        splits=splits,
        split_names=project.splits,
        groups=material.groups(project),
        probabilities=probabilities(project, run, classes) if run else None,
        run_name=run.name if run else "",
        embedding=embedding.vectors if embedding else None,
        embedding_name=embedding.name if embedding else "",
        neighbours=_without(neighbours, excluded) if neighbours else None,
        content=made_of.content,
        signatures=statistics.signatures if statistics else None,
        has_signature=statistics.has_signature if statistics else None,
        texts=made_of.names.tolist() if project.modality == Modality.TEXT else None,
        statistics=statistics.columns() if statistics else {},
        limits=project.contract.limits,
        reviewed=reviewed,
        failed=statistics.failed if statistics else {},
        sources=material.Files(project, made_of) if project.modality in (Modality.IMAGE, Modality.AUDIO) else None,
    )


def probabilities(project: "Project", run: RunInfo, classes: tuple[str, ...]) -> Floats | None:
    """Of a run, float32 (n, len(classes)) in the order of ``classes``, 0 for one that the run does not know and NaN for
    an example without a prediction; None when it has none, or more than memory should hold."""
    if not run.classes or project.count * len(classes) > MOST_PROBABILITIES:
        return None
    found: Floats = np.zeros((project.count, len(classes)), dtype=np.float32)
    file = project.run_file(run)
    engine = Engine()
    try:
        for start in range(0, len(run.classes), _CLASSES_AT_ONCE):
            places = range(start, min(start + _CLASSES_AT_ONCE, len(run.classes)))
            names = ", ".join(f"p{place}" for place in places)
            with columns.reading([file]):
                values = engine.arrays(f"SELECT {names} FROM {parquet(file)}")
            for place in places:
                if run.classes[place] in classes:
                    column = np.ma.filled(np.ma.asarray(values[f"p{place}"], dtype=np.float32), np.nan)
                    found[: len(column), classes.index(run.classes[place])] = column
                    found[len(column) :] = np.nan  # examples that came after this run
    finally:
        engine.close()
    found[np.isnan(found).any(axis=1)] = np.nan
    return found


def _without(neighbours: Neighbours, excluded: Mask) -> Neighbours:
    """Excluded examples are nobody's neighbours and have none; those behind them move up."""
    if not excluded.any():
        return neighbours
    gone = (neighbours.rows < 0) | excluded[neighbours.rows] | excluded[:, None]
    order = np.argsort(gone, axis=1, kind="stable")
    gone = np.take_along_axis(gone, order, axis=1)
    rows = np.where(gone, -1, np.take_along_axis(neighbours.rows, order, axis=1))
    similarity = np.where(gone, np.float32(np.nan), np.take_along_axis(neighbours.similarity, order, axis=1))
    return Neighbours(rows, similarity)
