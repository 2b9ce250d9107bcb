"""What the embedding of a project says of examples in memory, where it is a model that looks at each by itself."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import msgspec
import numpy as np
import numpy.typing as npt

from dataimp_gui.core.augment.values import Sound, Value
from dataimp_gui.core.compute import Failure, Workers
from dataimp_gui.core.features import embedders
from dataimp_gui.core.features.embedding_each import wire
from dataimp_gui.core.media import lossless
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    from dataimp_gui.core.project import Project

MOST: Final = 120  # of each; a network takes 10 ms and more for one
FEWEST: Final = 20
_SIDE: Final = 288  # pixels, the longer one
_TIMEOUT_S: Final = 60.0  # the model is loaded with the first one
_PLAIN: Final = {embedders.GRADIENTS.name, embedders.MEL.name}  # they say no more than the built-in features

Floats = npt.NDArray[np.float32]


def embedded(
    project: "Project",
    originals: Sequence[Value],
    variants: Sequence[Value],
    target: Sequence[Value],
    progress: Progress,
) -> tuple[tuple[Floats, Floats, Floats], str] | None:
    """Vectors of the first originals, their variants and the first of the target, and the name of the embedding; a pair
    of which one could not be looked at is left out.

    None where the project has none in use that says more than the built-in features, or too few could be looked at.
    Raises Cancelled.
    """
    current = project.analysis.embedding
    describer = project.analysis.describer if current is not None and current.name not in _PLAIN else None
    if current is None or describer is None:
        return None
    sets = [originals[:MOST], variants[:MOST], target[:MOST]]
    limits = msgspec.to_builtins(project.contract.limits)
    with Workers() as workers:
        found = workers.map(
            describer.describe,
            [wire(_stored(value)) for some in sets for value in some],
            arguments=(limits, *describer.options),
            timeout_s=_TIMEOUT_S,
            title=f"Looking through {current.name}",
            progress=progress,
        )
    ends = np.cumsum([len(some) for some in sets])
    ours, varied, faced = found[: ends[0]], found[ends[0] : ends[1]], found[ends[1] :]
    pairs = [pair for pair in zip(ours, varied, strict=True) if not any(isinstance(each, Failure) for each in pair)]
    seen = [each for each in faced if not isinstance(each, Failure)]
    if min(len(pairs), len(seen)) < FEWEST:
        return None
    return (_vectors([one for one, _ in pairs]), _vectors([other for _, other in pairs]), _vectors(seen)), current.name


def _vectors(found: Sequence[Any]) -> Floats:
    return np.stack([np.asarray(each, np.float32) for each in found])


def _stored(value: Value) -> bytes | str:
    if isinstance(value, str):
        return value
    if isinstance(value, Sound):
        return lossless.sound_bytes(value.samples, value.rate)
    return _png(value)


def _png(value: Value) -> bytes:
    import cv2

    from dataimp_gui.core.augment.realism.describing import rgb

    assert isinstance(value, np.ndarray)
    picture = rgb(value)
    scale = _SIDE / max(picture.shape[:2])
    if scale < 1:
        picture = np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    return cv2.imencode(".png", picture[..., ::-1], [cv2.IMWRITE_PNG_COMPRESSION, 1])[1].tobytes()
