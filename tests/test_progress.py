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


def test_paused_work_stands_between_two_steps_and_goes_on_with_its_time_left_unchanged():
    reports = []
    progress, standing = Progress(reports.append), threading.Event()
    done = []

    def work():
        for step in progress.track(range(4), "Counting"):
            done.append(step)
            if step == 1:
                progress.pause()
                standing.set()

    worker = threading.Thread(target=work)
    worker.start()
    standing.wait(5)
    while not progress.waits:
        worker.join(0.01)
    worker.join(0.5)
    assert worker.is_alive()
    assert done == [0, 1]
    assert progress.is_paused
    progress.resume()
    worker.join(5)
    assert done == [0, 1, 2, 3]
    assert not progress.waits
    assert reports[-1].elapsed_s < 0.5


def test_paused_work_can_be_cancelled():
    progress = Progress()
    progress.pause()
    ended = []

    def work():
        with pytest.raises(Cancelled):
            progress.phase("Counting")
        ended.append(True)

    worker = threading.Thread(target=work)
    worker.start()
    while not progress.waits:
        worker.join(0.01)
    progress.cancel()
    worker.join(5)
    assert ended == [True]
    assert not progress.is_paused


def test_a_query_that_is_begun_while_paused_is_not_held_up():
    progress = Progress()
    progress.pause()
    with progress.stopping(lambda: None):
        progress.check()
