"""Variants and the labels of their examples, which may have changed since the variants were made."""

from typing import TYPE_CHECKING

import numpy as np

from dataimp_gui.core import edits
from dataimp_gui.core.contract import PROVENANCE
from dataimp_gui.core.model import Codes, EditInfo, Rows

if TYPE_CHECKING:
    from dataimp_gui.core.project import Project


def variants_of(project: "Project", rows: Rows) -> tuple[Rows, Rows]:
    """The variants of some examples, and of each the one of ``rows`` that it was made of."""
    if not len(rows) or not project.state.brought.any():
        return rows[:0], rows[:0]
    made = project.rows(f"{PROVENANCE[0]} is not null")
    place = dict(zip(project.ids(rows), rows.tolist(), strict=True))
    sources = [place.get(str(id_), -1) for id_ in project.query.values([PROVENANCE[0]], made)[PROVENANCE[0]]]
    found = np.array(sources, np.int64)
    return made[found >= 0], found[found >= 0]


def behind(project: "Project", rows: Rows) -> tuple[Rows, Codes]:
    """Variants of ``rows`` whose label is not that of their example, and the label that it has."""
    made, sources = variants_of(project, rows)
    labels = project.state.codes(edits.LABEL)
    differs = labels[made] != labels[sources]
    return made[differs], labels[sources[differs]]


def follow(project: "Project", rows: Rows, why: str) -> EditInfo | None:
    editing = project.writable()
    with editing.turn:
        made, codes = behind(project, rows)
        return editing.set_codes(edits.LABEL, made, codes, why=why) if len(made) else None
