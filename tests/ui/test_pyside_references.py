"""A guard: PySide6 6.12.0 on CPython 3.11 loses a reference to None or True in every void call and every emit.

In the end the process aborts. The pin in pyproject.toml keeps it out; this fails if such a release comes in again.
"""

import gc
import sys

from PySide6.QtCore import QObject, Signal

CALLS = 2000
SLACK = 50  # other objects of the interpreter come and go meanwhile


class Sender(QObject):
    sent = Signal(bool)


def test_void_calls_and_signals_keep_the_references_of_none_and_true(qapp):
    sender, heard = Sender(), []
    sender.sent.connect(lambda on: heard.append(None))
    gc.collect()
    before = sys.getrefcount(None), sys.getrefcount(True)
    for _ in range(CALLS):
        sender.setObjectName("x")
        sender.sent.emit(True)
    assert len(heard) == CALLS
    heard.clear()
    gc.collect()
    after = sys.getrefcount(None), sys.getrefcount(True)
    assert abs(after[0] - before[0]) < SLACK
    assert abs(after[1] - before[1]) < SLACK
