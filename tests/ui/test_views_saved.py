"""Saved views: named from the bookmark, chosen from its list and from the palette, renamed, removed, brought back."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton

LEFT = Qt.MouseButton.LeftButton
WAIT = 60_000


@pytest.fixture
def window(open_window, pictures, qtbot):
    return open_window(pictures, size=(1440, 900))


def ask(qtbot, window, clause):
    window.session.ask(clause)
    qtbot.waitUntil(lambda: window.session.shown == clause, timeout=WAIT)


def popup(qtbot, window):
    """The list, opened by a click."""
    qtbot.mouseClick(window.top.query.bookmark, LEFT)
    qtbot.waitUntil(window.views.popup.isVisible, timeout=WAIT)
    return window.views.popup


def names(window):
    return [view.name for view in window.views.known]


def save(qtbot, window, name):
    shown = popup(qtbot, window)
    qtbot.keyClicks(shown.field, name)
    qtbot.keyClick(shown.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: name in names(window), timeout=WAIT)


def choose(qtbot, window, name):
    shown = popup(qtbot, window)
    item = shown.list.item(names(window).index(name))
    qtbot.mouseClick(shown.list.viewport(), LEFT, pos=shown.list.visualItemRect(item).center())


def test_a_named_view_comes_back_as_it_was_also_after_a_restart(open_window, pictures, qtbot):
    window = open_window(pictures)
    window.session.sort("id", descending=True)
    window.session.group("label")
    window.page.show_view("table")
    ask(qtbot, window, "label = 'coat'")
    save(qtbot, window, "Coats")
    assert window.top.query.bookmark.isChecked()
    window.close()

    window = open_window(pictures)
    qtbot.waitUntil(lambda: names(window) == ["Coats"], timeout=WAIT)
    window.page.show_view("gallery")
    ask(qtbot, window, "")
    assert not window.top.query.bookmark.isChecked()
    choose(qtbot, window, "Coats")
    qtbot.waitUntil(lambda: window.session.shown == "label = 'coat'", timeout=WAIT)
    session = window.session
    assert (session.order, session.descending, session.grouped_by) == ("id", True, "label")
    assert window.page.views.shown == ("table",)
    assert window.top.query.text() == "label = 'coat'"
    qtbot.waitUntil(window.top.query.bookmark.isChecked, timeout=WAIT)


def test_a_view_is_a_command(window, qtbot):
    ask(qtbot, window, "error")
    save(qtbot, window, "Errors & more")
    ask(qtbot, window, "")
    window.commands.show_palette()
    palette = window.commands.palette
    qtbot.keyClicks(palette.field, "errors & m")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.session.shown == "error", timeout=WAIT)


def test_a_view_is_renamed_and_removed_and_the_removal_undone(window, qtbot):
    ask(qtbot, window, "error")
    save(qtbot, window, "Errors")
    shown = popup(qtbot, window)
    shown.list.setFocus()
    shown.list.setCurrentRow(0)
    qtbot.keyClick(shown.list, Qt.Key.Key_F2)
    assert shown.field.text() == "Errors"
    qtbot.keyClicks(shown.field, "All errors")
    qtbot.mouseClick(shown.save, LEFT)
    qtbot.waitUntil(lambda: names(window) == ["All errors"], timeout=WAIT)
    face = shown.list.itemWidget(shown.list.item(0))
    remove = next(made for made in face.findChildren(QToolButton) if made.accessibleName() == "Remove All errors")
    qtbot.mouseClick(remove, LEFT)
    qtbot.waitUntil(lambda: names(window) == [], timeout=WAIT)
    assert shown.isVisible()
    qtbot.keyClick(shown.field, Qt.Key.Key_Escape)
    qtbot.mouseClick(window.toast._offer, LEFT)
    qtbot.waitUntil(lambda: names(window) == ["All errors"], timeout=WAIT)
    assert window.session.project.views.all()[0].where == "error"


def test_a_known_name_says_that_it_replaces(window, qtbot):
    ask(qtbot, window, "error")
    save(qtbot, window, "Mine")
    ask(qtbot, window, "label = 'bag'")
    shown = popup(qtbot, window)
    assert not shown.save.isEnabled()
    qtbot.keyClicks(shown.field, "Mine")
    assert shown.save.text() == "Replace view"
    qtbot.keyClick(shown.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.views.known[0].where == "label = 'bag'", timeout=WAIT)


def test_in_a_read_only_project_views_can_be_used_but_not_changed(open_window, pictures, qtbot):
    from dataimp_gui.core.project import Project
    from dataimp_gui.core.views import View

    with Project.open(pictures) as project:
        project.views.save(View("Errors", "error"))
    window = open_window()
    window.opening.open(pictures, read_only=True)
    qtbot.waitUntil(lambda: window.views is not None and names(window) == ["Errors"], timeout=WAIT)
    shown = popup(qtbot, window)
    assert shown.field.isHidden()
    assert "read-only" in shown.about.accessibleName()
    qtbot.keyClick(shown.list, Qt.Key.Key_Delete)
    qtbot.keyClick(shown, Qt.Key.Key_Escape)
    choose(qtbot, window, "Errors")
    qtbot.waitUntil(lambda: window.session.shown == "error", timeout=WAIT)
    assert names(window) == ["Errors"]
