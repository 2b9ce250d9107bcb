"""A few media of a source side by side, as they stand beside their paths in the table of columns."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter

from dataimp_gui.ui.kit.pixels import image

SIDE: Final = 24
GAP: Final = 3
MOST: Final = 4
ASKED: Final = 2 * SIDE  # pixels, for screens of twice the density


def strip(pictures: Sequence[npt.NDArray[np.uint8]]) -> QImage:
    """None of them cut: a longer side of `SIDE`. An empty image for none."""
    if not pictures:
        return QImage()
    made = QImage(len(pictures) * 2 * (SIDE + GAP), ASKED, QImage.Format.Format_ARGB32_Premultiplied)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    for number, pixels in enumerate(pictures):
        small = image(pixels).scaled(
            ASKED, ASKED, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        left = number * 2 * (SIDE + GAP) + (ASKED - small.width()) // 2
        painter.drawImage(left, (ASKED - small.height()) // 2, small)
    painter.end()
    made.setDevicePixelRatio(2)
    return made
