"""Queues to review that come from issues: which examples, in which order, under which title."""

import numpy as np

from dataimp_gui.core.model import IssueKind, Rows
from dataimp_gui.core.project import Project
from dataimp_gui.progress import Progress
from dataimp_gui.ui.clauses import ISSUES, Where
from dataimp_gui.ui.pages.triage.issue_words import WORDS
from dataimp_gui.ui.session import Queue


def of_issues(project: Project, where: Where, progress: Progress) -> Queue:
    """The examples of a filter that have an open issue of the kinds it chooses, else of any; the worst first."""
    analysis = project.analysis
    chosen = [kind for kind in WORDS if kind in where.chosen(ISSUES)]
    kinds = chosen or [kind for kind in WORDS if analysis.counts().get(kind)]
    among = project.rows(str(where), progress=progress)
    kind = kinds[0] if len(kinds) == 1 else None
    title = WORDS[kind].many if kind else "Issues"
    return Queue(title, _worst_first(project, kinds, among), kind)


def _worst_first(project: Project, kinds: list[IssueKind], among: Rows) -> Rows:
    """An example with several issues comes once, where its worst one stands."""
    if len(kinds) == 1:
        rows = project.analysis.issue_rows(kinds[0])
    else:
        found = [issue.row for issue in project.analysis.issues() if issue.kind in kinds]
        rows = np.array(list(dict.fromkeys(found)), dtype=np.int64)
    return rows[np.isin(rows, among)]
