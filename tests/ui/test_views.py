"""Gallery, table and confusion matrix: switched, put beside each other, one selection and one filter for all."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def window(open_window, pictures, qtbot):
    window = open_window(pictures, size=(1440, 900))
    qtbot.waitUntil(lambda: window.session.predictions is not None)
    return window


def shown_by(qtbot, window, key):
    qtbot.mouseClick(window.page.views.buttons[key], LEFT)
    return window.page.views.view(key)


@pytest.fixture
def matrix(window, qtbot):
    view = shown_by(qtbot, window, "confusion")
    qtbot.waitUntil(lambda: view.matrix.cells.shape == (3, 3))
    return view.matrix


@pytest.fixture
def table(window, qtbot):
    view = shown_by(qtbot, window, "table")
    qtbot.waitUntil(lambda: bool(view.table.columns) and view.table.value(0, "id") is not None)
    return view


class Windows(QObject):
    """The classes of what is shown as a window of its own."""

    def __init__(self):
        super().__init__()
        self.shown = []

    def eventFilter(self, watched, event):
        if isinstance(watched, QWidget) and event.type() is QEvent.Type.Show and watched.isWindow():
            self.shown.append(type(watched).__name__)
        return False


def click_cell(qtbot, matrix, line, column, modifier=NONE):
    qtbot.mouseClick(matrix.viewport(), LEFT, modifier, matrix.cell_rect(line, column).center())


def click_line(qtbot, table, place, modifier=NONE):
    where = table.visualRect(table.table.index(place, 0)).center()
    qtbot.mouseClick(table.viewport(), LEFT, modifier, where)


def pairs(window, rows):
    """Label and prediction of each row."""
    session = window.session
    return set(zip(session.project.state.labels[rows].tolist(), session.predictions.codes[rows].tolist(), strict=True))


def test_a_cell_selects_its_examples_and_shift_adds_another(window, matrix, qtbot):
    click_cell(qtbot, matrix, 0, 1)
    qtbot.waitUntil(lambda: len(window.session.selection) == 3)
    assert pairs(window, window.session.selection) == {(0, 1)}
    click_cell(qtbot, matrix, 1, 2, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: pairs(window, window.session.selection) == {(0, 1), (1, 2)})


def test_a_name_selects_its_whole_line(window, matrix, qtbot):
    qtbot.mouseClick(matrix.viewport(), LEFT, NONE, QPoint(10, matrix.cell_rect(2, 0).center().y()))
    qtbot.waitUntil(lambda: len(window.session.selection) == 12)
    assert {label for label, _ in pairs(window, window.session.selection)} == {2}


def test_a_drag_selects_a_block(window, matrix, qtbot):
    start, end = matrix.cell_rect(0, 0).center(), matrix.cell_rect(1, 1).center()
    qtbot.mousePress(matrix.viewport(), LEFT, NONE, start)
    qtbot.mouseMove(matrix.viewport(), end)
    qtbot.mouseRelease(matrix.viewport(), LEFT, NONE, end)
    qtbot.waitUntil(lambda: int(matrix.cells.sum()) == 4)
    qtbot.waitUntil(lambda: pairs(window, window.session.selection) == {(0, 0), (0, 1), (1, 1)})


def test_a_double_click_filters_by_the_cell_and_shows_the_gallery(window, matrix, qtbot):
    where = matrix.cell_rect(0, 1).center()
    qtbot.mouseClick(matrix.viewport(), LEFT, NONE, where)
    qtbot.mouseDClick(matrix.viewport(), LEFT, NONE, where)
    qtbot.waitUntil(lambda: window.session.shown == "label = 'bag' and predicted = 'coat'")
    assert len(window.session.rows) == 3
    assert window.page.views.shown == ("gallery",)


def test_cells_that_make_no_block_become_a_clause_with_or(window, matrix, qtbot):
    click_cell(qtbot, matrix, 0, 1)
    click_cell(qtbot, matrix, 2, 2, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(matrix, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: " or " in window.session.shown)
    assert pairs(window, window.session.rows) == {(0, 1), (2, 2)}


def test_arrows_move_through_the_matrix_and_say_what_is_there(window, matrix, qtbot):
    matrix.setFocus()
    qtbot.keyClick(matrix, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: pairs(window, window.session.selection) == {(0, 1)})
    assert matrix.accessibleDescription().startswith("bag predicted as coat: 3")


def test_the_matrix_counts_what_the_filter_leaves_and_follows_edits(window, matrix, qtbot):
    window.session.ask("label <> 'bag'")
    qtbot.waitUntil(lambda: matrix.words(1, 1).startswith("coat predicted as coat: 9"))
    wrong = window.session.project.rows("label = 'coat' and predicted = 'shirt'")
    window.session.edit_rows(wrong, lambda project, rows: project.relabel(rows, "shirt"))
    qtbot.waitUntil(lambda: matrix.words(2, 2).startswith("shirt predicted as shirt: 12"))


def test_the_tray_shows_the_selection_and_how_it_does(window, matrix, qtbot):
    click_cell(qtbot, matrix, 0, 1)
    tray = window.page.tray
    qtbot.waitUntil(lambda: len(tray.strip.thumbs) == 3)
    assert tray.title.accessibleName() == "bag › coat · 3 examples"
    assert tray.about.accessibleName() == "25.0% of bag · 33.3% of all errors shown · mean confidence 0.80"
    qtbot.mouseClick(matrix.viewport(), LEFT, NONE, QPoint(10, matrix.cell_rect(0, 0).center().y()))
    qtbot.waitUntil(lambda: tray.title.accessibleName() == "12 examples")
    assert tray.about.accessibleName() == "3 errors, 25.0% against 25.0% of all shown · 33.3% of all errors shown"
    assert tray.title.text() == "12 examples"


def test_a_project_without_predictions_says_what_the_matrix_needs(open_window, pictures_source, qtbot, tmp_path):
    from dataimp_gui.core.importing import ImportOptions, import_dataset
    from dataimp_gui.progress import Progress

    target = tmp_path / "bare.dataimp"
    import_dataset(pictures_source / "data", target, ImportOptions(), Progress())
    window = open_window(target)
    view = shown_by(qtbot, window, "confusion")
    qtbot.waitUntil(lambda: "No predictions" in view.empty.accessibleName())
    window.page.focus_view()
    assert QApplication.focusWidget().text() == "Import predictions…"
    qtbot.waitUntil(lambda: len(view.empty.offers) == 2 and view.empty.offers[1].isVisible())
    assert QApplication.focusWidget().text() == "Import predictions…"
    train = view.empty.offers[1]
    train.setFocus()
    qtbot.keyClick(train, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: view.matrix.cells.shape == (3, 3), timeout=60_000)
    assert QApplication.focusWidget() is view.matrix
    with qtbot.waitSignal(window.page.predictions_wanted):
        view.predictions_wanted.emit()


def test_the_table_shows_every_example_with_its_fields(window, table, qtbot):
    model = table.table
    names = [column.name for column in model.columns]
    assert names[:4] == ["id", "label", "predicted", "confidence"]
    assert model.rowCount() == 36
    at = model.index(0, names.index("confidence"))
    assert model.data(at) == "0.8"
    assert model.data(model.index(35, 0)) == window.session.project.ids(window.session.rows[35:])[0]


def test_clicks_in_the_table_select_as_anywhere(window, table, qtbot):
    click_line(qtbot, table, 2)
    click_line(qtbot, table, 5, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: len(window.session.selection) == 4)
    click_line(qtbot, table, 3, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.session.selection.tolist() == window.session.rows[[2, 4, 5]].tolist())
    qtbot.keyClick(table, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: window.session.selection.tolist() == [int(window.session.rows[4])])
    assert window.page.gallery.view.selected.tolist() == [4]


def test_a_click_on_a_column_sorts_up_then_down_then_not(window, table, qtbot):
    head = table.horizontalHeader()
    names = [column.name for column in table.table.columns]
    where = QPoint(head.sectionViewportPosition(names.index("predicted")) + 20, 10)
    for order, descending in (("predicted", False), ("predicted", True), ("", False)):
        qtbot.mouseClick(head.viewport(), LEFT, NONE, where)
        wanted = (order, descending)
        qtbot.waitUntil(lambda wanted=wanted: (window.session.order, window.session.descending) == wanted)
    qtbot.waitUntil(lambda: np.array_equal(window.session.rows, np.arange(36)))


def test_a_relabel_from_the_table_is_seen_in_it(window, table, qtbot):
    click_line(qtbot, table, 0)
    qtbot.waitUntil(lambda: len(window.session.selection) == 1)
    table.setFocus()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_3)
    names = [column.name for column in table.table.columns]
    qtbot.waitUntil(lambda: table.table.value(0, "label") == "shirt")
    assert table.table.data(table.table.index(0, names.index("label"))) == "shirt"


def test_hidden_columns_stay_hidden_after_a_restart(window, table, open_window, pictures, qtbot):
    table.show_column("split", False)
    window.close()
    again = open_window(pictures, size=(1440, 900))
    assert again.page.views.shown == ("table",)
    qtbot.waitUntil(lambda: bool(again.page.table.table.columns))
    names = [column.name for column in again.page.table.table.columns]
    assert again.page.table.isColumnHidden(names.index("split"))


def test_two_views_stand_beside_each_other_and_give_the_room_back(window, matrix, qtbot):
    assert window.page.right_shown
    window.commands.find("triage.beside.table").trigger()
    assert set(window.page.views.shown) == {"table", "confusion"}
    assert window.page.table.isVisible()
    assert matrix.isVisible()
    assert not window.page.right_shown
    click_cell(qtbot, matrix, 0, 1)
    wanted = window.session.project.rows("label = 'bag' and predicted = 'coat'")
    qtbot.waitUntil(lambda: all(window.page.table.is_selected(place) for place in wanted))
    window.page.views.close_split()
    assert len(window.page.views.shown) == 1
    assert window.page.right_shown


def test_the_keys_switch_views(window, qtbot):
    for key, number in (("table", Qt.Key.Key_2), ("confusion", Qt.Key.Key_4), ("gallery", Qt.Key.Key_1)):
        qtbot.keyClick(window, number, Qt.KeyboardModifier.AltModifier)
        qtbot.waitUntil(lambda key=key: window.page.views.shown == (key,))
        assert window.page.views.main.isVisible()


def test_no_view_is_a_window_of_its_own_even_for_a_moment(open_window, pictures, qapp, qtbot):
    seen = Windows()
    qapp.installEventFilter(seen)
    window = open_window(pictures, size=(1440, 900))
    for key in ("table", "map", "confusion", "gallery"):
        shown_by(qtbot, window, key)
    qapp.removeEventFilter(seen)
    assert set(seen.shown) == {"MainWindow"}
    qtbot.waitUntil(window.isActiveWindow, timeout=60_000)


def test_the_names_of_the_views_are_whole_in_a_narrow_window(open_window, pictures, qtbot):
    window = open_window(pictures, size=(1120, 700))
    buttons = list(window.page.views.buttons.values())
    for key in ("table", "confusion"):
        shown_by(qtbot, window, key)
        qtbot.waitUntil(lambda: all(each.geometry().right() < each.parentWidget().width() for each in buttons))
        assert [each.text() for each in buttons] == ["Gallery", "Table", "Map", "Confusion"]
