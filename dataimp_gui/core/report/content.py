"""What a report says: figures, confusions, slices and a few examples of each, read once from a project."""

import base64
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from dataimp_gui.core.metrics import Metrics
from dataimp_gui.core.model import Modality, Rows
from dataimp_gui.core.slices.material import Column
from dataimp_gui.core.slices.slice import Measured
from dataimp_gui.core.slicing import knowledge
from dataimp_gui.core.slicing.contrast import Contrast, contrasts
from dataimp_gui.core.slicing.measuring import instead
from dataimp_gui.core.slicing.scope import Scope, scope
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    from dataimp_gui.core.project import Project

SAMPLES: Final = 8
"""Examples of each slice."""

SIDE: Final = 112  # pixels
LONGEST: Final = 240  # characters of a text
FIELDS: Final = 6
_PICTURES: Final = (Modality.IMAGE, Modality.AUDIO)
_QUALITY: Final = 82


@dataclass(frozen=True, slots=True)
class Sample:
    """``picture`` is a data URI, empty where there is none; then ``words`` are its text, or its columns."""

    id: str
    label: str
    predicted: str
    confidence: float | None
    picture: str
    words: str


@dataclass(frozen=True, slots=True)
class Part:
    """A slice with examples on which the run is wrong, the surest first."""

    measured: Measured
    samples: tuple[Sample, ...]
    instead: tuple[tuple[str, int], ...]
    contrasts: tuple[Contrast, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """``splits`` are the metrics of each split; ``errors`` the mistakes that the run is surest of."""

    name: str
    run: str
    version: str
    where: str
    examples: int
    excluded: int
    metrics: Metrics
    splits: tuple[tuple[str, Metrics], ...]
    slices: tuple[Part, ...]
    errors: tuple[Sample, ...]
    notes: tuple[str, ...]


def gather(project: "Project", where: str, top: int, progress: Progress) -> Content:
    """Of the current run on what ``where`` selects; ``top`` found slices, and all that were saved."""
    slices, run = project.slices, project.run
    progress.phase("Measuring")
    metrics = project.metrics(where)
    found = slices.found
    notes = []
    if found is None:
        notes.append("Nobody searched for slices, so only saved ones are listed.")
    elif (found.where, found.run) != (where, run.name if run else ""):
        notes.append("The last search for slices was of other examples or of another run, so its slices are left out.")
        found = None
    else:
        notes += [f"A search tried {found.tried:,} candidates on one half of the examples.", *found.notes]
        notes += [slices.stale] if slices.stale else []
    saved = slices.measure(slices.saved(), where) if slices.saved() else ()
    listed = [*(found.slices[:top] if found else ()), *saved]
    over, columns = scope(project, where, ""), knowledge.columns(project, progress)[0].values() if listed else ()
    parts = tuple(_part(project, each, over, columns, progress) for each in progress.track(listed, "Telling of slices"))
    versions = project.versions()
    return Content(
        name=project.name,
        run=run.name if run else "",
        version=versions[0].name if versions else "",
        where=where,
        examples=project.size,
        excluded=int(np.count_nonzero(project.state.excluded & project.state.present)),
        metrics=metrics,
        splits=tuple((name, project.metrics(_within(where, name))) for name in project.splits),
        slices=parts,
        errors=_surest(project, np.flatnonzero(over.errors), progress, 2 * SAMPLES),
        notes=tuple(notes),
    )


def _within(where: str, split: str) -> str:
    own = "split = '" + split.replace("'", "''") + "'"
    return f"({where}) and {own}" if where.strip() else own


def _part(project: "Project", measured: Measured, over: Scope, columns: Collection[Column], progress: Progress) -> Part:
    if not measured.n:
        return Part(measured, (), (), ())
    rows = project.slices.rows(measured.slice)
    samples = _surest(project, rows[over.errors[rows]], progress, SAMPLES)
    stands_out = contrasts(columns, rows, over.counted)[:4]
    return Part(measured, samples, tuple(instead(rows, over)[:4]), stands_out)


def _surest(project: "Project", rows: Rows, progress: Progress, most: int) -> tuple[Sample, ...]:
    """Of wrong examples, those with the highest confidence."""
    run = project.predictions()
    if run is None or not len(rows):
        return ()
    sure = np.nan_to_num(run.confidence[rows], nan=-1)
    chosen = rows[np.argsort(-sure, kind="stable")[:most]]
    values = project.query.values(["id", "label", "predicted", "confidence"], chosen)
    words = _words(project, chosen)
    samples = []
    for place, row in enumerate(chosen.tolist()):
        progress.check()
        confidence = values["confidence"][place]
        samples.append(
            Sample(
                str(values["id"][place]),
                str(values["label"][place] or ""),
                str(values["predicted"][place] or ""),
                float(confidence) if isinstance(confidence, float) else None,
                _picture(project, row) if project.modality in _PICTURES else "",
                words[place],
            )
        )
    return tuple(samples)


def _words(project: "Project", rows: Rows) -> list[str]:
    """Of texts their beginning, of a table a few of its columns."""
    match project.modality:
        case Modality.TEXT:
            texts = [" ".join(str(text or "").split()) for text in project.query.values(["text"], rows)["text"]]
            return [text if len(text) <= LONGEST else text[: LONGEST - 1] + "…" for text in texts]
        case Modality.TABLE:
            names = [column.name for column in project.query.columns() if column.kind == "metadata"][:FIELDS]
            found = project.query.values(names, rows)
            return [", ".join(f"{name} {found[name][place]}" for name in names) for place in range(len(rows))]
    return [""] * len(rows)


def _picture(project: "Project", row: int) -> str:
    """Small, as a data URI; empty when it cannot be shown."""
    import cv2

    try:
        pixels = project.thumbnail(row, SIDE)
    except (DataimpError, OSError):
        return ""
    swapped = np.ascontiguousarray(pixels[:, :, ::-1])
    done, encoded = cv2.imencode(".jpg", swapped, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return "data:image/jpeg;base64," + base64.b64encode(encoded.tobytes()).decode() if done else ""
