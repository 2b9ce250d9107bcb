"""Whatever is looked at is looked at inside the one window."""

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget

LEFT = Qt.MouseButton.LeftButton
LONG = 20_000


class Watch(QObject):
    """The windows that were shown, also those that went away at once."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def eventFilter(self, watched, event):
        if event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.seen.append(type(watched).__name__)
        return False


@pytest.mark.parametrize("page", ["slices", "augment", "versions"])
def test_a_page_shows_no_window_of_its_own(open_window, pictures, qtbot, qapp, page):
    window, watch = open_window(pictures), Watch()
    qapp.installEventFilter(watch)
    qtbot.mouseClick(window.rail.button(page), LEFT)
    qtbot.waitUntil(lambda: not window.session.reads.running, timeout=LONG)
    qapp.removeEventFilter(watch)
    assert window.page is window.paging.pages[page]
    assert watch.seen == []


def test_no_view_of_triage_and_no_review_shows_a_window_of_its_own(open_window, pictures, qtbot, qapp):
    window, watch = open_window(pictures), Watch()
    qapp.installEventFilter(watch)
    for view in ("table", "map", "confusion", "gallery"):
        window.page.show_view(view)
        qtbot.wait(50)
        qtbot.waitUntil(lambda: not window.session.reads.running, timeout=LONG)
    window.session.group("label")
    qtbot.waitUntil(lambda: window.session.groups is not None, timeout=LONG)
    window.page.review_shown()
    qtbot.waitUntil(lambda: window.reviewing.page is not None, timeout=LONG)
    qapp.removeEventFilter(watch)
    assert watch.seen == []
