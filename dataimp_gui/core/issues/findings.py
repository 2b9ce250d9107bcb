"""What detectors are given, and what they give back: columns of arrays, one line a finding."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.contract import Limits
from dataimp_gui.core.model import Codes, IssueKind, Mask, Modality, Rows

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The ``k`` most similar other examples of each one: ``rows`` int64 (n, k), nearest first, -1 where there are
    fewer; ``similarity`` float32 (n, k), the cosine in [-1, 1], NaN where there are fewer."""

    rows: npt.NDArray[np.int64]
    similarity: Floats


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that is known of ``n`` examples; what is not known is None, empty or NaN.

    ``labels``, ``splits`` and ``groups`` are codes, -1 without. ``probabilities`` (n, len(classes)) in the order of
    ``classes``, rows of NaN without a prediction. ``embedding`` (n, d), rows of NaN where an example has none.
    ``content`` (n,): equal numbers mean byte-equal media or equal texts, -1 unknown. ``signatures`` (n,): the
    perceptual hash of a picture or a sound; with ``has_signature`` False there is none. ``texts`` are the texts of a
    text dataset. ``statistics`` are columns of numbers or text by name. Excluded examples are not to be reported.
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
