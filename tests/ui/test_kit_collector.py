"""Reference cycles that hold widgets die on the main thread, whichever thread makes garbage."""

import gc
import threading

import pytest
from PySide6.QtCore import QTimer

from dataimp_gui.ui.kit.collector import Collector


class Cycle:
    def __init__(self, died_on):
        self.itself, self.timer, self.died_on = self, QTimer(), died_on

    def __del__(self):
        self.died_on.append(threading.current_thread())


@pytest.fixture
def fresh(collector):
    """A collector of its own, while the one of all tests stands still."""
    collector.stop()
    fresh = Collector()
    yield fresh
    fresh.stop()
    collector.start()


def litter():
    """More cycles than Python lets lie in any of its generations."""
    for _ in range(200_000):
        cycle: list = []
        cycle.append(cycle)


def in_a_thread(work):
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def test_garbage_of_another_thread_ends_no_widget_there(fresh, qtbot):
    fresh.start()
    died_on = []
    Cycle(died_on)
    in_a_thread(litter)
    assert died_on == []
    qtbot.waitUntil(lambda: died_on == [threading.main_thread()], timeout=10_000)


def test_cycles_do_not_pile_up_while_it_runs(fresh, qtbot):
    fresh.start()
    in_a_thread(litter)
    before = len(gc.get_objects())
    qtbot.waitUntil(lambda: len(gc.get_objects()) < before - 190_000, timeout=10_000)


def test_python_collects_by_itself_before_and_after(fresh):
    assert gc.isenabled()
    fresh.start()
    assert not gc.isenabled()
    fresh.stop()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
