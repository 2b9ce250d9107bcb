"""Typing in the query bar: what is offered, how it is taken, what was asked before, and plain words."""

import pytest
from PySide6.QtCore import Qt


@pytest.fixture
def bar(open_window, pictures, qtbot):
    window = open_window(pictures)
    qtbot.waitUntil(lambda: window.session.ready)
    bar = window.top.query
    qtbot.waitUntil(lambda: bool(bar._columns))
    window.activateWindow()
    bar.field.setFocus()
    qtbot.waitUntil(bar.field.hasFocus)
    return bar


def test_columns_signs_and_values_are_offered_one_after_the_other(bar, qtbot):
    qtbot.keyClicks(bar.field, "lab")
    assert bar.offers.shown[0] == "label"
    qtbot.keyClick(bar.field, Qt.Key.Key_Tab)
    assert bar.text() == "label "
    assert bar.offers.shown[0].strip() == "="
    qtbot.keyClicks(bar.field, "= ")
    classes = bar.window().session.project.classes
    qtbot.waitUntil(lambda: {f"'{name}'" for name in classes} == set(bar.offers.shown))
    wanted = bar.offers.shown[1]
    qtbot.keyClick(bar.field, Qt.Key.Key_Down)
    qtbot.keyClick(bar.field, Qt.Key.Key_Down)
    qtbot.keyClick(bar.field, Qt.Key.Key_Return)
    assert bar.text().strip() == f"label = {wanted}"
    session = bar.window().session
    qtbot.waitUntil(lambda: session.shown == f"label = {wanted}")
    assert 0 < len(session.rows) < session.project.count


def test_a_pause_after_a_space_keeps_the_space(bar, qtbot):
    session = bar.window().session
    qtbot.keyClicks(bar.field, "error ")
    qtbot.waitUntil(lambda: session.shown == "error" and len(session.rows) < session.project.count, timeout=60_000)
    qtbot.keyClicks(bar.field, "and label = 'coat'")
    assert bar.text() == "error and label = 'coat'"


def test_a_click_takes_what_is_offered(bar, qtbot):
    qtbot.keyClicks(bar.field, "conf")
    item = bar.offers.list.item(0)
    centre = bar.offers.list.visualItemRect(item).center()
    qtbot.mouseClick(bar.offers.list.viewport(), Qt.MouseButton.LeftButton, pos=centre)
    assert bar.text() == "confidence "
    assert bar.field.hasFocus()


def test_escape_closes_the_list_first_and_leaves_the_field_then(bar, qtbot):
    qtbot.keyClicks(bar.field, "er")
    assert bar.offers.shown
    qtbot.keyClick(bar.field, Qt.Key.Key_Escape)
    assert not bar.offers.shown
    assert bar.field.hasFocus()
    qtbot.keyClick(bar.field, Qt.Key.Key_Escape)
    assert not bar.field.hasFocus()


def test_what_was_asked_before_comes_back_with_the_arrows(bar, qtbot):
    qtbot.keyClicks(bar.field, "error")
    qtbot.keyClick(bar.field, Qt.Key.Key_Escape)
    qtbot.keyClick(bar.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bar.window().session.shown == "error")
    bar.clear()
    qtbot.keyClick(bar.field, Qt.Key.Key_Down)
    assert bar.offers.shown[0] == "error"
    qtbot.keyClick(bar.field, Qt.Key.Key_Tab)
    assert bar.text().strip() == "error"


def test_plain_words_find_ids_and_become_a_filter_that_clicks_can_add_to(bar, qtbot):
    session = bar.window().session
    id_ = session.project.ids(session.rows[:1])[0]
    qtbot.keyClicks(bar.field, id_)
    qtbot.waitUntil(lambda: "ilike" in session.shown or "contains" in session.shown)
    assert session.rows[0] in session.rows
    assert session.project.ids(session.rows[:1]) == [id_]
    assert bar.text() == id_
    qtbot.keyClick(bar.field, Qt.Key.Key_Return)
    assert bar.text() == session.shown


def test_a_wrong_clause_is_still_explained_when_nothing_is_offered(bar, qtbot):
    qtbot.keyClicks(bar.field, "labl = 'x'")
    qtbot.keyClick(bar.field, Qt.Key.Key_Escape)
    qtbot.keyClick(bar.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "labl" in bar.error_shown)


def test_what_was_asked_is_remembered_after_a_restart(bar, open_window, pictures, qtbot):
    window = bar.window()
    qtbot.keyClicks(bar.field, "not error")
    qtbot.keyClick(bar.field, Qt.Key.Key_Escape)
    qtbot.keyClick(bar.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.session.shown == "not error")
    window.close()
    again = open_window(pictures)
    assert again.top.query.history[0] == "not error"


def test_saved_slices_are_offered_as_names(bar, qtbot):
    session = bar.window().session
    session.project.slices.save("wide ones", "error")
    qtbot.waitUntil(lambda: any(column.name == "slice" for column in bar._columns), timeout=60_000)
    qtbot.keyClicks(bar.field, "slice = ")
    qtbot.waitUntil(lambda: bar.offers.shown == ["'wide ones'"], timeout=60_000)
    qtbot.keyClick(bar.field, Qt.Key.Key_Down)
    qtbot.keyClick(bar.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: session.shown == "slice = 'wide ones'", timeout=60_000)
    assert len(session.rows) == session.project.query.count("error")
