"""Which folder a person means, who the person is, and what a freshly opened project starts from."""

import getpass
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from dataimp_gui.core import edits
from dataimp_gui.core.engine import Engine
from dataimp_gui.core.storage import columns
from dataimp_gui.core.storage.database import FILE, Database
from dataimp_gui.core.storage.locations import Source
from dataimp_gui.core.storage.state import State
from dataimp_gui.errors import ProjectError


def project_folder(path: Path) -> Path:
    """The path itself, or the only project inside it. Raises ProjectError when there is none or more than one."""
    if not path.is_dir():
        raise ProjectError(f"There is no project at {path}.", hint="Make one with: dataimp import SOURCE PROJECT")
    if (path / FILE).is_file():
        return path
    inside = [file.parent for file in path.glob(f"*.dataimp/{FILE}")]
    if len(inside) == 1:
        return inside[0]
    listed = ", ".join(sorted(folder.name for folder in inside))
    raise ProjectError(
        f"{path} is not a Dataimp project.",
        hint=f"It holds several: {listed}." if inside else "A project is a folder NAME.dataimp.",
    )


def default_author() -> str:
    """Who edits when nobody said: ``DATAIMP_AUTHOR``, else the name of the account."""
    if name := os.environ.get("DATAIMP_AUTHOR", "").strip():
        return name
    with suppress(OSError, KeyError, ImportError):
        return getpass.getuser()
    return "unknown"


def imported_state(database: Database, folder: Path, sources: Sequence[Source]) -> State:
    """The examples as they were imported, without any edit; those that edits brought are not there yet."""
    tables = [folder / "tables" / source.file for source in sources]
    words = {column: database.words(column) for column in (*edits.WORDED, *edits.OF_PROJECT)}
    engine = Engine()
    try:
        given = {column: columns.codes(engine, tables, column, words[column]) for column in (edits.LABEL, edits.SPLIT)}
    finally:
        engine.close()
    there = np.repeat([int(not source.is_made) for source in sources], [source.count for source in sources])
    given[edits.PRESENT] = there.astype(np.int32)
    return State(len(there), given, words)
