"""A report as a file, whole or not at all."""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dataimp_gui.core.report.content import gather
from dataimp_gui.core.report.page import page
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    from dataimp_gui.core.project import Project


@dataclass(frozen=True, slots=True)
class Reported:
    file: Path
    bytes: int
    slices: int


def write(project: "Project", file: Path, where: str, top: int, progress: Progress) -> Reported:
    """Raises DataimpError when there cannot be a file of that name, QueryError, Cancelled."""
    if file.is_dir() or not file.name:
        raise DataimpError(f"{file} is a folder.", hint="Name the file, for instance report.html.")
    if not file.parent.is_dir():
        raise DataimpError(f"There is no folder {file.parent}.", hint="Make it first.")
    content = gather(project, where, top, progress)
    written = page(content).encode()
    part = file.with_name(f".{file.name}.part-{os.getpid()}")
    try:
        part.write_bytes(written)
        os.replace(part, file)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise DataimpError(f"{file} cannot be written: {error.strerror or error}.") from error
    return Reported(file, len(written), len(content.slices))
