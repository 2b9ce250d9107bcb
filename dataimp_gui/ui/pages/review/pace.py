"""How quickly decisions are made, and how long the rest will take at that."""

from collections import deque
from collections.abc import Callable
from time import monotonic
from typing import Final

RECENT: Final = 20  # decisions that the pace is taken from
PAUSE_S: Final = 60.0  # who thinks longer than this was away
ENOUGH: Final = 3


class Pace:
    """``clock`` gives seconds."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._last = clock()
        self._took: deque[float] = deque(maxlen=RECENT)

    def note(self) -> None:
        """A decision was made."""
        now = self._clock()
        took, self._last = now - self._last, now
        if took < PAUSE_S:
            self._took.append(took)

    def rest(self) -> None:
        """What follows begins now."""
        self._last = self._clock()

    @property
    def each_s(self) -> float | None:
        """Seconds a decision, None while there were too few."""
        return sum(self._took) / len(self._took) if len(self._took) >= ENOUGH else None

    def words(self, left: int) -> str:
        """ "2.4 s each · 9 min left"; empty while there were too few decisions."""
        each = self.each_s
        if each is None:
            return ""
        pace = f"{each:.1f} s each"
        rest = left_words(each * left)
        return f"{pace} · {rest} left" if rest else pace


def left_words(seconds: float) -> str:
    """Rounded as people say it; nothing under three seconds."""
    if seconds < 3:
        return ""
    if seconds < 55:
        return f"{max(5, round(seconds / 5) * 5)} s"
    minutes = seconds / 60
    if minutes < 55:
        return f"{max(1, round(minutes))} min"
    return f"{minutes / 60:.1f} h" if minutes < 600 else f"{round(minutes / 60):,} h"
