"""The examples that a version leaves out, and why somebody excluded them."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.engine import Engine
from dataimp_gui.core.model import Rows
from dataimp_gui.core.versions.manifest import Committed


@dataclass(frozen=True, eq=False)
class Excluded:
    """Arrays (n,) of texts, in the order of the ids; empty where there is none."""

    ids: npt.NDArray[np.object_]
    labels: npt.NDArray[np.object_]
    splits: npt.NDArray[np.object_]
    reasons: npt.NDArray[np.object_]

    def listed(self) -> list[dict[str, str]]:
        """For manifest.json."""
        lines = zip(self.ids, self.labels, self.splits, self.reasons, strict=True)
        return [{"id": id_, "label": label, "split": split, "why": why} for id_, label, split, why in lines]

    def counts(self) -> list[tuple[str, int]]:
        """How many for each reason, most first."""
        found, counts = np.unique(self.reasons.astype(str), return_counts=True)
        return sorted(zip(found.tolist(), counts.tolist(), strict=True), key=lambda each: (-each[1], each[0]))


def read(version: Committed, told: Sequence[tuple[str, Rows]]) -> Excluded:
    """``told`` are reasons with their rows; later ones win."""
    with closing(Engine()) as engine:
        found = engine.arrays(
            "SELECT \"row\", id, coalesce(label, '') AS label, coalesce(split, '') AS split "
            f"FROM {version.relation} WHERE excluded ORDER BY id"
        )
    rows = np.asarray(found["row"], np.int64)
    reasons = np.full(int(rows.max(initial=-1)) + 1, "", dtype=object)
    for why, of in told:
        reasons[of[of < len(reasons)]] = why
    ids, labels, splits = (np.asarray(found[name], object) for name in ("id", "label", "split"))
    return Excluded(ids, labels, splits, reasons[rows])
