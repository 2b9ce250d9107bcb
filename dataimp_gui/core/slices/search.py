"""The search for slices: finders propose from one half, the other half says which of that repeats."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from dataimp_gui.core.model import Mask
from dataimp_gui.core.slices import beam, clusters, confusions, honesty, rules, telling, tree, words
from dataimp_gui.core.slices.binning import Binned, binned
from dataimp_gui.core.slices.choosing import chosen
from dataimp_gui.core.slices.halves import Half, halves, whole
from dataimp_gui.core.slices.material import (
    Candidate,
    Column,
    Material,
    Proposal,
    rule_clause,
    rule_mask,
)
from dataimp_gui.core.slices.slice import Source, Status, status
from dataimp_gui.progress import Progress

LEAST_SIZE: Final = 20
FEW_ERRORS: Final = 20
_STANDING: Final = (Status.CONFIRMED, Status.WEAK, Status.CHANCE)


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for. ``min_size`` 0 means `least_size`; rules have at most ``conditions``; no ``finders`` means all
    that the material allows; at most ``most`` slices come back."""

    min_size: int = 0
    conditions: int = 2
    finders: tuple[Source, ...] = ()
    seed: int = 0
    most: int = 30


def find(material: Material, search: Search, progress: Progress) -> tuple[tuple[Candidate, ...], int, tuple[str, ...]]:
    """The slices that fail most, best first; how many were looked at; what a person should know of it.

    Raises Cancelled.
    """
    material = _with_classes(material)
    seen, unseen = halves(material, search.seed)
    if sentence := _nothing_to_find(seen, unseen):
        return (), 0, (sentence,)
    least = least_size(seen.n + unseen.n, search.min_size)
    half_least = max(2, round(least * 0.4))  # a slice of the least size may have fewer than its half on this side
    proposals: list[Proposal] = []
    columns = _binned(material, seen, half_least, progress)
    if _asked(search, Source.RULES):
        proposals += rules.propose(columns, seen, half_least, search.conditions, progress)
        if search.conditions > 2:
            pairs = [each for each in proposals if len(each.rule) == 2]
            proposals += beam.propose(material, columns, pairs, seen, half_least, search.conditions, progress)
    if _asked(search, Source.TREE):
        proposals += tree.propose(material, columns, seen, half_least, progress)
    if _asked(search, Source.CONFUSION):
        proposals += confusions.propose(material, seen, half_least)
    if _asked(search, Source.WORDS):
        proposals += words.propose(material, seen, half_least, progress)
    if _asked(search, Source.CLUSTERS):
        proposals += clusters.propose(material, columns, seen, half_least, search.seed, progress)
    tried = sum(number for _, number in {(each.source, each.tried) for each in proposals})
    going_on = chosen(material, proposals, seen, half_least, search.most, progress)
    candidates = _tested(material, going_on, unseen, least, progress)
    return candidates, tried, _notes(seen.wrong + unseen.wrong)


def _with_classes(material: Material) -> Material:
    """Rules may use the label and the predicted label like any column."""
    label = Column("label", codes=material.labels, words=material.classes)
    predicted = Column("predicted", codes=material.predicted, words=material.classes)
    return replace(material, columns={"label": label, "predicted": predicted, **material.columns})


def least_size(n: int, min_size: int = 0) -> int:
    """How many of ``n`` counted examples a slice must have: half the root of n unless ``min_size`` says."""
    return min_size if min_size > 0 else max(LEAST_SIZE, round(n**0.5 / 2))


def _asked(search: Search, source: Source) -> bool:
    return not search.finders or source in search.finders


def _nothing_to_find(seen: Half, unseen: Half) -> str:
    n, wrong = seen.n + unseen.n, seen.wrong + unseen.wrong
    if not n:
        return "No example has both a label and a prediction, so there is nothing to compare."
    if not wrong:
        return "There are no errors, so no slice fails."
    if wrong == n:
        return "Every prediction is an error, so no slice fails more often than the rest."
    return ""


def _notes(wrong: int) -> tuple[str, ...]:
    if wrong < FEW_ERRORS:
        return (f"There are only {wrong} errors: too few to confirm much.",)
    return ()


def _binned(material: Material, half: Half, least: int, progress: Progress) -> list[Binned]:
    columns = material.columns.values()
    made = [binned(column, half, least) for column in progress.track(columns, "Cutting columns")]
    return [each for each in made if each is not None]


def _tested(
    material: Material, proposals: Sequence[Proposal], unseen: Half, least: int, progress: Progress
) -> tuple[Candidate, ...]:
    found: list[tuple[Proposal, Mask]] = []
    for proposal in progress.track(proposals, "Testing on the examples not searched"):
        mask = rule_mask(material, proposal.rule) if proposal.mask is None else proposal.mask
        if np.count_nonzero(mask & material.counted) >= least:
            found.append((proposal, mask))
    p = honesty.tested([mask[unseen.rows] for _, mask in found], unseen)
    p_adjusted = honesty.adjusted(p)
    both = whole(material)
    n = np.array([np.count_nonzero(mask[both.rows]) for _, mask in found], dtype=np.int64)
    lost = np.array([both.lost[mask[both.rows]].sum() for _, mask in found], dtype=np.float64)
    ranks = np.array([_STANDING.index(status(value)) for value in p_adjusted.tolist()], dtype=np.int64)
    surprise = both.surprise(n, lost)  # 0 where over both halves it fails no more than the rest
    order = [i for i in np.lexsort((-surprise, ranks)).tolist() if surprise[i] > 0]
    return tuple(_candidate(material, found[i], unseen, (float(p[i]), float(p_adjusted[i]))) for i in order)


def _candidate(material: Material, found: tuple[Proposal, Mask], unseen: Half, p: tuple[float, float]) -> Candidate:
    proposal, mask = found
    where = proposal.where or (rule_clause(material, proposal.rule) if proposal.rule else "")
    name = proposal.name or telling.name_of(material, proposal.rule)
    why = " ".join(filter(None, (proposal.why, telling.reason(mask[unseen.rows], unseen))))
    return Candidate(name, where, None if where else np.flatnonzero(mask), mask, proposal.source, why, *p)
