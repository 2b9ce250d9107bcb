"""Which keys each action has: those of its row, or those that a person gave it; no key means two things."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from PySide6.QtGui import QKeySequence

from dataimp_gui.ui.kit.actions import ActionSpec

Spec = ActionSpec[Any]
Keys = tuple[str, ...]
Changed = Mapping[str, Keys]
"""The keys of those actions that have others than in their row, by id; none at all is empty."""

NO_CHANGE: Final[Changed] = {}


@dataclass(frozen=True, slots=True)
class Table:
    """The actions of one place. ``everywhere``: their keys work in all places."""

    title: str
    specs: Sequence[Spec]
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class Keymap:
    """Every change gives a new one."""

    tables: Sequence[Table]
    changed: Changed = field(default_factory=dict)

    def keys(self, spec: Spec) -> Keys:
        return self.changed.get(spec.id, spec.shortcuts)

    def is_changed(self, spec: Spec) -> bool:
        return spec.id in self.changed

    def table(self, spec: Spec) -> Table:
        return next(table for table in self.tables if spec in table.specs)

    def holder(self, spec: Spec, key: str) -> Spec | None:
        """The other action that has this key where both would work."""
        mine = self.table(spec)
        for table in self.tables:
            if table is mine or table.everywhere or mine.everywhere:
                for other in table.specs:
                    if other.id != spec.id and normal(key) in map(normal, self.keys(other)):
                        return other
        return None

    def give(self, spec: Spec, keys: Keys) -> "Keymap":
        """``spec`` gets these instead of those it has; whoever had one of them loses it."""
        given = self._with(spec, keys)
        for key in keys:
            while (other := given.holder(spec, key)) is not None:
                given = given._with(other, tuple(k for k in given.keys(other) if normal(k) != normal(key)))
        return given

    def reset(self, spec: Spec) -> "Keymap":
        """Back to the keys of its row."""
        return self.give(spec, spec.shortcuts)

    def _with(self, spec: Spec, keys: Keys) -> "Keymap":
        changed = {id_: had for id_, had in self.changed.items() if id_ != spec.id}
        if tuple(map(normal, keys)) != tuple(map(normal, spec.shortcuts)):
            changed[spec.id] = keys
        return Keymap(self.tables, changed)


def normal(key: str) -> str:
    """Keys in the one way of writing them by which they are compared."""
    return QKeySequence(key).toString()


def shown(keys: Keys) -> str:
    """As they are called on this system."""
    return ", ".join(QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in keys)
