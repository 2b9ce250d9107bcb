"""The runs of a project: whose predictions there are, and what each predicts for every example."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.engine import Engine, parquet
from dataimp_gui.core.model import Codes, RunInfo
from dataimp_gui.core.query import Query
from dataimp_gui.core.storage import columns
from dataimp_gui.core.storage.database import Database
from dataimp_gui.core.storage.state import State
from dataimp_gui.errors import DataimpError

BEFORE: Final = "predicted_before"
"""The column with what the run that the current one is compared with predicts."""


@dataclass(frozen=True, slots=True)
class Predictions:
    """``codes`` (n,) in the label vocabulary, -1 without a prediction; ``confidence`` float32 (n,), NaN without."""

    codes: Codes
    confidence: npt.NDArray[np.float32]

    def longer(self, count: int) -> "Predictions":
        """With places for ``count`` examples: those that came after the run have no prediction."""
        missing = max(0, count - len(self.codes))
        return Predictions(
            np.pad(self.codes, (0, missing), constant_values=-1),
            np.pad(self.confidence, (0, missing), constant_values=np.nan),
        )


class Runs:
    def __init__(self, database: Database, folder: Path) -> None:
        self._folder = folder
        self._loaded: dict[int, Predictions] = {}
        self._files: dict[int, Path] = {}
        infos = []
        for number, name, version, file, classes, covered, at in database.rows(
            "SELECT number, name, version, file, classes, covered, at FROM run ORDER BY number"
        ):
            infos.append(RunInfo(number, name, version, tuple(json.loads(classes)), covered, at))
            self._files[number] = folder / "tables" / file
        self.infos: tuple[RunInfo, ...] = tuple(infos)

    def find(self, name: str) -> RunInfo:
        """The newest run of that name or number. Raises DataimpError when there is none."""
        for info in reversed(self.infos):
            if name in (info.name, str(info.number)):
                return info
        listed = ", ".join(info.name for info in self.infos)
        raise DataimpError(
            f'There is no run "{name}".', hint=f"The runs are: {listed}." if listed else "Add one with add-run."
        )

    def before(self, run: RunInfo | None, chosen: RunInfo | None) -> RunInfo | None:
        """What ``run`` is compared with: what was chosen, else the run added before it, else the one after it."""
        others = [info for info in self.infos if run is not None and info.number != run.number]
        if chosen is not None and chosen in others:
            return chosen
        earlier = [info for info in others if run is not None and info.number < run.number]
        return next(iter((*reversed(earlier), *others)), None)

    def show(self, query: Query, before: RunInfo | None, state: State) -> None:
        """Let clauses name `BEFORE`, unless a column of the dataset is called so."""
        kinds = {column.name.lower(): column.kind for column in query.columns()}
        if before is not None and kinds.get(BEFORE, "prediction") == "prediction":
            words = state.words("label") or ("",)
            query.add_column(BEFORE, self.predictions(before, state).codes, words, kind="prediction")

    def file(self, info: RunInfo) -> Path:
        return self._files[info.number]

    def predictions(self, info: RunInfo, state: State) -> Predictions:
        """Read once; a run is never changed."""
        found = self._loaded.get(info.number)
        if found is None:
            engine = Engine()
            try:
                codes = columns.codes(engine, [self.file(info)], "predicted", state.words("label"))
                with columns.reading([self.file(info)]):
                    values = engine.arrays(f"SELECT confidence FROM {parquet(self.file(info))}")["confidence"]
            finally:
                engine.close()
            confidence = np.ma.filled(np.ma.asarray(values, dtype=np.float32), np.nan)
            found = Predictions(codes, confidence).longer(state.count)
            self._loaded[info.number] = found
        return found
