"""What an operation takes and gives back: a picture, a sound or a text."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[Any]
"""Height by width, or height by width by channels (1 grey, 2 grey and alpha, 3 RGB, 4 RGBA); uint8, uint16 or
float32 in 0 to 1. Every operation keeps depth and channels; alpha moves with the picture and keeps its values."""


class Sound(NamedTuple):
    """``samples`` float32 (frames, channels) in -1 to 1, at ``rate`` frames a second."""

    samples: npt.NDArray[np.float32]
    rate: int


Value = Picture | Sound | str
