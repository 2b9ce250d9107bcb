"""Examples of a project as a policy takes them: which ones, and what is in them."""

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from dataimp_gui.core import edits
from dataimp_gui.core.augment.values import Picture, Sound, Value
from dataimp_gui.core.model import Codes, Modality, Rows
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    from dataimp_gui.core.project import Project

SIDE: Final = 512
"""Larger pictures are looked at with their longer side at this."""

SECONDS: Final = 10.0
SEED: Final = 7  # of which examples are looked at


@dataclass(frozen=True, slots=True)
class Examples:
    """Those that could be read: ``labels`` are codes, -1 without; ``names`` the labels themselves, "" without."""

    rows: Rows
    ids: tuple[str, ...]
    labels: Codes
    names: tuple[str, ...]
    values: tuple[Value, ...]

    def __len__(self) -> int:
        return len(self.rows)


def load(project: "Project", rows: Rows, progress: Progress, *, side: int = SIDE) -> Examples:
    """What can be read of ``rows``, in their order. Raises DataimpError for a project without media or texts."""
    if project.modality is Modality.TABLE:
        raise DataimpError("A table alone has nothing to augment.", hint="It takes pictures, sounds or texts.")
    ids, codes = project.ids(rows), project.state.codes(edits.LABEL)[rows]
    is_text = project.modality is Modality.TEXT
    sources = project.query.values(["text" if is_text else "media"], rows)["text" if is_text else "media"]
    kept: list[int] = []
    values: list[Value] = []
    for place, source in enumerate(progress.track(sources, "Reading examples")):
        if source is None or source == "":
            continue
        with suppress(DataimpError, OSError):
            values.append(str(source) if is_text else _read(project, int(rows[place]), str(source), side))
            kept.append(place)
    classes = project.classes
    names = tuple(classes[code] if (code := int(codes[place])) >= 0 else "" for place in kept)
    return Examples(rows[kept], tuple(ids[place] for place in kept), codes[kept], names, tuple(values))


def sampled(rows: Rows, count: int, seed: int) -> Rows:
    """At most ``count`` of ``rows``, in their order."""
    if len(rows) <= count:
        return rows
    return np.sort(np.random.default_rng(seed).permutation(rows)[:count])


def alike(rows: Rows, labels: Codes, wanted: Codes, count: int, seed: int) -> Rows:
    """At most ``count`` of ``rows``, whose ``labels`` are as mixed as ``wanted``: noise is to differ, not the subject.

    As they come where hardly any label is wanted, or none of those is there.
    """
    known, amounts = np.unique(wanted[wanted >= 0], return_counts=True)
    random = np.random.default_rng(seed)
    pools = [random.permutation(rows[labels == code]) for code in known]
    there = [place for place, pool in enumerate(pools) if len(pool)]
    if amounts.sum() * 2 < len(wanted) or not there:
        return sampled(rows, count, seed)
    shares = amounts / amounts[there].sum()
    most = min(count, len(rows))
    taken = [pools[place][: max(1, round(most * float(shares[place])))] for place in there]
    return np.sort(np.concatenate(taken)[: 2 * count])


def _read(project: "Project", row: int, name: str, side: int) -> Value:
    file = project.locations.path(row, name)
    if project.modality is Modality.IMAGE:
        from dataimp_gui.core.media import image

        return _plain(image.thumbnail(file, side, project.contract.limits))
    from dataimp_gui.core.media import audio

    return Sound(*audio.decode(file, project.contract.limits, seconds=SECONDS))


def _plain(pixels: Picture) -> Picture:
    """A grey picture as one: noise of each channel would colour it, as it does not when its file is varied."""
    red = pixels[:, :, :1]
    return np.ascontiguousarray(red[:, :, 0]) if pixels.shape[2] == 3 and (pixels == red).all() else pixels
