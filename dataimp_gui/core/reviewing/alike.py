"""Which examples show best what a label means beside the one in question."""

from typing import TYPE_CHECKING, Final

import numpy as np

from dataimp_gui.core import edits
from dataimp_gui.core.model import IssueKind, Rows

if TYPE_CHECKING:
    from dataimp_gui.core.project import Project

MOST: Final = 20_000
"""Of more candidates, every so many-th is compared."""


def most_alike(project: "Project", row: int, label: int, count: int) -> tuple[Rows, bool]:
    """At most ``count`` examples with a label (a code) that are nearest to ``row``, the nearest first.

    Those that a person has confirmed, if there are any: then the flag is True. None without an embedding.
    """
    embedding = project.analysis.embedding
    if embedding is None or label < 0:
        return np.empty(0, dtype=np.int64), False
    state = project.state
    having = (state.labels == label) & ~state.excluded
    having[row] = False
    confirmed = having & (state.reviewed | (state.codes(edits.KEPT + IssueKind.LABEL) > 0))
    is_confirmed = bool(confirmed.any())
    rows = np.flatnonzero(confirmed if is_confirmed else having)
    rows = rows[:: max(1, -(-len(rows) // MOST))]
    closeness = embedding.vectors[rows] @ embedding.vectors[row]
    closeness = np.where(np.isfinite(closeness), closeness, -np.inf)
    order = np.argsort(-closeness, kind="stable")[:count]
    return rows[order[closeness[order] > -np.inf]].astype(np.int64), is_confirmed
