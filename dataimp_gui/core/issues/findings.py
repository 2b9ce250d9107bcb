"""What detectors are given, and what they give back: columns of arrays, one line a finding."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.contract import Limits
from dataimp_gui.core.features.neighbours import Neighbours
from dataimp_gui.core.model import Codes, IssueKind, Mask, Modality, Rows

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Pairs:
    """``m`` pairs of examples that may show the same, each pair once, ``first`` < ``second``, without excluded ones.

    ``likely`` float32 (m,): the chance that they do; ``why`` uint8 (m,): what they have in common, a `Likeness`.
    """

    first: Rows
    second: Rows
    likely: Floats
    why: npt.NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.first)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that is known of ``n`` examples; what is not known is None, empty or NaN.

    ``labels``, ``splits`` and ``groups`` are codes, -1 without. ``probabilities`` (n, len(classes)) in the order of
    ``classes``, rows of NaN without a prediction. ``embedding`` (n, d), rows of NaN where an example has none.
    ``content`` (n,): equal numbers mean byte-equal media or equal texts, -1 unknown. ``signatures`` (n,): the
    perceptual hash of a picture or a sound; with ``has_signature`` False there is none. ``texts`` are the texts of a
    text dataset. ``statistics`` are columns of numbers or text by name. Excluded examples are not to be reported.
    ``reviewed`` are those that a person has looked at; ``pairs`` the near-duplicates, when they were sought before.
    ``failed`` says of rows why their medium could not be measured. ``sources`` (n,) are the files (or bytes) of
    pictures: with them, pairs that may be crops of one another are compared point by point.
    """

    modality: Modality
    labels: Codes
    classes: Sequence[str]
    excluded: Mask
    splits: Codes
    split_names: Sequence[str] = ()
    groups: Codes | None = None
    probabilities: Floats | None = None
    run_name: str = ""
    embedding: Floats | None = None
    embedding_name: str = ""
    neighbours: Neighbours | None = None
    content: npt.NDArray[np.int64] | None = None
    signatures: npt.NDArray[np.uint64] | None = None
    has_signature: Mask | None = None
    texts: Sequence[str] | None = None
    statistics: Mapping[str, npt.NDArray[Any]] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    reviewed: Mask | None = None
    pairs: Pairs | None = None
    failed: Mapping[int, str] = field(default_factory=dict)
    sources: Sequence[Path | bytes | str | None] | None = None

    @property
    def count(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, slots=True)
class Findings:
    """``m`` findings of one kind, worst first, at most one an example.

    ``score`` and ``severity`` float32 (m,) in [0, 1]; ``suggested`` codes of classes, -1 for none; the other examples
    of finding i are ``others[starts[i]:starts[i + 1]]``; ``reasons`` one sentence each; ``fix`` is relabel, exclude or
    look. ``warnings`` are sentences about the whole search ("the probabilities look in-sample: …").
    """

    kind: IssueKind
    rows: Rows
    score: Floats
    severity: Floats
    suggested: Codes
    starts: npt.NDArray[np.int64]
    others: Rows
    reasons: Sequence[str]
    fix: str
    warnings: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.rows)


def ranked(
    kind: IssueKind,
    fix: str,
    rows: Rows,
    *,
    score: npt.ArrayLike,
    severity: npt.ArrayLike,
    reasons: Sequence[str],
    suggested: npt.ArrayLike | None = None,
    others: Sequence[Rows] | None = None,
    warnings: tuple[str, ...] = (),
) -> Findings:
    """Findings with the worst first; equal ones in the order of rows. ``others`` is one array a finding."""
    score_, severity_ = (np.clip(np.asarray(values, np.float32), 0.0, 1.0) for values in (score, severity))
    order = np.lexsort((rows, -score_))
    codes = np.full(len(rows), -1, np.int32) if suggested is None else np.asarray(suggested, np.int32)
    kept = [others[at] for at in order.tolist()] if others is not None else []
    lengths = [len(each) for each in kept] if others is not None else [0] * len(rows)
    return Findings(
        kind=kind,
        rows=np.asarray(rows, np.int64)[order],
        score=score_[order],
        severity=severity_[order],
        suggested=codes[order],
        starts=np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]).astype(np.int64),
        others=np.concatenate(kept).astype(np.int64) if kept else np.zeros(0, np.int64),
        reasons=[reasons[at] for at in order.tolist()],
        fix=fix,
        warnings=warnings,
    )


def nothing(kind: IssueKind, fix: str, *warnings: str) -> Findings:
    """No finding of ``kind``, and perhaps why there is none."""
    return ranked(kind, fix, np.zeros(0, np.int64), score=[], severity=[], reasons=[], warnings=warnings)
