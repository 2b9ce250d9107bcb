"""Every test of the window: offscreen unless a display was asked for, settings of its own, nothing left behind."""

import os
import threading
from concurrent.futures import Executor, Future
from dataclasses import replace

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


@pytest.fixture(scope="session")
def collector(qapp):
    """As in the program, reference cycles are collected on the main thread only."""
    from dataimp_gui.ui.kit.collector import Collector

    collector = Collector(qapp)
    collector.start()
    yield collector
    collector.stop()


@pytest.fixture(autouse=True)
def _nothing_left_behind(qapp, collector):
    """A test that leaves a window or a worker thread has forgotten to close something."""
    threads = set(threading.enumerate())
    yield
    from PySide6.QtCore import QCoreApplication, QEvent

    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    windows = [widget.objectName() or type(widget).__name__ for widget in qapp.topLevelWidgets() if widget.isVisible()]
    assert not windows, f"still open: {windows}"
    left = [thread.name for thread in threading.enumerate() if thread not in threads and thread.is_alive()]
    assert not left, f"still running: {left}"
    collector.collect()


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


@pytest.fixture(scope="session")
def pictures_source(tmp_path_factory):
    """A folder of class folders with 12 small images a class, and a file of predictions; every fifth one is wrong."""
    import csv

    import numpy as np
    from PIL import Image

    folder = tmp_path_factory.mktemp("pictures")
    classes = ("bag", "coat", "shirt")
    rng = np.random.default_rng(3)
    with (folder / "said.csv").open("w", newline="") as said:
        runs = csv.writer(said)
        runs.writerow(["id", *classes])
        for code, name in enumerate(classes):
            (folder / "data" / name).mkdir(parents=True)
            for number in range(12):
                pixels = rng.integers(0, 255, (24, 24, 3), dtype=np.uint8)
                Image.fromarray(pixels).save(folder / "data" / name / f"{number:02d}.png")
                wrong = number % 5 == 0
                scores = np.full(3, 0.1)
                scores[(code + wrong) % 3] = 0.8
                runs.writerow([f"{name}/{number:02d}.png", *scores])
    return folder


@pytest.fixture(scope="session")
def pictures_made(pictures_source, tmp_path_factory):
    from dataimp_gui.core.importing import ImportOptions, import_dataset
    from dataimp_gui.progress import Progress

    target = tmp_path_factory.mktemp("made") / "pictures.dataimp"
    options = ImportOptions(predictions=(pictures_source / "said.csv",))
    summary = import_dataset(pictures_source / "data", target, options, Progress())
    assert (summary.examples, summary.quarantined) == (36, 0)
    return target


@pytest.fixture
def pictures(pictures_made, tmp_path):
    """A project of 36 images of its own for the test: 3 classes, one run, 9 errors."""
    import shutil

    return shutil.copytree(pictures_made, tmp_path / "pictures.dataimp")


@pytest.fixture
def open_window(qtbot, qapp, tmp_path):
    """Opens the window, on a project when given one, and waits for its first answer; closes it in the end."""
    from dataimp_gui.ui import settings, theme
    from dataimp_gui.ui.main_window import MainWindow

    theme.apply(qapp, "dark")
    opened = []

    def open_(project=None, size=(1280, 800), measure_most=0):
        """``measure_most``: projects with more examples are not measured by themselves; 0 is never."""
        config = tmp_path / "settings"
        settings.save(replace(settings.load(config), measure_most=measure_most), config)
        window = MainWindow(config)
        opened.append(window)
        if size:
            window.resize(*size)
        with qtbot.waitActive(window, timeout=30_000):
            window.show()
            window.activateWindow()
        if project is not None:
            window.open(project)
            qtbot.waitUntil(lambda: window.session is not None and window.session.ready, timeout=20_000)
        return window

    yield open_
    for window in opened:
        window.close()
        window.deleteLater()
