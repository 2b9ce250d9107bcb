"""What the program finds out about a project by itself: asked for by a person, kept in the cache, followed by edits."""

from collections.abc import Callable, Sequence
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.model import Codes, Issue, IssueKind, Rows
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    from dataimp_gui.core.project import Project

Floats = npt.NDArray[np.float32]
NO_ROWS: Rows = np.empty(0, dtype=np.int64)


def _unseen(_positions: Floats) -> None:
    pass


class Analysis:
    """Any thread may ask. Long methods take a `Progress`, raise Cancelled, and keep what they found in the cache."""

    def __init__(self, project: "Project", turn: RLock) -> None:
        self._project = project
        self._turn = turn

    # statistics

    @property
    def statistics(self) -> tuple[Any, ...]:
        """What is measured of an example of this modality: name, title, unit, about."""
        return ()

    @property
    def is_measured(self) -> bool:
        return False

    def measure(self, progress: Progress | None = None) -> None:
        """Statistics of all examples, which become columns; only what is missing or changed is computed."""

    # embeddings

    @property
    def embedders(self) -> tuple[tuple[str, str], ...]:
        """Name and title of what can turn these examples into vectors, the built-in first."""
        return ()

    @property
    def embedding(self) -> Any:
        """The current one, read from the cache; None when it was not computed yet."""
        return None

    def embed(self, name: str = "", progress: Progress | None = None) -> Any:
        """Compute an embedding, or go on where a cancelled run stopped, and make it the current one."""
        raise _no_embedding()

    def add_embedding(self, source: Path | str, name: str = "", progress: Progress | None = None) -> Any:
        """Take vectors from a `.npy`, `.npz` or Parquet file, in row order; they become the current embedding."""
        raise _no_embedding()

    def use_embedding(self, name: str) -> None:
        """Raises DataimpError when none of that name was computed."""
        raise _no_embedding()

    def similar(self, rows: Rows, k: int = 24, progress: Progress | None = None) -> tuple[Rows, Floats]:
        """The examples nearest to ``rows`` and their cosine in [-1, 1], nearest first, without ``rows`` themselves.

        Raises DataimpError when there is no embedding yet.
        """
        raise _no_embedding()

    @property
    def known_projection(self) -> Floats | None:
        return None

    def projection(self, progress: Progress | None = None, on_step: Callable[[Floats], None] = _unseen) -> Floats:
        """Positions on a map, float32 (n, 2), NaN without a vector; ``on_step`` is shown each stage on the way."""
        raise _no_embedding()

    # issues

    @property
    def is_searched(self) -> bool:
        return False

    @property
    def stale(self) -> str:
        """Why the issues should be searched again, as a sentence; empty when they need not."""
        return ""

    def find_issues(self, kinds: Sequence[IssueKind] = (), progress: Progress | None = None) -> None:
        """Search all kinds, or those given, measuring and embedding first what is missing."""

    def counts(self) -> dict[IssueKind, int]:
        """Open issues by kind; kinds that were not searched are left out."""
        return {}

    def warnings(self) -> tuple[str, ...]:
        """Sentences about the last search as a whole."""
        return ()

    def issues(self, kind: IssueKind | None = None, top: int = 0, rows: Rows | None = None) -> list[Issue]:
        """Open ones, worst first; ``top`` 0 is all, ``rows`` only those about these examples."""
        return []

    def issues_of(self, row: int) -> list[Issue]:
        return []

    def kinds_of(self, rows: Rows) -> tuple[IssueKind, ...]:
        """Kinds of which one of ``rows`` has an open issue."""
        return ()

    def issue_rows(self, kind: IssueKind) -> Rows:
        """Examples with an open issue of a kind, worst first."""
        return NO_ROWS

    @property
    def suggested(self) -> Codes:
        """The label that each open label issue suggests (n,), -1 elsewhere."""
        return np.full(self._project.count, -1, dtype=np.int32)

    def scores(self, kind: IssueKind) -> Floats:
        """Of the open issues of a kind (n,), NaN elsewhere."""
        return np.full(self._project.count, np.nan, dtype=np.float32)


def _no_embedding() -> DataimpError:
    return DataimpError("There is no embedding of these examples yet.", hint="Compute one with: dataimp embed PROJECT")
