"""Points as pixels: each a small shape, or, when they are very many, the mean colour of those that share a cell."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QColor

from dataimp_gui.ui import theme

Mask = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.int64]
Pixels = npt.NDArray[np.uint32]

RADIUS: Final = theme.METRICS["map.point"]
BIN: Final = 2  # pixels of a cell of the density, each way


@dataclass(frozen=True, slots=True)
class PointsInSight:
    """``x`` and ``y`` int32 (n,) are columns and lines where ``seen``; ``codes`` are places in ``palette``, -1 for a
    quiet colour; ``shown`` None is all; ``chosen`` are indices."""

    x: npt.NDArray[np.int32]
    y: npt.NDArray[np.int32]
    seen: Mask
    shown: Mask | None
    codes: npt.NDArray[np.int32]
    crossed: Mask
    chosen: Indices
    palette: Sequence[QColor]

    def stamped(self, wide: int, high: int, unit: float) -> Pixels:
        """Every point as a dot or a cross: faint ones first, then plain ones, crosses, and on top what is chosen.

        ``unit`` is how many pixels make a pixel of the design.
        """
        ground, muted = theme.color("bg.window"), theme.color("text.muted")
        stamp = _Stamp(np.full(wide * high, ground.rgb(), dtype=np.uint32), wide, high, self.x, self.y)
        soft = np.array([*(_mixed(c, ground, 0.75) for c in self.palette), _mixed(muted, ground, 0.5)], np.uint32)
        full = np.array([*(c.rgb() for c in self.palette), muted.rgb()], np.uint32)
        shown = self.seen if self.shown is None else self.seen & self.shown
        dot, cross = _disc(RADIUS["r"] * unit), _cross(RADIUS["r_error"] * unit, unit)
        if self.shown is not None:
            stamp.put(np.flatnonzero(self.seen & ~self.shown), dot, np.uint32(_mixed(muted, ground, 0.22)))
        for mask, shape in ((~self.crossed, dot), (self.crossed, cross)):
            points = np.flatnonzero(shown & mask)
            stamp.put(points, shape, soft[self.codes[points]])
        chosen = self.chosen[self.seen[self.chosen]]
        stamp.put(chosen, _disc((RADIUS["r_selected"] + 1) * unit), np.uint32(theme.color("text.primary").rgb()))
        stamp.put(chosen, _disc(RADIUS["r_error"] * unit), full[self.codes[chosen]])
        return stamp.canvas.reshape(high, wide)

    def density(self, width: int, height: int) -> Pixels:
        """In each cell the mean colour of its points, stronger where they are many; chosen ones brighten it."""
        wide, high = -(-width // BIN), -(-height // BIN)
        beyond, kinds = np.int32(wide * high), np.int32(len(self.palette) + 1)
        shown = self.seen if self.shown is None else self.seen & self.shown
        cell = np.where(shown, (self.y // BIN) * np.int32(wide) + self.x // BIN, beyond)
        kind = np.where(self.codes < 0, kinds - 1, self.codes)
        counts = np.bincount(cell * kinds + kind, minlength=(beyond + 1) * kinds).reshape(-1, kinds)[:beyond]
        tints = np.array([(*_rgb(colour), 1) for colour in (*self.palette, theme.color("text.muted"))], np.float32)
        sums = counts.astype(np.float32) @ tints  # of red, green and blue, and how many they are
        total = sums[:, 3]
        some = np.flatnonzero(total)
        mean = sums[some, :3] / total[some, None]
        usual = max(2.0, float(np.percentile(total[some], 98))) if len(some) else 2.0
        strength = np.clip(np.log1p(total[some]) / np.log1p(usual), 0.25, 1.0)[:, None]
        if len(self.chosen):
            mine = self.chosen[self.seen[self.chosen]]
            cells = (self.y[mine] // BIN) * wide + self.x[mine] // BIN
            held = np.bincount(cells, minlength=wide * high)[some] / total[some]
            share = 0.7 * np.minimum(1.0, held)[:, None]
            mean = (1 - share) * mean + share * np.array(_rgb(theme.color("text.primary")))
            strength = np.maximum(strength, (held > 0)[:, None] * 0.8)
        ground = np.array(_rgb(theme.color("bg.window")), dtype=np.float32)
        flat = np.tile(ground, (wide * high, 1))
        flat[some] = strength * mean + (1 - strength) * ground
        parts = flat.round().astype(np.uint32)
        pixels = (np.uint32(0xFF000000) | parts[:, 0] << 16 | parts[:, 1] << 8 | parts[:, 2]).reshape(high, wide)
        return np.ascontiguousarray(pixels.repeat(BIN, axis=0).repeat(BIN, axis=1)[:height, :width])


class _Stamp:
    """Puts small shapes of pixels onto a canvas, all points of a shape at once."""

    def __init__(
        self,
        canvas: npt.NDArray[np.uint32],
        wide: int,
        high: int,
        x: npt.NDArray[np.int32],
        y: npt.NDArray[np.int32],
    ) -> None:
        self.canvas, self._wide, self._high, self._x, self._y = canvas, wide, high, x, y

    def put(
        self, points: Indices, shape: Sequence[tuple[int, int]], colours: "npt.NDArray[np.uint32] | np.uint32"
    ) -> None:
        if not len(points):
            return
        x, y = self._x[points], self._y[points]
        for dx, dy in shape:
            column = np.clip(x + dx, 0, self._wide - 1)
            line = np.clip(y + dy, 0, self._high - 1)
            self.canvas[line * self._wide + column] = colours


def _disc(radius: float) -> list[tuple[int, int]]:
    reach = int(np.ceil(radius))
    span = range(-reach, reach + 1)
    return [(dx, dy) for dy in span for dx in span if dx * dx + dy * dy <= radius * radius]


def _cross(radius: float, unit: float) -> list[tuple[int, int]]:
    reach, thick = int(np.ceil(radius)), max(1, round(0.75 * unit))
    span = range(-reach, reach + 1)
    return [(dx, dy) for dy in span for dx in span if abs(abs(dx) - abs(dy)) < thick and max(abs(dx), abs(dy)) <= reach]


def _mixed(colour: QColor, ground: QColor, share: float) -> int:
    """One colour over another, as a pixel."""
    parts = [round(share * a + (1 - share) * b) for a, b in zip(_rgb(colour), _rgb(ground), strict=True)]
    return QColor(*parts).rgb()


def _rgb(colour: QColor) -> tuple[int, int, int]:
    return colour.red(), colour.green(), colour.blue()
