"""Which embeddings of its examples a project has, which is in use, and what follows from it: neighbours and the map."""

import tempfile
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.analysis import cached, material
from dataimp_gui.core.analysis.material import Material
from dataimp_gui.core.features import embedders, neighbours
from dataimp_gui.core.features.embedding import Embedding
from dataimp_gui.core.features.neighbours import Neighbours
from dataimp_gui.core.model import Rows
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    from dataimp_gui.core.project import Project

Floats = npt.NDArray[np.float32]

NEIGHBOURS: Final = 20
_CHOSEN: Final = "embedding"
"""The entry of the project's database that names the embedding in use."""


class Embeddings:
    def __init__(self, project: "Project") -> None:
        self._project = project
        self._temp: tempfile.TemporaryDirectory[str] | None = None
        self._current: Embedding | None = None
        self._looked = False
        self._near: tuple[int, Neighbours] | None = None  # of which vectors
        self._map: tuple[int, Floats] | None = None

    def close(self) -> None:
        if self._temp is not None:
            self._temp.cleanup()
            self._temp = None

    @property
    def offered(self) -> tuple[tuple[str, str], ...]:
        with suppress(NotImplementedError):
            return tuple((each.name, each.title) for each in embedders.embedders(self._project.modality))
        return ()

    @property
    def current(self) -> Embedding | None:
        """From the cache when it was not computed in this session; None when it is not there, or of fewer examples."""
        if not self._looked:
            self._looked = True
            if name := self._project.database.get(_CHOSEN):
                self._current = self._load(name)
        return self._current

    def embed(self, name: str, made_of: Material, progress: Progress) -> Embedding:
        """By that name, or the one in use, or the one that suits best. Raises DataimpError when there is none."""
        sources, limits = material.sources(self._project, made_of), self._project.contract.limits
        name = name or self._project.database.get(_CHOSEN)
        name = name or embedders.default(self._project.modality, sources, limits, progress)
        if not name:
            raise DataimpError(
                "A table alone has no built-in embedding.", hint="Give vectors of your own: dataimp embed --file."
            )
        found = embedders.embed(name, sources, self._workplace(name), limits, progress)
        self._take(found)
        return found

    def add(self, file: Path, name: str, progress: Progress) -> Embedding:
        raise DataimpError(f"{file} cannot be read as an embedding yet.")

    def use(self, name: str) -> None:
        found = self._load(name)
        if found is None:
            raise DataimpError(f'There is no embedding "{name}" yet.', hint=f"Compute it: dataimp embed --name {name}")
        self._take(found)

    def similar(self, rows: Rows, k: int) -> tuple[Rows, Floats]:
        return neighbours.similar(self.needed().vectors, rows, k)

    def neighbours(self, progress: Progress) -> Neighbours:
        """Of every example, kept beside the embedding."""
        current = self.needed()
        mark, file = _mark(current.vectors), self._folder(current.name) / "neighbours.npz"
        if self._near is None or self._near[0] != mark:
            about = {"vectors": mark, "k": NEIGHBOURS}
            kept = cached.read(file)
            if kept and kept.about == about and {"rows", "similarity"} <= kept.arrays.keys():
                found = Neighbours(kept.arrays["rows"].astype(np.int64), kept.arrays["similarity"])
            else:
                found = neighbours.neighbours(current.vectors, NEIGHBOURS, progress)
                self._keep(file, {"rows": found.rows.astype(np.int32), "similarity": found.similarity}, about)
            self._near = mark, found
        return self._near[1]

    @property
    def known_projection(self) -> Floats | None:
        if (current := self.current) is None:
            return None
        mark = _mark(current.vectors)
        if self._map is None or self._map[0] != mark:
            kept = cached.read(self._projection_file(current))
            if kept is None or kept.about.get("vectors") != mark or "positions" not in kept.arrays:
                return None
            self._map = mark, kept.arrays["positions"].astype(np.float32, copy=False)
        return self._map[1]

    def projection(self, progress: Progress, on_step: Callable[[Floats], None]) -> Floats:
        from dataimp_gui.core.features import projection

        if (known := self.known_projection) is not None:
            return known
        current = self.needed()
        found = projection.project(current.vectors, progress, on_step)
        self._map = _mark(current.vectors), found
        self._keep(self._projection_file(current), {"positions": found}, {"vectors": self._map[0]})
        return found

    def needed(self) -> Embedding:
        """Raises DataimpError when there is none yet."""
        if (current := self.current) is None:
            raise DataimpError(
                "There is no embedding of these examples yet.", hint="Compute one with: dataimp embed PROJECT"
            )
        return current

    def _take(self, found: Embedding) -> None:
        self._current, self._looked = found, True
        if not self._project.read_only and self._project.database.get(_CHOSEN) != found.name:
            self._project.database.put(_CHOSEN, found.name)

    def _load(self, name: str) -> Embedding | None:
        found = embedders.load(self._folder(name))
        return found if found is not None and len(found.vectors) == self._project.count else None

    def _projection_file(self, current: Embedding) -> Path:
        return self._folder(current.name) / "projection.npz"

    def _keep(self, file: Path, arrays: cached.Arrays, about: Mapping[str, int]) -> None:
        if not self._project.read_only:
            cached.write(file, arrays, about)

    def _folder(self, name: str) -> Path:
        """Where that embedding is kept."""
        versions = {each.name: each.version for each in embedders.embedders(self._project.modality)}
        return self._project.path / "cache" / "features" / embedders.folder_name(name, versions.get(name, ""))

    def _workplace(self, name: str) -> Path:
        """Where it is made: there too, or apart for as long as a read-only project is open."""
        if not self._project.read_only:
            return self._folder(name)
        if self._temp is None:
            self._temp = tempfile.TemporaryDirectory(prefix="dataimp-")
        return Path(self._temp.name) / self._folder(name).name


def _mark(vectors: Floats) -> int:
    """A number that other vectors hardly share."""
    return zlib.crc32(np.ascontiguousarray(vectors).data.cast("B"))
