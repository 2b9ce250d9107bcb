import numpy as np
import pytest
from PySide6.QtCore import QAbstractListModel, QModelIndex, QPoint, QSize, Qt
from PySide6.QtGui import QColor
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
    return view.selected.tolist()


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


def test_a_million_are_selected_at_once_and_told_once(grid, qtbot):
    view, told = grid(1_000_000), []
    view.selection_changed.connect(lambda: told.append(len(view.selected)))
    view.selectAll()
    view.selectAll()
    view.select(np.arange(0, 1_000_000, 2), current=4)
    assert told == [1_000_000, 500_000]
    assert (view.current, view.selected[-1]) == (4, 999_998)
    assert view.accessibleDescription() == "500,000 of 1,000,000 selected"


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


def test_a_drag_from_cell_to_cell_selects_in_reading_order(grid, qtbot):
    view = grid(23)
    port = view.viewport()
    qtbot.mousePress(port, Qt.MouseButton.LeftButton, pos=middle(3))
    qtbot.mouseMove(port, middle(11))
    assert chosen(view) == list(range(3, 12))
    qtbot.mouseMove(port, middle(6))
    qtbot.mouseRelease(port, Qt.MouseButton.LeftButton, pos=middle(6))
    assert chosen(view) == [3, 4, 5, 6]
    assert view.current == 6


def test_a_rubber_band_with_ctrl_adds_to_what_was_selected(grid, qtbot):
    view = grid(23)
    port, ctrl = view.viewport(), Qt.KeyboardModifier.ControlModifier
    qtbot.mouseClick(port, Qt.MouseButton.LeftButton, pos=middle(0))
    qtbot.mousePress(port, Qt.MouseButton.LeftButton, ctrl, middle(24))
    qtbot.mouseMove(port, middle(22))
    qtbot.mouseRelease(port, Qt.MouseButton.LeftButton, ctrl, middle(22))
    assert chosen(view) == [0, 22]


def test_ctrl_with_arrows_moves_without_selecting_and_ctrl_space_toggles(grid, qtbot):
    view = grid(23)
    ctrl = Qt.KeyboardModifier.ControlModifier
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=middle(2))
    qtbot.keyClick(view, Qt.Key.Key_Right, ctrl)
    assert (view.current, chosen(view)) == (3, [2])
    qtbot.keyClick(view, Qt.Key.Key_Space, ctrl)
    assert chosen(view) == [2, 3]


def test_enter_and_a_double_click_open_the_current_cell(grid, qtbot):
    view, opened = grid(23), []
    view.activated.connect(lambda index: opened.append(index.row()))
    view.setCurrentIndex(view.model().index(4, 0))
    qtbot.keyClick(view, Qt.Key.Key_Return)
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=middle(7))
    assert opened == [4, 7]


def test_the_right_button_selects_what_it_is_on_unless_it_is_selected(grid, qtbot):
    view = grid(23)
    view.select(np.array([1, 2]), current=1)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.RightButton, pos=middle(2))
    assert chosen(view) == [1, 2]
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.RightButton, pos=middle(9))
    assert chosen(view) == [9]


def test_a_new_answer_forgets_what_was_selected(grid):
    view = grid(23)
    view.selectAll()
    view.model().beginResetModel()
    view.model()._count = 3
    view.model().endResetModel()
    assert chosen(view) == []
    view.selectAll()
    assert chosen(view) == [0, 1, 2]


class Coloured(Counting):
    """Cells whose pixels are their look."""

    colours = {}  # noqa: RUF012

    def look(self, index):
        return self.colours.get(index.row(), "black")

    def paint(self, painter, option, index):
        super().paint(painter, option, index)
        painter.fillRect(option.rect, QColor(self.look(index)))


FRAME = "dataimp_gui.ui.kit.cells.FRESH_S"


@pytest.fixture
def coloured(grid, qtbot, monkeypatch):
    """All of it is painted in one frame, however busy the machine is."""
    monkeypatch.setattr(FRAME, 60.0)
    view = grid(1000)
    view.delegate = Coloured()
    view.delegate.colours = {0: "red"}
    view.setItemDelegate(view.delegate)
    qtbot.waitUntil(lambda: len(view.delegate.painted) >= 2)
    return view


def pixel(view, place):
    return view.viewport().grab().toImage().pixelColor(middle(place)).name()


def test_cells_that_look_the_same_are_painted_once(coloured, qtbot):
    coloured.viewport().grab()
    coloured.verticalScrollBar().setValue(5000)
    coloured.viewport().grab()
    assert len(coloured.delegate.painted) == 2
    coloured.verticalScrollBar().setValue(0)
    assert (pixel(coloured, 0), pixel(coloured, 1)) == ("#ff0000", "#000000")
    coloured.delegate.colours[1] = "blue"
    assert pixel(coloured, 1) == "#0000ff"
    assert len(coloured.delegate.painted) == 3


def test_a_new_theme_paints_every_cell_again(coloured, qtbot):
    palette = coloured.palette()
    palette.setColor(palette.ColorRole.Window, QColor("white"))
    coloured.setPalette(palette)
    coloured.viewport().grab()
    assert len(coloured.delegate.painted) == 4


def test_a_frame_never_takes_long_and_the_rest_follows(coloured, monkeypatch, qtbot):
    monkeypatch.setattr(FRAME, -1.0)  # no time for a new cell
    coloured.delegate.colours = dict.fromkeys(range(1000), "green")
    pixel(coloured, 0)
    assert len(coloured.delegate.painted) == 2
    monkeypatch.setattr(FRAME, 60.0)
    qtbot.waitUntil(lambda: len(coloured.delegate.painted) == 3)  # by itself
    assert pixel(coloured, 0) == QColor("green").name()


def test_scrolled_cells_stand_where_the_mouse_finds_them(coloured, qtbot):
    coloured.delegate.colours = {place: f"#0000{place:02x}" for place in range(200)}
    bar = coloured.verticalScrollBar()
    for value in (37, 110, 95, 400, 0, 61):
        bar.setValue(value)
        qtbot.waitUntil(lambda: not coloured._rest.isActive())
        picture = coloured.viewport().grab().toImage()
        for at in (QPoint(50, 50), QPoint(350, 250), QPoint(420, 390)):
            index = coloured.indexAt(at)
            if index.isValid():
                assert picture.pixelColor(at).name() == f"#0000{index.row():02x}"
