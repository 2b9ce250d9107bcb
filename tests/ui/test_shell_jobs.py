"""Work that fails: said in the status bar and in the list until somebody dismisses it or tries again."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel

from dataimp_gui.errors import Cancelled, DataimpError
from dataimp_gui.ui.kit.jobs_drawer import JobsDrawer

LEFT = Qt.MouseButton.LeftButton
WAIT = 60_000


@pytest.fixture
def window(open_window, pictures):
    return open_window(pictures)


class Work:
    """Fails as often as it is told to."""

    def __init__(self, *errors):
        self.errors = list(errors)
        self.answers = []

    def __call__(self, _progress):
        if self.errors:
            raise self.errors.pop(0)
        return "done"

    def start(self, window, title="Making a map"):
        window.session.reads.start(self, self.answers.append, title=title)


def button(where, name):
    return next(
        found for found in where.findChildren(QAbstractButton) if name in (found.text(), found.accessibleName())
    )


def opened(qtbot, window, title="Making a map failed"):
    """The list over the status bar."""
    line = window.status.jobs
    qtbot.waitUntil(lambda: any(found.text() == title for found in line.findChildren(QAbstractButton)), timeout=WAIT)
    qtbot.mouseClick(button(line, title), LEFT)
    drawer = window.findChild(JobsDrawer)
    assert drawer.isVisible()
    return drawer


def test_a_failure_stays_with_its_sentence_and_hint_until_it_is_dismissed(window, qtbot):
    Work(DataimpError("The disk is full.", hint="Make room.")).start(window)
    drawer = opened(qtbot, window)
    said = [label.text() for label in drawer.findChildren(QLabel)]
    assert {"The disk is full.", "Make room."} <= set(said)
    qtbot.mouseClick(button(drawer, "Dismiss Making a map"), LEFT)
    assert window.status.jobs.failed == []
    assert not drawer.isVisible()
    assert window.status.jobs.isHidden()


def test_what_failed_is_tried_again(window, qtbot):
    work = Work(OSError(28, "No space left on device", "/data"), DataimpError("Still full."))
    work.start(window)
    drawer = opened(qtbot, window)
    assert "No space left on device: /data" in [label.text() for label in drawer.findChildren(QLabel)]
    qtbot.mouseClick(button(drawer, "Try again"), LEFT)
    qtbot.waitUntil(lambda: window.message_bar.words == "Still full.", timeout=WAIT)
    qtbot.waitUntil(lambda: window.status.jobs.failed == ["Making a map"], timeout=WAIT)
    drawer.hide()
    drawer = opened(qtbot, window)
    qtbot.mouseClick(button(drawer, "Try again"), LEFT)
    qtbot.waitUntil(lambda: work.answers == ["done"], timeout=WAIT)
    assert window.status.jobs.failed == []


def test_what_was_cancelled_or_has_no_title_is_no_failure(window, qtbot):
    Work(Cancelled()).start(window)
    Work(DataimpError("Not worth a line.")).start(window, title="")
    qtbot.waitUntil(lambda: window.message_bar.words == "Not worth a line.", timeout=WAIT)
    assert window.status.jobs.failed == []


def test_failures_go_with_their_project(window, qtbot):
    Work(DataimpError("No.")).start(window)
    qtbot.waitUntil(lambda: window.status.jobs.failed == ["Making a map"], timeout=WAIT)
    window.close_project()
    assert window.status.jobs.failed == []
