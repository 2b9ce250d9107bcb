"""What the grid shows, made on a worker: examples, their variants, and examples of the target, as pictures."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from threading import Lock
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
from dataimp_gui.core.model import Codes, Rows
from dataimp_gui.core.project import Project
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress
from dataimp_gui.ui.kit import pixels
from dataimp_gui.ui.pages.augment import comparing, signs
from dataimp_gui.ui.pages.augment.comparing import Mark

SIDE: Final = 256
SOUND: Final = (256, 160)  # width and height of the picture of a sound
KEPT: Final = 6  # sets of examples that are not read again


@dataclass(frozen=True, slots=True)
class Variant:
    """Which one: of which example, under which of the policies asked for."""

    row: int
    draw: int
    policy: int


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """``picture`` for a picture or a sound, else ``words`` with their ``marks``; ``says`` stands under it, ``signs``
    (icons of the steps that were ``done``, by their places) or ``aside`` at its right, ``tip`` is the whole story."""

    picture: QImage | None
    words: str
    says: str
    tip: str = ""
    is_warning: bool = False
    sound: Sound | None = None  # that is heard on a click
    signs: tuple[str, ...] = ()
    done: tuple[int, ...] = ()
    aside: str = ""
    marks: tuple[Mark, ...] = ()
    variant: Variant | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """``rows`` with ``draws`` of each policy; ``target`` is a clause, "" for none. With ``difference`` variants show
    what is different in them."""

    rows: Rows
    policies: tuple[Policy, ...]
    draws: tuple[int, ...]
    target: str = ""
    difference: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """``lines``: of an example each, the original and then its variants. ``targets``: one a line, or none. ``failed``:
    of each policy why steps could not be done, by their places."""

    asked: Asked
    lines: tuple[tuple[Cell, ...], ...]
    targets: tuple[Cell, ...]
    unread: int
    target_said: str  # why there are no targets
    failed: tuple[dict[int, str], ...] = ()


class Reader:
    """Reads examples of a project once: while a slider is dragged the same ones are varied again and again."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._turn = Lock()
        self._kept: OrderedDict[bytes, tuple[Codes, Examples]] = OrderedDict()

    def load(self, rows: Rows, progress: Progress) -> Examples:
        labels, key = self.project.state.codes(edits.LABEL), rows.tobytes()
        with self._turn:
            known = self._kept.get(key)
        if known is not None and known[0] is labels:
            return known[1]
        found = self.project.augment.load(rows, progress, side=SIDE)
        with self._turn:
            self._kept[key] = labels, found
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return found

    def read(self, asked: Asked, progress: Progress) -> Shown:
        augment = self.project.augment
        loaded = self.load(asked.rows, progress)
        columns = [augment.preview(policy, loaded, asked.draws, progress) for policy in asked.policies]
        lines = []
        for place, value in enumerate(loaded.values):
            progress.check()
            row, label = int(loaded.rows[place]), loaded.names[place]
            line = [replace(cell(value, label or "no label", loaded.ids[place]), aside=loaded.ids[place])]
            for at, draw in enumerate(asked.draws):
                for policy, variants in enumerate(columns):
                    made = variants[place][at]
                    line.append(replace(varied(made, value, asked.difference), variant=Variant(row, draw, policy)))
            lines.append(tuple(line))
        targets, said = self._targets(asked, loaded, progress)
        return Shown(asked, tuple(lines), targets, len(asked.rows) - len(loaded), said, tuple(map(_failed, columns)))

    def _targets(self, asked: Asked, loaded: Examples, progress: Progress) -> tuple[tuple[Cell, ...], str]:
        """For each example one of the target, of the same label where there is one."""
        project = self.project
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
        found = self.load(np.asarray(chosen, np.int64), progress)
        cells = (
            cell(value, name or "no label", id_)
            for value, name, id_ in zip(found.values, found.names, found.ids, strict=True)
        )
        return tuple(cells), ""


def read(project: Project, asked: Asked, progress: Progress) -> Shown:
    """Once, for nobody who asks again."""
    return Reader(project).read(asked, progress)


def _failed(columns: Sequence[Sequence[Applied]]) -> dict[int, str]:
    made = [each for line in columns for each in line]
    return {place: said for each in made for place, said in zip(each.failed, each.warnings, strict=True)}


def cell(value: Value, says: str, tip: str) -> Cell:
    sound = value if isinstance(value, Sound) else None
    return Cell(picture(value), value if isinstance(value, str) else "", says, tip, sound=sound)


def varied(applied: Applied, original: Value, difference: bool) -> Cell:
    """A text shows what came in or is other in any case, and with ``difference`` what went, too."""
    names = [table()[did.op].title if did.op in table() else did.op for did in applied.steps]
    tips = [f"{name}: {_drawn(did.values)}" for name, did in zip(names, applied.steps, strict=True)]
    made = cell(applied.value, "" if names else "unchanged", "\n".join([*tips, *applied.warnings]) or "unchanged")
    icons, places = tuple(signs.icon_of(did.op) for did in applied.steps), tuple(did.place for did in applied.steps)
    made = replace(made, signs=icons, done=places)
    if isinstance(applied.value, str) and isinstance(original, str):
        words, marks = comparing.texts(original, applied.value, keeps_gone=difference)
        made = replace(made, words=words, marks=marks)
    elif difference:
        before = picture(original)
        if before is not None and made.picture is not None:
            made = replace(made, picture=comparing.pictures(before, made.picture))
    if applied.warnings:
        return replace(made, says=applied.warnings[0], is_warning=True, signs=(), done=())
    return made


def _drawn(values: tuple[tuple[str, float | str], ...]) -> str:
    return ", ".join(f"{name} {value:.3g}" if isinstance(value, float) else f"{name} {value}" for name, value in values)


def picture(value: Value) -> QImage | None:
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
