"""Where the cells of a grid lie, by arithmetic alone: no cell is ever visited to find another."""

from dataclasses import dataclass
from enum import Enum, auto

import numpy as np
import numpy.typing as npt

Places = npt.NDArray[np.int64]


class Step(Enum):
    LEFT = auto()
    RIGHT = auto()
    UP = auto()
    DOWN = auto()
    PAGE_UP = auto()
    PAGE_DOWN = auto()
    FIRST = auto()
    LAST = auto()


@dataclass(frozen=True, slots=True)
class GridLayout:
    """``count`` cells in reading order, in pixels of the contents (Python integers, so a billion lines fit).

    A cell is ``cell_w`` by ``cell_h`` and ends with ``gap`` empty pixels right and below; ``margin`` is left and above.
    """

    count: int
    columns: int
    cell_w: int
    cell_h: int
    gap: int
    margin: int

    @property
    def lines(self) -> int:
        return -(-self.count // self.columns)

    @property
    def height(self) -> int:
        return self.lines * self.cell_h + 2 * self.margin

    def corner(self, place: int) -> tuple[int, int]:
        """Left and top of a cell."""
        line, column = divmod(place, self.columns)
        return self.margin + column * self.cell_w, self.margin + line * self.cell_h

    def between(self, top: int, bottom: int) -> range:
        """The places whose lines touch the pixels from ``top`` to ``bottom``, both included."""
        first = max(0, (top - self.margin) // self.cell_h) * self.columns
        last = ((bottom - self.margin) // self.cell_h + 1) * self.columns
        return range(min(first, self.count), max(min(first, self.count), min(self.count, last)))

    def at(self, x: int, y: int) -> int:
        """The place under a point, -1 between cells and beside them."""
        column, within_x = divmod(x - self.margin, self.cell_w)
        line, within_y = divmod(y - self.margin, self.cell_h)
        place = line * self.columns + column
        on_cell = within_x < self.cell_w - self.gap and within_y < self.cell_h - self.gap
        return place if on_cell and 0 <= column < self.columns and 0 <= place < self.count else -1

    def nearest(self, x: int, y: int) -> int:
        """The place that is meant by a point somewhere near or outside the grid; -1 when the grid is empty."""
        column = min(max((x - self.margin) // self.cell_w, 0), self.columns - 1)
        line = min(max((y - self.margin) // self.cell_h, 0), max(0, self.lines - 1))
        return min(line * self.columns + column, self.count - 1)

    def touched(self, left: int, top: int, right: int, bottom: int) -> Places:
        """The places of the cells that a rectangle touches, int64 (k,), ascending. Gaps do not count."""
        inner_w, inner_h = self.cell_w - self.gap, self.cell_h - self.gap
        first_column = max(0, -((inner_w - 1 - (left - self.margin)) // self.cell_w))
        last_column = min(self.columns - 1, (right - self.margin) // self.cell_w)
        first_line = max(0, -((inner_h - 1 - (top - self.margin)) // self.cell_h))
        last_line = min(self.lines - 1, (bottom - self.margin) // self.cell_h)
        lines = np.arange(first_line, last_line + 1, dtype=np.int64)
        columns = np.arange(first_column, last_column + 1, dtype=np.int64)
        places = (lines[:, None] * self.columns + columns[None, :]).ravel()
        return places[places < self.count]

    def moved(self, place: int, step: Step, height: int) -> int:
        """Where ``step`` leads from ``place``; a page is as many whole lines as ``height`` pixels hold.

        Up and down keep the column: on the first and last line they stay, and above a short last line they end on it.
        """
        page = max(1, height // self.cell_h)
        last = self.count - 1
        match step:
            case Step.LEFT:
                return max(0, place - 1)
            case Step.RIGHT:
                return min(last, place + 1)
            case Step.FIRST:
                return 0
            case Step.LAST:
                return last
            case Step.UP | Step.PAGE_UP:
                by = 1 if step is Step.UP else page
                line, column = divmod(place, self.columns)
                return max(0, line - by) * self.columns + column
            case Step.DOWN | Step.PAGE_DOWN:
                by = 1 if step is Step.DOWN else page
                line, column = divmod(place, self.columns)
                if line == self.lines - 1:
                    return place
                return min(last, min(self.lines - 1, line + by) * self.columns + column)
