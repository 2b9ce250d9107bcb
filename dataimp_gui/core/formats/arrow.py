"""Arrow and Feather files, by way of PyArrow, which is an extra."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dataimp_gui.core.engine import Engine, file_literal
from dataimp_gui.core.formats import tables
from dataimp_gui.core.formats.found import Found
from dataimp_gui.core.model import Rejected
from dataimp_gui.errors import FormatError
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    from dataimp_gui.core.storage.objects import Objects

_FILE: Final = b"ARROW1"
_FEATHER_1: Final = b"FEA1"
_SUFFIXES: Final = frozenset((".arrow", ".feather", ".ipc", ".arrows"))
_SAMPLE_ROWS: Final = 1000


def inspect(path: Path, engine: Engine) -> Found | None:
    if not path.is_file():
        return None
    with path.open("rb") as file:
        head = file.read(6)
    if path.suffix.lower() not in _SUFFIXES and head != _FILE:
        return None
    if head.startswith(_FEATHER_1):
        raise FormatError(f"{path.name} is Feather version 1.", hint="Write it again as Feather 2, Parquet or CSV.")
    with as_parquet(path, engine, Progress(), most=_SAMPLE_ROWS) as copy:
        return tables.inspect("arrow", path, f"read_parquet({file_literal(copy)})", engine)


def load(found: Found, engine: Engine, objects: "Objects", progress: Progress) -> list[Rejected]:
    progress.phase(f"Reading {found.path.name}")
    with as_parquet(found.path, engine, progress) as copy:
        return tables.load(found, *tables.numbered(found, copy), engine, objects, progress)


@contextmanager
def as_parquet(path: Path, engine: Engine, progress: Progress, *, most: int = 0) -> Iterator[Path]:
    """A temporary Parquet copy, of the first batches up to ``most`` rows or of all; read batch by batch."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise FormatError(
            f"{path.name} is an Arrow file, and PyArrow is not installed.",
            hint='Install it with: pip install "dataimp[arrow]", or save the file as Parquet.',
        ) from error
    descriptor, name = tempfile.mkstemp(prefix="arrow-", suffix=".parquet", dir=engine.temp)
    os.close(descriptor)
    try:
        try:
            with pa.memory_map(str(path)) as source, _reader(source, path) as reader:
                _copy(reader, name, pq, progress, most)
        except (pa.ArrowException, OSError, ValueError) as error:
            raise tables.broken(path, error) from error
        yield Path(name)
    finally:
        os.unlink(name)


def _reader(source: Any, path: Path) -> Any:
    import pyarrow as pa

    with path.open("rb") as file:
        is_file = file.read(6) == _FILE
    return pa.ipc.open_file(source) if is_file else pa.ipc.open_stream(source)


def _copy(reader: Any, name: str, pq: Any, progress: Progress, most: int) -> None:
    rows = 0
    with pq.ParquetWriter(name, reader.schema, compression="none") as writer:
        batches = (
            (reader.get_batch(number) for number in range(reader.num_record_batches))
            if hasattr(reader, "num_record_batches")
            else reader
        )
        for batch in batches:
            progress.check()
            batch.validate(full=True)
            writer.write_batch(batch.slice(0, most) if most else batch)
            rows += batch.num_rows
            if most and rows >= most:
                return
