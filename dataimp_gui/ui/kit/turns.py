"""Work for the main thread in steps, with the events that came meanwhile handled after each of them."""

from collections import deque
from collections.abc import Callable, Iterable
from typing import Final

from PySide6.QtCore import QObject, QTimer

BREATH_MS: Final = 5
"""Between two steps: with less, the next one comes before other timers that are due."""


class Turns(QObject):
    """The first step is done at once, each other one in a later turn of the event loop."""

    def __init__(self, steps: Iterable[Callable[[], object]], parent: QObject) -> None:
        super().__init__(parent)
        self._steps = deque(steps)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._next)
        self._timer.start(BREATH_MS)
        self._next()

    def finish(self) -> None:
        """Do at once what is left."""
        while self._steps:
            self._next()

    def _next(self) -> None:
        if self._steps:
            step = self._steps.popleft()
            if not self._steps:
                self._timer.stop()
                self.deleteLater()
            step()
