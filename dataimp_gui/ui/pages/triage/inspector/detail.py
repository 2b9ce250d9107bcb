"""Everything the inspector shows of one example, read on a worker."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from PySide6.QtGui import QImage

from dataimp_gui.core.media.image import decode_with_size
from dataimp_gui.core.media.spectrogram import portrait
from dataimp_gui.core.model import Example, HistoryLine, Modality
from dataimp_gui.core.project import Project
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress
from dataimp_gui.ui.kit.pixels import image
from dataimp_gui.ui.kit.tones import Counts, tones

PICTURE: Final = 1024  # of the longer side; more are read when a person looks closer
SOUND: Final = (640, 184)  # width and height of a waveform with its spectrogram
LONGEST: Final = 100_000


@dataclass(frozen=True, slots=True)
class Said:
    """What one run predicts of an example."""

    run: str
    label: str
    confidence: float | None
    is_current: bool


@dataclass(frozen=True, slots=True)
class Detail:
    """``missing`` says why there is no picture, empty when there is one or none is due; ``full`` is the width and
    height of the whole picture, ``tones`` its histogram, ``seconds`` the length of what is drawn of a sound."""

    example: Example
    history: Sequence[HistoryLine]
    picture: QImage | None = None
    missing: str = ""
    full: tuple[int, int] = (0, 0)
    tones: Counts | None = None
    seconds: float = 0.0
    rate: int = 0
    said: Sequence[Said] = ()


def read(project: Project, row: int, progress: Progress) -> Detail:
    example = project.query.example(row)
    history = [line for line in project.history(example.id) if isinstance(line, HistoryLine)]
    progress.check()
    shown = Detail(example, history, said=_said(project, row))
    if project.modality not in (Modality.IMAGE, Modality.AUDIO):
        return shown
    try:
        file = project.media_path(row)
        if file is None:
            return replace(shown, missing="This example has no media.")
        return _heard(project, file, shown) if project.modality is Modality.AUDIO else _seen(project, file, shown)
    except DataimpError as error:
        return replace(shown, missing=str(error))
    except OSError as error:
        return replace(shown, missing=error.strerror or str(error))


def _seen(project: Project, file: Path, shown: Detail) -> Detail:
    pixels, full = decode_with_size(file, PICTURE, project.contract.limits)
    picture = image(pixels)
    return replace(shown, picture=picture, full=full, tones=tones(picture))


def _heard(project: Project, file: Path, shown: Detail) -> Detail:
    pixels, seconds, rate = portrait(file, *SOUND, limits=project.contract.limits)
    return replace(shown, picture=image(pixels), full=SOUND, seconds=seconds, rate=rate)


def _said(project: Project, row: int) -> list[Said]:
    """Of every run, the newest first."""
    found = []
    for run in reversed(project.runs):
        predictions = project.predictions(str(run.number))
        if predictions is None or row >= len(predictions.codes):
            continue
        sure, code = float(predictions.confidence[row]), int(predictions.codes[row])
        known = sure if math.isfinite(sure) else None
        found.append(Said(run.name, project.state.word("label", code), known, run == project.run))
    return found


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
        case "present":
            said = "Added" if line.after == "1" else "Taken away"
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
    return [(name, value_text(value)) for name, value in metadata.items() if value is not None]


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
