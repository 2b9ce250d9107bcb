"""The example under the mouse, or the current one while Z is held, shown larger over the gallery."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt

from dataimp_gui.ui.pages.triage.gallery.preview import SIDE

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(open_window, pictures, qtbot):
    window = open_window(pictures)
    until(qtbot, lambda: window.session.predictions is not None)
    return window


def until(qtbot, fact):
    qtbot.waitUntil(lambda: bool(fact()), timeout=60_000)


def center(window, place):
    view = window.page.gallery.view
    return view.visualRect(view.model().index(place, 0)).center()


def rest(qtbot, window, place):
    """Move the mouse to a tile and leave it there."""
    viewport = window.page.gallery.view.viewport()
    qtbot.mouseMove(viewport, center(window, place) + QPoint(3, 3))
    qtbot.mouseMove(viewport, center(window, place))


def test_a_tile_on_which_the_mouse_rests_is_shown_larger_with_label_prediction_and_confidence(window, qtbot):
    preview = window.page.gallery.preview
    until(qtbot, lambda: window.page.gallery.model.face(0) is not None)
    assert preview.isHidden()
    rest(qtbot, window, 0)
    until(qtbot, preview.isVisible)
    assert preview.face.pixmap().width() / preview.face.pixmap().devicePixelRatio() == SIDE
    assert preview.label.text() == "bag"
    assert preview.predicted.text() == "Predicted coat · 0.80 · error"
    assert window.page.gallery.rect().contains(preview.geometry())
    focus = window.focusWidget()
    qtbot.mouseClick(window.page.gallery.view.viewport(), LEFT, pos=center(window, 0))
    assert preview.isHidden()
    assert window.focusWidget() is focus or window.focusWidget() is window.page.gallery.view


def test_it_goes_when_the_gallery_scrolls_and_lets_clicks_through(window, qtbot):
    gallery = window.page.gallery
    rest(qtbot, window, 1)
    until(qtbot, gallery.preview.isVisible)
    assert gallery.childAt(gallery.preview.geometry().center()) is gallery.view.viewport()
    gallery.set_tile_width(180)
    gallery.view.verticalScrollBar().setValue(gallery.view.verticalScrollBar().maximum())
    assert gallery.preview.isHidden()


def test_it_shows_the_current_example_while_z_is_held(window, qtbot):
    gallery = window.page.gallery
    until(qtbot, window.isActiveWindow)
    qtbot.mouseClick(gallery.view.viewport(), LEFT, pos=center(window, 13))
    window.use_settings(replace(window.settings, preview=False))  # of the mouse alone
    qtbot.keyPress(gallery.view, Qt.Key.Key_Z)
    until(qtbot, gallery.preview.isVisible)
    assert gallery.preview.label.text() == "coat"
    qtbot.keyRelease(gallery.view, Qt.Key.Key_Z)
    assert gallery.preview.isHidden()


def test_the_mouse_opens_nothing_over_large_tiles_or_when_it_is_switched_off(window, qtbot):
    gallery = window.page.gallery
    timer = gallery.preview.resting
    gallery.set_tile_width(256)
    rest(qtbot, window, 0)
    until(qtbot, lambda: not timer.isActive())
    assert gallery.preview.isHidden()
    gallery.set_tile_width(104)
    window.use_settings(replace(window.settings, preview=False))
    rest(qtbot, window, 1)
    assert not timer.isActive()
    window.use_settings(replace(window.settings, preview=True))
    rest(qtbot, window, 2)
    assert timer.isActive()
    until(qtbot, gallery.preview.isVisible)
