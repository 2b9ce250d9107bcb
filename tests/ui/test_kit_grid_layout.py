import numpy as np
import pytest

from dataimp_gui.ui.kit.grid_layout import GridLayout, Step
from dataimp_gui.ui.kit.selection import Selection

GRID = GridLayout(count=23, columns=5, cell_w=100, cell_h=80, gap=8, margin=10)


def test_every_cell_is_found_at_its_corner_and_nothing_in_the_gaps():
    for place in range(GRID.count):
        x, y = GRID.corner(place)
        assert GRID.at(x, y) == GRID.at(x + 91, y + 71) == place
        assert GRID.at(x + 92, y) == GRID.at(x, y + 72) == GRID.at(x - 1, y) == -1
    assert GRID.at(10 + 3 * 100, 10 + 4 * 80) == -1  # after the last one


def test_lines_on_the_screen_are_found_without_looking_at_cells():
    assert GRID.between(10, 89) == range(5)
    assert GRID.between(90, 169) == range(5, 10)
    assert GRID.between(89, 170) == range(15)
    assert GRID.between(-500, 10_000) == range(23)
    assert len(GRID.between(5_000, 6_000)) == 0
    assert GRID.height == 5 * 80 + 20


def test_a_rectangle_touches_what_lies_in_it():
    every = [
        place
        for place in range(GRID.count)
        if GRID.corner(place)[0] <= 320 and GRID.corner(place)[0] + 91 >= 105 and GRID.corner(place)[1] <= 95
    ]
    assert GRID.touched(105, 0, 320, 95).tolist() == every
    assert GRID.touched(102, 0, 109, 1_000).tolist() == []  # within a gap
    assert GRID.touched(-50, -50, 5_000, 5_000).tolist() == list(range(23))


@pytest.mark.parametrize(
    ("place", "step", "to"),
    [
        (0, Step.LEFT, 0),
        (4, Step.RIGHT, 5),
        (22, Step.RIGHT, 22),
        (2, Step.UP, 2),
        (7, Step.UP, 2),
        (18, Step.DOWN, 22),
        (21, Step.DOWN, 21),
        (3, Step.PAGE_DOWN, 13),
        (13, Step.PAGE_UP, 3),
        (8, Step.PAGE_UP, 3),
        (9, Step.FIRST, 0),
        (9, Step.LAST, 22),
    ],
)
def test_steps_lead_where_the_eye_expects(place, step, to):
    assert GRID.moved(place, step, height=170) == to


def test_a_grid_of_a_trillion_pixels_is_still_exact():
    tall = GridLayout(count=2**31 - 1, columns=1, cell_w=500, cell_h=600, gap=8, margin=8)
    x, y = tall.corner(2**31 - 2)
    assert y > 2**40
    assert tall.at(x, y) == 2**31 - 2
    assert tall.between(y, y + 10) == range(2**31 - 2, 2**31 - 1)


def test_an_empty_grid_has_no_place():
    empty = GridLayout(count=0, columns=5, cell_w=100, cell_h=80, gap=8, margin=10)
    assert empty.at(20, 20) == empty.nearest(20, 20) == -1
    assert len(empty.between(0, 500)) == 0
    assert len(empty.touched(0, 0, 500, 500)) == 0


def test_a_point_outside_means_the_nearest_cell():
    assert GRID.nearest(-50, -50) == 0
    assert GRID.nearest(1_000, 100) == 9
    assert GRID.nearest(1_000, 10_000) == 22


def test_an_extension_starts_where_the_last_click_was_and_keeps_what_stood_beside():
    selection = Selection(20)
    assert selection.only(3)
    assert selection.extend(6)
    assert selection.extend(1)
    assert selection.places.tolist() == [1, 2, 3]
    assert selection.toggle(10)
    assert selection.extend(12)
    assert selection.extend(11)
    assert selection.places.tolist() == [1, 2, 3, 10, 11]


def test_a_rubber_band_that_shrinks_gives_back_what_it_took():
    selection = Selection(20)
    selection.only(5)
    selection.hold(adding=True)
    assert selection.band(np.array([8, 9]))
    assert selection.band(np.array([8]))
    assert selection.places.tolist() == [5, 8]


def test_nothing_new_is_no_change():
    selection = Selection(20)
    assert selection.replace(np.array([1, 2]))
    assert not selection.replace(np.array([1, 2]))
    assert selection.all()
    assert not selection.all()
    assert len(selection) == 20
    assert selection.clear()
    assert 3 not in selection
