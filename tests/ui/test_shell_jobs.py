"""Work that fails: said in the status bar and in the list until somebody dismisses it or tries again."""

from threading import Semaphore

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


class Steps:
    """Takes a step whenever it is let."""

    def __init__(self):
        self.taken = 0
        self.go = Semaphore(0)

    def __call__(self, progress):
        progress.phase("Counting", 10)
        for _ in range(10):
            self.go.acquire(timeout=WAIT / 1000)
            progress.advance()
            self.taken += 1
        return self.taken


def test_work_is_paused_and_goes_on(window, qtbot):
    work, answers = Steps(), []
    window.session.reads.start(work, answers.append, title="Making a map")
    drawer = opened(qtbot, window, "Making a map")
    qtbot.mouseClick(button(drawer, "Pause Making a map"), LEFT)
    said = lambda: [label.text() for label in drawer.findChildren(QLabel)]  # noqa: E731
    work.go.release(10)
    qtbot.waitUntil(lambda: "0% · paused" in said(), timeout=WAIT)
    assert work.taken == 0
    qtbot.mouseClick(button(drawer, "Go on with Making a map"), LEFT)
    qtbot.waitUntil(lambda: answers == [10], timeout=WAIT)


def test_paused_work_is_stopped_and_a_window_with_it_closes(window, qtbot):
    work = Steps()
    window.session.reads.start(work, lambda _: None, title="Making a map")
    window.session.reads.start(Steps(), lambda _: None, title="Embedding")
    for job in window.session.reads.running:
        job.progress.pause()
    work.go.release(10)
    drawer = opened(qtbot, window, "Making a map and 1 more")
    qtbot.mouseClick(button(drawer, "Stop Making a map"), LEFT)
    assert window.status.jobs.titles == ["Embedding"]
    window.close_project()
    assert work.taken == 0


def test_edits_cannot_be_held_up(window, qtbot):
    work = Steps()
    window.session.writes.start(work, lambda _: None, title="Committing")
    drawer = opened(qtbot, window, "Committing")
    assert not button(drawer, "Pause Committing").isVisible()
    work.go.release(10)
    qtbot.waitUntil(lambda: work.taken == 10, timeout=WAIT)
