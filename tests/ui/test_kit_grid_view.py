import pytest
from PySide6.QtCore import QAbstractListModel, QModelIndex, QPoint, QSize, Qt
from PySide6.QtWidgets import QStyledItemDelegate

from dataimp_gui.ui.kit.grid_view import MARGIN, GridView


class Numbers(QAbstractListModel):
    def __init__(self, count):
        super().__init__()
        self._count = count

    def rowCount(self, parent=None):
        return 0 if parent is not None and parent.isValid() else self._count

    def data(self, index, role=Qt.ItemDataRole.DisplayRole):
        return str(index.row()) if role == Qt.ItemDataRole.DisplayRole else None


class Counting(QStyledItemDelegate):
    def __init__(self):
        super().__init__()
        self.painted = []

    def paint(self, painter, option, index):
        self.painted.append(index.row())


@pytest.fixture
def grid(qtbot):
    """A grid of 5 columns of 100 px cells; call it with how many items there are."""
    made = []

    def grid(count):
        view = GridView(QSize(100, 100))
        view.setModel(Numbers(count))
        view.delegate = Counting()
        view.setItemDelegate(view.delegate)
        view.resize(530, 420)
        qtbot.addWidget(view)
        view.show()
        made.append(view)
        return view

    return grid


def chosen(view):
    return sorted(row for part in view.selectionModel().selection() for row in range(part.top(), part.bottom() + 1))


def middle(place, columns=5, size=100):
    return QPoint(MARGIN + place % columns * size + size // 2, MARGIN + place // columns * size + size // 2)


def test_only_what_is_on_the_screen_is_painted_of_a_million(grid):
    view = grid(1_000_000)
    view.delegate.painted.clear()
    view.grab()
    assert view.columns == 5
    assert 0 < len(set(view.delegate.painted)) <= 25
    view.scrollTo(view.model().index(999_999, 0))
    view.delegate.painted.clear()
    view.grab()
    assert 999_999 in view.delegate.painted
    assert len(set(view.delegate.painted)) <= 25


def test_a_list_taller_than_a_scroll_bar_can_count_still_shows_its_last_cell(grid):
    view = grid(1_000_000)
    view.set_cell(QSize(512, 5000))
    assert view.columns == 1
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
    assert view.visible()[-1] == 999_999
    assert view.indexAt(QPoint(50, view.viewport().height() - 2 * MARGIN - 2)).row() == 999_999


def test_keys_move_in_reading_order_and_shift_extends(grid, qtbot):
    view = grid(23)
    view.setCurrentIndex(view.model().index(0, 0))
    for key, place in (("Right", 1), ("Down", 6), ("Left", 5), ("Up", 0), ("End", 22), ("Up", 17), ("Home", 0)):
        qtbot.keyClick(view, getattr(Qt.Key, f"Key_{key}"))
        assert view.currentIndex().row() == place, key
    qtbot.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert chosen(view) == [0, 1, 2, 3, 4, 5]
    qtbot.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(chosen(view)) == 23


def test_select_all_of_a_million_is_one_range(grid):
    view = grid(1_000_000)
    view.selectAll()
    assert len(view.selectionModel().selection()) == 1
    assert view.selectionModel().isSelected(view.model().index(999_999, 0))


def test_clicks_select_and_ctrl_adds(grid, qtbot):
    view = grid(23)
    port = view.viewport()
    qtbot.mouseClick(port, Qt.MouseButton.LeftButton, pos=middle(3))
    assert chosen(view) == [3]
    qtbot.mouseClick(port, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, middle(7))
    assert chosen(view) == [3, 7]
    qtbot.mouseClick(port, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, middle(9))
    assert chosen(view) == [3, 7, 8, 9]
    qtbot.mouseClick(port, Qt.MouseButton.LeftButton, pos=middle(0))
    assert chosen(view) == [0]


def test_a_rubber_band_takes_the_cells_that_it_touches(grid, qtbot):
    view = grid(23)
    port = view.viewport()
    empty = middle(24)
    assert not view.indexAt(empty).isValid()
    qtbot.mousePress(port, Qt.MouseButton.LeftButton, pos=empty)
    qtbot.mouseMove(port, middle(17))
    qtbot.mouseRelease(port, Qt.MouseButton.LeftButton, pos=middle(17))
    assert chosen(view) == [17, 18, 19, 22]


def test_letters_are_left_to_shortcuts(grid, qtbot):
    view = grid(23)
    view.setCurrentIndex(view.model().index(4, 0))
    qtbot.keyClicks(view, "12")
    assert view.currentIndex().row() == 4


def test_changing_the_size_keeps_the_place(grid):
    view = grid(10_000)
    view.scrollTo(view.model().index(5_000, 0), view.ScrollHint.PositionAtCenter)
    view.set_cell(QSize(60, 60))
    assert 5_000 in view.visible()


def test_an_empty_grid_is_quiet(grid, qtbot):
    view = grid(0)
    view.grab()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=middle(0))
    assert view.currentIndex() == QModelIndex()
