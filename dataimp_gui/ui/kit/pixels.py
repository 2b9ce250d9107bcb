"""Pixels of an array as a picture of Qt."""

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QImage


def image(pixels: npt.NDArray[np.uint8]) -> QImage:
    """uint8 (h, w, 3 or 4) as a QImage that owns its bytes."""
    height, width, channels = pixels.shape
    kind = QImage.Format.Format_RGBA8888 if channels == 4 else QImage.Format.Format_RGB888
    pixels = np.ascontiguousarray(pixels)
    return QImage(pixels.data, width, height, width * channels, kind).copy()
