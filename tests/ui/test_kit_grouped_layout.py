"""A grid in groups: every cell is found where it lies, at any size, without looking at the cells."""

import numpy as np
import pytest

from dataimp_gui.ui.kit.grid_layout import GridLayout, Step
from dataimp_gui.ui.kit.grouped_layout import GroupedLayout

STARTS = np.array([0, 7, 8, 20], dtype=np.int64)  # 2 lines, 1, 3 of 5 columns


def made(folded=(False, False, False), starts=STARTS):
    grid = GridLayout(count=int(starts[-1]), columns=5, cell_w=100, cell_h=80, gap=8, margin=10)
    return GroupedLayout(grid, starts, 30, np.array(folded))


def test_every_cell_is_found_at_its_corner_and_no_cell_on_a_header():
    layout = made()
    for place in range(20):
        x, y = layout.corner(place)
        assert layout.at(x, y) == layout.at(x + 91, y + 71) == place
        assert layout.at(x + 92, y) == layout.at(x, y + 72) == -1
    assert layout.tops.tolist() == [10, 200, 310, 580]
    assert layout.height == 590
    assert [layout.header_at(y) for y in (9, 10, 39, 40, 200, 309, 310, 600)] == [-1, 0, 0, -1, 1, -1, 2, -1]
    assert layout.at(15, 20) == layout.at(15, 210) == -1
    assert layout.at(10 + 2 * 100, 40 + 80) == -1  # after the last of the first group


def test_what_is_on_the_screen_is_found_group_by_group():
    layout = made()
    assert layout.between(0, 2_000).tolist() == list(range(20))
    assert layout.between(40, 60).tolist() == [0, 1, 2, 3, 4]
    assert layout.between(130, 240).tolist() == [5, 6, 7]
    assert layout.headers(130, 240) == range(2)
    assert len(layout.between(5_000, 6_000)) == 0


def test_a_folded_group_is_its_header():
    layout = made((False, True, True))
    assert layout.tops.tolist() == [10, 200, 230, 260]
    assert layout.between(0, 2_000).tolist() == list(range(7))
    assert layout.corner(12) == (10, 230)
    assert layout.nearest(400, 5_000) == 6
    assert layout.touched(0, 0, 5_000, 5_000).tolist() == list(range(7))


def test_a_rectangle_touches_cells_of_several_groups():
    layout = made()
    every = [p for p in range(20) if layout.corner(p)[0] <= 120 and layout.corner(p)[1] + 71 >= 120]
    every = [p for p in every if layout.corner(p)[1] <= 400]
    assert layout.touched(0, 120, 120, 400).tolist() == every


@pytest.mark.parametrize(
    ("folded", "place", "step", "to"),
    [
        ((0, 0, 0), 0, Step.LEFT, 0),
        ((0, 0, 0), 6, Step.RIGHT, 7),
        ((0, 0, 0), 19, Step.RIGHT, 19),
        ((0, 0, 0), 3, Step.DOWN, 6),  # the last line is short
        ((0, 0, 0), 6, Step.DOWN, 7),
        ((0, 0, 0), 7, Step.DOWN, 8),
        ((0, 0, 0), 10, Step.UP, 7),
        ((0, 0, 0), 19, Step.DOWN, 19),
        ((0, 1, 0), 6, Step.RIGHT, 8),
        ((0, 1, 0), 8, Step.LEFT, 6),
        ((0, 1, 0), 9, Step.UP, 6),
        ((1, 0, 0), 8, Step.FIRST, 7),
        ((0, 0, 1), 0, Step.LAST, 7),
        ((0, 0, 1), 7, Step.RIGHT, 7),
        ((1, 1, 1), 3, Step.DOWN, 3),
    ],
)
def test_steps_lead_from_group_to_group_and_over_what_is_folded(folded, place, step, to):
    assert made([bool(f) for f in folded]).moved(place, step, height=170) == to


def test_paging_down_from_the_first_reaches_the_last_and_back():
    layout, place, seen = made(), 0, [0]
    for _ in range(20):
        place = layout.moved(place, Step.PAGE_DOWN, 200)
        seen.append(place)
    assert layout.group(place) == 2
    for _ in range(20):
        place = layout.moved(place, Step.PAGE_UP, 200)
    assert place == 0


def test_a_million_cells_in_a_hundred_thousand_groups_are_exact():
    starts = np.arange(0, 1_000_001, 10, dtype=np.int64)
    layout = made(np.zeros(100_000, dtype=bool), starts)
    assert layout.height == 100_000 * (30 + 2 * 80) + 20
    for place in (0, 9, 10, 654_321, 999_999):
        assert layout.at(*layout.corner(place)) == place
    _x, y = layout.corner(654_321)
    assert 654_321 in layout.between(y, y + 10)


def test_nothing_to_show_is_no_trouble():
    layout = made(np.zeros(0, dtype=bool), np.array([0], dtype=np.int64))
    assert layout.height == 20
    assert layout.at(10, 10) == layout.nearest(0, 0) == layout.header_at(10) == -1
    assert len(layout.between(0, 100)) == len(layout.touched(0, 0, 100, 100)) == 0
