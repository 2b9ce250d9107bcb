"""Labels of a test set are changed only after a person said so, once a session."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from dataimp_gui.core.project import Project
from dataimp_gui.ui.dialogs.held_out_dialog import HeldOutDialog

KEY, LEFT = Qt.Key, Qt.MouseButton.LeftButton
SHIFT = Qt.KeyboardModifier.ShiftModifier
TESTED = np.array([2, 3, 4])


@pytest.fixture
def window(open_window, pictures, qtbot):
    with Project.open(pictures) as project:
        project.set_split(np.arange(36), "train")
        project.set_split(TESTED, "test")
    window = open_window(pictures)
    until(qtbot, lambda: window.session.predictions is not None)
    return window


def until(qtbot, fact):
    qtbot.waitUntil(fact, timeout=60_000)


def click(qtbot, window, place, modifier=Qt.KeyboardModifier.NoModifier):
    view = window.page.gallery.view
    qtbot.mouseClick(view.viewport(), LEFT, modifier, view.visualRect(view.model().index(place, 0)).center())
    until(qtbot, lambda: window.session.current == place)


def press(qtbot, window, key):
    window.activateWindow()  # without a window manager nobody else does it after a dialog
    until(qtbot, window.isActiveWindow)
    qtbot.keyClick(QApplication.focusWidget(), key)


def asked(qtbot, window):
    """The question, once it stands there."""
    shown = []

    def there():
        shown[:] = [each for each in window.findChildren(HeldOutDialog) if each.isVisible()]
        return bool(shown) and QApplication.activeWindow() is shown[0]

    until(qtbot, there)
    return shown[0]


def labels(window, rows):
    return window.session.project.state.labels[rows].tolist()


def test_the_question_names_the_amounts_and_the_rest_can_be_changed_alone(window, qtbot):
    click(qtbot, window, 0)
    click(qtbot, window, 6, SHIFT)
    press(qtbot, window, KEY.Key_2)
    dialog = asked(qtbot, window)
    assert dialog.windowTitle() == "Change 3 test labels?"
    assert dialog.said[-1].text() == "The other 4 are in train."
    assert labels(window, np.arange(7)) == [0] * 7
    qtbot.keyClick(dialog, KEY.Key_Return)
    until(qtbot, lambda: labels(window, np.arange(7)) == [1, 1, 0, 0, 0, 1, 1])


def test_who_agreed_is_not_asked_again_and_who_cancelled_is(window, qtbot):
    click(qtbot, window, 2)
    press(qtbot, window, KEY.Key_3)
    qtbot.keyClick(asked(qtbot, window), KEY.Key_Escape)
    assert labels(window, TESTED) == [0, 0, 0]
    press(qtbot, window, KEY.Key_3)
    qtbot.mouseClick(asked(qtbot, window).all, LEFT)
    until(qtbot, lambda: labels(window, TESTED) == [2, 0, 0])
    until(qtbot, lambda: window.session.current == 3)
    press(qtbot, window, KEY.Key_2)
    until(qtbot, lambda: labels(window, TESTED) == [2, 1, 0])


def test_other_splits_and_tags_are_changed_without_a_question(window, qtbot):
    click(qtbot, window, 5)
    press(qtbot, window, KEY.Key_2)
    until(qtbot, lambda: labels(window, np.array([5])) == [1])
    click(qtbot, window, 3)
    press(qtbot, window, KEY.Key_F)
    until(qtbot, lambda: "flagged" in window.session.project.state.tags)
    press(qtbot, window, KEY.Key_X)
    dialog = asked(qtbot, window)
    assert dialog.windowTitle() == "Exclude 1 test example?"
    qtbot.keyClick(dialog, KEY.Key_Return)
    until(qtbot, lambda: bool(window.session.project.state.excluded[3]))


def test_a_review_asks_before_it_changes_a_test_label_and_then_moves_on(window, qtbot):
    click(qtbot, window, 3)
    click(qtbot, window, 4, SHIFT)
    press(qtbot, window, KEY.Key_R)
    until(qtbot, lambda: window.reviewing.page is not None)
    walk = window.reviewing.page.walk
    until(qtbot, lambda: walk.can_decide)
    press(qtbot, window, KEY.Key_2)
    qtbot.mouseClick(asked(qtbot, window).all, LEFT)
    until(qtbot, lambda: len(walk.decided) == 1 and walk.can_decide)
    assert labels(window, TESTED) == [0, 1, 0]
    press(qtbot, window, KEY.Key_2)
    until(qtbot, lambda: walk.is_done)
    assert labels(window, TESTED) == [0, 1, 1]


def test_while_blind_the_question_comes_whatever_the_answer(window, qtbot):
    click(qtbot, window, 3)
    click(qtbot, window, 4, SHIFT)
    press(qtbot, window, KEY.Key_R)
    until(qtbot, lambda: window.reviewing.page is not None)
    walk = window.reviewing.page.walk
    until(qtbot, lambda: walk.can_decide)
    press(qtbot, window, KEY.Key_B)
    assert walk.blind
    press(qtbot, window, KEY.Key_1)  # the label that it has
    qtbot.mouseClick(asked(qtbot, window).all, LEFT)
    until(qtbot, lambda: len(walk.decided) == 1)
    assert labels(window, TESTED) == [0, 0, 0]
