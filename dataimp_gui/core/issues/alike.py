"""Which examples show the same: equal media, equal texts, equal signatures, and vectors that nearly coincide."""

from enum import IntEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.issues import near_pictures, near_signatures, near_texts, near_vectors
from dataimp_gui.core.issues.findings import Evidence, Pairs
from dataimp_gui.core.model import Mask, Modality, Rows
from dataimp_gui.progress import Progress


class Likeness(IntEnum):
    """What two examples have in common; the lower, the surer."""

    CONTENT = 0
    WORDING = 1  # but for case, spaces and punctuation
    TEXT = 2  # nearly all of the wording
    SIGNATURE = 3
    VIEW = 4  # point by point, though cut or turned
    EMBEDDING = 5


LEAST: Final = 0.1  # pairs that are less likely are not kept

_EQUAL_WORDING: Final = 0.98
_NO_ROWS: Final = np.zeros(0, np.int64)


def near(evidence: Evidence, progress: Progress) -> Pairs:
    """The pairs that may show the same, the surest reason for each."""
    progress.phase("Comparing examples")
    parts = [_equal(evidence.content, evidence.excluded, Likeness.CONTENT, 1.0)]
    if evidence.modality is Modality.TEXT:
        if evidence.texts is not None:
            parts += _of_texts(evidence, progress)
    else:
        parts += _of_media(evidence, progress)
    return _once(parts, evidence)


def _of_texts(evidence: Evidence, progress: Progress) -> list[Pairs]:
    given = zip(evidence.texts or (), evidence.excluded.tolist(), strict=True)
    words = near_texts.wording(["" if gone else text for text, gone in given])
    equal = near_texts.codes(words)
    first, second, overlap = near_texts.close_pairs(_firsts(words, equal), progress)
    likely = np.interp(overlap, [near_texts.OVERLAP, 0.8, 0.9, 1.0], [0.5, 0.75, 0.9, 0.97])
    return [
        _equal(equal, evidence.excluded, Likeness.WORDING, _EQUAL_WORDING),
        _pairs(first, second, Likeness.TEXT, likely),
    ]


def _firsts(words: list[str], equal: npt.NDArray[np.int64]) -> list[str]:
    """``words`` with "" for those that came before: a chain of equal ones is known already."""
    new = np.zeros(len(words), np.bool_)
    new[np.unique(equal, return_index=True)[1]] = True
    return [each if fresh else "" for each, fresh in zip(words, new.tolist(), strict=True)]


def _of_media(evidence: Evidence, progress: Progress) -> list[Pairs]:
    signatures, has = evidence.signatures, evidence.has_signature
    if signatures is None or has is None:
        signatures, has = None, None
    first, second = _NO_ROWS, _NO_ROWS
    if signatures is not None and has is not None:
        first, second = near_signatures.close_pairs(signatures, has & ~evidence.excluded, progress)
    chance = near_vectors.chance(evidence.neighbours, signatures, has) if evidence.neighbours is not None else None
    if chance is None or evidence.neighbours is None or evidence.embedding is None:
        return [*_by_signature(evidence, first, second), *_coinciding(evidence)]
    vectors = evidence.embedding
    known = np.isfinite(vectors[first, :1]).all(axis=1) & np.isfinite(vectors[second, :1]).all(axis=1)
    parts = _by_signature(evidence, first[~known], second[~known])
    first, second = first[known], second[known]
    nearer, farther, statistic, pairs = near_vectors.close_pairs(chance, evidence.neighbours, signatures, has, progress)
    apart = near_vectors.distances(_cosines(vectors, first, second))
    colliding = chance.statistic(first, second, apart, signatures, has)
    # a pair of neighbours was met once from each side where it is mutual; so is one of like signatures from here on
    one = np.concatenate([nearer, first, second])
    other = np.concatenate([farther, second, first])
    values = np.concatenate([statistic, colliding, colliding])
    _, new = np.unique(one * np.int64(evidence.count) + other, return_index=True)
    one, other, values = one[new], other[new], values[new]
    likely = chance.likely(values, pairs)
    likely = np.maximum(likely, _by_very_like_signatures(evidence, one, other))
    why = np.full(len(one), Likeness.EMBEDDING, np.uint8)
    if signatures is not None and has is not None:
        bits = near_signatures.different(signatures[one], signatures[other])
        why[(bits <= near_signatures.BITS) & has[one] & has[other]] = Likeness.SIGNATURE
    one, other = np.minimum(one, other), np.maximum(one, other)
    if evidence.modality is Modality.IMAGE and evidence.sources is not None:
        _look(evidence, one, other, values, likely, why, progress)
    kept = likely >= LEAST
    return [*parts, _pairs(one[kept], other[kept], why[kept], likely[kept])]


def _by_very_like_signatures(evidence: Evidence, one: Rows, other: Rows) -> npt.NDArray[np.float32]:
    """How likely pairs are whose signatures hardly differ, by these alone; 0 for other pairs.

    They are believed whatever the vectors say: a pause before a short clip, for one, moves its vector a lot.
    """
    likely = np.zeros(len(one), np.float32)
    if evidence.signatures is not None and evidence.has_signature is not None:
        both = np.flatnonzero(evidence.has_signature[one] & evidence.has_signature[other])
        bits = near_signatures.different(evidence.signatures[one[both]], evidence.signatures[other[both]])
        sure = bits <= near_signatures.SURE_BITS
        likely[both[sure]] = near_signatures.likely(bits[sure], evidence.signatures, evidence.has_signature)
    return likely


def _look(
    evidence: Evidence,
    one: Rows,
    other: Rows,
    statistic: npt.NDArray[np.float64],
    likely: npt.NDArray[np.float32],
    why: npt.NDArray[np.uint8],
    progress: Progress,
) -> None:
    """Decide in place, by their pictures, the closest pairs of those that are open: each example with its closest."""
    order = np.argsort(statistic, kind="stable")
    closest = np.zeros(len(one), np.bool_)
    for side in (one, other):
        closest[order[np.unique(side[order], return_index=True)[1]]] = True
    open_ = closest & (why == Likeness.EMBEDDING) & ~evidence.excluded[one] & ~evidence.excluded[other]
    places = order[open_[order]]
    _, new = np.unique(one[places] * np.int64(evidence.count) + other[places], return_index=True)
    places = places[np.sort(new)]
    seen = near_pictures.likely(one[places], other[places], evidence.sources or (), evidence.limits, progress)
    places = places[: len(seen)][np.isfinite(seen)]
    seen = seen[np.isfinite(seen)]
    looked = dict(zip((one[places] * evidence.count + other[places]).tolist(), seen.tolist(), strict=True))
    both = np.flatnonzero((why == Likeness.EMBEDDING) & np.isin(one * evidence.count + other, list(looked)))
    likely[both] = [looked[key] for key in (one[both] * evidence.count + other[both]).tolist()]
    why[both] = np.where(likely[both] >= 0.5, Likeness.VIEW, Likeness.EMBEDDING)


def _by_signature(evidence: Evidence, first: Rows, second: Rows) -> list[Pairs]:
    if evidence.signatures is None or evidence.has_signature is None or not len(first):
        return []
    bits = near_signatures.different(evidence.signatures[first], evidence.signatures[second])
    likely = near_signatures.likely(bits, evidence.signatures, evidence.has_signature)
    kept = likely >= LEAST
    return [_pairs(first[kept], second[kept], Likeness.SIGNATURE, likely[kept])]


def _coinciding(evidence: Evidence) -> list[Pairs]:
    """Of a handful of examples, those whose vectors are equal, unless all are."""
    near = evidence.neighbours
    if near is None or near.rows.size == 0 or np.nanmin(near.similarity, initial=np.inf) > 1 - 1e-6:
        return []
    rows = np.flatnonzero((near.rows[:, 0] >= 0) & (near.similarity[:, 0] > 1 - 1e-6))
    if len(rows) > evidence.count // 2:
        return []
    return [_pairs(rows, near.rows[rows, 0], Likeness.EMBEDDING, 0.8)]


def _cosines(vectors: npt.NDArray[np.float32], first: Rows, second: Rows) -> npt.NDArray[np.float32]:
    cosines = np.empty(len(first), np.float32)
    for at in range(0, len(first), 8192):
        one, other = vectors[first[at : at + 8192]], vectors[second[at : at + 8192]]
        lengths = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
        cosines[at : at + 8192] = np.einsum("ij,ij->i", one, other) / np.maximum(lengths, 1e-12)
    return cosines


def _equal(codes: npt.NDArray[np.int64] | None, excluded: Mask, why: Likeness, likely: float) -> Pairs:
    """Each example with the first one of the same code; -1 is no code."""
    if codes is None or not len(codes):
        return _pairs(_NO_ROWS, _NO_ROWS, why, likely)
    codes = np.where(excluded, -1, codes)
    order = np.argsort(codes, kind="stable")
    ordered = codes[order]
    begins = np.concatenate([[True], ordered[1:] != ordered[:-1]])
    first = order[np.maximum.accumulate(np.where(begins, np.arange(len(order)), 0))]
    again = ~begins & (ordered >= 0)
    return _pairs(first[again], order[again], why, likely)


def _pairs(one: Rows, other: Rows, why: npt.ArrayLike, likely: npt.ArrayLike) -> Pairs:
    return Pairs(
        np.minimum(one, other).astype(np.int64),
        np.maximum(one, other).astype(np.int64),
        np.broadcast_to(np.asarray(likely, np.float32), len(one)),
        np.broadcast_to(np.asarray(why, np.uint8), len(one)),
    )


def _once(parts: list[Pairs], evidence: Evidence) -> Pairs:
    first, second = (np.concatenate([getattr(each, name) for each in parts]) for name in ("first", "second"))
    likely, why = (np.concatenate([getattr(each, name) for each in parts]) for name in ("likely", "why"))
    order = np.lexsort((why, second, first))
    first, second, likely, why = first[order], second[order], likely[order], why[order]
    new = np.ones(len(first), np.bool_)
    new[1:] = (first[1:] != first[:-1]) | (second[1:] != second[:-1])
    new &= ~(evidence.excluded[first] | evidence.excluded[second]) & (first != second)
    return Pairs(first[new], second[new], likely[new], why[new])
