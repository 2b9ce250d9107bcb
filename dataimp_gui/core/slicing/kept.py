"""The last search for slices: what it brought and what it was made from, in the project's cache."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.analysis import cached
from dataimp_gui.core.model import Rows
from dataimp_gui.core.slices.material import Candidate
from dataimp_gui.core.slices.slice import Found, Measured, Slice, Source, status
from dataimp_gui.core.slicing import measuring
from dataimp_gui.core.slicing.scope import Scope


@dataclass(frozen=True, eq=False)
class Finding:
    """A slice that a search brought, with its p-values from the half that the search did not see."""

    slice: Slice
    p: float
    p_adjusted: float


@dataclass(frozen=True, eq=False)
class Kept:
    """``run`` is the number of the run that was searched, ``edit`` the last line of the journal then; ``seen`` are the
    rows of the half that was searched. One that was ``stopped`` did not come to its end."""

    findings: tuple[Finding, ...]
    tried: int
    notes: tuple[str, ...]
    where: str
    run: str
    edit: int
    count: int
    seen: Rows = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    stopped: bool = False


def finding(candidate: Candidate, taken: set[str]) -> Finding:
    """With a name of its own beside those in ``taken``, which it joins."""
    name, number = candidate.name, 2
    while name in taken:
        name, number = f"{candidate.name} ({number})", number + 1
    taken.add(name)
    slice_ = Slice(name, candidate.where, candidate.rows, candidate.reason, candidate.source)
    return Finding(slice_, candidate.p, candidate.p_adjusted)


def findings(candidates: Sequence[Candidate]) -> tuple[Finding, ...]:
    taken: set[str] = set()
    return tuple(finding(each, taken) for each in candidates)


def unchecked(candidates: Sequence[Candidate], tried: int, over: Scope) -> Found:
    """What a search has chosen and not tested yet."""
    named = zip(findings(candidates), candidates, strict=True)
    slices = [measuring.unchecked(each.slice, np.flatnonzero(made.mask), over) for each, made in named]
    overall = over.overall()
    return Found(tuple(slices), tried, overall.n, overall.errors, over.where, over.run)


def essence(slice_: Slice) -> str | bytes:
    """What a slice is without its name: its rule, or its rows."""
    return slice_.where or (b"" if slice_.rows is None else np.unique(slice_.rows).tobytes())


def confirmed(measured: Measured, finding: Finding) -> Measured:
    """With the p-values of the search, from examples that it did not look at, in place of those over all."""
    said = status(finding.p_adjusted)
    return replace(measured, p=finding.p, p_adjusted=finding.p_adjusted, status=said, held_out=True)


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
        "stopped": kept.stopped,
    }
    rows = {f"rows{place}": each.slice.rows for place, each in enumerate(kept.findings) if each.slice.rows is not None}
    cached.write(folder / "found.npz", {**rows, "seen": kept.seen.astype(np.int32)}, about)


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
            _rows(file.arrays["seen"], count),
            bool(about["stopped"]),
        )
    except (KeyError, ValueError, TypeError):
        return None
    return kept if kept.count <= count else None


def _finding(told: Mapping[str, Any], rows: Rows | None, count: int) -> Finding:
    fixed = _rows(rows, count) if rows is not None else None
    slice_ = Slice(str(told["name"]), str(told["where"]), fixed, str(told["why"]), Source(told["source"]))
    return Finding(slice_, float(told["p"]), float(told["p_adjusted"]))


def _rows(found: npt.NDArray[np.integer], count: int) -> Rows:
    if len(found) and (found.min() < 0 or found.max() >= count):
        raise ValueError("rows that are not there")
    return found.astype(np.int64)


def _texts(told: Sequence[object]) -> tuple[str, ...]:
    return tuple(map(str, told))
