"""Why a label looks wrong, in one sentence of facts, and what to say of probabilities that look in-sample."""

from typing import Final

import numpy as np

from dataimp_gui.core.issues.findings import Evidence
from dataimp_gui.core.issues.label_in_sample import Memory
from dataimp_gui.core.issues.label_scores import Scores
from dataimp_gui.core.model import Rows

ASKED: Final = 10  # neighbours that a person is told of


def reasons(evidence: Evidence, scores: Scores, rows: Rows) -> list[str]:
    """One a row: "9 of its 10 nearest neighbours are Coat; the model gives Shirt 3%"."""
    names = list(evidence.classes)
    given, suggested = evidence.labels[rows], scores.suggested[rows]
    facts = [_of_neighbours(evidence, scores, rows, names), _of_model(evidence, scores, rows, names)]
    found = []
    for label, better, *said in zip(given.tolist(), suggested.tolist(), *facts, strict=True):
        sentence = "; ".join(fact for fact in said if fact) or f"{names[better]} fits better than {names[label]}"
        found.append(f"{sentence[0].upper()}{sentence[1:]}.")
    return found


def _of_neighbours(evidence: Evidence, scores: Scores, rows: Rows, names: list[str]) -> list[str]:
    if scores.near is None:
        return [""] * len(rows)
    nearest = scores.near.rows[rows, :ASKED]
    there = (nearest >= 0) & scores.usable[nearest]
    labels = np.where(there, evidence.labels[nearest], -1)
    total = there.sum(axis=1).tolist()
    better = (labels == scores.suggested[rows][:, None]).sum(axis=1).tolist()
    same = (labels == evidence.labels[rows][:, None]).sum(axis=1).tolist()
    given, suggested = evidence.labels[rows].tolist(), scores.suggested[rows].tolist()
    found = []
    for label, other, known, fit, unfit in zip(given, suggested, total, better, same, strict=True):
        if not known:
            found.append("")
            continue
        count, name = (fit, names[other]) if fit and fit >= unfit else (unfit, names[label])
        if known == 1:
            found.append(f"its nearest neighbour is {'' if count else 'not '}{name}")
        else:
            verb = "is" if count == 1 else "are"
            found.append(f"{count or 'none'} of its {known} nearest neighbours {verb} {name}")
    return found


def _of_model(evidence: Evidence, scores: Scores, rows: Rows, names: list[str]) -> list[str]:
    given, suggested = evidence.labels[rows], scores.suggested[rows]
    chance, who = scores.own[rows], np.zeros(len(rows), bool)
    better = np.full(len(rows), np.nan, np.float32)
    if scores.run is not None and not (scores.memory is not None and scores.memory.found):
        said = scores.run[rows, given]
        who = np.isfinite(said)
        chance, better = np.where(who, said, chance), np.where(who, scores.run[rows, suggested], better)
    found = []
    for label, other, value, fit, run in zip(
        *(each.tolist() for each in (given, suggested, chance, better, who)), strict=True
    ):
        more = f"{names[other]} {percent(fit)} and " if fit > value else ""
        found.append(f"{'the model' if run else 'a cross-validated model'} gives {more}{names[label]} {percent(value)}")
    return found


def percent(value: float) -> str:
    """ "3%"; never 0 or 100 of what is not exactly that."""
    if value < 0.01:
        return "less than 1%" if value > 0 else "0%"
    return f"{min(round(value * 100), 99 if value < 1 else 100)}%"


def too_weak(contradicted: float) -> str:
    """That sources were left out which contradict most labels: such a search would be noise."""
    return (
        f"Neighbours and models contradict {percent(contradicted)} of the labels: they know too little of these "
        "classes to doubt any of them, and were left out of the search for wrong labels."
    )


def warning(evidence: Evidence, memory: Memory) -> str:
    """That the model behind a run seems to have learned these examples; what was seen; what is done about it."""
    run = f" of {evidence.run_name}" if evidence.run_name else ""
    if not memory.contradicted:
        return (
            f"The probabilities{run} look in-sample: they miss the label of {memory.errors:,} of {memory.count:,}"
            f" examples, where their own confidence admits {round(memory.admitted):,} errors. Wrong labels that a model"
            " has learned cannot be found with it; use predictions from cross-validation."
        )
    return (
        f"The probabilities{run} look in-sample: they repeat {memory.repeated:,} of {memory.contradicted:,} labels that"
        " neighbours and cross-validated models firmly contradict. They were left out of the search for wrong labels;"
        " use predictions from cross-validation."
    )
