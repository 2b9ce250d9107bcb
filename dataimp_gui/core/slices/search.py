"""The search for slices: finders propose from one half, the other half says which of that repeats."""

from collections.abc import Callable, Iterator, Sequence
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
from dataimp_gui.errors import Cancelled
from dataimp_gui.progress import Progress

LEAST_SIZE: Final = 20
FEW_ERRORS: Final = 20
STOPPED: Final = "The search was stopped: these are the slices that it had by then, tested like others."
_STANDING: Final = (Status.CONFIRMED, Status.WEAK, Status.CHANCE)

Told = Callable[[tuple[Candidate, ...], int], None]


def _ignore(_candidates: tuple[Candidate, ...], _tried: int) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for. ``min_size`` 0 means `least_size`; rules have at most ``conditions``; no ``finders`` means all
    that the material allows; at most ``most`` slices come back."""

    min_size: int = 0
    conditions: int = 2
    finders: tuple[Source, ...] = ()
    seed: int = 0
    most: int = 30


def find(
    material: Material, search: Search, progress: Progress, checking: Told = _ignore
) -> tuple[tuple[Candidate, ...], int, tuple[str, ...]]:
    """The slices that fail most, best first; how many were looked at; what a person should know of it.

    ``checking`` hears of those that were chosen by then, before their test: their p-values are NaN. A search that is
    cancelled tests what it had chosen, and says so; one that had chosen nothing raises Cancelled.
    """
    material = _with_classes(material)
    seen, unseen = halves(material, search.seed)
    if sentence := _nothing_to_find(seen, unseen):
        return (), 0, (sentence,)
    least = least_size(seen.n + unseen.n, search.min_size)
    half_least = max(2, round(least * 0.4))  # a slice of the least size may have fewer than its half on this side
    proposals: list[Proposal] = []
    going_on: list[Proposal] = []
    notes = _notes(seen.wrong + unseen.wrong)
    try:
        for more in _proposed(material, search, seen, half_least, progress):
            proposals += more
            going_on = chosen(material, proposals, seen, half_least, search.most, progress)
            checking(tuple(_candidate(material, (each, _mask(material, each))) for each in going_on), _tried(proposals))
        candidates = _tested(material, going_on, unseen, least, progress)
    except Cancelled:
        if not going_on:
            raise
        candidates = _tested(material, going_on, unseen, least, Progress())
        notes += (STOPPED,)
    return candidates, _tried(proposals), notes


def _proposed(
    material: Material, search: Search, half: Half, least: int, progress: Progress
) -> Iterator[list[Proposal]]:
    """What the quick finders propose together, then what each slow one adds."""
    columns = _binned(material, half, least, progress)
    found: list[Proposal] = []
    if _asked(search, Source.RULES):
        found += rules.propose(columns, half, least, search.conditions, progress)
        if search.conditions > 2:
            pairs = [each for each in found if len(each.rule) == 2]
            found += beam.propose(material, columns, pairs, half, least, search.conditions, progress)
    if _asked(search, Source.TREE):
        found += tree.propose(material, columns, half, least, progress)
    if _asked(search, Source.CONFUSION):
        found += confusions.propose(material, half, least)
    if found:
        yield found
    if _asked(search, Source.WORDS) and (spoken := words.propose(material, half, least, progress)):
        yield spoken
    if not _asked(search, Source.CLUSTERS):
        return
    if alike := clusters.propose(material, columns, half, least, search.seed, progress):
        yield alike


def _tried(proposals: Sequence[Proposal]) -> int:
    return sum(number for _, number in {(each.source, each.tried) for each in proposals})


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
        mask = _mask(material, proposal)
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


def _mask(material: Material, proposal: Proposal) -> Mask:
    return rule_mask(material, proposal.rule) if proposal.mask is None else proposal.mask


def _candidate(
    material: Material,
    found: tuple[Proposal, Mask],
    unseen: Half | None = None,
    p: tuple[float, float] = (np.nan, np.nan),
) -> Candidate:
    proposal, mask = found
    where = proposal.where or (rule_clause(material, proposal.rule) if proposal.rule else "")
    name = proposal.name or telling.name_of(material, proposal.rule)
    why = " ".join(filter(None, (proposal.why, telling.reason(mask[unseen.rows], unseen) if unseen else "")))
    return Candidate(name, where, None if where else np.flatnonzero(mask), mask, proposal.source, why, *p)
