"""Which embedding suits a dataset: by what its media look like, and where that is not enough, by its labels."""

from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt

from dataimp_gui.core.compute import Failure, map_chunks
from dataimp_gui.core.contract import Limits
from dataimp_gui.core.features.embedders import GRADIENTS, NETWORK, Embedder
from dataimp_gui.core.features.embedding import Floats, Sources
from dataimp_gui.core.features.embedding_each import EachOne, source_of, wire
from dataimp_gui.core.media import image
from dataimp_gui.core.model import Codes
from dataimp_gui.progress import Progress

SMALL: Final = 64  # pixels, the longer side; above, gradients at 32 pixels see too little
LOOKS: Final = 48
TRIALS: Final = 500
FEW: Final = 5  # examples of a class, below which neighbours say nothing
COLOUR: Final = 6.0  # of 255: mean difference between the channels of a picture
NEIGHBOURS: Final = 5


def choose(sources: Sources, limits: Limits, progress: Progress, labels: Codes | None = None) -> Embedder:
    """The one that suits these pictures best.

    Photos get the network. Small pictures may be drawings, letters or clothes, where edges tell more, or small photos:
    with ``labels`` (codes, -1 without) both are tried on TRIALS of them, and the one whose neighbours agree more is
    taken; without, grey ones get gradients. Raises Cancelled.
    """
    sides, colours = _look(_spread(sources, LOOKS), limits, progress)
    if not len(sides) or np.median(sides) > SMALL:
        return NETWORK
    if labels is not None:
        rows = np.flatnonzero((labels >= 0) & np.array([source is not None for source in sources]))
        rows = np.sort(np.random.default_rng(0).permutation(rows)[:TRIALS])
        if len(rows) >= FEW * len(np.unique(labels[rows])) > FEW:
            some = [sources[row] for row in rows.tolist()]
            return max((GRADIENTS, NETWORK), key=lambda each: _agreement(each, some, labels[rows], limits, progress))
    return GRADIENTS if np.median(colours) < COLOUR else NETWORK


def look(item: list[Any], limits: dict[str, Any]) -> list[float]:
    """Runs in a worker: [longer side in pixels, mean difference between the channels, 0 to 255]."""
    pixels = image.decode(source_of(item), Limits(**limits))
    small = image.shrink(pixels, SMALL).astype(np.int16)
    return [float(max(pixels.shape[:2])), float(np.ptp(small, axis=2).mean())]


def _look(
    sources: Sources, limits: Limits, progress: Progress
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    found = map_chunks(
        look,
        [wire(source) for source in sources],
        arguments=(msgspec.to_builtins(limits),),
        timeout_s=limits.decode_timeout_s,
        title="Looking at some pictures",
        progress=progress,
    )
    seen = np.array([value for value in found if not isinstance(value, Failure)], np.float64).reshape(-1, 2)
    return seen[:, 0], seen[:, 1]


def _agreement(embedder: Embedder, sources: Sources, labels: Codes, limits: Limits, progress: Progress) -> float:
    """The share of examples whose label is that of most of their nearest NEIGHBOURS."""
    each = embedder.embed
    assert isinstance(each, EachOne)
    found = map_chunks(
        each.describe,
        [wire(source) for source in sources],
        arguments=(msgspec.to_builtins(limits), *each.options),
        timeout_s=limits.decode_timeout_s + each.extra_timeout_s,
        title=f"Trying {embedder.name}",
        progress=progress,
    )
    there = np.array([isinstance(value, np.ndarray) for value in found])
    if there.sum() <= NEIGHBOURS:
        return 0.0
    raw = np.stack([value for value in found if isinstance(value, np.ndarray)])
    return agreement(each.fit(raw)(raw), labels[there])


def agreement(vectors: Floats, labels: npt.NDArray[np.integer[Any]], neighbours: int = NEIGHBOURS) -> float:
    """The share of examples (a few thousand at most) whose label most of their ``neighbours`` have; of classes with
    equally many, the one of the nearest counts."""
    codes = np.unique(labels, return_inverse=True)[1]
    similarity = np.nan_to_num(vectors @ vectors.T, nan=-2.0)
    np.fill_diagonal(similarity, -3.0)
    nearest = np.argsort(-similarity, axis=1, kind="stable")[:, :neighbours]
    votes = np.zeros((len(codes), codes.max() + 1))
    for place in range(nearest.shape[1]):
        np.add.at(votes, (np.arange(len(codes)), codes[nearest[:, place]]), 1 + (neighbours - place) * 1e-3)
    return float((votes.argmax(axis=1) == codes).mean())


def _spread(sources: Sources, count: int) -> Sources:
    """Up to ``count`` of them that are there, from all over the dataset."""
    there = [row for row, source in enumerate(sources) if source is not None]
    places = np.linspace(0, len(there) - 1, min(count, len(there))).astype(np.int64).tolist() if there else []
    return [sources[there[place]] for place in places]
