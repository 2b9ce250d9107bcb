"""Everything that is shown of one example under review, read on a worker before it is needed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from PySide6.QtGui import QImage

from dataimp_gui.core.media.audio import Samples
from dataimp_gui.core.model import Issue, IssueKind, Modality, Rows
from dataimp_gui.core.project import Project
from dataimp_gui.core.reviewing import Review
from dataimp_gui.core.reviewing.alike import most_alike
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress
from dataimp_gui.ui.kit.pixels import image
from dataimp_gui.ui.kit.strip import Thumb

PICTURE: Final = 1280  # pixels of the longer side; more comes when somebody looks closer
THUMB: Final = 128
LONGEST: Final = 200_000  # characters of a text that are shown
FIELDS: Final = 200
ALIKE: Final = 4  # examples beside it
SOUND: Final = (1200, 840)  # of the picture of a sound, pixels


@dataclass(frozen=True, slots=True)
class Frame:
    """``full`` is the size of the medium in its own pixels; ``missing`` says why there is no picture, else empty.

    ``seconds`` and ``rate`` (hertz) are of a sound. ``issue`` is the finding that the queue is about, or the worst one
    open; None when nothing was found.
    """

    row: int
    id: str
    split: str
    text: str
    picture: QImage | None
    full: tuple[int, int]
    missing: str
    predicted: str
    confidence: float | None
    probabilities: Mapping[str, float]
    issue: Issue | None
    opinions: Sequence[tuple[str, str]] = ()
    seconds: float = 0.0
    rate: int = 0


@dataclass(frozen=True, slots=True)
class Medium:
    """What is seen of a picture or a sound: an image, the full size, or why there is none."""

    picture: QImage | None = None
    full: tuple[int, int] = (0, 0)
    missing: str = ""
    seconds: float = 0.0
    rate: int = 0


@dataclass(frozen=True, slots=True)
class Aside:
    """What stands beside an example: for each title the rows, and what they look like."""

    row: int
    parts: Sequence[tuple[str, Rows, Sequence[Thumb]]] = field(default_factory=tuple)
    why_not: str = ""  # why nothing stands there


def read(project: Project, rows: Sequence[int], review: Review, progress: Progress) -> list[Frame]:
    """A frame a row. For a worker."""
    wanted = ["id", "split", *(["predicted", "confidence"] if project.run else []), *_content(project)]
    values = project.query.values(wanted, np.array(rows, dtype=np.int64))
    frames = []
    for place, row in enumerate(rows):
        progress.check()
        known = {name: values[name][place] for name in wanted}
        medium = _medium(project, row, str(known.get("media") or ""))
        sure = known.get("confidence")
        frames.append(
            Frame(
                row,
                str(known["id"]),
                str(known["split"] or ""),
                _words(project, known),
                medium.picture,
                medium.full,
                medium.missing,
                str(known.get("predicted") or ""),
                sure if isinstance(sure, float) else None,
                project.query.probabilities(row) if project.run else {},
                issue_of(project, row, review.kind),
                project.reviews.opinions(review, row) if review.settles else (),
                medium.seconds,
                medium.rate,
            )
        )
    return frames


def _content(project: Project) -> list[str]:
    """The columns that say what an example is."""
    match project.modality:
        case Modality.TEXT:
            return ["text"]
        case Modality.TABLE:
            return [column.name for column in project.query.columns() if column.kind == "metadata"][:FIELDS]
        case _:
            return ["media"]


def _words(project: Project, known: Mapping[str, object]) -> str:
    """A text, or the fields of a row, one a line."""
    if project.modality is not Modality.TABLE:
        return str(known.get("text") or "")[:LONGEST]
    said = [(name, known[name]) for name in _content(project) if known[name] is not None]
    return "\n".join(f"{name}: {' '.join(str(value)[:2000].split())}" for name, value in said)


def _medium(project: Project, row: int, media: str) -> Medium:
    if project.modality not in (Modality.IMAGE, Modality.AUDIO):
        return Medium()
    if not media:
        return Medium(missing="This example has no media.")
    look = _sound if project.modality is Modality.AUDIO else _picture
    try:
        return look(project, project.locations.path(row, media))
    except DataimpError as error:
        return Medium(missing=str(error))
    except OSError as error:
        return Medium(missing=error.strerror or str(error))


def issue_of(project: Project, row: int, kind: IssueKind | None) -> Issue | None:
    """The open finding of that kind, else the worst of any; None when there is none."""
    found = project.analysis.issues_of(row)
    return next((issue for issue in found if issue.kind is kind), found[0] if found else None)


def read_aside(project: Project, row: int, issue: Issue | None, label: int, progress: Progress) -> Aside:
    """Examples that help to decide; ``label`` is today's code. For a worker."""
    if issue is not None and issue.others:
        rows = list(issue.others[:ALIKE])
        return Aside(row, [(_TITLES.get(issue.kind, "Beside it"), _rows(rows), _thumbs(project, rows, progress))])
    if project.analysis.embedding is None:
        return Aside(row, (), "Similar examples need an embedding of these examples; none is computed yet.")
    codes = [project.state.code("label", issue.suggested)] if issue is not None and issue.suggested else []
    parts = []
    for code in dict.fromkeys([*codes, label]):
        rows_, is_confirmed = most_alike(project, row, code, ALIKE)
        if len(rows_):
            name = project.state.word("label", code)
            title = f"Confirmed {name}, most similar" if is_confirmed else f"{name}, most similar, none confirmed"
            parts.append((title, rows_, _thumbs(project, rows_.tolist(), progress)))
    return Aside(row, parts, "" if parts else "No other example has this label.")


_TITLES: Final = {
    IssueKind.DUPLICATE: "The same, or nearly",
    IssueKind.CONFLICT: "The same, with another label",
    IssueKind.LEAK: "The same, in another split",
}


def _rows(rows: Sequence[int]) -> Rows:
    return np.array(rows, dtype=np.int64)


def _thumbs(project: Project, rows: Sequence[int], progress: Progress) -> list[Thumb]:
    state = project.state
    texts: Sequence[object] = ()
    if project.modality not in (Modality.IMAGE, Modality.AUDIO):
        column = "text" if project.modality is Modality.TEXT else "id"
        texts = project.query.values([column], _rows(rows))[column]
    ids = project.ids(_rows(rows))
    thumbs = []
    for place, row in enumerate(rows):
        progress.check()
        face = str(texts[place] or "")[:200] if texts else thumb(project, row)
        thumbs.append(Thumb(face, state.word("label", int(state.labels[row])) or "no label", about=ids[place]))
    return thumbs


def thumb(project: Project, row: int) -> QImage | None:
    """A small picture of an example, None when it cannot be read. For a worker."""
    try:
        return image(project.thumbnail(row, THUMB))
    except (DataimpError, OSError):
        return None


def sound(project: Project, row: int) -> tuple[Samples, int]:
    """The samples of a clip and their rate in hertz. For a worker. Raises DataimpError when it cannot be read."""
    from dataimp_gui.core.media.audio import decode

    file = project.media_path(row)
    if file is None:
        raise DataimpError("This example has no media.")
    return decode(file, project.contract.limits)


def full_picture(project: Project, row: int) -> QImage:
    """Every pixel of an image. For a worker. Raises DataimpError when it cannot be read."""
    from dataimp_gui.core.media.image import decode

    file = project.media_path(row)
    if file is None:
        raise DataimpError("This example has no media.")
    return image(decode(file, project.contract.limits))


def _picture(project: Project, file: Path) -> Medium:
    from dataimp_gui.core.media.image import decode_with_size

    pixels, full = decode_with_size(file, PICTURE, project.contract.limits)
    return Medium(image(pixels), full)


def _sound(project: Project, file: Path) -> Medium:
    from dataimp_gui.core.media.spectrogram import portrait

    pixels, seconds, rate = portrait(file, *SOUND, limits=project.contract.limits)
    height, width = pixels.shape[:2]
    return Medium(image(pixels), (width, height), seconds=seconds, rate=rate)
