"""Triage by hand: real clicks and keys on a real project of images."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPixmap

from dataimp_gui.core.project import Project
from dataimp_gui.ui.pages.triage.gallery.faces import MISSING

KEY = Qt.Key
ERRORS = 9


@pytest.fixture
def window(open_window, pictures, qtbot):
    window = open_window(pictures)
    until(qtbot, lambda: "label" in window.page.filters.shown())
    until(qtbot, lambda: window.page.filters.facet("label").rows() != [])
    return window


def until(qtbot, fact):
    """Patient, because the machine may have much else to do."""
    qtbot.waitUntil(fact, timeout=20_000)


def type_query(qtbot, window, text):
    field = window.top.query.field
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)


def filter_by(qtbot, window, text):
    type_query(qtbot, window, text)
    until(qtbot, lambda: window.session.shown == text)


def click_facet(qtbot, window, column, value, modifier=Qt.KeyboardModifier.NoModifier):
    facet = window.page.filters.facet(column)
    until(qtbot, lambda: value in [row[0] for row in facet.rows()])
    place = facet.row_rect([row[0] for row in facet.rows()].index(value))
    until(qtbot, lambda: facet.rect().contains(place))
    qtbot.mouseClick(facet, Qt.MouseButton.LeftButton, modifier, place.center())


def click_tile(qtbot, window, place, modifier=Qt.KeyboardModifier.NoModifier):
    view = window.page.gallery.view
    at = view.visualRect(view.model().index(place, 0)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, modifier, at)
    until(qtbot, lambda: window.session.current == int(window.session.rows[place]))


def press(qtbot, window, key, modifier=Qt.KeyboardModifier.NoModifier):
    until(qtbot, window.isActiveWindow)
    window.page.gallery.view.setFocus()
    qtbot.keyClick(window.page.gallery.view, key, modifier)


def label_of(window, row):
    state = window.session.project.state
    return state.word("label", int(state.labels[row]))


def test_typing_a_filter_shows_its_examples_and_their_count(window, qtbot):
    filter_by(qtbot, window, "error")
    assert len(window.session.rows) == ERRORS
    assert window.top.count_words() == "9 / 36"
    assert window.page.gallery.model.rowCount() == ERRORS


def test_a_wrong_filter_says_why_and_keeps_the_last_rows(window, qtbot):
    filter_by(qtbot, window, "error")
    type_query(qtbot, window, "errr and label = 'bag'")
    until(qtbot, lambda: "errr" in window.top.query.error_shown)
    assert len(window.session.rows) == ERRORS
    filter_by(qtbot, window, "label = 'bag'")
    assert window.top.query.error_shown == ""
    assert len(window.session.rows) == 12


def test_a_click_on_a_facet_writes_the_filter_and_another_click_takes_it_away(window, qtbot):
    click_facet(qtbot, window, "label", "coat")
    until(qtbot, lambda: len(window.session.rows) == 12)
    assert window.top.query.text() == "label = 'coat'"
    click_facet(qtbot, window, "outcome", "error")
    until(qtbot, lambda: len(window.session.rows) == 3)
    assert window.top.query.text() == "label = 'coat' and error"
    click_facet(qtbot, window, "label", "coat")
    until(qtbot, lambda: len(window.session.rows) == ERRORS)
    assert window.top.query.text() == "error"


def test_ctrl_adds_a_value_and_alt_keeps_one_out(window, qtbot):
    click_facet(qtbot, window, "label", "coat")
    until(qtbot, lambda: len(window.session.rows) == 12)
    click_facet(qtbot, window, "label", "bag", Qt.KeyboardModifier.ControlModifier)
    until(qtbot, lambda: len(window.session.rows) == 24)
    click_facet(qtbot, window, "predicted", "bag", Qt.KeyboardModifier.AltModifier)
    until(qtbot, lambda: window.session.shown.endswith("predicted is distinct from 'bag'"))
    assert window.session.shown.startswith("label in ('bag', 'coat')")


def test_counts_are_for_the_other_filters_in_force(window, qtbot):
    click_facet(qtbot, window, "outcome", "error")
    facet = window.page.filters.facet("label")
    until(qtbot, lambda: [row[1] for row in facet.rows()] == [3, 3, 3])
    click_facet(qtbot, window, "label", "bag")
    until(qtbot, lambda: len(window.session.rows) == 3)
    until(qtbot, lambda: window.page.filters.facet("outcome").rows() == [("error", 3), ("correct", 9)])
    assert [row[1] for row in facet.rows()] == [3, 3, 3]


def test_a_drag_over_the_confidence_filters_on_release(window, qtbot):
    brush = window.page.filters.brush("confidence")
    until(qtbot, lambda: brush.would_leave(0, 1) == 36)
    y = 10
    qtbot.mousePress(brush, Qt.MouseButton.LeftButton, pos=QPoint(2, y))
    qtbot.mouseMove(brush, QPoint(brush.width() // 4, y))
    qtbot.mouseRelease(brush, Qt.MouseButton.LeftButton, pos=QPoint(brush.width() // 4, y))
    until(qtbot, lambda: window.session.shown.startswith("confidence between"))
    qtbot.mouseClick(brush, Qt.MouseButton.LeftButton, pos=QPoint(brush.width() // 2, y))
    until(qtbot, lambda: window.session.shown == "")


def test_a_number_key_relabels_the_selected_example_and_moves_on(window, qtbot):
    click_tile(qtbot, window, 0)
    row, following = (int(r) for r in window.session.rows[:2])
    assert label_of(window, row) == "bag"
    press(qtbot, window, KEY.Key_2)
    until(qtbot, lambda: label_of(window, row) == "coat")
    assert window.session.current == following
    until(qtbot, lambda: window.page.gallery.model.facts(0).relabelled)


def test_a_key_relabels_all_that_is_selected_and_undo_takes_it_back(window, qtbot):
    click_tile(qtbot, window, 0)
    click_tile(qtbot, window, 4, Qt.KeyboardModifier.ShiftModifier)
    rows = window.session.selection
    assert len(rows) == 5
    press(qtbot, window, KEY.Key_3)
    until(qtbot, lambda: {label_of(window, row) for row in rows} == {"shirt"})
    assert window.session.current == int(rows[-1])
    press(qtbot, window, KEY.Key_Z, Qt.KeyboardModifier.ControlModifier)
    until(qtbot, lambda: {label_of(window, row) for row in rows} == {"bag"})
    until(qtbot, lambda: "Undid" in window.status.last.text())
    press(qtbot, window, KEY.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    until(qtbot, lambda: {label_of(window, row) for row in rows} == {"shirt"})


def test_edits_are_there_after_the_window_was_closed_and_opened_again(window, open_window, pictures, qtbot):
    click_tile(qtbot, window, 0)
    row = window.session.current
    press(qtbot, window, KEY.Key_3)
    window.close()
    with Project.open(pictures) as project:
        assert project.state.word("label", int(project.state.labels[row])) == "shirt"
    again = open_window(pictures)
    assert again.session.last.undo_title
    again.undo()
    until(qtbot, lambda: label_of(again, row) == "bag")


def test_rows_stay_while_they_are_edited_and_leave_on_refresh(window, qtbot):
    filter_by(qtbot, window, "label = 'bag'")
    click_tile(qtbot, window, 0)
    press(qtbot, window, KEY.Key_2)
    gallery = window.page.gallery
    until(qtbot, lambda: gallery.drift_words() != "")
    assert len(window.session.rows) == 12
    press(qtbot, window, KEY.Key_F5)
    until(qtbot, lambda: len(window.session.rows) == 11)
    assert gallery.drift_words() == ""


def test_flag_exclude_and_review_toggle_by_their_keys(window, qtbot):
    click_tile(qtbot, window, 1)
    row, state = window.session.current, window.session.project.state
    plain, shift = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
    for key, held, column in (
        (KEY.Key_F, plain, "tag:flagged"),
        (KEY.Key_X, plain, "excluded"),
        (KEY.Key_R, shift, "reviewed"),
    ):
        press(qtbot, window, key, held)
        until(qtbot, lambda column=column: state.codes(column)[row] == 1)
        press(qtbot, window, key, held)
        until(qtbot, lambda column=column: state.codes(column)[row] == 0)


def test_letters_are_only_letters_while_a_text_field_has_the_focus(window, qtbot):
    click_tile(qtbot, window, 1)
    row = window.session.current
    note = window.page.inspector.note
    note.setFocus()
    qtbot.keyClicks(note, "fix 3")
    assert note.text() == "fix 3"
    qtbot.keyClick(note, KEY.Key_Return)
    state = window.session.project.state
    until(qtbot, lambda: state.word("note", int(state.notes[row])) == "fix 3")
    assert state.codes("excluded")[row] == state.codes("tag:flagged")[row] == 0
    assert label_of(window, row) == "bag"


def test_the_menu_of_a_tile_shows_the_folder_of_its_file(window, qtbot, monkeypatch):
    from PySide6.QtGui import QContextMenuEvent
    from PySide6.QtWidgets import QApplication

    opened = []
    monkeypatch.setattr("dataimp_gui.ui.pages.triage.page.QDesktopServices.openUrl", opened.append)
    click_tile(qtbot, window, 20)
    view = window.page.gallery.view
    at = view.visualRect(view.model().index(20, 0)).center()
    QApplication.sendEvent(
        view.viewport(), QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, view.viewport().mapToGlobal(at))
    )
    until(qtbot, lambda: QApplication.activePopupWidget() is not None)
    menu = QApplication.activePopupWidget()
    next(action for action in menu.actions() if action.text() == "Show in folder").trigger()
    menu.close()
    until(qtbot, lambda: bool(opened))
    assert Path(opened[0].toLocalFile()) == window.session.project.media_path(20).parent


def test_the_label_list_finds_by_typing_and_makes_a_new_class(window, qtbot):
    click_tile(qtbot, window, 0)
    row = window.session.current
    press(qtbot, window, KEY.Key_L)
    picker = window.page.picker
    qtbot.keyClicks(picker.field, "shi")
    assert picker.list.currentItem().text() == "shirt"
    qtbot.keyClick(picker.field, KEY.Key_Return)
    until(qtbot, lambda: label_of(window, row) == "shirt")
    second = window.session.current
    press(qtbot, window, KEY.Key_L)
    picker = window.page.picker
    qtbot.keyClicks(picker.field, "hat")
    qtbot.keyClick(picker.field, KEY.Key_Return)
    until(qtbot, lambda: label_of(window, second) == "hat")
    assert window.page.keys.label("4") == "hat"


def test_the_tag_list_puts_a_new_tag_on_all_selected(window, qtbot):
    click_tile(qtbot, window, 0)
    click_tile(qtbot, window, 2, Qt.KeyboardModifier.ShiftModifier)
    press(qtbot, window, KEY.Key_T)
    qtbot.keyClicks(window.page.picker.field, "dim light")
    qtbot.keyClick(window.page.picker.field, KEY.Key_Return)
    until(qtbot, lambda: window.session.project.tags == ("dim light",))
    click_facet(qtbot, window, "tags", "dim light")
    until(qtbot, lambda: len(window.session.rows) == 3)


def test_the_selection_moves_to_a_split_that_is_new(window, qtbot):
    click_tile(qtbot, window, 0)
    click_tile(qtbot, window, 2, Qt.KeyboardModifier.ShiftModifier)
    window.commands.find("triage.split").trigger()
    qtbot.keyClicks(window.page.picker.field, "holdout")
    qtbot.keyClick(window.page.picker.field, KEY.Key_Return)
    click_facet(qtbot, window, "split", "holdout")
    until(qtbot, lambda: len(window.session.rows) == 3)


def test_the_inspector_shows_the_current_example(window, qtbot):
    filter_by(qtbot, window, "error and label = 'coat'")
    click_tile(qtbot, window, 0)
    inspector = window.page.inspector
    example = window.session.project.query.example(window.session.current)
    until(qtbot, lambda: inspector.id_words() == example.id)
    assert inspector.picture().width() == 24
    rows = {row.name: row for row in inspector.labels.rows()}
    assert (rows["coat"].sign, rows["shirt"].sign, rows["shirt"].wrong) == ("given", "predicted", True)
    assert rows["shirt"].probability == pytest.approx(0.8)
    place = inspector.labels.row_rect(0).center()
    qtbot.mouseClick(inspector.labels, Qt.MouseButton.LeftButton, pos=place)
    until(qtbot, lambda: label_of(window, example.row) == "bag")


def test_pictures_arrive_and_a_missing_file_gets_its_own_tile(open_window, pictures_source, qtbot, tmp_path):
    source = shutil.copytree(pictures_source / "data", tmp_path / "moved")
    Project.create(tmp_path / "moved.dataimp", source)[0].close()
    (source / "bag" / "01.png").unlink()
    window = open_window(tmp_path / "moved.dataimp")
    model = window.page.gallery.model
    until(qtbot, lambda: isinstance(model.face(0), QPixmap))
    assert model.face(0).width() == 24
    until(qtbot, lambda: model.face(1) == MISSING)
    click_tile(qtbot, window, 1)
    until(qtbot, lambda: window.page.inspector.missing_words() != "")
    assert window.page.inspector.picture() is None


def test_no_match_names_the_filter_and_one_click_clears_it(window, qtbot):
    filter_by(qtbot, window, "label = 'bag' and confidence > 2")
    empty = window.page.gallery.empty
    until(qtbot, empty.isVisible)
    assert empty.accessibleName() == "No examples match. 2 filters are on. confidence > 2 removes the last 12."
    qtbot.mouseClick(empty.offers[0], Qt.MouseButton.LeftButton)
    until(qtbot, lambda: len(window.session.rows) == 12)
    assert window.top.query.text() == "label = 'bag'"
    assert not empty.isVisible()


def test_plain_words_that_nothing_has_are_named_as_they_were_typed(window, qtbot):
    window.top.query.field.setFocus()
    qtbot.keyClicks(window.top.query.field, "rainbow")
    empty = window.page.gallery.empty
    until(qtbot, empty.isVisible)
    assert empty.accessibleName() == "No examples match. 1 filter is on. “rainbow” removes the last 36."
    assert empty.offers[0].text() == "Clear “rainbow”"


def test_sorting_by_a_column_orders_the_gallery(window, qtbot):
    gallery = window.page.gallery
    until(qtbot, lambda: gallery.sort.findData("confidence") >= 0)
    filter_by(qtbot, window, "label = 'bag'")
    window.session.sort("label", descending=True)
    until(qtbot, lambda: len(window.session.rows) == 12)
    filter_by(qtbot, window, "confidence > 0")
    window.session.sort("predicted", descending=False)
    codes = window.session.predictions.codes
    until(qtbot, lambda: bool((np.diff(codes[window.session.rows]) >= 0).all()))


def test_arrows_move_and_ctrl_a_selects_everything(window, qtbot):
    click_tile(qtbot, window, 0)
    press(qtbot, window, KEY.Key_Right)
    until(qtbot, lambda: window.session.current == int(window.session.rows[1]))
    press(qtbot, window, KEY.Key_A, Qt.KeyboardModifier.ControlModifier)
    until(qtbot, lambda: len(window.session.selection) == 36)
    assert window.status.selection.text() == "36 selected of 36"
    press(qtbot, window, KEY.Key_Escape)
    until(qtbot, lambda: len(window.session.selection) == 0)


def test_text_from_data_is_never_rich(open_window, tmp_path, qtbot):
    source = tmp_path / "t.csv"
    source.write_text("id,text,label\n<b>1</b>,<img src=x>hello,<i>spam</i>\n2,second,ham\n")
    Project.create(tmp_path / "t.dataimp", source)[0].close()
    window = open_window(tmp_path / "t.dataimp")
    window.session.select(window.session.rows[:1], 0)
    inspector = window.page.inspector
    until(qtbot, lambda: inspector.id_words() == "<b>1</b>")
    assert inspector.medium.reading.toPlainText() == "<img src=x>hello"
    model = window.page.gallery.model
    until(qtbot, lambda: model.face(0) == "<img src=x>hello")
    from PySide6.QtWidgets import QLabel

    shown = [label for label in window.findChildren(QLabel) if "<" in label.text()]
    assert shown
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in shown)


def test_a_project_without_predictions_asks_for_them_and_shows_errors_once_they_are_there(
    open_window, pictures_source, qtbot, tmp_path
):
    Project.create(tmp_path / "bare.dataimp", pictures_source / "data")[0].close()
    window = open_window(tmp_path / "bare.dataimp")
    filters = window.page.filters
    until(qtbot, lambda: "label" in filters.shown())
    assert filters.no_run.give.isVisible()
    assert "outcome" not in filters.shown()
    filter_by(qtbot, window, "error")
    until(qtbot, window.page.gallery.empty.isVisible)
    assert window.page.gallery.empty.offers[0].text() == "Import predictions…"
    window.session.add_run(pictures_source / "said.csv", lambda _: None)
    until(qtbot, lambda: len(window.session.rows) == ERRORS)
    until(qtbot, lambda: "outcome" in filters.shown())
    assert not filters.no_run.give.isVisible()
    until(qtbot, lambda: window.page.gallery.model.facts(0).error)


def test_a_project_without_predictions_is_given_some_by_a_baseline(open_window, pictures_source, qtbot, tmp_path):
    Project.create(tmp_path / "bare.dataimp", pictures_source / "data")[0].close()
    window = open_window(tmp_path / "bare.dataimp")
    filters = window.page.filters
    until(qtbot, filters.no_run.train.isVisible)
    qtbot.mouseClick(filters.no_run.train, Qt.MouseButton.LeftButton)
    assert not filters.no_run.train.isVisible()
    qtbot.waitUntil(lambda: window.session.predictions is not None, timeout=60_000)
    assert window.session.project.run.name == "baseline"
    until(qtbot, lambda: "outcome" in filters.shown())

    def tops():
        names = ("outcome", "label", "predicted", "split")
        return [filters.section(name).mapTo(window, QPoint(0, 0)).y() for name in names]

    until(qtbot, lambda: tops() == sorted(set(tops())))  # once they are laid out
    assert not filters.no_run.isVisible()


def test_the_run_selector_appears_with_the_second_run_and_switches(window, pictures_source, qtbot, tmp_path):
    said = (pictures_source / "said.csv").read_text().splitlines()
    better = tmp_path / "better.csv"
    better.write_text("\n".join(["id,predicted", *(f"{line.split(',')[0]},{line.split('/')[0]}" for line in said[1:])]))
    assert not window.top.run.isVisible()
    filter_by(qtbot, window, "error")
    window.session.add_run(better, lambda _: None)
    until(qtbot, lambda: window.session.ready and len(window.session.rows) == 0)
    assert window.top.run.isVisible()
    window.top.run.setCurrentIndex(1)
    window.top.run.activated.emit(1)
    until(qtbot, lambda: len(window.session.rows) == ERRORS)


def test_escape_leaves_the_label_list_and_the_query_without_touching_the_selection(window, qtbot):
    click_tile(qtbot, window, 2)
    press(qtbot, window, KEY.Key_L)
    qtbot.keyClick(window.page.picker.field, KEY.Key_Escape)
    assert window.page.picker.isHidden()
    assert len(window.session.selection) == 1
    qtbot.keyClick(window, KEY.Key_Slash)
    assert window.top.query.field.hasFocus()
    qtbot.keyClick(window.top.query.field, KEY.Key_Escape)
    assert not window.top.query.field.hasFocus()
    assert len(window.session.selection) == 1
