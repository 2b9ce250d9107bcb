"""At which quality a JPEG file was written, from its quantisation table."""

from functools import lru_cache
from typing import Final

import numpy as np

# Annex K of ITU-T T.81, luminance, in the order of the file (zigzag)
_STANDARD: Final = np.array(
    [
        *(16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40),
        *(26, 24, 22, 22, 24, 49, 35, 37, 29, 40, 58, 51, 61, 60, 57, 51),
        *(56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87),
        *(95, 98, 103, 104, 103, 62, 77, 113, 121, 112, 100, 120, 92, 101, 103, 99),
    ]
)


def quality(data: bytes) -> float:
    """1 to 100, NaN when ``data`` is no JPEG or has no table that can be read. Never raises."""
    at, end = 2, len(data)
    if not data.startswith(b"\xff\xd8\xff"):
        return float("nan")
    while at + 4 <= end and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xDA:
            break
        after = at + 2 + (data[at + 2] << 8 | data[at + 3])
        if marker == 0xDB and (table := _luminance(data[at + 4 : after])):
            return _nearest(table)
        at = after
    return float("nan")


def _luminance(tables: bytes) -> bytes:
    """Table 0 among ``tables``, of 64 or of 128 bytes; nothing when it is not there."""
    at = 0
    while at < len(tables):
        size = 128 if tables[at] >> 4 else 64
        table = tables[at + 1 : at + 1 + size]
        if not tables[at] & 15 and len(table) == size:
            return table
        at += 1 + size
    return b""


@lru_cache(maxsize=1024)  # the files of a dataset share few tables
def _nearest(table: bytes) -> float:
    steps = np.frombuffer(table, ">u2" if len(table) == 128 else np.uint8).astype(np.int64)
    qualities = np.arange(1, 101)
    scale = np.where(qualities < 50, 5000 // qualities, 200 - 2 * qualities)  # as libjpeg's jpeg_quality_scaling
    tables = np.clip((_STANDARD * scale[:, None] + 50) // 100, 1, 255)
    return float(qualities[np.abs(tables - steps).sum(axis=1).argmin()])
