"""Where the predictions of a version come from: the built-in trainer, a command, or runs that were brought."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.evaluate import external, trainer
from dataimp_gui.core.evaluate.frozen import Content, Frozen
from dataimp_gui.core.evaluate.trainer import Predicted
from dataimp_gui.core.model import Modality
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    from dataimp_gui.core.project import Project

RUNS: Final = "runs"
"""In place of a trainer's command: the predictions that were brought for each of the two versions (`add-run`)."""

Predict = Callable[[Content, int], Predicted]


class Predicting:
    """A function from a version and a seed to predictions on the evaluation examples, and what it needs meanwhile."""

    def __init__(
        self,
        project: "Project",
        command: str,
        judged: Frozen,
        classes: tuple[str, ...],
        limit_s: float,
        progress: Progress,
    ) -> None:
        self._project, self._command, self._judged = project, command, judged
        self._classes, self._limit_s, self._progress = classes, limit_s, progress
        self._folder: Path | None = None
        self._log = project.path / "cache" / external.LOG  # stays, so that one can read why it failed

    def __enter__(self) -> Predict:
        if self._command == RUNS:
            return self._brought
        if self._command:
            external.command(self._command, Path(), Path(), 0)  # refused before anything is exported
            self._folder = Path(tempfile.mkdtemp(prefix="dataimp-trainer-"))
            self._log.parent.mkdir(exist_ok=True)
            self._log.write_bytes(b"")
            return self._external
        vectors = self._vectors()

        def predict(content: Content, seed: int) -> Predicted:
            self._progress.phase(f"Training on {content.name}, seed {seed + 1}")
            rows = np.flatnonzero(content.trains).astype(np.int64)
            return trainer.predict(vectors, content.labels, rows, self._judged.rows, seed)

        return predict

    def __exit__(self, *_: object) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _vectors(self) -> npt.NDArray[np.float32]:
        analysis = self._project.analysis
        if analysis.embedding is None:
            analysis.embed(progress=self._progress)
        embedding = analysis.embedding
        if embedding is None:
            raise DataimpError("The built-in trainer needs an embedding.", hint="Compute one, or use your own trainer.")
        return embedding.vectors

    def _external(self, content: Content, seed: int) -> Predicted:
        folder = self._folder
        assert folder is not None
        dataset = folder / content.name
        if not dataset.exists():
            has_media = self._project.modality in (Modality.IMAGE, Modality.AUDIO)
            form = "hugging-face" if has_media else "csv"
            self._project.export(content.name, dataset, form, unlabelled=self._judged.rows, progress=self._progress)
        predictions = folder / f"{content.name}-{seed}.csv"
        words = external.command(self._command, dataset, predictions, seed)
        title = f"Training on {content.name}, seed {seed + 1}"
        external.run(words, folder, self._log, title, self._progress, limit_s=self._limit_s)
        return external.read(predictions, content.ids, self._judged.rows, self._classes, self._progress)

    def _brought(self, content: Content, _seed: int) -> Predicted:
        run = next((run for run in reversed(self._project.runs) if run.version == content.name), None)
        if run is None:
            raise DataimpError(
                f"No predictions were brought for {content.name}.",
                hint=f"Add them: dataimp add-run PROJECT FILE --version {content.name}",
            )
        found = self._project.predictions(str(run.number))
        assert found is not None
        codes = found.codes[self._judged.rows]
        if len(codes) and not (codes >= 0).any():
            raise DataimpError(
                f"The predictions of {content.name} are of none of the {len(codes):,} evaluation examples.",
                hint="Bring predictions of the held-out split.",
            )
        return Predicted(codes, found.confidence[self._judged.rows])
