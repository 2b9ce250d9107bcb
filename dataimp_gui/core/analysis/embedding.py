"""Which embeddings of its examples a project has, which is in use, and what follows from it: neighbours and the map."""

import shutil
import tempfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.analysis import cached, columns, material
from dataimp_gui.core.analysis.material import Material
from dataimp_gui.core.analysis.own_embeddings import OwnEmbeddings
from dataimp_gui.core.features import embedders, neighbours, onnx_file
from dataimp_gui.core.features.embedders import Embedder
from dataimp_gui.core.features.embedding import Embedding
from dataimp_gui.core.features.embedding_each import EachOne
from dataimp_gui.core.features.neighbours import Neighbours
from dataimp_gui.core.model import Modality, Rows
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    from dataimp_gui.core.project import Project

Floats = npt.NDArray[np.float32]

NEIGHBOURS: Final = 20
LARGE_TABLE: Final = neighbours.EXACT_UP_TO
_CHOSEN: Final = "embedding"
"""The entry of the project's database that names the embedding in use."""
_OWN: Final = "own.npz"


class Embeddings:
    def __init__(self, project: "Project") -> None:
        self._project = project
        self._own = OwnEmbeddings(project)
        self._temp: tempfile.TemporaryDirectory[str] | None = None
        self._current: Embedding | None = None
        self._looked = False
        self._loading = Lock()
        self._marked: tuple[Embedding, int] | None = None
        self._near: tuple[int, Neighbours] | None = None  # of which vectors
        self._map: tuple[int, Floats] | None = None

    def close(self) -> None:
        if self._temp is not None:
            self._temp.cleanup()
            self._temp = None

    @property
    def offered(self) -> tuple[tuple[str, str], ...]:
        """Name and title; the most general built-in first, then those that the person added."""
        own = tuple((name, name) for name in self._own.known() if name != columns.NAME)
        if self._project.modality == Modality.TABLE:
            return (columns.NAME, "Columns of the table"), *own
        return *((each.name, each.title) for each in embedders.embedders(self._project.modality)), *own

    @property
    def is_worth_it(self) -> bool:
        """Whether a search should make vectors of its own accord, or use those that are in use.

        A table may have no column for it; a large one takes minutes to compare, and where a model gives probabilities
        that tells little more.
        """
        project = self._project
        if project.modality != Modality.TABLE or project.database.get(_CHOSEN) or self._current is not None:
            return True
        has_probabilities = project.run is not None and bool(project.run.classes)
        return bool(columns.usable(project)) and not (project.count > LARGE_TABLE and has_probabilities)

    @property
    def current(self) -> Embedding | None:
        """From the cache when it was not computed in this session; None when it is not there. Examples that came since
        it was computed have no vector."""
        with self._loading:
            if not self._looked:
                if name := self._project.database.get(_CHOSEN):
                    self._current = self._load(name)
                self._looked = True
            return self._current

    @property
    def describer(self) -> EachOne | None:
        """How the one in use describes an example by itself; None where it cannot, as vectors from a file cannot."""
        if (current := self.current) is None:
            return None
        if current.name in self._own.known():
            return self._own.describer(current.name)
        embed = embedders.find(current.name).embed
        return embed if isinstance(embed, EachOne) else None

    @property
    def is_whole(self) -> bool:
        """Whether no example came since the one in use was computed."""
        current = self.current
        return current is None or self._is_whole(current)

    def embed(self, name: str, made_of: Material, progress: Progress) -> Embedding:
        """By that name, or the one in use, or the one that suits best. Raises DataimpError when there is none."""
        name = name or (self._current.name if self._current else self._project.database.get(_CHOSEN))
        sources, limits = material.sources(self._project, made_of), self._project.contract.limits
        if made_from := self._own.known().get(name):
            if "onnx" not in made_from and (kept := self._load(name)) is not None and self._is_whole(kept):
                return self._take(kept)
            return self._keep(self._own.again(name, made_from, sources, self._workplace(), progress))
        if self._project.modality == Modality.TABLE:
            names = columns.usable(self._project)
            return self._keep(self._own.of_columns(names, name or columns.NAME, progress))
        if not name:
            labels = self._project.state.labels
            name = embedders.default(self._project.modality, sources, limits, progress, labels=labels)
        folder = self._workplace() / _folder_of(embedders.find(name))
        return self._take(embedders.embed(name, sources, folder, limits, progress))

    def add_file(self, file: Path, name: str, progress: Progress) -> Embedding:
        return self._keep(self._own.of_file(file, name, progress))

    def add_columns(self, names: Sequence[str], name: str, progress: Progress) -> Embedding:
        return self._keep(self._own.of_columns(names, name, progress))

    def add_model(
        self, file: Path, options: Path | None, name: str, made_of: Material, progress: Progress
    ) -> Embedding:
        """``options`` is JSON that describes its input; by default that beside it."""
        how = onnx_file.read_description(options) if options else onnx_file.description(file)
        sources = material.sources(self._project, made_of)
        return self._take(self._own.of_model(file, how, name, sources, self._workplace(), progress))

    def use(self, name: str) -> None:
        found = self._load(name)
        if found is None:
            raise DataimpError(f'There is no embedding "{name}" yet.', hint=f"Compute it: dataimp embed --name {name}")
        self._take(found)

    def similar(self, rows: Rows, k: int) -> tuple[Rows, Floats]:
        there = self._project.state.present
        gone = int(np.count_nonzero(~there))
        found, cosines = neighbours.similar(self.needed().vectors, rows, k + gone)
        if gone:
            found, cosines = found[there[found]][:k], cosines[there[found]][:k]
        return found, cosines

    def neighbours(self, progress: Progress) -> Neighbours:
        """Of every example, kept beside the embedding."""
        current = self.needed()
        mark, file = self._mark(current), self._folder(current.name) / "neighbours.npz"
        if self._near is None or self._near[0] != mark:
            about = {"vectors": mark, "k": NEIGHBOURS}
            kept = cached.read(file)
            if kept and kept.about == about and {"rows", "similarity"} <= kept.arrays.keys():
                found = Neighbours(kept.arrays["rows"].astype(np.int64), kept.arrays["similarity"])
            else:
                found = neighbours.neighbours(current.vectors, NEIGHBOURS, progress)
                self._write(file, {"rows": found.rows.astype(np.int32), "similarity": found.similarity}, about)
            self._near = mark, found
        return self._near[1]

    @property
    def known_projection(self) -> Floats | None:
        if (current := self.current) is None:
            return None
        mark = self._mark(current)
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
        self._map = self._mark(current), found
        self._write(self._projection_file(current), {"positions": found}, {"vectors": self._map[0]})
        return found

    def needed(self) -> Embedding:
        """Raises DataimpError when there is none yet."""
        if (current := self.current) is None:
            raise DataimpError(
                "There is no embedding of these examples yet.", hint="Compute one with: dataimp embed PROJECT"
            )
        return current

    def _take(self, found: Embedding) -> Embedding:
        with self._loading:
            self._current, self._looked = found, True
        if not self._project.read_only and self._project.database.get(_CHOSEN) != found.name:
            self._project.database.put(_CHOSEN, found.name)
        return found

    def _keep(self, found: Embedding) -> Embedding:
        """One that is not kept by what made it."""
        about = {"name": found.name, "version": found.version, "made_by": found.made_by}
        self._write(self._folder(found.name) / _OWN, {"vectors": found.vectors}, about)
        return self._take(found)

    def _load(self, name: str) -> Embedding | None:
        folder = self._folder(name)
        found = embedders.load(folder) or _read_own(folder / _OWN)
        lacking = self._project.count - len(found.vectors) if found is not None else 0
        if found is None or lacking < 0:
            return None
        if lacking:
            found = replace(found, vectors=np.pad(found.vectors, ((0, lacking), (0, 0)), constant_values=np.nan))
        return found

    def _is_whole(self, embedding: Embedding) -> bool:
        last = self._project.count - 1
        return last < 0 or last in embedding.missing or bool(embedding.has_vector[last])

    def _mark(self, embedding: Embedding) -> int:
        """A number that other vectors hardly share."""
        if self._marked is None or self._marked[0] is not embedding:
            self._marked = (
                embedding,
                zlib.crc32(np.ascontiguousarray(embedding.vectors).reshape(-1).view(np.uint8).data),
            )
        return self._marked[1]

    def _projection_file(self, current: Embedding) -> Path:
        return self._folder(current.name) / "projection.npz"

    def _write(self, file: Path, arrays: cached.Arrays, about: Mapping[str, Any]) -> None:
        if not self._project.read_only:
            cached.write(file, arrays, about)

    def _folder(self, name: str) -> Path:
        """Where that embedding is kept."""
        cache = self._project.path / "cache" / "features"
        if made_from := self._own.known().get(name):
            return cache / embedders.folder_name(name, str(made_from.get("version", "")))
        found = [each for each in embedders.embedders(self._project.modality) if each.name == name]
        return cache / (_folder_of(found[0]) if found else embedders.folder_name(name, ""))

    def _workplace(self) -> Path:
        """What embeddings are made in: the cache, or a copy of it for as long as a read-only project is open."""
        cache = self._project.path / "cache" / "features"
        if not self._project.read_only:
            return cache
        if self._temp is None:
            self._temp = tempfile.TemporaryDirectory(prefix="dataimp-")
            if cache.is_dir():
                shutil.copytree(cache, self._temp.name, dirs_exist_ok=True)
        return Path(self._temp.name)


def _folder_of(embedder: Embedder) -> str:
    return embedders.folder_name(embedder.name, embedder.version)


def _read_own(file: Path) -> Embedding | None:
    kept = cached.read(file)
    if kept is None or "vectors" not in kept.arrays:
        return None
    about = {key: str(kept.about.get(key, "")) for key in ("name", "version", "made_by")}
    return Embedding(about["name"], about["version"], kept.arrays["vectors"], about["made_by"])
