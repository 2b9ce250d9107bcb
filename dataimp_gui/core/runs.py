"""The runs of a project: whose predictions there are, and what each predicts for every example."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.engine import Engine, parquet
from dataimp_gui.core.model import Codes, RunInfo
from dataimp_gui.core.storage import columns
from dataimp_gui.core.storage.database import Database
from dataimp_gui.core.storage.state import State
from dataimp_gui.errors import DataimpError


@dataclass(frozen=True, slots=True)
class Predictions:
    """``codes`` (n,) in the label vocabulary, -1 without a prediction; ``confidence`` float32 (n,), NaN without."""

    codes: Codes
    confidence: npt.NDArray[np.float32]


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
            missing = state.count - len(codes)  # examples that came after this run
            confidence = np.ma.filled(np.ma.asarray(values, dtype=np.float32), np.nan)
            found = Predictions(
                np.pad(codes, (0, missing), constant_values=-1),
                np.pad(confidence, (0, missing), constant_values=np.nan),
            )
            self._loaded[info.number] = found
        return found
