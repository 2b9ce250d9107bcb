"""What is different between an original and its variant: brighter and darker pixels, letters that came and went."""

from difflib import SequenceMatcher
from typing import Final, NamedTuple

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from dataimp_gui.ui.kit import pixels

MOST: Final = 600  # characters that a cell can show
LEAD: Final = 60  # characters before the first that differs
GAIN: Final = 2.0
MORE, LESS = np.array([1.0, 0.62, 0.25], np.float32), np.array([0.3, 0.62, 1.0], np.float32)  # orange and blue


class Mark(NamedTuple):
    """``start`` and ``length`` in QTextLayout's UTF-16 units; what is not ``came`` went."""

    start: int
    length: int
    came: bool


def pictures(before: QImage, after: QImage) -> QImage:
    """Black where nothing differs; orange where the variant is brighter (or louder), blue where it is darker."""
    size = after.size()
    first, second = (
        _grey(each.scaled(size, mode=_SMOOTH) if each.size() != size else each) for each in (before, after)
    )
    way = (second - first) / 255 * GAIN
    shown = np.clip(way, 0, 1)[..., None] * MORE + np.clip(-way, 0, 1)[..., None] * LESS
    return pixels.image((np.clip(shown, 0, 1) * 255).astype(np.uint8))


def texts(before: str, after: str, *, keeps_gone: bool) -> tuple[str, tuple[Mark, ...]]:
    """The part of ``after`` that is worth showing, and what in it came; with ``keeps_gone`` what went stands where it
    was. A part that begins later than the text begins with an ellipsis."""
    start = _first_difference(before, after)
    start = 0 if start < MOST // 2 or start >= max(len(before), len(after)) else start - LEAD
    old, new = before[start : start + MOST], after[start : start + MOST]
    words, marks, at = (["…"], [], 1) if start else ([], [], 0)
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        went, came = old[a:b] if kind != "equal" and keeps_gone else "", new[c:d]
        for part, is_new in ((went, False), (came, True)):
            if part:
                length = len(part.encode("utf-16-le")) // 2
                if kind != "equal":
                    marks.append(Mark(at, length, is_new))
                words.append(part)
                at += length
    return "".join(words), tuple(marks)


_SMOOTH: Final = Qt.TransformationMode.SmoothTransformation


def _first_difference(before: str, after: str) -> int:
    shortest = min(len(before), len(after))
    if before[:shortest] == after[:shortest]:
        return shortest
    low, high = 0, shortest  # the first `low` are alike, the first `high` are not
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if before[:middle] == after[:middle] else (low, middle)
    return low


def _grey(image: QImage) -> "np.ndarray[tuple[int, int], np.dtype[np.float32]]":
    plain = image.convertToFormat(QImage.Format.Format_Grayscale8)
    lines = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return lines[:, : plain.width()].astype(np.float32)
