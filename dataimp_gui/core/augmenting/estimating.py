"""What writing variants would come to: how many of how many examples, in what time, and of what size."""

import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import msgspec

from dataimp_gui.core.augment.policy import Policy, to_json
from dataimp_gui.core.augmenting import making, measuring, writing
from dataimp_gui.core.augmenting.examples import SEED, sampled
from dataimp_gui.core.augmenting.making import Made
from dataimp_gui.core.augmenting.writing import Chosen
from dataimp_gui.core.compute import available
from dataimp_gui.core.model import Modality
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    from dataimp_gui.core.project import Project

EXAMPLES: Final = 6  # that are really varied to find out
START_S: Final = 2.0  # until the workers are there
KEEP_S: Final = 0.0003  # to put one file where it belongs


@dataclass(frozen=True, slots=True)
class Estimate:
    """Of one variant: ``seconds`` of one processor and ``size`` in bytes, a chance that leaves some out reckoned in;
    both are 0 where none could be made. ``without`` are pairs of a row and a draw that a person rejected."""

    chosen: Chosen
    without: Collection[tuple[int, int]]
    seconds: float
    size: float

    def count(self, each: int) -> int:
        """With so many of each example."""
        return len(self.chosen.rows) * each - sum(draw < each for _, draw in self.without)

    def time(self, each: int) -> float:
        """Seconds that all of them take, with all processors at work."""
        return START_S + self.count(each) * (self.seconds / available() + KEEP_S)


def estimate(project: "Project", policy: Policy, where: str, progress: Progress) -> Estimate:
    """Raises QueryError, DataimpError for a policy that cannot be done here, Cancelled. Nothing is kept."""
    measuring.check(project, policy)
    found = writing.chosen(project, where)
    without = writing.rejected(project, policy, found.rows)
    rows = sampled(found.rows, EXAMPLES, SEED)
    is_text = policy.modality is Modality.TEXT
    names = project.query.values(["text" if is_text else "media"], rows)["text" if is_text else "media"]
    limits = msgspec.to_builtins(project.contract.limits)
    taken: list[float] = []
    size = 0
    with TemporaryDirectory(prefix="dataimp-") as folder:
        for row, id_, name in zip(rows.tolist(), project.ids(rows), names, strict=True):
            progress.check()
            source = writing.source(project, row, name, is_text=is_text)
            begun = time.perf_counter()
            try:
                made = making.make((source, id_, _label(project, row), (0,)), to_json(policy), limits, folder)
            except (DataimpError, OSError):  # told when it is written
                continue
            taken.append(time.perf_counter() - begun)
            size += sum(_size(one, Path(folder), is_text=is_text) for one in made if not isinstance(one, str))
    seconds = median(taken) if taken else 0.0  # the first one may have had to load libraries
    return Estimate(found, without, seconds, size / max(1, len(taken)))


def _label(project: "Project", row: int) -> str:
    code = int(project.state.labels[row])
    return project.classes[code] if code >= 0 else ""


def _size(made: Made, folder: Path, *, is_text: bool) -> int:
    return len(made[1].encode()) if is_text else (folder / made[1]).stat().st_size
