"""Work in steps, between which the window stays awake."""

from PySide6.QtCore import QObject, QTimer

from dataimp_gui.ui.kit.turns import Turns


def test_events_are_handled_between_the_steps(qtbot):
    done = []
    QTimer.singleShot(0, lambda: done.append("event"))
    owner = QObject()
    Turns([lambda: done.append("first"), lambda: done.append("second")], owner)
    assert done == ["first"]
    qtbot.waitUntil(lambda: "second" in done)
    assert done == ["first", "event", "second"]


def test_what_is_left_can_be_done_at_once(qtbot):
    done, owner = [], QObject()
    turns = Turns([lambda: done.append(1), lambda: done.append(2), lambda: done.append(3)], owner)
    turns.finish()
    assert done == [1, 2, 3]
    qtbot.wait(20)
    assert done == [1, 2, 3]
