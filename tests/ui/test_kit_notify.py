import logging
import threading

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from dataimp_gui.about import VERSION
from dataimp_gui.errors import Cancelled, DataimpError
from dataimp_gui.ui.kit.notify import CrashReport, Errors, MessageBar, Toast
from dataimp_gui.ui.kit.notify import report as report_of


class Window(QWidget):
    def __init__(self):
        super().__init__()
        self.shown = []

    def show_message(self, message, hint):
        self.shown.append(("message", message, hint))

    def show_crash(self, error):
        self.shown.append(("crash", error))


@pytest.fixture
def window(qtbot):
    window = Window()
    window.resize(1200, 700)
    qtbot.addWidget(window)
    window.show()
    return window


def test_each_error_has_its_place(window):
    errors = Errors(window)
    errors.show(Cancelled())
    errors.show(DataimpError("x.csv is empty.", hint="Choose another file."))
    errors.show(PermissionError(13, "Permission denied", "/data/x"))
    assert window.shown == [
        ("message", "x.csv is empty.", "Choose another file."),
        ("message", "Permission denied: /data/x", ""),
    ]


def test_a_bug_in_a_thread_is_logged_and_reaches_the_window(window, qtbot, caplog):
    errors = Errors(window)
    errors.install()
    bug = KeyError("x")

    def fail():
        raise bug

    try:
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
        qtbot.waitUntil(lambda: window.shown == [("crash", bug)])
    finally:
        errors.remove()
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    caplog.clear()


def test_a_crash_report_can_be_copied(qtbot):
    try:
        raise KeyError("of" + " the data")
    except KeyError as error:
        report = CrashReport(report_of(error))
    qtbot.addWidget(report)
    copy = next(button for button in report.findChildren(QPushButton) if button.text() == "Copy report")
    copy.click()
    copied = QGuiApplication.clipboard().text()
    assert "KeyError" in copied
    assert VERSION in copied
    assert "of the data" not in copied
    assert "test_kit_notify.py" in copied


def test_a_toast_offers_one_thing_and_goes(window):
    toast, undone = Toast(window), []
    toast.tell("Relabelled 3 to Coat", offer=("Undo", lambda: undone.append(1)))
    assert toast.isVisible()
    toast.findChild(QPushButton).click()
    assert undone == [1]
    assert not toast.isVisible()


def test_text_from_data_stays_plain_in_a_message(window):
    bar = MessageBar(window)
    bar.show_error("<b>bold</b>\nsecond line", "hint")
    assert bar.words == "<b>bold</b> second line hint"


def test_a_bar_in_sight_makes_room_for_what_it_offers(window, qtbot):
    bar = MessageBar(window)
    bar.show_error("Something is wrong and these words are many, so that the line is full")
    bar.show_error("Something else is wrong and these words are many, so that the line is full", offer=("Show", print))
    show = next(made for made in bar.findChildren(QPushButton) if made.text() == "Show")
    qtbot.waitUntil(lambda: show.width() > 20)
    words = next(label for label in bar.findChildren(QLabel) if label.text() == bar.words)
    assert show.geometry().left() > words.geometry().right()
