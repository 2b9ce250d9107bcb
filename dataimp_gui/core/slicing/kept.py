"""The last search for slices: what it brought and what it was made from, in the project's cache."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from dataimp_gui.core.analysis import cached
from dataimp_gui.core.model import Rows
from dataimp_gui.core.slices.material import Candidate
from dataimp_gui.core.slices.slice import Slice, Source


@dataclass(frozen=True, eq=False)
class Finding:
    """A slice that a search brought, with its p-values from the half that the search did not see."""

    slice: Slice
    p: float
    p_adjusted: float


@dataclass(frozen=True, eq=False)
class Kept:
    """``run`` is the number of the run that was searched, ``edit`` the last line of the journal then."""

    findings: tuple[Finding, ...]
    tried: int
    notes: tuple[str, ...]
    where: str
    run: str
    edit: int
    count: int


def finding(candidate: Candidate, taken: set[str]) -> Finding:
    """With a name of its own beside those in ``taken``, which it joins."""
    name, number = candidate.name, 2
    while name in taken:
        name, number = f"{candidate.name} ({number})", number + 1
    taken.add(name)
    slice_ = Slice(name, candidate.where, candidate.rows, candidate.reason, candidate.source)
    return Finding(slice_, candidate.p, candidate.p_adjusted)


def write(folder: Path, kept: Kept) -> None:
    slices = [
        {
            "name": each.slice.name,
            "where": each.slice.where,
            "why": each.slice.why,
            "source": each.slice.source.value,
            "p": each.p,
            "p_adjusted": each.p_adjusted,
        }
        for each in kept.findings
    ]
    about = {
        "slices": slices,
        "tried": kept.tried,
        "notes": kept.notes,
        "where": kept.where,
        "run": kept.run,
        "edit": kept.edit,
        "count": kept.count,
    }
    rows = {f"rows{place}": each.slice.rows for place, each in enumerate(kept.findings) if each.slice.rows is not None}
    cached.write(folder / "found.npz", rows, about)


def read(folder: Path, count: int) -> Kept | None:
    """None when nothing was kept, or nothing that can be read, of as many examples or fewer."""
    file = cached.read(folder / "found.npz")
    if file is None:
        return None
    about = file.about
    try:
        found = [_finding(each, file.arrays.get(f"rows{place}"), count) for place, each in enumerate(about["slices"])]
        kept = Kept(
            tuple(found),
            int(about["tried"]),
            _texts(about["notes"]),
            str(about["where"]),
            str(about["run"]),
            int(about["edit"]),
            int(about["count"]),
        )
    except (KeyError, ValueError, TypeError):
        return None
    return kept if kept.count <= count else None


def _finding(told: Mapping[str, Any], rows: Rows | None, count: int) -> Finding:
    if rows is not None and len(rows) and (rows.min() < 0 or rows.max() >= count):
        raise ValueError("rows that are not there")
    fixed = rows.astype(np.int64) if rows is not None else None
    slice_ = Slice(str(told["name"]), str(told["where"]), fixed, str(told["why"]), Source(told["source"]))
    return Finding(slice_, float(told["p"]), float(told["p_adjusted"]))


def _texts(told: Sequence[object]) -> tuple[str, ...]:
    return tuple(map(str, told))
