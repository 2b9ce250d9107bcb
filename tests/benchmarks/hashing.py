"""The peer of the media check: read, hash and decode one picture."""

import hashlib
from pathlib import Path

import cv2
import numpy as np


def check(file: str) -> tuple[str, tuple[int, ...]]:
    data = Path(file).read_bytes()
    return hashlib.sha256(data).hexdigest(), cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR).shape
