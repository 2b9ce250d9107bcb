"""What the grid shows, made on a worker: examples, their variants, and examples of the target, as pictures."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from PySide6.QtGui import QImage

from dataimp_gui.core import edits
from dataimp_gui.core.augment.applying import Applied
from dataimp_gui.core.augment.operations import table
from dataimp_gui.core.augment.policy import Policy
from dataimp_gui.core.augment.values import Sound, Value
from dataimp_gui.core.augmenting.examples import Examples
from dataimp_gui.core.media import spectrogram
from dataimp_gui.core.model import Rows
from dataimp_gui.core.project import Project
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress
from dataimp_gui.ui.kit import pixels

SIDE: Final = 256
SOUND: Final = (256, 160)  # width and height of the picture of a sound


@dataclass(frozen=True, slots=True)
class Cell:
    """``picture`` for a picture or a sound, else ``words``; ``says`` stands under it, ``tip`` is the whole story."""

    picture: QImage | None
    words: str
    says: str
    tip: str = ""
    is_warning: bool = False
    sound: Sound | None = None  # that is heard on a click


@dataclass(frozen=True, slots=True)
class Asked:
    """``rows`` with ``draws`` of each policy; ``target`` is a clause, "" for none."""

    rows: Rows
    policies: tuple[Policy, ...]
    draws: tuple[int, ...]
    target: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """``lines``: of an example each, the original and then its variants. ``targets``: one a line, or none."""

    asked: Asked
    lines: tuple[tuple[Cell, ...], ...]
    targets: tuple[Cell, ...]
    unread: int
    target_said: str  # why there are no targets


def read(project: Project, asked: Asked, progress: Progress) -> Shown:
    augment = project.augment
    loaded = augment.load(asked.rows, progress, side=SIDE)
    columns = [augment.preview(policy, loaded, asked.draws, progress) for policy in asked.policies]
    lines = []
    for place, value in enumerate(loaded.values):
        progress.check()
        name = loaded.names[place] or "no label"
        line = [_cell(value, name, loaded.ids[place])]
        for draw in range(len(asked.draws)):
            line += [_varied(variants[place][draw]) for variants in columns]
        lines.append(tuple(line))
    targets, said = _targets(project, asked, loaded, progress)
    return Shown(asked, tuple(lines), targets, len(asked.rows) - len(loaded), said)


def _targets(project: Project, asked: Asked, loaded: Examples, progress: Progress) -> tuple[tuple[Cell, ...], str]:
    """For each example one of the target, of the same label where there is one."""
    if not asked.target:
        return (), ""
    try:
        rows = np.setdiff1d(project.rows(asked.target, progress=progress), asked.rows)
    except DataimpError as error:
        return (), str(error)
    if not len(rows):
        return (), "No other example matches the target."
    codes = project.state.codes(edits.LABEL)[rows]
    chosen = []
    for row, code in zip(loaded.rows.tolist(), loaded.labels.tolist(), strict=True):
        alike = rows[codes == code] if code >= 0 else rows
        pool = alike if len(alike) else rows
        chosen.append(int(pool[row % len(pool)]))
    found = project.augment.load(np.asarray(chosen, np.int64), progress, side=SIDE)
    cells = (
        _cell(value, name or "no label", id_)
        for value, name, id_ in zip(found.values, found.names, found.ids, strict=True)
    )
    return tuple(cells), ""


def _cell(value: Value, says: str, tip: str) -> Cell:
    sound = value if isinstance(value, Sound) else None
    return Cell(_picture(value), value if isinstance(value, str) else "", says, tip, sound=sound)


def _varied(applied: Applied) -> Cell:
    names = [table()[did.op].title if did.op in table() else did.op for did in applied.steps]
    tips = [f"{name}: {_drawn(did.values)}" for name, did in zip(names, applied.steps, strict=True)]
    cell = _cell(applied.value, ", ".join(names) or "unchanged", "\n".join([*tips, *applied.warnings]))
    if not applied.warnings:
        return cell
    return replace(cell, says=applied.warnings[0], is_warning=True)


def _drawn(values: tuple[tuple[str, float | str], ...]) -> str:
    return ", ".join(f"{name} {value:.3g}" if isinstance(value, float) else f"{name} {value}" for name, value in values)


def _picture(value: Value) -> QImage | None:
    if isinstance(value, str):
        return None
    if isinstance(value, Sound):
        return pixels.image(spectrogram.spectrogram(value.samples, value.rate, *SOUND))
    plain = value
    if plain.dtype == np.uint16:
        plain = (plain >> 8).astype(np.uint8)
    elif plain.dtype != np.uint8:
        plain = (np.clip(plain, 0, 1) * 255).round().astype(np.uint8)
    if plain.ndim == 2:
        plain = plain[:, :, None]
    match plain.shape[2]:
        case 1:
            plain = np.repeat(plain, 3, axis=2)
        case 2:
            plain = np.concatenate([np.repeat(plain[:, :, :1], 3, axis=2), plain[:, :, 1:]], axis=2)
        case 3 | 4:
            pass
        case _:
            plain = plain[:, :, :3]
    return pixels.image(plain)
