"""Which part of a plane a widget shows, and where on it a place of the plane is. Up is up."""

from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QSize

MARGIN: Final = 0.04
FURTHEST: Final = 4000.0  # times the view of all


class Sight:
    """``scale`` is in pixels per unit, ``middle`` the place that is in the middle of the widget; ``by_hand``: somebody
    moved or zoomed, so that another size or other bounds keep what is seen."""

    def __init__(self) -> None:
        self.scale, self.middle = 1.0, QPointF(0.5, 0.5)
        self.by_hand = False
        self._bounds = (0.0, 0.0, 1.0, 1.0)
        self._size = QSize(1, 1)

    def set_bounds(self, points: npt.NDArray[np.float32]) -> None:
        """Those of points (n, 2) without NaN."""
        if len(points):
            low, high = points.min(axis=0), points.max(axis=0)
            self._bounds = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))

    def resize(self, size: QSize) -> None:
        before, self._size = self._whole, size.expandedTo(QSize(1, 1))
        if self.by_hand:
            self.scale *= self._whole / before
        else:
            self.fit()

    def fit(self) -> None:
        """Everything in sight."""
        self.by_hand = False
        left, top, right, bottom = self._bounds
        self.scale = self._whole * (1 - 2 * MARGIN)
        self.middle = QPointF((left + right) / 2, (top + bottom) / 2)

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """What is under ``at`` stays there; without it, what is in the middle."""
        self.by_hand = True
        place = at if at is not None else QPointF(self._size.width() / 2, self._size.height() / 2)
        before = self.to_plane(place)
        self.scale = min(max(self.scale * factor, self._whole / 4), self._whole * FURTHEST)
        self.middle += before - self.to_plane(place)

    def pan(self, dx: float, dy: float) -> None:
        """By so many pixels."""
        self.by_hand = True
        self.middle -= QPointF(dx / self.scale, -dy / self.scale)

    def to_plane(self, at: QPointF) -> QPointF:
        return QPointF(
            self.middle.x() + (at.x() - self._size.width() / 2) / self.scale,
            self.middle.y() - (at.y() - self._size.height() / 2) / self.scale,
        )

    def to_view(self, x: float, y: float) -> QPointF:
        return QPointF(
            self._size.width() / 2 + (x - self.middle.x()) * self.scale,
            self._size.height() / 2 - (y - self.middle.y()) * self.scale,
        )

    @property
    def _whole(self) -> float:
        """The scale at which everything just fills the widget."""
        left, top, right, bottom = self._bounds
        return min(self._size.width() / max(right - left, 1e-9), self._size.height() / max(bottom - top, 1e-9))
