"""Examples of one split that another split has as well, or that share a group with it: a test that is not one."""

from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.issues.alike import Likeness, near
from dataimp_gui.core.issues.findings import Evidence, Findings, nothing, ranked
from dataimp_gui.core.issues.groups import NAMED, groups, held_out
from dataimp_gui.core.model import NONE, IssueKind, Rows
from dataimp_gui.progress import Progress

KIND: Final = IssueKind.LEAK
FIX: Final = "exclude"

ODD, COMMON = 0.9, 0.5
"""The severity of a shared group: few of them are a slip, but where most are shared, the splits were never meant to
part groups, and whether that matters is for a person to say."""

_MOST: Final = 0.5  # of the groups


def detect(evidence: Evidence, progress: Progress) -> Findings:
    """One finding for each example that a more held-out split has too: the copy to exclude is the one to learn from.

    Of a group that several splits share, the examples outside its most frequent split are reported.
    """
    if len(np.unique(evidence.splits[(evidence.splits >= 0) & ~evidence.excluded])) < 2:
        return nothing(KIND, FIX)
    rows, likely, reasons, others = _by_pairs(evidence, progress)
    shared, severity, sentences, members, warnings = _by_groups(evidence, set(rows.tolist()))
    return ranked(
        KIND,
        FIX,
        np.concatenate([rows, shared]),
        score=np.concatenate([likely, np.full(len(shared), severity, np.float32)]),
        severity=np.concatenate([likely, np.full(len(shared), severity, np.float32)]),
        reasons=[*reasons, *sentences],
        others=[*others, *members],
        warnings=warnings,
    )


def _by_pairs(evidence: Evidence, progress: Progress) -> tuple[Rows, npt.NDArray[np.float32], list[str], list[Rows]]:
    pairs = evidence.pairs if evidence.pairs is not None else near(evidence, progress)
    found = groups(pairs, evidence)
    rank = held_out(evidence)
    splits = evidence.splits[found.rows]
    reasons: list[str] = []
    places: list[int] = []
    others: list[Rows] = []
    mixed = np.zeros(len(found), np.bool_)
    if len(found):
        known = splits >= 0
        highest = np.maximum.reduceat(splits, found.starts[:-1])
        lowest = np.minimum.reduceat(np.where(known, splits, highest[found.number]), found.starts[:-1])
        mixed = (highest >= 0) & (lowest < highest)
    for group in np.flatnonzero(mixed).tolist():
        start, end = int(found.starts[group]), int(found.starts[group + 1])
        members = found.rows[start:end]
        here = splits[start:end]
        inside = here[here >= 0]
        # the most held-out split keeps its copy; of two that are equally so, the one with more of them
        kept = max(
            np.unique(inside).tolist(), key=lambda split: (rank[members[here == split][0]], (here == split).sum())
        )
        elsewhere = members[here == kept][:NAMED]
        for place in np.flatnonzero((here != kept) & (here >= 0)).tolist():
            places.append(start + place)
            others.append(elsewhere)
            alike = "an equal one" if found.why[start + place] == Likeness.CONTENT else "a near-duplicate of it"
            name, other = evidence.split_names[here[place]], evidence.split_names[kept]
            reasons.append(f"It is in {name}, and {alike} is in {other}.")
    at = np.array(places, np.int64)
    return found.rows[at], found.likely[at], reasons, others


def _by_groups(evidence: Evidence, known: set[int]) -> tuple[Rows, float, list[str], list[Rows], tuple[str, ...]]:
    """Examples outside the most frequent split of their group, but for ``known`` ones, and the severity of that."""
    if evidence.groups is None:
        return np.zeros(0, np.int64), ODD, [], [], ()
    rows = np.flatnonzero((evidence.groups >= 0) & (evidence.splits >= 0) & ~evidence.excluded)
    order = rows[np.lexsort((rows, evidence.splits[rows], evidence.groups[rows]))]
    parts = np.split(order, np.flatnonzero(np.diff(evidence.groups[order])) + 1) if len(order) else []
    shared = [part for part in parts if evidence.splits[part[0]] != evidence.splits[part[-1]]]
    warnings: tuple[str, ...] = ()
    if common := len(parts) > 1 and len(shared) > _MOST * len(parts):
        share = f"{len(shared):,} of {len(parts):,} groups are"
        warnings = (f"{share} in more than one split: the splits were not made by group.",)
    found: list[int] = []
    reasons: list[str] = []
    others: list[Rows] = []
    for part in shared:
        splits = evidence.splits[part]
        counts = np.bincount(splits)
        most = int(counts.argmax())
        elsewhere = part[splits == most]
        for row, split in zip(part.tolist(), splits.tolist(), strict=True):
            if split in (most, NONE) or row in known:
                continue
            found.append(row)
            others.append(elsewhere[:NAMED])
            reasons.append(
                f"It is in {evidence.split_names[split]}, and {len(elsewhere):,} of its group "
                f"{'is' if len(elsewhere) == 1 else 'are'} in {evidence.split_names[most]}."
            )
    return np.array(found, np.int64), COMMON if common else ODD, reasons, others, warnings
