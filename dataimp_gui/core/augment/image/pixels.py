"""What the picture operations share: depth and alpha kept aside, curves by table, warps with an edge."""

from collections.abc import Callable
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from dataimp_gui.core.augment.draws import Draw
from dataimp_gui.core.augment.operations import Parameter
from dataimp_gui.core.augment.values import Picture

Floats = npt.NDArray[np.float32]
Curve = Callable[[Floats], npt.NDArray[np.floating]]
"""Values in 0 to 1 -> values, which are cut to 0 to 1."""

EDGES: Final = {
    "mirrored": cv2.BORDER_REFLECT_101,
    "repeated": cv2.BORDER_REPLICATE,
    "black": cv2.BORDER_CONSTANT,
}
EDGE: Final = Parameter("edge", "What comes in is", choices=tuple(EDGES))
GREY: Final = (0.299, 0.587, 0.114)


def top(picture: Picture) -> float:
    """The value of white."""
    return float(np.iinfo(picture.dtype).max) if picture.dtype.kind == "u" else 1.0


def has_alpha(picture: Picture) -> bool:
    return picture.ndim == 3 and picture.shape[2] in (2, 4)


def coloured(picture: Picture, change: Callable[[Picture], Picture]) -> Picture:
    """``change`` gets (h, w, 1 or 3) in the picture's own depth, without alpha, and returns the like."""
    planes = picture[:, :, None] if picture.ndim == 2 else picture
    if not has_alpha(picture):
        return change(planes).reshape(picture.shape)
    made = change(np.ascontiguousarray(planes[:, :, :-1])).reshape(*planes.shape[:2], -1)
    return np.concatenate([made, planes[:, :, -1:]], axis=2)


def in_floats(picture: Picture, change: Callable[[Floats], npt.NDArray[np.floating]]) -> Picture:
    """``change`` gets float32 (h, w, 1 or 3) in 0 to 1, without alpha; what it returns is cut to that and rounded."""

    def changed(planes: Picture) -> Picture:
        return back(change(planes.astype(np.float32) / np.float32(top(planes))), planes)

    return coloured(picture, changed)


def shaded(picture: Picture, shade: Floats | Callable[[slice], Floats]) -> Picture:
    """Each pixel times ``shade``: (h, w) or (h, 1) or (1, w), or what makes (rows, w) of some rows."""
    made = shade if callable(shade) else np.broadcast_to(shade, picture.shape[:2]).__getitem__

    def changed(planes: Picture, rows: slice) -> Picture:
        factors = np.ascontiguousarray(made(rows))
        if planes.dtype != np.uint8 or planes.shape[2] not in (1, 3):
            return back(planes.astype(np.float32) / np.float32(top(planes)) * factors[:, :, None], planes)
        each = factors if planes.shape[2] == 1 else cv2.merge([factors] * 3)
        return np.asarray(cv2.multiply(planes, each.reshape(planes.shape), dtype=cv2.CV_8U))

    return coloured(picture, lambda planes: by_strips(planes, changed))


def added(picture: Picture, noise: Callable[[tuple[int, ...], float], Floats], strength: float) -> Picture:
    """Each value plus ``noise``, which gets the shape (some rows, w, 1 or 3) and its strength, as a share of white or
    in levels."""

    def changed(planes: Picture, _rows: slice) -> Picture:
        if planes.dtype != np.uint8:
            return back(planes.astype(np.float32) / np.float32(top(planes)) + noise(planes.shape, strength), planes)
        return np.asarray(cv2.add(planes, noise(planes.shape, strength * top(planes)), dtype=cv2.CV_8U))

    return coloured(picture, lambda planes: by_strips(planes, changed))


def by_strips(planes: Picture, change: Callable[[Picture, slice], Picture]) -> Picture:
    """``change`` gets some rows at a time and which they are: few enough for the cache of a core, and not so few that
    threads wait for each other."""
    made = np.empty_like(planes)
    step = max(1, (1 << 18) // max(1, planes[:1].size))
    for start in range(0, len(planes), step):
        rows = slice(start, start + step)
        made[rows] = change(planes[rows], rows).reshape(planes[rows].shape)
    return made


def back(values: npt.NDArray[np.floating], like: Picture) -> Picture:
    """Values in 0 to 1 in the depth of ``like``."""
    white = top(like)
    if like.dtype == np.uint8:
        made: Picture = cv2.convertScaleAbs(np.clip(values, 0, 1), alpha=white)
        return made.reshape(values.shape)
    kept: Floats = np.clip(values, 0, 1).astype(np.float32)
    wide: Picture = kept if like.dtype.kind == "f" else np.rint(kept * white)
    return wide.astype(like.dtype)


def toned(picture: Picture, curve: Curve) -> Picture:
    """Each value on its own, by a table where depth allows one. ``curve`` may return (n, channels) for (n, 1)."""

    def changed(planes: Picture) -> Picture:
        if planes.dtype.kind == "f":
            return back(curve(planes), planes)
        levels = np.linspace(0, 1, int(top(planes)) + 1, dtype=np.float32)[:, None]
        table = back(curve(levels), planes)
        channels = planes.shape[2]
        if planes.dtype == np.uint8:
            return cv2.LUT(planes, np.ascontiguousarray(table.reshape(1, 256, -1)))
        if table.shape[1] == 1:
            return table[:, 0][planes]
        return np.stack([table[:, each][planes[:, :, each]] for each in range(channels)], axis=2)

    return coloured(picture, changed)


def grey(planes: Floats) -> Floats:
    """(h, w, 1)."""
    if planes.shape[2] == 1:
        return planes
    red, green, blue = (planes[:, :, at] * np.float32(share) for at, share in enumerate(GREY))
    return np.asarray((red + green + blue)[:, :, None], np.float32)


def warped(picture: Picture, matrix: npt.NDArray[np.floating], edge: str) -> Picture:
    """``matrix`` 2 x 3 or 3 x 3 takes old places (x, y) to new ones; size stays."""
    size = (picture.shape[1], picture.shape[0])
    warp: Any = cv2.warpAffine if matrix.shape[0] == 2 else cv2.warpPerspective
    wide = matrix.astype(np.float64)
    return _by_fours(picture, lambda some: warp(some, wide, size, flags=cv2.INTER_LINEAR, borderMode=EDGES[edge]))


def remapped(picture: Picture, x: Floats, y: Floats, edge: str) -> Picture:
    """The value at each place comes from (x, y)."""
    return _by_fours(picture, lambda some: cv2.remap(some, x, y, cv2.INTER_LINEAR, borderMode=EDGES[edge]))


def _by_fours(picture: Picture, move: Callable[[Picture], Any]) -> Picture:
    """OpenCV moves four bytes in less time than three."""
    if picture.dtype != np.uint8 or picture.ndim < 3 or picture.shape[2] != 3:
        return np.asarray(move(picture)).reshape(picture.shape)
    made = move(np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2RGBA)))
    return np.asarray(cv2.cvtColor(made, cv2.COLOR_RGBA2RGB))


def resized(picture: Picture, width: int, height: int) -> Picture:
    shrinks = width * height < picture.shape[0] * picture.shape[1]
    made = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    return np.asarray(made).reshape(height, width, *picture.shape[2:])


def places(picture: Picture) -> tuple[Floats, Floats]:
    """Of each pixel, x (1, w) and y (h, 1), from -1 to 1 across the longer side, 0 in the middle."""
    height, width = picture.shape[:2]
    half = max(height, width) / 2
    x = (np.arange(width, dtype=np.float32) + 0.5 - width / 2) / half
    y = (np.arange(height, dtype=np.float32) + 0.5 - height / 2) / half
    return x[None, :], y[:, None]


def around(picture: Picture, x: float, y: float, reach: float) -> tuple[tuple[slice, slice], Floats]:
    """The rows and columns no further than ``reach`` from a place, and how far off each of their pixels is (h, w)."""
    height, width = picture.shape[:2]
    rows = slice(*np.clip([np.floor(y - reach), np.ceil(y + reach) + 1], 0, height).astype(int).tolist())
    columns = slice(*np.clip([np.floor(x - reach), np.ceil(x + reach) + 1], 0, width).astype(int).tolist())
    off_x = np.arange(columns.start, columns.stop, dtype=np.float32)[None, :] - np.float32(x)
    off_y = np.arange(rows.start, rows.stop, dtype=np.float32)[:, None] - np.float32(y)
    return (rows, columns), np.hypot(off_x, off_y)


def scattered(shape: tuple[int, int], share: float, draw: Draw) -> Floats:
    """(h, w), 1 at a small share of all places, else 0."""
    field = np.zeros(shape, np.float32)
    count = int(draw.poisson(np.array(share * field.size)))
    field.reshape(-1)[draw.uniform(0, field.size, count).astype(np.int64)] = 1
    return field


def smooth(shape: tuple[int, int], seeds: npt.NDArray[np.floating]) -> Floats:
    """A soft field (h, w) through ``seeds`` (rows, columns), or several (h, w, n) through (rows, columns, n)."""
    made = cv2.resize(seeds.astype(np.float32), (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)
    return np.asarray(made, np.float32)
