"""What the embedding of a project says of examples in memory, where it is a network that looks at each by itself."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np
import numpy.typing as npt

from dataimp_gui.core.augment.values import Value
from dataimp_gui.core.features import embedders
from dataimp_gui.core.features.embedding_each import EachOne, wire
from dataimp_gui.core.model import Modality
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    from dataimp_gui.core.project import Project

MOST: Final = 120  # of each; a network takes 10 ms and more for one
_SIDE: Final = 288  # pixels, the longer one

Floats = npt.NDArray[np.float32]


def embedded(
    project: "Project",
    originals: Sequence[Value],
    variants: Sequence[Value],
    target: Sequence[Value],
    progress: Progress,
) -> tuple[tuple[Floats, Floats, Floats], str] | None:
    """Vectors of the first originals, their variants and the first of the target, and the name of the embedding.

    None where the project has none in use that says more than the built-in features, or not of pictures. Raises
    Cancelled.
    """
    current = project.analysis.embedding if project.modality is Modality.IMAGE else None
    if current is None or current.name == embedders.GRADIENTS.name:
        return None
    try:
        embed = embedders.find(current.name).embed
    except DataimpError:  # vectors that the person brought: nobody can make those of variants
        return None
    if not isinstance(embed, EachOne):
        return None
    sets = [originals[:MOST], variants[:MOST], target[:MOST]]
    limits = msgspec.to_builtins(project.contract.limits)
    progress.phase(f"Looking through {current.name}", sum(map(len, sets)))
    found = []
    for some in sets:
        rows = []
        for each in some:
            rows.append(np.asarray(embed.describe(wire(_png(each)), limits, *embed.options), np.float32))
            progress.advance()
        found.append(np.stack(rows))
    return (found[0], found[1], found[2]), current.name


def _png(value: Value) -> bytes:
    import cv2

    from dataimp_gui.core.augment.realism.describing import rgb

    assert isinstance(value, np.ndarray)
    picture = rgb(value)
    scale = _SIDE / max(picture.shape[:2])
    if scale < 1:
        picture = np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    return cv2.imencode(".png", picture[..., ::-1], [cv2.IMWRITE_PNG_COMPRESSION, 1])[1].tobytes()
