"""How like some examples all others are, as a column to filter and to sort by."""

from typing import Final

import numpy as np

from dataimp_gui.core.model import Rows
from dataimp_gui.core.project import Project
from dataimp_gui.progress import Progress

COLUMN: Final = "similarity"
CLAUSE: Final = "similarity is not null"
K: Final = 24


def show(project: Project, rows: Rows, progress: Progress) -> None:
    """Make the column `COLUMN` of ``rows``, which come first with 1, and of the `K` examples that are most like them.

    Raises DataimpError when there is no embedding.
    """
    near, cosine = project.analysis.similar(rows, K, progress)
    values = np.full(project.count, np.nan, dtype=np.float32)
    values[near] = np.minimum(cosine, 1.0)
    values[rows] = 1.0
    project.query.add_column(COLUMN, values, kind="similarity")
