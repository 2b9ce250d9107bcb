"""Parquet files: typed columns, and embedded media as bytes."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from dataimp_gui.core.engine import Engine, file_literal
from dataimp_gui.core.formats import tables
from dataimp_gui.core.formats.found import Found
from dataimp_gui.core.model import Rejected
from dataimp_gui.errors import FormatError
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    from dataimp_gui.core.storage.objects import Objects

MAGIC: Final = b"PAR1"
_SUFFIXES: Final = frozenset((".parquet", ".pq", ".parq"))


def inspect(path: Path, engine: Engine) -> Found | None:
    if not path.is_file():
        return None
    with path.open("rb") as file:
        is_parquet = file.read(4) == MAGIC
    if not is_parquet:
        if path.suffix.lower() in _SUFFIXES:
            raise FormatError(f"{path.name} is no Parquet file.", hint="Write or download the file again.")
        return None
    return tables.inspect("parquet", path, f"read_parquet({file_literal(path)})", engine)


def load(found: Found, engine: Engine, objects: "Objects", progress: Progress) -> list[Rejected]:
    return tables.load(found, *tables.numbered(found, found.path), engine, objects, progress)
