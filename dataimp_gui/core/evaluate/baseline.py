"""A run by a plain model, for a dataset that has none: what it gets wrong shows where to look first.

No example is judged by a model that learned from it: training examples in `label_model.FOLDS` parts, each by a model of
the other parts, and everything else, validation and test sets among it, by a model of all training examples. Groups of
the contract stay whole; a training example of a class that no other group has cannot be judged and has no prediction.
"""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from dataimp_gui.core.analysis import material
from dataimp_gui.core.evaluate import trainer
from dataimp_gui.core.issues.groups import rank_of
from dataimp_gui.core.issues.label_model import folds_of
from dataimp_gui.core.model import Mask
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    from dataimp_gui.core.importing import RunSummary
    from dataimp_gui.core.project import Project

NAME: Final = "baseline"
MOST_CLASSES: Final = 200
MOST_LEARNED: Final = 10_000  # training examples of one model; of more, some drawn at random
SEED: Final = 0


def add(project: "Project", progress: Progress | None = None) -> "RunSummary":
    """Embed what is not embedded, train, predict every example that has a vector, and make that the current run.

    Raises DataimpError where there is nothing to learn, Cancelled.
    """
    progress = progress or Progress()
    project.writable()
    classes, state = project.classes, project.state
    if len(classes) > MOST_CLASSES:
        raise DataimpError(
            f"The built-in baseline learns up to {MOST_CLASSES} classes, and here are {len(classes):,}.",
            hint="Import the predictions of a model of your own.",
        )
    own = _own(project)
    learns = own & ~state.excluded & (state.labels >= 0)
    learns &= np.array([*(rank_of(name) == 0 for name in state.words("split")), True])[state.splits]
    if len(np.unique(state.labels[learns])) < 2:
        raise DataimpError(
            "A baseline needs training examples of two classes or more.", hint="Look at the labels and the splits."
        )
    if project.analysis.embedding is None or not project.analysis.embeds_all:
        project.analysis.embed(progress=progress)
    embedding = project.analysis.embedding
    if embedding is None:
        raise DataimpError("A baseline needs an embedding.", hint="Compute one first.")
    vectors = embedding.vectors
    known = own & np.isfinite(vectors).all(axis=1)
    rows = np.flatnonzero(learns & known)
    groups = material.groups(project)
    folds = np.full(len(vectors), -1, np.int64)
    folds[rows] = folds_of(state.labels[rows], None if groups is None else groups[rows])
    shares = np.zeros((len(vectors), len(classes)), np.float32)
    for part in progress.track(range(-1, int(folds.max()) + 1), "Training a baseline"):
        judged = np.flatnonzero(known & (folds == part))
        training = rows[folds[rows] != part]
        if len(judged) and len(training):
            if len(training) > MOST_LEARNED:
                training = np.sort(np.random.default_rng(SEED).choice(training, MOST_LEARNED, replace=False))
            codes, said = trainer.probabilities(vectors, state.labels, training, judged)
            met = np.isin(state.labels[judged], codes) if part >= 0 else np.ones(len(judged), np.bool_)
            shares[judged[met][:, None], codes] = said[met]
    answered = np.flatnonzero(shares.any(axis=1))
    with tempfile.TemporaryDirectory(prefix="dataimp-") as folder:
        file = Path(folder) / f"{NAME}.npz"
        np.savez(file, ids=np.array(project.ids(answered)), probs=shares[answered], classes=np.array(classes))
        return project.add_run(file, NAME, progress=progress)


def _own(project: "Project") -> Mask:
    """Examples that are there and were not made of others."""
    own = project.state.present.copy()
    for source in project.sources:
        if source.is_made:
            own[source.first_row : source.first_row + source.count] = False
    return own
