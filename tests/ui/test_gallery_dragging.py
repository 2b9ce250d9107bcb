"""Dragging the selection from the gallery to a label, a split or a tag, with the mouse, as one edit."""

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from dataimp_gui.ui.kit import dragging

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(open_window, pictures, qtbot):
    window = open_window(pictures, size=(1440, 900))
    window.session.edit_rows(np.array([30]), lambda project, rows: project.tag(rows, "blurred"))
    filters = window.page.filters
    until(qtbot, lambda: "tags" in filters.shown() and filters.facet("tags").rows())
    label = filters.facet("label")
    until(qtbot, lambda: label.rows() and label.height() >= label.sizeHint().height())  # laid out as well
    return window


def until(qtbot, fact):
    qtbot.waitUntil(lambda: bool(fact()), timeout=60_000)


def cell(window, place):
    view = window.page.gallery.view
    return view.visualRect(view.model().index(place, 0)).center()


def select(qtbot, window, *places):
    for number, place in enumerate(places):
        keys = Qt.KeyboardModifier.ControlModifier if number else Qt.KeyboardModifier.NoModifier
        qtbot.mouseClick(window.page.gallery.view.viewport(), LEFT, keys, cell(window, place))
    until(qtbot, lambda: len(window.session.selection) == len(places))


def drag(qtbot, window, place, target, at):
    """From a cell of the gallery to a point of a widget, where the button is let go; how the widget looked before that.

    The widget is told what comes: without a screen no drag leaves the gallery.
    """
    view, copy, keys = window.page.gallery.view, Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    with qtbot.waitSignal(view.drag_wanted, timeout=60_000):
        qtbot.mousePress(view.viewport(), LEFT, pos=cell(window, place))
        qtbot.mouseMove(view.viewport(), cell(window, place) + QPoint(40, 0))
    qtbot.mouseRelease(view.viewport(), LEFT, pos=QPoint(1, 1))
    data = dragging.selection()
    enter = QDragEnterEvent(at, copy, data, LEFT, keys)
    QApplication.sendEvent(target, enter)
    assert enter.isAccepted()
    seen = target.grab().toImage()
    QApplication.sendEvent(target, QDropEvent(QPointF(at), copy, data, LEFT, keys))
    return seen


def labels(window, rows):
    state = window.session.project.state
    return {state.words("label")[code] for code in state.labels[rows]}


def row_of(widget, names, name):
    return widget.row_rect(names.index(name)).center()


def test_what_is_dragged_to_a_label_gets_it_as_one_edit(window, qtbot):
    session, facet = window.session, window.page.filters.facet("label")
    select(qtbot, window, 0, 1, 2)
    names = [value for value, _ in facet.rows()]
    before = facet.grab().toImage()
    seen = drag(qtbot, window, 1, facet, row_of(facet, names, "shirt"))
    until(qtbot, lambda: labels(window, [0, 1, 2]) == {"shirt"})
    assert seen != before  # the row was marked
    session.undo()
    until(qtbot, lambda: labels(window, [0, 1, 2]) == {"bag"})


def test_what_is_dragged_to_a_tag_gets_it_and_never_loses_it(window, qtbot):
    session, facet = window.session, window.page.filters.facet("tags")
    select(qtbot, window, 4, 5)
    names = [value for value, _ in facet.rows()]
    for _ in range(2):
        drag(qtbot, window, 4, facet, row_of(facet, names, "blurred"))
        until(qtbot, lambda: np.flatnonzero(session.project.state.tags["blurred"]).tolist() == [4, 5, 30])


def test_the_rows_of_the_inspector_take_the_selection_too(window, qtbot):
    rows = window.page.inspector.labels
    select(qtbot, window, 0, 1)
    until(qtbot, lambda: rows.rows() and rows.isVisible())
    names = [row.name for row in rows.rows()]
    drag(qtbot, window, 0, rows, row_of(rows, names, "coat"))
    until(qtbot, lambda: labels(window, [0, 1]) == {"coat"})


def test_a_click_on_one_of_several_selected_selects_it_alone(window, qtbot):
    select(qtbot, window, 0, 1, 2)
    qtbot.mouseClick(window.page.gallery.view.viewport(), LEFT, pos=cell(window, 1))
    until(qtbot, lambda: window.session.selection.tolist() == [1])


def test_what_other_programs_drag_is_not_taken(window):
    data = QMimeData()
    data.setData(dragging.SELECTION, b"1")
    facet = window.page.filters.facet("label")
    at, copy = QPointF(facet.row_rect(0).center()), Qt.DropAction.CopyAction
    foreign = QDropEvent(at, copy, data, LEFT, Qt.KeyboardModifier.NoModifier)
    facet.dropEvent(foreign)
    assert not foreign.isAccepted()
