"""The findings of one kind as a file of the cache, with what they were made from."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from dataimp_gui.core.analysis import cached
from dataimp_gui.core.analysis.standing import Found
from dataimp_gui.core.issues.findings import Findings
from dataimp_gui.core.model import IssueKind

_ARRAYS = ("rows", "score", "severity", "suggested", "starts", "others")


def write(folder: Path, found: Found, made_from: Mapping[str, Any]) -> bool:
    """Whether it could be kept."""
    findings = found.findings
    arrays = {name: getattr(findings, name) for name in _ARRAYS}
    arrays |= {"labels": found.labels, "reasons": cached.pack(list(findings.reasons))}
    about = {"fix": findings.fix, "warnings": findings.warnings, "made_from": made_from}
    return cached.write(folder / f"{findings.kind}.npz", arrays, about)


def read(folder: Path, kind: IssueKind, count: int) -> tuple[Found, dict[str, Any]] | None:
    """The findings and what they were made from; None when they are not there, not whole, or not of these examples."""
    kept = cached.read(folder / f"{kind}.npz")
    if kept is None:
        return None
    try:
        arrays = {name: kept.arrays[name] for name in (*_ARRAYS, "labels")}
        rows, starts, others = arrays["rows"], arrays["starts"], arrays["others"]
        reasons = [str(reason) for reason in cached.unpack(kept.arrays["reasons"])]
        lengths = {len(arrays[name]) for name in ("rows", "score", "severity", "suggested", "labels")} | {len(reasons)}
        members = np.concatenate([rows, others])
        is_whole = lengths == {len(rows)} and len(starts) == len(rows) + 1 and starts[-1] == len(others)
        if not is_whole or (len(members) and (members.min() < 0 or members.max() >= count)):
            return None
        about = kept.about
        labels = arrays.pop("labels")
        findings = Findings(
            kind=kind, **arrays, reasons=reasons, fix=str(about["fix"]), warnings=tuple(map(str, about["warnings"]))
        )
        return Found(findings, labels), dict(about["made_from"])
    except (KeyError, ValueError, TypeError, IndexError):
        return None
