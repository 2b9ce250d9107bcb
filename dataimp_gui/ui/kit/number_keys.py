"""Which label each number key gives: all classes in order up to ten, else the last ten used."""

from collections.abc import Iterable, Sequence
from typing import Final

KEYS: Final = "1234567890"


class NumberKeys:
    """A class keeps its key for as long as it holds one; a newly used one takes the key that was used longest ago.

    A class that is called like a key has that key: with digits as classes, 3 gives 3.
    """

    def __init__(self, classes: Iterable[str]) -> None:
        self._held: dict[str, str] = {}
        self._used: list[str] = []
        self.refresh(classes)

    def refresh(self, classes: Iterable[str]) -> None:
        """Give free keys to classes that came since."""
        names = [name for name in classes if name not in self._used]
        for name in sorted(names, key=lambda name: name not in {*KEYS}):
            if key := self._free(name):
                self._held[key] = name
                self._used.insert(0, name)

    def use(self, name: str) -> None:
        if name not in self._used:
            key = self._free(name) or next(key for key, held in self._held.items() if held == self._used[0])
            if key in self._held:
                self._used.remove(self._held[key])
            self._held[key] = name
        else:
            self._used.remove(name)
        self._used.append(name)

    def _free(self, name: str) -> str:
        """The key of a class that has none: its own, else the first that is free; empty when there is none."""
        free = [key for key in KEYS if key not in self._held]
        return name if name in free else next(iter(free), "")

    @property
    def held(self) -> dict[str, str]:
        """Key to class, in the order of the keys."""
        return {key: self._held[key] for key in KEYS if key in self._held}

    def label(self, key: str) -> str:
        return self.held.get(key, "")

    @property
    def recent(self) -> Sequence[str]:
        """Held classes, the last used first."""
        return self._used[::-1]
