"""Every test of the window: offscreen unless a display was asked for, settings of its own, nothing left behind."""

import os
import threading
from concurrent.futures import Executor, Future

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(autouse=True)
def _own_settings(tmp_path, monkeypatch):
    """Settings, recent projects and window geometry of the test, not of the person who runs it."""
    from PySide6.QtCore import QSettings

    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "APPDATA", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "config"))
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path / "qt"))


@pytest.fixture(autouse=True)
def _nothing_left_behind(qapp):
    """A test that leaves a window or a worker thread has forgotten to close something."""
    threads = set(threading.enumerate())
    yield
    from PySide6.QtCore import QCoreApplication, QEvent

    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    windows = [widget.objectName() or type(widget).__name__ for widget in qapp.topLevelWidgets() if widget.isVisible()]
    assert not windows, f"still open: {windows}"
    left = [thread.name for thread in threading.enumerate() if thread not in threads and thread.is_alive()]
    assert not left, f"still running: {left}"


class Inline(Executor):
    """Runs each job at once, on the thread that asked for it, so that the clock stands still in a test."""

    def submit(self, fn, /, *args, **kwargs):
        future = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


@pytest.fixture
def inline():
    return Inline()
