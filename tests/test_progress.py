"""Cancelling reaches what runs, and never what comes after it."""

import threading

import pytest

from dataimp_gui.errors import Cancelled
from dataimp_gui.progress import Progress


def test_what_has_ended_is_not_stopped_by_a_cancel_that_comes_late():
    progress, stopped = Progress(), []
    inside, first_is_called, go_on = threading.Event(), threading.Event(), threading.Event()

    def slow_stop():
        first_is_called.set()
        go_on.wait(5)

    def work():
        with progress.stopping(lambda: stopped.append("late" if ended.is_set() else "in time")):
            inside.set()
            first_is_called.wait(5)
        ended.set()

    ended = threading.Event()
    with progress.stopping(slow_stop):
        worker = threading.Thread(target=work)
        worker.start()
        inside.wait(5)
        cancelling = threading.Thread(target=progress.cancel)
        cancelling.start()
        first_is_called.wait(5)
        ended.wait(0.2)
        go_on.set()
        cancelling.join()
        worker.join()
    assert stopped == ["in time"]


def test_a_cancelled_run_begins_nothing_more():
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled), progress.stopping(lambda: None):
        pytest.fail("it began")
