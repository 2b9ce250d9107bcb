"""The embeddings that a person added to a project: vectors in a file, a model of theirs, columns of the dataset."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec
import numpy as np

from dataimp_gui.core.analysis import columns
from dataimp_gui.core.features.embedding import Embedding, Sources
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    from dataimp_gui.core.features.embedding_each import EachOne
    from dataimp_gui.core.features.onnx import Preprocessing
    from dataimp_gui.core.project import Project

MadeFrom = Mapping[str, Any]
"""``{"file": path}``, ``{"columns": names}`` or ``{"onnx": path, "how": …, "version": …}``."""

_KEY: Final = "embeddings"
"""The entry of the project's database that says what each is made from, so that a deleted cache loses nothing."""


class OwnEmbeddings:
    def __init__(self, project: "Project") -> None:
        self._project = project
        self._of_session: dict[str, MadeFrom] = {}

    def known(self) -> dict[str, MadeFrom]:
        """What each is made from, by name."""
        kept: dict[str, MadeFrom] = msgspec.json.decode(self._project.database.get(_KEY, "{}"))
        return kept | self._of_session

    def remember(self, name: str, made_from: MadeFrom) -> None:
        self._of_session[name] = made_from
        if not self._project.read_only:
            self._project.database.put(_KEY, msgspec.json.encode(self.known()).decode())

    def of_file(self, file: Path, name: str, progress: Progress) -> Embedding:
        """Matched by id where the file has ids, else in row order. Raises DataimpError where it does not fit."""
        from dataimp_gui.core.features.embedding_given import from_file

        progress.phase("Reading vectors")
        count = self._project.count
        found = from_file(file, count, name, ids=self._project.ids(np.arange(count)))
        self.remember(found.name, {"file": str(file.resolve())})
        return found

    def of_columns(self, names: Sequence[str], name: str, progress: Progress) -> Embedding:
        """Raises DataimpError for a column that is not there or cannot be used."""
        found = columns.embed(self._project, names, name or columns.NAME, progress)
        self.remember(found.name, {"columns": list(names)})
        return found

    def of_model(
        self, file: Path, how: "Preprocessing", name: str, sources: Sources, cache: Path, progress: Progress
    ) -> Embedding:
        """By an ONNX file of the person's; kept below ``cache``. Raises DataimpError where it is no such model."""
        from dataimp_gui.core.features import embedders, onnx_file

        progress.phase("Trying the model")
        model = onnx_file.from_onnx(file, self._project.modality, how, name=name)
        folder = cache / embedders.folder_name(model.name, model.version)
        found = embedders.embed(model, sources, folder, self._project.contract.limits, progress)
        made_from = {"onnx": str(file.resolve()), "how": msgspec.to_builtins(how), "version": model.version}
        self.remember(model.name, made_from)
        return found

    def describer(self, name: str) -> "EachOne | None":
        """How a model of the person's describes an example; None for vectors of another kind, or without its file."""
        made_from = self.known().get(name, {})
        if "onnx" not in made_from or not Path(made_from["onnx"]).is_file():
            return None
        from dataimp_gui.core.features import onnx
        from dataimp_gui.core.features.embedding_each import EachOne

        return EachOne(onnx.describe, (made_from["onnx"], made_from["how"], self._project.modality.value, False))

    def again(self, name: str, made_from: MadeFrom, sources: Sources, cache: Path, progress: Progress) -> Embedding:
        """From what it was made from the first time. Raises DataimpError when that is gone."""
        from dataimp_gui.core.features.onnx import Preprocessing

        if "columns" in made_from:
            return self.of_columns(made_from["columns"], name, progress)
        if "file" in made_from:
            return self.of_file(_there(made_from["file"], name), name, progress)
        how = msgspec.convert(made_from["how"], Preprocessing)
        return self.of_model(_there(made_from["onnx"], name), how, name, sources, cache, progress)


def _there(path: str, name: str) -> Path:
    file = Path(path)
    if not file.is_file():
        raise DataimpError(
            f'What the embedding "{name}" was made from is gone: {path}.', hint="Put it back, or use another embedding."
        )
    return file
