"""Garbage in reference cycles is collected on the main thread only, for a widget may not die on any other."""

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer

EVERY_MS: Final = 250


class Collector(QObject):
    """While it runs Python does not collect by itself, which would happen on whichever thread allocates next and would
    end the Qt objects of the garbage there. What lives when it starts is frozen: no collection walks over it again.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.collect)

    def start(self) -> None:
        gc.disable()
        gc.freeze()
        self._timer.start()

    def stop(self) -> None:
        """All garbage goes now: Python might collect it while some Qt object is about to end, and never return."""
        self._timer.stop()
        gc.collect()
        gc.unfreeze()
        gc.enable()

    def collect(self) -> None:
        """The oldest generation that Python itself would collect now, if any."""
        due = [count > limit for count, limit in zip(gc.get_count(), gc.get_threshold(), strict=True)]
        if due[0]:
            gc.collect(2 if due[1] and due[2] else 1 if due[1] else 0)
