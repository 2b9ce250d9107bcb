"""The examples that two versions are judged on, and those that each of them trains on."""

from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.contract import PROVENANCE
from dataimp_gui.core.engine import Engine
from dataimp_gui.core.issues.groups import rank_of
from dataimp_gui.core.model import Codes, Mask, Rows
from dataimp_gui.core.versions.manifest import Committed
from dataimp_gui.errors import DataimpError

LISTED: Final = 20


@dataclass(frozen=True, eq=False)
class Content:
    """A version by row, arrays (n,): ``labels`` are codes, -1 without; ``held_out`` 0 for training, 1 for validation,
    2 for a test set."""

    committed: Committed
    ids: npt.NDArray[np.object_]
    labels: Codes
    given: Codes
    held_out: npt.NDArray[np.int8]
    excluded: Mask
    reviewed: Mask
    origin: npt.NDArray[np.object_]
    sha256: npt.NDArray[np.object_]
    metadata: npt.NDArray[np.object_]  # SHA-256 of all metadata columns of a row
    made_from: npt.NDArray[np.object_]  # the id of the example that a variant was made of, "" of others

    @property
    def name(self) -> str:
        return self.committed.info.name

    @property
    def number(self) -> int:
        return int(self.name[1:])

    @property
    def trains(self) -> Mask:
        rows: Mask = (self.held_out == 0) & ~self.excluded & (self.labels >= 0)
        return rows

    def some(self, rows: Rows) -> tuple[str, ...]:
        return tuple(str(each) for each in self.ids[rows[:LISTED]])


@dataclass(frozen=True, eq=False)
class Frozen:
    """``rows`` both versions are judged on, by ``labels`` (codes, one a row of ``rows``)."""

    rows: Rows
    labels: Codes
    notes: tuple[str, ...]


def read(committed: Committed, classes: dict[str, int]) -> Content:
    """``classes`` maps names to codes; names that it lacks join it."""
    with closing(Engine()) as engine:
        source = PROVENANCE[0]
        there = dict(engine.columns(f"SELECT * FROM {committed.relation}"))  # older versions had no variants
        found = engine.arrays(
            'SELECT "row", id, label, given_label, split, excluded, reviewed, origin, sha256, metadata, '
            f'{source if source in there else "NULL::VARCHAR"} AS made_from FROM {committed.relation} ORDER BY "row"'
        )
    found = _by_row(found)
    named = ("id", "label", "given_label", "split", "origin", "sha256", "metadata", "made_from")
    words = {name: _texts(found[name]) for name in named}
    ranks = {name: rank_of(name) for name in set(words["split"].tolist())}
    return Content(
        committed,
        words["id"],
        _codes(words["label"], classes),
        _codes(words["given_label"], classes),
        np.array([ranks[name] for name in words["split"].tolist()], np.int8),
        np.asarray(found["excluded"], np.bool_),
        np.asarray(found["reviewed"], np.bool_),
        words["origin"],
        words["sha256"],
        words["metadata"],
        words["made_from"],
    )


def freeze(before: Content, after: Content) -> Frozen:
    """Examples that both versions hold out, the test set where there is one, by the labels of the newer version.

    Raises DataimpError when there are none.
    """
    newer = after if after.number >= before.number else before
    count = min(len(before.ids), len(after.ids))
    both = np.minimum(before.held_out[:count], after.held_out[:count])
    there = ~before.excluded[:count] & ~after.excluded[:count] & (newer.labels[:count] >= 0)
    is_test = (both == 2) & there
    rows = np.flatnonzero(is_test if is_test.any() else (both == 1) & there).astype(np.int64)
    if not len(rows):
        raise DataimpError(
            f"{before.name} and {after.name} hold out no examples together.",
            hint="Move some to a split called test (md5(id) < '33' draws a fifth), commit, and evaluate that version.",
        )
    notes = []
    relabelled = np.count_nonzero(before.labels[rows] != after.labels[rows])
    if relabelled:
        counted = "1 evaluation label differs" if relabelled == 1 else f"{relabelled:,} evaluation labels differ"
        notes.append(f"{counted} between the versions; both are judged by {newer.name}.")
    for one in (before, after):
        alone = np.count_nonzero((one.held_out == both.max()) & ~one.excluded) - len(rows) if len(both) else 0
        if alone > 0:
            counted = "1 evaluation example" if alone == 1 else f"{alone:,} evaluation examples"
            notes.append(f"{counted} of {one.name} {'is' if alone == 1 else 'are'} left out: only it has them.")
    return Frozen(rows, newer.labels[rows], tuple(notes))


def _by_row(found: dict[str, npt.NDArray[Any]]) -> dict[str, npt.NDArray[Any]]:
    """Columns with a value for each row: one that the version does not list is excluded and has nothing else."""
    rows = np.asarray(found["row"], np.int64)
    count = int(rows[-1]) + 1 if len(rows) else 0
    if count == len(rows):
        return found
    spread = {}
    for name, values in found.items():
        given = np.ma.asarray(values)
        made = np.ma.array(np.empty(count, given.dtype), mask=np.ones(count, np.bool_))
        made[rows] = given
        spread[name] = made
    flags = {name: np.ma.filled(spread[name], name == "excluded") for name in ("excluded", "reviewed")}
    return spread | flags


def _texts(column: npt.NDArray[np.generic]) -> npt.NDArray[np.object_]:
    """Missing values as empty texts."""
    given = np.ma.asarray(column)
    made = given.data.astype(object)
    made[np.ma.getmaskarray(given)] = ""
    return made


def _codes(words: npt.NDArray[np.object_], classes: dict[str, int]) -> Codes:
    different, places = np.unique(words.astype(str), return_inverse=True)
    codes = [-1 if not word else classes.setdefault(word, len(classes)) for word in different.tolist()]
    return np.array(codes, np.int32)[places]
