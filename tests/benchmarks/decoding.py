"""The peer of the statistics: read and decode pictures, a few at a time, with the library that they use."""

from pathlib import Path

import cv2
import numpy as np


def decode(files: list[str]) -> list[list[int]]:
    shapes = []
    for file in files:
        data = np.frombuffer(Path(file).read_bytes(), np.uint8)
        shapes.append(list(cv2.imdecode(data, cv2.IMREAD_COLOR_RGB).shape))
    return shapes


def reduced(file: str) -> tuple[int, ...]:
    """At most 128 pixels wide and high, by way of a quarter of the size or an eighth."""
    data = np.frombuffer(Path(file).read_bytes(), np.uint8)
    pixels = cv2.imdecode(data, cv2.IMREAD_REDUCED_COLOR_8)
    scale = 128 / max(pixels.shape[:2])
    return cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).shape
