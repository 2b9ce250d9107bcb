"""How well each label fits what is known of its example: sources gathered, weighed, and turned into scores."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from dataimp_gui.core.features.neighbours import Neighbours, neighbours
from dataimp_gui.core.issues import label_noise
from dataimp_gui.core.issues.findings import Evidence, Floats
from dataimp_gui.core.issues.label_in_sample import Memory, memory
from dataimp_gui.core.issues.label_model import cross_validated
from dataimp_gui.core.issues.label_noise import LEAST_RATE, Judged, Noise
from dataimp_gui.core.issues.label_sources import NEAREST, Source, of_neighbours, of_run
from dataimp_gui.core.model import Codes, Mask, Rows
from dataimp_gui.progress import Progress

MOST_FITTED: Final = 30_000  # examples that the model of wrong labels is fitted to; all are judged
MOST_VALUES: Final = 1_500_000  # of one source, examples by classes, while it is fitted
FEWEST_FITTED: Final = 1_500  # however many classes there are
SMALL: Final = 20_000  # examples
BLOCK: Final = 1_000_000  # values of one source while judging
TOO_MANY: Final = 0.4  # of the labels; sources that contradict more know less than whoever labelled


@dataclass(frozen=True, slots=True)
class Scores:
    """Of each of n examples, NaN (-1) where nothing is known, or it has no label, or is excluded.

    ``score`` in [0, 1] ranks; ``severity`` in [0, 1] is the chance that the label is wrong; ``suggested`` the likeliest
    other class; ``own`` the probability of the label's class to the built-in sources, or to the run if there are none.
    ``contradicted`` is the share of labels that sources contradict which were left out because of that, else 0.
    """

    score: Floats
    severity: Floats
    suggested: Codes
    doubt: Floats
    own: Floats
    run: Floats | None
    near: Neighbours | None
    usable: Mask
    memory: Memory | None
    contradicted: float = 0.0


def scores(evidence: Evidence, progress: Progress) -> Scores:
    """Raises Cancelled."""
    from threadpoolctl import threadpool_limits

    if evidence.count > SMALL:
        return _scores(evidence, progress)
    # the threads of small multiplications would wait for one another longer than they work
    with threadpool_limits(1, user_api="blas"):
        return _scores(evidence, progress)


def _scores(evidence: Evidence, progress: Progress) -> Scores:
    labels, classes = evidence.labels, len(evidence.classes)
    usable = (labels >= 0) & (labels < classes) & ~evidence.excluded
    run = None
    if evidence.probabilities is not None and classes > 1:
        run = of_run(evidence.probabilities, labels, usable)
    near, others = _others(evidence, usable, progress)
    own = _judged(others, labels, classes, progress) if others else None
    contradicted = _contradicted(own)
    if contradicted > TOO_MANY:
        own, others = None, []
    found = _memory(run, own, evidence)
    if run is None or not run.known.any() or (others and found is not None and found.found):
        judged = own if own is not None else _empty(len(labels))
    else:
        judged = _judged([run, *others], labels, classes, progress, leads=own is not None and _leads(run, own, labels))
    if _contradicted(judged) > TOO_MANY:
        contradicted, judged = _contradicted(judged), _empty(len(labels))
    known = np.isfinite(judged.doubt)
    score = np.full(len(labels), np.nan, np.float32)
    score[known] = 1 / (1 + np.exp(-judged.doubt[known].astype(np.float64)))
    return Scores(
        score=score,
        severity=judged.wrong,
        suggested=judged.suggested,
        doubt=judged.doubt,
        own=(own or judged).own,
        run=evidence.probabilities if run is not None else None,
        near=near,
        usable=usable,
        memory=found,
        contradicted=contradicted if contradicted > TOO_MANY else 0.0,
    )


def _contradicted(judged: Judged | None) -> float:
    """The expected share of wrong labels among those that were judged."""
    if judged is None or not np.isfinite(judged.wrong).any():
        return 0.0
    return float(np.nanmean(judged.wrong))


def _others(evidence: Evidence, usable: Mask, progress: Progress) -> tuple[Neighbours | None, list[Source]]:
    """The sources that come from the embedding, and the neighbours it gives."""
    near, classes = evidence.neighbours, len(evidence.classes)
    if classes < 2 or usable.sum() < 2:
        return near, []
    found = []
    if evidence.embedding is not None:
        if near is None:
            vectors = evidence.embedding
            if not usable.all():
                vectors = np.where(usable[:, None], vectors, np.float32(np.nan))
            near = neighbours(vectors, NEAREST, progress)
        found += cross_validated(evidence.embedding, evidence.labels, classes, usable, evidence.groups, progress)
    if near is not None and near.rows.shape[1]:
        found.append(of_neighbours(near, evidence.labels, classes, usable, evidence.groups))
    return near, found


def _leads(run: Source, own: Judged, labels: Codes) -> bool:
    """Whether the run gives fewer labels than the other sources together do a probability below one half."""
    both = np.flatnonzero(run.known & np.isfinite(own.own))[:MOST_FITTED]
    if not len(both):
        return False
    given = run.logits(both)[np.arange(len(both)), labels[both]]
    return bool(np.count_nonzero(given < np.log(0.5)) < np.count_nonzero(own.own[both] < 0.5))


def _judged(
    sources: Sequence[Source], labels: Codes, classes: int, progress: Progress, *, leads: bool = False
) -> Judged:
    """Each example by the sources that know it, weighed as they deserve where these all know the example.

    When the first one ``leads`` and hardly a label seems wrong, it is asked alone: what stands out then is mostly odd
    rather than wrong, and the lesser sources fail on the odd first (measured on the MNIST test set).
    """
    judged = _empty(len(labels))
    pattern = np.zeros(len(labels), np.int64)
    for place, source in enumerate(sources):
        pattern += source.known.astype(np.int64) << place
    kinds = [int(kind) for kind in np.unique(pattern) if kind]
    progress.phase("Judging labels", int(np.count_nonzero(pattern)))
    for kind in kinds:
        asked = [source for place, source in enumerate(sources) if kind >> place & 1]
        rows = np.flatnonzero(pattern == kind)
        learned = np.flatnonzero(pattern & kind == kind)
        noise = _fitted(asked, learned, labels, classes)
        if leads and kind & 1 and kind > 1 and noise.rate <= LEAST_RATE:
            asked = asked[:1]
            noise = _fitted(asked, learned, labels, classes)
        step = max(BLOCK // classes, 1)
        for start in range(0, len(rows), step):
            block = rows[start : start + step]
            found = label_noise.judge(noise, [source.logits(block) for source in asked], labels[block])
            judged.wrong[block], judged.own[block] = found.wrong, found.own
            judged.suggested[block], judged.doubt[block] = found.suggested, found.doubt
            progress.advance(len(block))
    return judged


def _fitted(sources: Sequence[Source], rows: Rows, labels: Codes, classes: int) -> Noise:
    most = min(MOST_FITTED, max(MOST_VALUES // classes, FEWEST_FITTED))
    if len(rows) > most:
        rows = np.sort(np.random.default_rng(0).choice(rows, most, replace=False))
    return label_noise.fit([source.logits(rows) for source in sources], labels[rows])


def _memory(run: Source | None, own: Judged | None, evidence: Evidence) -> Memory | None:
    if run is None or evidence.probabilities is None or not run.known.any():
        return None
    rows = np.flatnonzero(run.known)
    values = evidence.probabilities if len(rows) == evidence.count else evidence.probabilities[rows]
    wrong = None
    if own is not None and np.isfinite(own.wrong[rows]).any():
        both = np.isfinite(own.wrong[rows])
        rows, values, wrong = rows[both], values[both], own.wrong[rows[both]]
    return memory(values.argmax(axis=1) == evidence.labels[rows], values.max(axis=1), wrong)


def _empty(count: int) -> Judged:
    nan = np.full((3, count), np.nan, np.float32)
    return Judged(nan[0], nan[1], np.full(count, -1, np.int32), nan[2])
