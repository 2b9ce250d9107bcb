"""Examples as vectors of their own columns: numbers by their rank, words as one flag each."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.features.embedding import Embedding, Floats, unit
from dataimp_gui.core.model import Role
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    from dataimp_gui.core.project import Project

NAME: Final = "columns"
VERSION: Final = "1"
_HINT: Final = "Give columns of numbers, of lists of numbers such as [0.1, 0.2], or of texts with few different words."
MOST_WORDS: Final = 64  # of a text column; with more it is an address or a remark, not a category
_BATCH: Final = 100_000


def usable(project: "Project") -> tuple[str, ...]:
    """The dataset's own columns that say something about an example: numbers, flags, and text of few words."""
    own = [column.name for column in project.contract.columns if column.role == Role.METADATA]
    types = {column.name: column.type for column in project.query.columns()}
    return tuple(name for name in own if types.get(name) in ("number", "flag") or _words(project, name, types))


def embed(project: "Project", names: Sequence[str], name: str, progress: Progress) -> Embedding:
    """The cosine of two examples is how alike their columns are on average: 1 for equal values, 0 for different words
    and for the smallest and the largest number, between them by the difference of ranks (after J. C. Gower, A general
    coefficient of similarity, 1971). A number that is missing counts as the median.

    Raises DataimpError for a column that is not there or cannot be used.
    """
    types = {column.name: column.type for column in project.query.columns()}
    if len(names) == 1 and types.get(names[0]) == "text" and not _words(project, names[0], types):
        return _of_lists(project, names[0], name)
    parts: list[Floats] = []
    for column in progress.track(names, "Reading columns"):
        if column not in types:
            raise DataimpError(f"No column is called {column}.", hint="The columns are listed by: dataimp info.")
        if types[column] in ("number", "flag"):
            parts.append(_angles(_numbers(project, column)))
        elif words := _words(project, column, types):
            parts.append(_flags(project, column, words))
        else:
            raise DataimpError(f"{column} cannot be made a vector.", hint=_HINT)
    if not parts:
        raise DataimpError(
            "No column of this dataset can be made a vector.", hint="Give vectors of your own in a file."
        )
    vectors = unit(np.concatenate(parts, axis=1))
    return Embedding(
        name, VERSION, vectors, f"Of the columns {', '.join(names)}: numbers by their rank, words as flags."
    )


def _of_lists(project: "Project", column: str, name: str) -> Embedding:
    """Of a column of texts such as "[0.1, 0.2]"."""
    from dataimp_gui.core.features.embedding_given import from_words

    starts = range(0, project.count, _BATCH)
    parts = [project.query.values([column], np.arange(s, min(s + _BATCH, project.count)))[column] for s in starts]
    words = [None if value is None else str(value) for part in parts for value in part]
    return from_words(words, name, f"The vectors are those of the column {column}.", place=f"The column {column}")


def _numbers(project: "Project", column: str) -> npt.NDArray[np.float64]:
    found = [
        np.array([np.nan if value is None else float(value) for value in values[column]], dtype=np.float64)  # type: ignore[arg-type]
        for start in range(0, project.count, _BATCH)
        for values in [project.query.values([column], np.arange(start, min(start + _BATCH, project.count)))]
    ]
    return np.concatenate(found) if found else np.empty(0)


def _angles(values: npt.NDArray[np.float64]) -> Floats:
    """(n, 2): a quarter of a circle from the smallest to the largest, by rank; equal values share theirs."""
    known = np.isfinite(values)
    share = np.full(len(values), 0.5)
    if known.any():
        _, place, counts = np.unique(values[known], return_inverse=True, return_counts=True)
        share[known] = ((np.cumsum(counts) - counts / 2) / known.sum())[place]
    angle = share * (np.pi / 2)
    return np.stack([np.cos(angle), np.sin(angle)], axis=1).astype(np.float32)


def _flags(project: "Project", column: str, words: Sequence[str]) -> Floats:
    """(n, words): a one for the word, none where it is missing."""
    place = {word: position for position, word in enumerate(words)}
    found = np.zeros((project.count, len(words)), np.float32)
    for start in range(0, project.count, _BATCH):
        rows = np.arange(start, min(start + _BATCH, project.count))
        codes = np.array([place.get(str(value), -1) for value in project.query.values([column], rows)[column]])
        found[rows[codes >= 0], codes[codes >= 0]] = 1
    return found


def _words(project: "Project", column: str, types: dict[str, str]) -> tuple[str, ...]:
    if types.get(column) != "text":
        return ()
    facet = project.query.facet(column, limit=MOST_WORDS + 2)
    words = [word for word, _ in facet if word is not None]
    return tuple(words) if 1 < len(words) <= MOST_WORDS else ()
