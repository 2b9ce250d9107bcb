"""The header of the group at the upper edge stays in sight while the grid scrolls, and is worked as any other."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QSize, QStringListModel, Qt

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit.grid_view import GridView
from dataimp_gui.ui.kit.group_heads import GroupHeads

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def grid(qapp, qtbot):
    """Three groups of 50 cells in 5 columns of 100 px."""
    theme.apply(qapp, "dark")
    view = GridView(QSize(100, 100))
    view.setModel(QStringListModel([str(number) for number in range(150)]))
    view.resize(530, 420)
    qtbot.addWidget(view)
    with qtbot.waitExposed(view):
        view.show()
    view.set_groups(GroupHeads(3), np.array([0, 50, 100, 150]))
    return view


def scroll(view, offset):
    view.verticalScrollBar().setValue(offset)


def test_the_header_stays_at_the_edge_until_the_next_one_pushes_it_away(grid):
    height = GroupHeads.height()
    scroll(grid, 500)
    assert grid.head_rect(0).top() == 0
    second = 8 + height + 1000
    scroll(grid, second - 10)
    assert (grid.head_rect(0).bottom() + 1, grid.head_rect(1).top()) == (10, 10)
    scroll(grid, second + 300)
    assert grid.head_rect(1).top() == 0
    assert grid.head_rect(0).bottom() < 0


def test_a_cell_below_it_cannot_be_clicked_through_it_and_select_all_works_on_it(grid, qtbot):
    scroll(grid, 1400)
    head = grid.head_rect(1)
    assert not grid.indexAt(QPoint(60, head.center().y())).isValid()
    qtbot.mouseClick(grid.viewport(), LEFT, pos=QPoint(head.right() - 12, head.center().y()))
    assert grid.selected.tolist() == list(range(50, 100))


def test_a_click_on_it_folds_its_group_which_stays_at_the_edge(grid, qtbot):
    scroll(grid, 1400)
    qtbot.mouseClick(grid.viewport(), LEFT, pos=QPoint(40, grid.head_rect(1).center().y()))
    assert 60 not in grid.visible()
    assert grid.head_rect(1).top() == 0
    assert grid.head_rect(2).top() == GroupHeads.height()


def test_the_current_cell_is_scrolled_to_below_it(grid):
    scroll(grid, 800)
    grid.scrollTo(grid.model().index(20, 0))
    assert grid.visualRect(grid.model().index(20, 0)).top() == grid.head_rect(0).bottom() + 1
