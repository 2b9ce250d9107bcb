"""Which media files are good, with hash and measures, and why the others are not; each is read once, in a worker."""

import contextlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt

from dataimp_gui.core.compute import Failure, Pool, working
from dataimp_gui.core.contract import Limits
from dataimp_gui.core.media.files import LIMITS, MediaError, read
from dataimp_gui.core.model import Modality
from dataimp_gui.progress import Progress

MEASURES: Final[dict[Modality, dict[str, str]]] = {
    Modality.IMAGE: {"width": "i4", "height": "i4"},
    Modality.AUDIO: {"duration": "f8", "sample_rate": "i4", "channels": "i4"},
    Modality.TEXT: {"length": "i4", "words": "i4"},
    Modality.TABLE: {},
}
"""What is measured of each modality, and its dtype: pixels, seconds, hertz, characters."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One entry a path. ``problem`` is empty for a good file, else a sentence without the path.

    ``hint`` says what to do about a problem; of a good file it says what is odd, and is mostly empty.
    ``sha256`` is lower-case hex, empty when the file could not be read; ``measured`` holds 0 for bad files.
    """

    sha256: list[str]
    size: npt.NDArray[np.int64]
    mtime_ns: npt.NDArray[np.int64]
    problem: list[str]
    hint: list[str]
    measured: dict[str, npt.NDArray[Any]]


def check_files(
    paths: Sequence[str | os.PathLike[str]],
    modality: Modality,
    limits: Limits = LIMITS,
    progress: Progress | None = None,
    *,
    workers: int | None = None,
    pool: Pool | None = None,
) -> Checked:
    """Hash, decode and measure every file; a path may come more than once. Raises Cancelled.

    ``pool`` is a warm pool of the caller's that stays open.
    """
    kinds = MEASURES[modality]
    count = len(paths)
    checked = Checked(
        sha256=[""] * count,
        size=np.zeros(count, np.int64),
        mtime_ns=np.zeros(count, np.int64),
        problem=[""] * count,
        hint=[""] * count,
        measured={name: np.zeros(count, dtype) for name, dtype in kinds.items()},
    )
    if not count:
        return checked
    names = [os.fsencode(path) for path in paths]
    borrowed = contextlib.nullcontext(pool) if pool else working(count, workers)
    with borrowed as processes:
        for row, answer in processes.stream(
            _check,
            names,
            arguments=(modality.value, msgspec.to_builtins(limits)),
            timeout_s=limits.decode_timeout_s,
            title="Checking media",
            progress=progress,
        ):
            if isinstance(answer, Failure):
                checked.problem[row], checked.hint[row] = answer.reason, answer.hint
                continue
            checked.sha256[row], checked.size[row], checked.mtime_ns[row] = answer[:3]
            checked.problem[row], checked.hint[row] = answer[3:5]
            for values, value in zip(checked.measured.values(), answer[5:], strict=False):
                values[row] = value
    return checked


def _check(name: bytes, modality: str, limits: dict[str, Any]) -> list[Any]:
    """Runs in a worker: [sha256, size, mtime_ns, problem, hint, measures ...]."""
    import hashlib

    bounds = Limits(**limits)
    try:
        data, found = read(name, bounds)
    except MediaError as error:
        return ["", 0, 0, str(error), error.hint]
    known = [hashlib.sha256(data).hexdigest(), len(data), found.st_mtime_ns]
    try:
        remark, *measures = _measure(data, modality, bounds)
    except MediaError as error:
        return [*known, str(error), error.hint]
    return [*known, "", remark, *measures]


def _measure(data: bytes, modality: str, limits: Limits) -> tuple[Any, ...]:
    """A remark or nothing, then the values of MEASURES."""
    match modality:
        case "image":
            from dataimp_gui.core.media import image

            height, width = image.decode(data, limits).shape[:2]
            return "", width, height
        case "audio":
            from dataimp_gui.core.media import audio

            return audio.remark(data), *audio.measure(data, limits)
        case "text":
            from dataimp_gui.core.media import text

            return "", *text.measure(text.decode(data, limits))
    return ("",)
