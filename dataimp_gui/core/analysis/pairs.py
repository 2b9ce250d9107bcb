"""The near-duplicates of a project, kept in its cache: to look at pictures point by point takes longest in a search."""

import zlib
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.about import VERSION
from dataimp_gui.core.analysis import cached
from dataimp_gui.core.issues.alike import near
from dataimp_gui.core.issues.findings import Evidence, Pairs
from dataimp_gui.core.model import Mask
from dataimp_gui.progress import Progress

_NAMES: Final = ("first", "second", "likely", "why")


def pairs(seen: Evidence, folder: Path, progress: Progress, *, keep: bool) -> Pairs:
    """Those of ``seen``: the kept ones, less what was excluded since, where media, vectors and program are the same and
    no example came back. ``keep``: write them when they are made. Raises Cancelled."""
    file, about = folder / "pairs.npz", {"made_from": _mark(seen), "dataimp": VERSION}
    if (known := _read(file, about, seen.excluded)) is not None:
        return known
    found = near(seen, progress)
    if keep:
        arrays: dict[str, npt.NDArray[Any]] = {name: getattr(found, name) for name in _NAMES}
        cached.write(file, arrays | {"excluded": seen.excluded}, about)
    return found


def _read(file: Path, about: dict[str, Any], excluded: Mask) -> Pairs | None:
    kept = cached.read(file)
    if kept is None or kept.about != about or not {*_NAMES, "excluded"} <= kept.arrays.keys():
        return None
    if np.any(kept.arrays["excluded"] & ~excluded):
        return None
    first, second, likely, why = (kept.arrays[name] for name in _NAMES)
    stay = ~(excluded[first] | excluded[second])
    return Pairs(first[stay], second[stay], likely[stay], why[stay])


def _mark(seen: Evidence) -> int:
    """A number that other media or vectors hardly share."""
    mark = seen.count
    for array in (seen.content, seen.signatures, seen.has_signature, seen.embedding):
        if array is not None:
            mark = zlib.crc32(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data, mark)
    return mark
