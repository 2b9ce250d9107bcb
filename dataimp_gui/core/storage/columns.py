"""Columns as Parquet files: written once, whole or absent, never changed."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from dataimp_gui.core.engine import DiskError, Engine, EngineError, disk_reason, literal, parquet, quoted
from dataimp_gui.core.model import Codes
from dataimp_gui.core.storage.objects import sync_file, sync_folder
from dataimp_gui.errors import ProjectError
from dataimp_gui.progress import Progress


def write(engine: Engine, select: str, path: Path, progress: Progress | None = None) -> None:
    """Write the rows of a SELECT, in their order, to a new Parquet file and wait until it is on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    engine.run(
        f"COPY ({select}) TO {literal(str(part))} (FORMAT parquet, COMPRESSION snappy, "
        "DICTIONARY_SIZE_LIMIT 5000)",  # past that, looking for repetition costs more time than it saves space
        progress=progress,
    )
    sync_file(part)
    os.replace(part, path)
    sync_folder(path.parent)


@contextmanager
def writing(name: str) -> Iterator[None]:
    """Raises ProjectError, in place of what the engine says, when ``name`` cannot be written."""
    try:
        yield
    except DiskError as error:
        raise ProjectError(
            f"{name} could not be written: {disk_reason(error)}.", hint="Check the free space on that disk."
        ) from error


@contextmanager
def reading(paths: Sequence[Path]) -> Iterator[None]:
    """Raises ProjectError, in place of what the engine says, when one of the files is missing or broken."""
    try:
        yield
    except EngineError as error:
        listed = ", ".join(path.name for path in paths)
        raise ProjectError(
            f"The project's table {listed} cannot be read.", hint="Restore the tables folder from a backup."
        ) from error


def names(engine: Engine, paths: Sequence[Path]) -> dict[str, str]:
    """Column name to SQL type. Raises ProjectError when a file is missing or broken."""
    with reading(paths):
        return dict(engine.columns(f"SELECT * FROM {parquet(*paths)}"))


def codes(engine: Engine, paths: Sequence[Path], column: str, words: Sequence[str]) -> Codes:
    """A text column as positions in ``words``, int32, one a row; -1 where it is empty or none of them.

    Raises ProjectError when a file is missing or broken.
    """
    engine.run(
        "CREATE OR REPLACE TEMP TABLE _words AS SELECT unnest($1) AS word, unnest($2) AS code",
        [list(words), list(range(len(words)))],
    )
    with reading(paths):
        found = engine.arrays(
            f"SELECT coalesce(w.code, -1)::INTEGER AS code FROM "
            f"(SELECT {quoted(column)} AS word, row_number() OVER () AS place FROM {parquet(*paths)}) t "
            f"LEFT JOIN _words w ON w.word = t.word ORDER BY t.place"
        )
    return np.asarray(found["code"], dtype=np.int32)
