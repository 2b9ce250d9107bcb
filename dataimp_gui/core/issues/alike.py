"""Which examples show the same: equal media, equal texts, equal signatures, and vectors that nearly coincide."""

from enum import IntEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.issues.findings import Evidence, Pairs
from dataimp_gui.core.model import Rows
from dataimp_gui.progress import Progress


class Likeness(IntEnum):
    """What two examples have in common; the lower, the surer."""

    CONTENT = 0
    WORDING = 1
    SIGNATURE = 2
    EMBEDDING = 3


SIMILAR: Final = 0.99  # cosine


def near(evidence: Evidence, progress: Progress) -> Pairs:
    """The pairs that may show the same, the surest reason for each."""
    progress.phase("Comparing examples")
    found = [_equal(evidence.content, Likeness.CONTENT, 1.0)]
    if evidence.signatures is not None and evidence.has_signature is not None:
        codes = np.unique(evidence.signatures, return_inverse=True)[1].astype(np.int64)
        found.append(_equal(np.where(evidence.has_signature, codes, -1), Likeness.SIGNATURE, 0.9))
    if evidence.neighbours is not None:
        rows = np.repeat(np.arange(evidence.count), evidence.neighbours.rows.shape[1])
        others, similarity = evidence.neighbours.rows.ravel(), evidence.neighbours.similarity.ravel()
        close = (others >= 0) & (similarity >= SIMILAR)
        found.append(_pairs(rows[close], others[close], Likeness.EMBEDDING, 0.8))
    return _once(found, evidence)


def _equal(codes: npt.NDArray[np.int64] | None, why: Likeness, likely: float) -> Pairs:
    """Each example with the first one of the same code; -1 is no code."""
    if codes is None:
        return _pairs(np.zeros(0, np.int64), np.zeros(0, np.int64), why, likely)
    order = np.argsort(codes, kind="stable")
    ordered = codes[order]
    begins = np.concatenate([[True], ordered[1:] != ordered[:-1]]) if len(codes) else np.zeros(0, np.bool_)
    first = order[np.maximum.accumulate(np.where(begins, np.arange(len(order)), 0))] if len(codes) else order
    again = ~begins & (ordered >= 0)
    return _pairs(first[again], order[again], why, likely)


def _pairs(one: Rows, other: Rows, why: Likeness, likely: float) -> Pairs:
    return Pairs(
        np.minimum(one, other).astype(np.int64),
        np.maximum(one, other).astype(np.int64),
        np.full(len(one), likely, np.float32),
        np.full(len(one), why, np.uint8),
    )


def _once(found: list[Pairs], evidence: Evidence) -> Pairs:
    first, second = (np.concatenate([getattr(each, name) for each in found]) for name in ("first", "second"))
    likely, why = (np.concatenate([getattr(each, name) for each in found]) for name in ("likely", "why"))
    order = np.lexsort((why, second, first))
    first, second, likely, why = first[order], second[order], likely[order], why[order]
    new = np.ones(len(first), np.bool_)
    new[1:] = (first[1:] != first[:-1]) | (second[1:] != second[:-1])
    new &= ~(evidence.excluded[first] | evidence.excluded[second]) & (first != second)
    return Pairs(first[new], second[new], likely[new], why[new])
