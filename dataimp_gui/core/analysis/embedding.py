"""Which embeddings of its examples a project has, which is in use, and what follows from it: neighbours and the map."""

import re
import tempfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec
import numpy as np
import numpy.typing as npt

from dataimp_gui.core.analysis import cached, columns, material
from dataimp_gui.core.analysis.material import Material
from dataimp_gui.core.features import embedders, neighbours
from dataimp_gui.core.features.embedding import Embedding
from dataimp_gui.core.features.neighbours import Neighbours
from dataimp_gui.core.model import Modality, Rows
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    from dataimp_gui.core.project import Project

Floats = npt.NDArray[np.float32]

NEIGHBOURS: Final = 20
_CHOSEN: Final = "embedding"
"""The entry of the project's database that names the embedding in use."""
_ADDED: Final = "embeddings"
"""The entry that says of the person's own embeddings what they are made from."""
_LONGEST: Final = 60
_OWN: Final = "own.npz"


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
        """Name and title; the best built-in first, then those that the person added."""
        own = [(name, name) for name in self._added()]
        if self._project.modality == Modality.TABLE:
            return (columns.NAME, "Columns of the table"), *own
        return *((each.name, each.title) for each in embedders.embedders(self._project.modality)), *own

    @property
    def is_possible(self) -> bool:
        """Whether there is anything to make vectors of: a table alone may have no column for it."""
        if self._project.modality != Modality.TABLE or self._project.database.get(_CHOSEN):
            return True
        return bool(columns.usable(self._project))

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
        name = name or self._project.database.get(_CHOSEN)
        if added := self._added().get(name):
            return self._embed_added(name, added, progress)
        if self._project.modality == Modality.TABLE:
            return self.add_columns(columns.usable(self._project), name or columns.NAME, progress)
        sources, limits = material.sources(self._project, made_of), self._project.contract.limits
        name = name or embedders.default(self._project.modality, sources, limits, progress)
        return self._take(embedders.embed(name, sources, self._workplace(name), limits, progress))

    def add_file(self, file: Path, name: str, progress: Progress) -> Embedding:
        """Vectors in row order from a file, which is looked for again when the cache was deleted."""
        from dataimp_gui.core.features.embedding import from_file

        progress.phase("Reading vectors")
        return self._add(from_file(file, self._project.count, name), {"file": str(file.resolve())})

    def add_columns(self, names: Sequence[str], name: str, progress: Progress) -> Embedding:
        found = columns.embed(self._project, names, name or columns.NAME, progress)
        return self._add(found, {"columns": list(names)})

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

    def _take(self, found: Embedding) -> Embedding:
        self._current, self._looked = found, True
        if not self._project.read_only and self._project.database.get(_CHOSEN) != found.name:
            self._project.database.put(_CHOSEN, found.name)
        return found

    def _added(self) -> dict[str, dict[str, Any]]:
        """What the person's own embeddings are made from, by name."""
        found: dict[str, dict[str, Any]] = msgspec.json.decode(self._project.database.get(_ADDED, "{}"))
        return found

    def _add(self, found: Embedding, made_from: Mapping[str, Any]) -> Embedding:
        file = self._folder(found.name) / _OWN
        about = {"name": found.name, "version": found.version, "made_by": found.made_by}
        self._keep(file, {"vectors": found.vectors}, about)
        if not self._project.read_only:
            self._project.database.put(_ADDED, msgspec.json.encode(self._added() | {found.name: made_from}).decode())
        return self._take(found)

    def _embed_added(self, name: str, made_from: Mapping[str, Any], progress: Progress) -> Embedding:
        """Read anew only where the cache has lost it: what it is made from is looked at once."""
        if (found := self._load(name)) is not None:
            return self._take(found)
        if "file" in made_from:
            return self.add_file(Path(made_from["file"]), name, progress)
        return self.add_columns(made_from["columns"], name, progress)

    def _load(self, name: str) -> Embedding | None:
        folder = self._folder(name)
        found = _read_own(folder / _OWN) if folder.name.startswith("own-") else embedders.load(folder)
        return found if found is not None and len(found.vectors) == self._project.count else None

    def _projection_file(self, current: Embedding) -> Path:
        return self._folder(current.name) / "projection.npz"

    def _keep(self, file: Path, arrays: cached.Arrays, about: Mapping[str, Any]) -> None:
        if not self._project.read_only:
            cached.write(file, arrays, about)

    def _folder(self, name: str) -> Path:
        """Where that embedding is kept."""
        is_table = self._project.modality == Modality.TABLE
        there = () if is_table else embedders.embedders(self._project.modality)
        versions = {each.name: each.version for each in there}
        folder = embedders.folder_name(name, versions[name]) if name in versions else _own_folder(name)
        return self._project.path / "cache" / "features" / folder

    def _workplace(self, name: str) -> Path:
        """Where it is made: there too, or apart for as long as a read-only project is open."""
        if not self._project.read_only:
            return self._folder(name)
        if self._temp is None:
            self._temp = tempfile.TemporaryDirectory(prefix="dataimp-")
        return Path(self._temp.name) / self._folder(name).name


def _read_own(file: Path) -> Embedding | None:
    kept = cached.read(file)
    if kept is None or "vectors" not in kept.arrays:
        return None
    about = {key: str(kept.about.get(key, "")) for key in ("name", "version", "made_by")}
    return Embedding(about["name"], about["version"], kept.arrays["vectors"], about["made_by"])


def _own_folder(name: str) -> str:
    """Safe for any file system, and different for different names."""
    return f"own-{re.sub(r'[^A-Za-z0-9_-]', '_', name)[:_LONGEST]}-{zlib.crc32(name.encode()):08x}"


def _mark(vectors: Floats) -> int:
    """A number that other vectors hardly share."""
    return zlib.crc32(np.ascontiguousarray(vectors).data.cast("B"))
