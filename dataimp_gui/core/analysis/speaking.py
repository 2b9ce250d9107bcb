"""Which words speak for what the run predicts: an imitation of it, learned once a run and kept in memory."""

from threading import Lock
from typing import TYPE_CHECKING, Final

import numpy as np

from dataimp_gui.core.features import text_surrogate
from dataimp_gui.core.features.text_surrogate import JUDGED, LEARNED, Spoken, Surrogate
from dataimp_gui.core.model import Modality
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    from dataimp_gui.core.project import Project

KEPT: Final = 4  # runs
SEED: Final = 0


class Speaking:
    """Any thread may ask."""

    def __init__(self, project: "Project") -> None:
        self._project = project
        self._turn = Lock()
        self._learned: dict[int, Surrogate] = {}

    @property
    def known(self) -> Surrogate | None:
        """Of the current run; None before `learn`."""
        run = self._project.run
        return self._learned.get(run.number) if run is not None else None

    def learn(self, progress: Progress | None = None) -> Surrogate:
        """Of the current run, from a sample of the texts with a prediction; seconds.

        Raises DataimpError when there are no texts, no run or too few predictions.
        """
        project, run = self._project, self._project.run
        if project.modality is not Modality.TEXT:
            raise DataimpError("Only texts have words that speak for a prediction.")
        if run is None:
            raise DataimpError("There are no predictions yet.", hint="Add a run first.")
        with self._turn:
            if run.number in self._learned:
                return self._learned[run.number]
            predictions = project.predictions(str(run.number))
            assert predictions is not None
            rows = np.flatnonzero(predictions.codes >= 0)
            most = LEARNED + JUDGED
            if len(rows) > most:
                rows = np.sort(np.random.default_rng(SEED).choice(rows, most, replace=False))
            texts = [str(text or "") for text in project.query.values(["text"], rows)["text"]]
            found = text_surrogate.fit(texts, predictions.codes[rows], progress)
            while len(self._learned) >= KEPT:
                self._learned.pop(next(iter(self._learned)))
            self._learned[run.number] = found
            return found

    def words(self, row: int, progress: Progress | None = None) -> tuple[Surrogate, str, list[Spoken]]:
        """The imitation, what the current run predicts for an example, and the words of its text with their weight.

        Learns first where that is still to be done, and raises as `learn`.
        """
        model = self.learn(progress)
        predictions = self._project.predictions()
        code = int(predictions.codes[row]) if predictions is not None else -1
        text = str(self._project.query.values(["text"], np.array([row]))["text"][0] or "")
        return model, self._project.state.word("label", code), model.speaking(text, code)
