"""Which label each number key gives: all classes in order up to ten, else the last ten used."""

from collections.abc import Iterable, Sequence
from typing import Final

KEYS: Final = "1234567890"


class NumberKeys:
    """A class keeps its key for as long as it holds one; a newly used one takes the key that was used longest ago."""

    def __init__(self, classes: Iterable[str]) -> None:
        self._held: list[str] = []
        self._used: list[str] = []
        self.refresh(classes)

    def refresh(self, classes: Iterable[str]) -> None:
        """Give free keys to classes that came since."""
        for name in classes:
            if len(self._held) == len(KEYS):
                return
            if name not in self._held:
                self._held.append(name)
                self._used.insert(0, name)

    def use(self, name: str) -> None:
        if name not in self._held:
            if len(self._held) < len(KEYS):
                self._held.append(name)
            else:
                oldest = self._used.pop(0)
                self._held[self._held.index(oldest)] = name
        if name in self._used:
            self._used.remove(name)
        self._used.append(name)

    @property
    def held(self) -> dict[str, str]:
        """Key to class, in the order of the keys."""
        return dict(zip(KEYS, self._held, strict=False))

    def label(self, key: str) -> str:
        return self.held.get(key, "")

    @property
    def recent(self) -> Sequence[str]:
        """Held classes, the last used first."""
        return self._used[::-1]
