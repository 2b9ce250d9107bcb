"""Where the cells of a grid in groups lie, each group below a header: by arithmetic over the groups, not the cells."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from dataimp_gui.ui.kit.grid_layout import GridLayout, Places, Step

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class GroupedLayout:
    """A `GridLayout` a group, one below the other. ``starts`` int64 (groups + 1,) are the places where groups begin.

    A group whose ``folded`` is True is its header alone. Pixels are those of the contents; ``header_h`` is the height
    of a header. Groups without cells are allowed.
    """

    grid: GridLayout
    starts: Ints
    header_h: int
    folded: npt.NDArray[np.bool_] = field(repr=False)

    @property
    def count(self) -> int:
        return self.grid.count

    @property
    def columns(self) -> int:
        return self.grid.columns

    @cached_property
    def _lines(self) -> Ints:
        sizes = np.diff(self.starts)
        lines: Ints = np.where(self.folded, 0, -(-sizes // self.columns))
        return lines

    @cached_property
    def tops(self) -> Ints:
        """Where the header of each group begins, and where the last group ends, int64 (groups + 1,)."""
        heights = self.header_h + self._lines * self.grid.cell_h
        tops: Ints = self.grid.margin + np.concatenate([[0], np.cumsum(heights)]).astype(np.int64)
        return tops

    @property
    def height(self) -> int:
        return int(self.tops[-1]) + self.grid.margin

    def group(self, place: int) -> int:
        """The group that a place is in."""
        return int(np.searchsorted(self.starts, place, side="right")) - 1

    def group_at(self, y: int) -> int:
        """The group whose header or cells are at this height, the nearest one above and below all."""
        return min(max(int(np.searchsorted(self.tops, y, side="right")) - 1, 0), len(self.starts) - 2)

    def header_at(self, y: int) -> int:
        """The group whose header is at this height, -1 for none."""
        if not self.tops[0] <= y < self.tops[-1]:
            return -1
        number = self.group_at(y)
        return number if y < self.tops[number] + self.header_h else -1

    def header_top(self, number: int, offset: int) -> int:
        """Where a header is drawn when the contents are scrolled by ``offset``: that of the group at the upper edge
        stays there until the next one pushes it away."""
        return max(int(self.tops[number]), min(offset, int(self.tops[number + 1]) - self.header_h))

    def headers(self, top: int, bottom: int) -> range:
        """The groups that touch these pixels, both included."""
        if not self.count:
            return range(0)
        return range(self.group_at(top), self.group_at(bottom) + 1)

    def corner(self, place: int) -> tuple[int, int]:
        """Left and top of a cell; those of the header where the group is folded."""
        number = self.group(place)
        if self.folded[number]:
            return self.grid.margin, int(self.tops[number])
        line, column = divmod(place - int(self.starts[number]), self.columns)
        return self.grid.margin + column * self.grid.cell_w, self._cells_top(number) + line * self.grid.cell_h

    def between(self, top: int, bottom: int) -> Places:
        """The places whose lines touch the pixels from ``top`` to ``bottom``, both included; ascending."""
        found = [self._within(number, top, bottom) for number in self.headers(top, bottom)]
        return np.concatenate([np.arange(first, last) for first, last in found]) if found else np.empty(0, np.int64)

    def _within(self, number: int, top: int, bottom: int) -> tuple[int, int]:
        first, end = int(self.starts[number]), int(self.starts[number + 1])
        if self.folded[number]:
            return first, first
        offset = self._cells_top(number)
        from_line = max(0, (top - offset) // self.grid.cell_h)
        to_line = max(0, (bottom - offset) // self.grid.cell_h + 1)
        return min(first + from_line * self.columns, end), min(first + to_line * self.columns, end)

    def at(self, x: int, y: int) -> int:
        """The place under a point, -1 between cells, beside them and on a header."""
        if not self.count or self.header_at(y) >= 0 or not self.tops[0] <= y < self.tops[-1]:
            return -1
        number = self.group_at(y)
        place = self._single(number).at(x, y - self._cells_top(number) + self.grid.margin)
        return -1 if place < 0 else int(self.starts[number]) + place

    def nearest(self, x: int, y: int) -> int:
        """The place that is meant by a point somewhere near or outside the grid; -1 when nothing is to be seen."""
        shown = np.flatnonzero((self._lines > 0) & (np.diff(self.starts) > 0))
        if not len(shown):
            return -1
        number = self.group_at(y)
        number = int(shown[min(int(np.searchsorted(shown, number)), len(shown) - 1)])
        place = self._single(number).nearest(x, y - self._cells_top(number) + self.grid.margin)
        return int(self.starts[number]) + place

    def touched(self, left: int, top: int, right: int, bottom: int) -> Places:
        """The places of the cells that a rectangle touches, int64 (k,), ascending. Gaps and headers do not count."""
        found = [np.empty(0, np.int64)]
        for number in self.headers(top, bottom):
            if not self.folded[number]:
                shift = self._cells_top(number) - self.grid.margin
                inside = self._single(number).touched(left, top - shift, right, bottom - shift)
                found.append(inside + self.starts[number])
        return np.concatenate(found)

    def moved(self, place: int, step: Step, height: int) -> int:
        """Where ``step`` leads from ``place``. Up and down keep the column from group to group; what is folded is
        stepped over."""
        shown = np.flatnonzero((self._lines > 0) & (np.diff(self.starts) > 0))
        if not len(shown):
            return place
        number = self.group(place)
        first, last = int(self.starts[shown[0]]), int(self.starts[shown[-1] + 1]) - 1
        match step:
            case Step.FIRST:
                return first
            case Step.LAST:
                return last
            case Step.LEFT | Step.RIGHT:
                target = place + (1 if step is Step.RIGHT else -1)
                return self._out_of_folds(target, 1 if step is Step.RIGHT else -1, first, last)
            case Step.UP | Step.DOWN:
                return self._beside(place, number, 1 if step is Step.DOWN else -1, shown)
            case _:
                x, y = self.corner(place)
                by = max(self.grid.cell_h, height // self.grid.cell_h * self.grid.cell_h)
                return self.nearest(x, y + by if step is Step.PAGE_DOWN else y - by)

    def _out_of_folds(self, place: int, way: int, first: int, last: int) -> int:
        place = min(max(place, first), last)
        number = self.group(place)
        while self.folded[number]:
            place = int(self.starts[number + 1]) if way > 0 else int(self.starts[number]) - 1
            number = self.group(min(max(place, first), last))
        return min(max(place, first), last)

    def _beside(self, place: int, number: int, way: int, shown: Ints) -> int:
        """One line down (1) or up (-1), into the next group at the end of this one."""
        start, end = int(self.starts[number]), int(self.starts[number + 1])
        line, column = divmod(place - start, self.columns)
        lines = int(self._lines[number])
        if 0 <= line + way < lines:
            return min(start + (line + way) * self.columns + column, end - 1)
        others = shown[shown > number] if way > 0 else shown[shown < number]
        if not len(others):
            return place
        other = int(others[0] if way > 0 else others[-1])
        begin, stop = int(self.starts[other]), int(self.starts[other + 1])
        line = 0 if way > 0 else int(self._lines[other]) - 1
        return min(begin + line * self.columns + column, stop - 1)

    def _single(self, number: int) -> GridLayout:
        """The cells of one group, as if they stood alone."""
        count = 0 if self.folded[number] else int(self.starts[number + 1] - self.starts[number])
        grid = self.grid
        return GridLayout(count, grid.columns, grid.cell_w, grid.cell_h, grid.gap, grid.margin)

    def _cells_top(self, number: int) -> int:
        return int(self.tops[number]) + self.header_h
