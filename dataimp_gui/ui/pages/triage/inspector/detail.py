"""Everything the inspector shows of one example, read on a worker."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from PySide6.QtGui import QImage

from dataimp_gui.core.model import Example, HistoryLine, Modality
from dataimp_gui.core.project import Project
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress
from dataimp_gui.ui.kit.pixels import image

PICTURE: Final = {Modality.IMAGE: 1024, Modality.AUDIO: 384}  # a waveform is drawn for its size, an image is scaled
LONGEST: Final = 100_000
FIELDS: Final = 60


@dataclass(frozen=True, slots=True)
class Detail:
    """``missing`` says why there is no picture, empty when there is one or none is due."""

    example: Example
    history: Sequence[HistoryLine]
    picture: QImage | None
    missing: str


def read(project: Project, row: int, progress: Progress) -> Detail:
    example = project.query.example(row)
    history = project.history(example.id)
    progress.check()
    picture, missing = None, ""
    if project.modality in PICTURE:
        try:
            picture = image(project.thumbnail(row, PICTURE[project.modality]))
        except DataimpError as error:
            missing = str(error)
        except OSError as error:
            missing = error.strerror or str(error)
    lines = [line for line in history if isinstance(line, HistoryLine)]
    return Detail(example, lines, picture, missing)


def told(line: HistoryLine) -> str:
    """What one edit did, in words."""
    column, before, after = line.column, line.before or "none", line.after or "none"
    match column:
        case "label":
            said = f"Label {before} → {after}"
        case "split":
            said = f"Split {before} → {after}"
        case "note":
            said = f"Note “{line.after}”" if line.after else "Note removed"
        case "excluded":
            said = "Excluded" if line.after == "1" else "Included"
        case "reviewed":
            said = "Reviewed" if line.after == "1" else "Not reviewed"
        case _:
            tag = column.removeprefix("tag:")
            said = f"Tagged {tag}" if line.after == "1" else f"Untagged {tag}"
    return {"undo": f"Undo: {said}", "redo": f"Redo: {said}"}.get(line.action, said)


def when(at: str) -> str:
    """An ISO time as people say it: the time today, else the day."""
    try:
        moment = datetime.fromisoformat(at).astimezone()
    except ValueError:
        return at
    now = datetime.now().astimezone()
    if moment.date() == now.date():
        return f"{moment:%H:%M}"
    return f"{moment.day} {moment:%b}" if moment.year == now.year else f"{moment:%Y-%m-%d}"


def fields(metadata: Mapping[str, object]) -> list[tuple[str, str]]:
    """Names and values as text, those that are empty left out."""
    shown = [(name, value_text(value)) for name, value in metadata.items() if value is not None]
    return shown[:FIELDS]


def value_text(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case float() if math.isfinite(value):
            return f"{value:,.4g}" if abs(value) < 1e6 else f"{value:,.0f}"
        case int():
            return f"{value:,}"
        case datetime():
            return value.isoformat(sep=" ", timespec="seconds")
        case _:
            return " ".join(str(value).split())
