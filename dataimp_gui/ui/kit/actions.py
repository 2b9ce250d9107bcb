"""Actions as data: each page lists its own; menus, shortcuts, palette and help are built from the rows."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from dataimp_gui.ui.kit import icons

T = TypeVar("T", bound=QWidget)


def always(_: QWidget) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class ActionSpec(Generic[T]):
    """``id`` ("triage.relabel") names it in settings and tests; ``text`` is a verb, with … when a dialog follows.

    ``enabled`` is asked when the action is about to be shown or run. Shortcuts are typed characters; one that is a
    single letter is silent while a text field has the focus, because the field takes the letter first.
    """

    id: str
    text: str
    run: Callable[[T], Any]
    menu: str = ""
    shortcut: str = ""
    enabled: Callable[[T], bool] = always
    icon: str = ""
    more: tuple[str, ...] = ()  # further shortcuts
    repeats: bool = True  # while its key is held down
    fixed: bool = False  # its key is what it is about, and cannot be another
    within: Callable[[T], QWidget] | None = None  # its keys work only while this has the focus: buttons need them too

    @property
    def shortcuts(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.shortcut, *self.more)))

    def build(self, target: T) -> QAction:
        """The action for one widget, which owns it; runs only when it is enabled at that moment."""
        action = QAction(self.text, target)
        action.setObjectName(self.id)
        action.setProperty("menu", self.menu)
        action.setProperty("sign", self.icon)
        if self.within is not None:
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            self.within(target).addAction(action)
        action.setAutoRepeat(self.repeats)
        action.setShortcuts([QKeySequence(keys) for keys in self.shortcuts])
        if self.icon:
            action.setIcon(icons.icon(self.icon))
        action.triggered.connect(lambda: self.run(target) if self.enabled(target) else None)
        return action


def clashes(specs: Iterable[ActionSpec[Any]]) -> dict[str, list[str]]:
    """Shortcuts that more than one action claims, with the ids of the actions."""
    claimed = defaultdict(list)
    for spec in specs:
        for keys in spec.shortcuts:
            claimed[QKeySequence(keys).toString()].append(spec.id)
    return {keys: ids for keys, ids in claimed.items() if len(ids) > 1}


def shown_keys(action: QAction) -> Sequence[str]:
    """The first shortcut as single keys for drawing: ("Ctrl", "K")."""
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    if not keys:
        return ()
    return keys.split("+") if keys != "+" and "++" not in keys else (keys,)


def shown_icon(action: QAction) -> str:
    """The name of its icon, empty when it has none."""
    return str(action.property("sign") or "")


def shown_place(action: QAction) -> str:
    """The menu that it stands in."""
    return str(action.property("menu") or "")
