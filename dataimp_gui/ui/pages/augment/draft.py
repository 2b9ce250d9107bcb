"""A policy that is being edited: what it is now, what it was, and whether that is saved."""

from typing import Final

import msgspec
from PySide6.QtCore import QObject, Signal

from dataimp_gui.core.augment.policy import Policy, Step

MOST: Final = 500  # edits that can be undone


class Draft(QObject):
    """An edit of the same ``kind`` as the one before it, the same slider say, is undone together with it."""

    changed = Signal()

    def __init__(self, policy: Policy, *, is_saved: bool = False, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.policy = policy
        self._saved = policy if is_saved else None
        self._before: list[Policy] = []
        self._after: list[Policy] = []
        self._kind = ""

    @property
    def is_saved(self) -> bool:
        return self.policy == self._saved

    @property
    def can_undo(self) -> bool:
        return bool(self._before)

    @property
    def can_redo(self) -> bool:
        return bool(self._after)

    @property
    def is_kept(self) -> bool:
        """Nothing is lost when it is closed."""
        return self.is_saved or not self.policy.steps

    def mark_saved(self, policy: Policy | None) -> None:
        """None: it is not in the project."""
        if policy != self._saved:
            self._saved = policy
            self.changed.emit()

    def put(self, policy: Policy, kind: str = "") -> None:
        if policy == self.policy:
            return
        if not kind or kind != self._kind:
            self._before = [*self._before[-MOST:], self.policy]
        self._after, self._kind, self.policy = [], kind, policy
        self.changed.emit()

    def undo(self) -> None:
        if self._before:
            self._after.append(self.policy)
            self._kind, self.policy = "", self._before.pop()
            self.changed.emit()

    def redo(self) -> None:
        if self._after:
            self._before.append(self.policy)
            self._kind, self.policy = "", self._after.pop()
            self.changed.emit()

    # steps

    def add(self, op: str) -> None:
        self._put_steps((*self.policy.steps, Step(op)))

    def remove(self, place: int) -> None:
        self._put_steps(tuple(step for at, step in enumerate(self.policy.steps) if at != place))

    def move(self, place: int, by: int) -> None:
        steps, to = list(self.policy.steps), place + by
        if 0 <= to < len(steps):
            steps.insert(to, steps.pop(place))
            self._put_steps(tuple(steps))

    def turn(self, place: int, on: bool) -> None:
        self._change(place, msgspec.structs.replace(self.policy.steps[place], on=on))

    def use_chance(self, place: int, chance: float) -> None:
        self._change(place, msgspec.structs.replace(self.policy.steps[place], chance=chance), f"chance {place}")

    def use_range(self, place: int, name: str, low: float, high: float) -> None:
        step = self.policy.steps[place]
        made = msgspec.structs.replace(step, ranges={**step.ranges, name: (low, high)})
        self._change(place, made, f"range {place} {name}")

    def use_choice(self, place: int, name: str, among: tuple[str, ...]) -> None:
        step = self.policy.steps[place]
        self._change(place, msgspec.structs.replace(step, choices={**step.choices, name: among}))

    def use_seed(self, seed: int) -> None:
        self.put(msgspec.structs.replace(self.policy, seed=seed), "seed")

    def spare(self, place: int, labels: tuple[str, ...]) -> None:
        """The step is never done to examples of these labels."""
        self._change(place, msgspec.structs.replace(self.policy.steps[place], spare=labels))

    def rename(self, name: str) -> None:
        if name:
            self.put(msgspec.structs.replace(self.policy, name=name))

    def _change(self, place: int, step: Step, kind: str = "") -> None:
        steps = self.policy.steps
        self._put_steps((*steps[:place], step, *steps[place + 1 :]), kind)

    def _put_steps(self, steps: tuple[Step, ...], kind: str = "") -> None:
        self.put(msgspec.structs.replace(self.policy, steps=steps), kind)
