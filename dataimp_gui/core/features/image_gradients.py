"""What the edges of a small picture are like: histograms of oriented gradients over a grid of cells.

After Dalal and Triggs (2005), with soft cells, square roots in place of block norms, and no sign: a dark letter on
light ground is the same as a light one on dark ground.
"""

from typing import Any, Final

import numpy as np

from dataimp_gui.core.contract import Limits
from dataimp_gui.core.features.embedding import Floats
from dataimp_gui.core.features.embedding_each import source_of
from dataimp_gui.core.media import image

SIDE: Final = 32  # pixels
CELL: Final = 4
BINS: Final = 8
BLUR: Final = 0.7  # pixels; noise and the steps of enlarging are no edges


def describe(item: list[Any], limits: dict[str, Any]) -> Floats:
    """Runs in a worker: ((SIDE / CELL)² x BINS,) of one picture. Raises MediaError."""
    return of_pixels(image.thumbnail(source_of(item), 4 * SIDE, Limits(**limits)))


def of_pixels(pixels: image.Pixels) -> Floats:
    """`describe` of pixels (h, w, 3)."""
    import cv2

    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    way = cv2.INTER_AREA if max(grey.shape) > SIDE else cv2.INTER_LINEAR
    small = cv2.GaussianBlur(cv2.resize(grey, (SIDE, SIDE), interpolation=way).astype(np.float32), (0, 0), BLUR)
    across = cv2.Sobel(small, cv2.CV_32F, 1, 0, ksize=1)
    down = cv2.Sobel(small, cv2.CV_32F, 0, 1, ksize=1)
    strength = np.hypot(across, down)
    turn = np.arctan2(down, across) % np.pi * (BINS / np.pi)
    lower = np.floor(turn).astype(np.int64)
    share = turn - lower
    votes = np.zeros((SIDE, SIDE, BINS), np.float32)
    rows, columns = np.indices((SIDE, SIDE))
    votes[rows, columns, lower % BINS] += strength * (1 - share)
    votes[rows, columns, (lower + 1) % BINS] += strength * share
    kernel = cv2.getGaussianKernel(2 * CELL + 1, CELL / 2, cv2.CV_32F)
    soft = cv2.sepFilter2D(votes, -1, kernel, kernel, borderType=cv2.BORDER_CONSTANT)
    cells = np.sqrt(soft[CELL // 2 :: CELL, CELL // 2 :: CELL]).ravel()
    return np.asarray(cells + 1e-3, np.float32)  # so that a blank picture has a direction, too
