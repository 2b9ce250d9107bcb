"""Small made-up evidence for the detectors."""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

from dataimp_gui.core.features.neighbours import neighbours
from dataimp_gui.core.issues import Evidence
from dataimp_gui.core.model import Modality


def evidence(count: int, modality: Modality = Modality.IMAGE, **more: Any) -> Evidence:
    """``count`` examples labelled "a", without splits; neighbours come from the embedding, if there is one."""
    given: dict[str, Any] = {
        "labels": np.zeros(count, np.int32),
        "classes": ("a", "b", "c"),
        "excluded": np.zeros(count, np.bool_),
        "splits": np.full(count, -1, np.int32),
        **more,
    }
    if given.get("embedding") is not None and "neighbours" not in given:
        given["neighbours"] = neighbours(given["embedding"], min(20, max(count - 1, 1)))
    return Evidence(modality=modality, **given)


def directions(count: int, dims: int = 16, seed: int = 0) -> np.ndarray:
    """Vectors of length 1, spread evenly: float32 (count, dims)."""
    return unit(np.random.default_rng(seed).normal(size=(count, dims)))


def unit(vectors: np.ndarray) -> np.ndarray:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def with_twins(count: int, twins: Sequence[tuple[int, int]], apart: float = 0.03, dims: int = 16) -> np.ndarray:
    """Vectors of which the second of each of ``twins`` is nearly the first."""
    vectors = directions(count, dims)
    noise = directions(count, dims, seed=1)
    for one, other in twins:
        vectors[other] = vectors[one] + apart * noise[other]
    return unit(vectors)


def photo(seed: int, height: int = 180, width: int = 240) -> np.ndarray:
    """A picture with large and small shapes, as unlike another seed's as two photos: (height, width, 3)."""
    generator = np.random.default_rng(seed)
    shown = np.full((height, width, 3), generator.integers(60, 200, 3), np.uint8)
    for size in (*[60] * 6, *[14] * 90):
        x, y = int(generator.integers(0, width)), int(generator.integers(0, height))
        axes = (int(generator.integers(size // 3, size)), int(generator.integers(size // 3, size)))
        colour = [int(value) for value in generator.integers(0, 256, 3)]
        cv2.ellipse(shown, (x, y), axes, float(generator.integers(0, 180)), 0, 360, colour, -1, cv2.LINE_AA)
    return shown


def crop(pixels: np.ndarray, part: float) -> np.ndarray:
    """The lower right ``part`` of each side."""
    height, width = (round(side * (1 - part)) for side in pixels.shape[:2])
    return np.ascontiguousarray(pixels[height:, width:])


def jpeg(pixels: np.ndarray, quality: int) -> np.ndarray:
    return cv2.imdecode(cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_COLOR)


def png(pixels: np.ndarray) -> bytes:
    return cv2.imencode(".png", pixels[:, :, ::-1])[1].tobytes()
