"""The real window without a display, for benchmarks: made, waited for, and its main thread's pulse felt."""

import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from dataimp_gui.ui import settings, theme
from dataimp_gui.ui.kit.collector import Collector
from dataimp_gui.ui.main_window import MainWindow

BEAT_MS = LOOK_MS = 2


class Heart:
    """How long the main thread was away at most, in ms of the clock, and how much of that it computed itself.

    On a machine with other work to do the first is larger than the second through no fault of the window.
    """

    def __init__(self) -> None:
        self._timer = QTimer(interval=BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self._timer.start()
        self.rest()

    def rest(self) -> None:
        """Begin anew."""
        self.gap_ms = self.busy_ms = 0.0
        self._at, self._used = time.perf_counter(), time.thread_time()

    def _beat(self) -> None:
        now, used = time.perf_counter(), time.thread_time()
        gap = (now - self._at) * 1e3 - BEAT_MS
        self.gap_ms = max(self.gap_ms, gap)
        self.busy_ms = max(self.busy_ms, (used - self._used) * 1e3)
        self._at, self._used = now, used


def window(config: Path, measure_most: int = 0) -> tuple[QApplication, MainWindow]:
    """Shown at 1920x1080 in dark. Projects with more examples than ``measure_most`` are not measured unasked."""
    app = QApplication([])
    theme.apply(app, "dark")
    Collector(app).start()
    settings.save(replace(settings.load(config), measure_most=measure_most), config)
    made = MainWindow(config)
    made.resize(1920, 1080)
    made.show()
    made.activateWindow()
    until(app, made.isActiveWindow)
    return app, made


def until(app: QApplication, fact: Callable[[], bool], limit_s: float = 300) -> None:
    """Let the window work until ``fact`` holds; looked at every `LOOK_MS`, as looking costs time of the main thread."""
    loop, timer, end = QEventLoop(app), QTimer(interval=LOOK_MS), time.monotonic() + limit_s
    timer.timeout.connect(lambda: loop.quit() if fact() or time.monotonic() > end else None)
    if not fact():
        timer.start()
        loop.exec()
        if not fact():
            raise SystemExit("it takes too long")


def is_answered(made: MainWindow) -> bool:
    return made.session is not None and made.session.ready


def has_faces(made: MainWindow) -> bool:
    """Whether every tile on the screen shows its picture or its words."""
    if not is_answered(made):
        return False
    gallery = made.page.gallery
    places = gallery.view.visible()
    return len(places) > 0 and all(gallery.model.face(int(place)) is not None for place in places)
