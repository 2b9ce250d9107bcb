"""Which findings are still open: nobody kept, relabelled or excluded what they are about."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dataimp_gui.core import edits
from dataimp_gui.core.issues.findings import Findings
from dataimp_gui.core.model import NONE, Codes, IssueKind, Mask, Rows
from dataimp_gui.core.storage.state import State

Floats = npt.NDArray[np.float32]

_OF_PAIRS = (IssueKind.DUPLICATE, IssueKind.CONFLICT, IssueKind.LEAK)


@dataclass(frozen=True, slots=True)
class Found:
    """Findings of one search; ``labels`` (m,) are the codes that their examples had then."""

    findings: Findings
    labels: Codes


class Standing:
    """One kind of findings in step with the edits. `follow` and what reads ``is_open`` take turns.

    A finding is open while its example is neither excluded nor kept, and
    - label: the example has the label it had at the search, and no person gave it that one;
    - duplicate, conflict, leak: some other example that it is about is neither excluded nor kept, and, of the last two,
      still has another label or split. One without others stands by itself.
    """

    def __init__(self, found: Found, state: State) -> None:
        self.found = found
        self.findings = found.findings
        self._labels = found.labels
        self._state = state
        count = len(self.findings)
        owners = np.repeat(np.arange(count), np.diff(self.findings.starts))
        members = np.concatenate([self.findings.rows, self.findings.others])
        order = np.argsort(members, kind="stable")
        self._members = members[order]
        self._about = np.concatenate([np.arange(count), owners])[order]
        self.is_open: Mask = self._look(np.arange(count))

    @property
    def open(self) -> npt.NDArray[np.int64]:
        """Places among the findings, worst first."""
        return np.flatnonzero(self.is_open)

    def of(self, rows: Rows) -> npt.NDArray[np.int64]:
        """Places of the open findings whose own example is one of ``rows``."""
        places = self._touching(rows)
        wanted: npt.NDArray[np.int64] = places[self.is_open[places] & np.isin(self.findings.rows[places], rows)]
        return wanted

    def follow(self, rows: Rows) -> npt.NDArray[np.int64]:
        """Look again at what is about ``rows``; the places of the findings that opened or closed."""
        places = self._touching(rows)
        if not len(places):
            return places
        now = self._look(places)
        changed = now != self.is_open[places]
        fresh = self.is_open.copy()
        fresh[places] = now
        self.is_open = fresh
        opened_or_closed: npt.NDArray[np.int64] = places[changed]
        return opened_or_closed

    def others(self, place: int) -> Rows:
        """The other examples that a finding is about."""
        others: Rows = self.findings.others[self.findings.starts[place] : self.findings.starts[place + 1]]
        return others

    def refresh(self) -> None:
        """Look again at all of them."""
        self.is_open = self._look(np.arange(len(self.findings)))

    def scores(self, places: npt.NDArray[np.int64]) -> Floats:
        """Of those findings, NaN where they are closed."""
        found: Floats = np.where(self.is_open[places], self.findings.score[places], np.nan).astype(np.float32)
        return found

    def suggested(self, places: npt.NDArray[np.int64]) -> Codes:
        """Of those findings, -1 where they are closed."""
        found: Codes = np.where(self.is_open[places], self.findings.suggested[places], NONE).astype(np.int32)
        return found

    def _touching(self, rows: Rows) -> npt.NDArray[np.int64]:
        """Places of all findings about ``rows``, as their example or as another, ascending."""
        first = np.searchsorted(self._members, rows, side="left")
        counts = np.searchsorted(self._members, rows, side="right") - first
        return np.unique(self._about[_spread(first, counts)[1]])

    def _look(self, places: npt.NDArray[np.int64]) -> Mask:
        kind, rows = self.findings.kind, self.findings.rows[places]
        is_open = ~self._settled(rows)
        if kind == IssueKind.LABEL:
            labels = self._state.labels[rows]
            is_open &= (labels == self._labels[places]) & (labels == self._state.given_labels[rows])
        elif kind in _OF_PAIRS:
            is_open &= self._has_rival(places)
        return is_open

    def _has_rival(self, places: npt.NDArray[np.int64]) -> Mask:
        """Whether another example still stands against that of each finding."""
        first, counts = self.findings.starts[places], np.diff(self.findings.starts)[places]
        owners, within = _spread(first, counts)
        others = self.findings.others[within]
        stands = ~self._settled(others)
        if self.findings.kind != IssueKind.DUPLICATE:
            codes = self._state.labels if self.findings.kind == IssueKind.CONFLICT else self._state.splits
            own = codes[self.findings.rows[places]][owners]
            stands &= (codes[others] != own) & (codes[others] != NONE) & (own != NONE)
        found: Mask = (np.bincount(owners, stands, len(places)) > 0) | (counts == 0)
        return found

    def _settled(self, rows: Rows) -> Mask:
        """Excluded, or kept by a person."""
        found: Mask = self._state.excluded[rows] | (self._state.codes(edits.KEPT + self.findings.kind)[rows] != 0)
        return found


def _spread(
    first: npt.NDArray[np.int64], counts: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Ranges ``first[i]`` … of length ``counts[i]`` one after the other: which i each place belongs to, the places."""
    owners = np.repeat(np.arange(len(first)), counts)
    return owners, np.arange(len(owners)) + np.repeat(first - (np.cumsum(counts) - counts), counts)
