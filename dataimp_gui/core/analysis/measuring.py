"""The statistics of a project's examples: measured where missing or stale, kept in the cache, shown as columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.analysis import cached, material
from dataimp_gui.core.analysis.material import Material
from dataimp_gui.core.media import statistics
from dataimp_gui.core.media.statistics import STATISTICS, Statistic
from dataimp_gui.core.model import Codes, Mask, Rows
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    from dataimp_gui.core.project import Project
    from dataimp_gui.core.query import Query

Numbers = npt.NDArray[np.float32]

AT_ONCE: Final = 100_000  # examples between which what is measured so far is kept: a cancelled run loses no more
PREFIX: Final = "measured_"


@dataclass(frozen=True, slots=True)
class Statistics:
    """``keys`` uint64 (n,) are those of the material that was measured, 0 where nothing was yet.

    ``numbers`` float32 (n,) by name, NaN where missing; ``codes`` int32 (n,) by name, in ``words``; ``signatures`` as
    in Evidence; ``failed`` says why a medium could not be measured, by row.
    """

    keys: npt.NDArray[np.uint64]
    numbers: Mapping[str, Numbers]
    codes: Mapping[str, Codes]
    words: Mapping[str, tuple[str, ...]]
    signatures: npt.NDArray[np.uint64]
    has_signature: Mask
    failed: Mapping[int, str]

    def columns(self) -> dict[str, npt.NDArray[Any]]:
        """By name, as detectors read them: numbers, or text with "" where it is missing."""
        found: dict[str, npt.NDArray[Any]] = dict(self.numbers)
        for name, codes in self.codes.items():
            found[name] = np.array([*self.words[name], ""], dtype=object)[codes]
        return found


class Measuring:
    def __init__(self, project: "Project") -> None:
        self._project = project
        self._file = project.path / "cache" / "statistics" / f"{project.modality}-{statistics.VERSION}.npz"
        self._known: Statistics | None = None
        self._looked = False
        self._imported: frozenset[str] | None = None  # columns that were there before ours

        self.offered: tuple[Statistic, ...] = STATISTICS.get(project.modality, ())
        """What is measured of this modality."""

    @property
    def known(self) -> Statistics | None:
        """Of all examples, from the cache when they were not measured in this session."""
        if not self._looked:
            self._known, self._looked = _read(self._file, self._project.count, self.offered), True
        return self._known

    def measure(self, made_of: Material, progress: Progress) -> Statistics:
        """Measure what is missing or was made of something else. Raises Cancelled; what was done until then is kept."""
        found = self.known or _nothing(self._project.count, self.offered)
        stale = np.flatnonzero(found.keys != made_of.keys)
        for start in range(0, len(stale), AT_ONCE):
            rows = stale[start : start + AT_ONCE]
            found = self._with(found, made_of, rows, progress)
            self._known = found
            if not self._project.read_only:
                _write(self._file, found)
        self._known = found
        return found

    def name(self, statistic: str) -> str:
        """The column of a statistic. One of the dataset's own keeps its name, and ours stands beside it."""
        own = {column.name.lower() for column in self._project.contract.columns}
        return PREFIX + statistic if statistic.lower() in own else statistic

    def show(self, query: "Query") -> None:
        """Make columns of what is known; what the import measured is there already."""
        if self._imported is None:
            self._imported = frozenset(column.name for column in query.columns())
        if found := self.known:
            for name, numbers in found.numbers.items():
                if self.name(name) not in self._imported:
                    query.add_column(self.name(name), numbers, kind="media")
            for name, codes in found.codes.items():
                query.add_column(self.name(name), codes, found.words[name] or ("",), kind="media")

    def _with(self, found: Statistics, made_of: Material, rows: Rows, progress: Progress) -> Statistics:
        limits = self._project.contract.limits
        sources = material.sources(self._project, made_of, rows)
        measured = statistics.measure_all(sources, self._project.modality, limits, progress)
        numbers, codes, words = dict(found.numbers), dict(found.codes), dict(found.words)
        for statistic in self.offered:
            name, values = statistic.name, measured.columns[statistic.name]
            if statistic.kind == "number":
                numbers[name] = _put(numbers[name], rows, np.asarray(values, dtype=np.float32))
            else:
                words[name] = tuple(dict.fromkeys((*words[name], *(word for word in values if word))))
                place = {word: code for code, word in enumerate(words[name])}
                codes[name] = _put(codes[name], rows, np.array([place.get(word, -1) for word in values], np.int32))
        failed = {row: why for row, why in found.failed.items() if row not in set(rows.tolist())}
        failed |= {int(rows[place]): why for place, why in measured.failed.items()}
        return Statistics(
            _put(found.keys, rows, made_of.keys[rows]),
            numbers,
            codes,
            words,
            _put(found.signatures, rows, measured.signatures),
            _put(found.has_signature, rows, measured.has_signature),
            failed,
        )


def _put(values: npt.NDArray[Any], rows: Rows, fresh: npt.NDArray[Any]) -> npt.NDArray[Any]:
    values = values.copy()
    values[rows] = fresh
    return values


def _nothing(count: int, offered: tuple[Statistic, ...]) -> Statistics:
    numbers = {each.name: np.full(count, np.nan, np.float32) for each in offered if each.kind == "number"}
    codes = {each.name: np.full(count, -1, np.int32) for each in offered if each.kind != "number"}
    return Statistics(
        np.zeros(count, np.uint64),
        numbers,
        codes,
        dict.fromkeys(codes, ()),
        np.zeros(count, np.uint64),
        np.zeros(count, np.bool_),
        {},
    )


def _write(file: Path, found: Statistics) -> None:
    arrays: dict[str, npt.NDArray[Any]] = {f"number:{name}": values for name, values in found.numbers.items()}
    arrays |= {f"code:{name}": codes for name, codes in found.codes.items()}
    arrays |= {"keys": found.keys, "signatures": found.signatures, "has_signature": found.has_signature}
    cached.write(file, arrays, {"words": found.words, "failed": list(found.failed.items())})


def _read(file: Path, count: int, offered: tuple[Statistic, ...]) -> Statistics | None:
    """None unless the file has all that is offered, of as many examples or fewer."""
    kept = cached.read(file)
    nothing = _nothing(count, offered)
    try:
        if kept is None or len(kept.arrays["keys"]) > count:
            return None

        def longer(name: str, empty: npt.NDArray[Any]) -> npt.NDArray[Any]:
            values = kept.arrays[name].astype(empty.dtype, copy=False)
            return np.concatenate([values, empty[len(values) :]]) if len(values) < count else values

        return Statistics(
            longer("keys", nothing.keys),
            {name: longer(f"number:{name}", empty) for name, empty in nothing.numbers.items()},
            {name: longer(f"code:{name}", empty) for name, empty in nothing.codes.items()},
            {name: tuple(kept.about["words"][name]) for name in nothing.codes},
            longer("signatures", nothing.signatures),
            longer("has_signature", nothing.has_signature),
            {int(row): str(why) for row, why in kept.about["failed"]},
        )
    except (KeyError, ValueError, TypeError):
        return None
