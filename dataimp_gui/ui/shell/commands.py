"""The actions of the window and of the page that is shown: shortcuts, palette, menus and the keys overlay."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QMainWindow, QMenu, QToolButton, QWidget

from dataimp_gui.ui.kit import icons
from dataimp_gui.ui.kit.actions import ActionSpec
from dataimp_gui.ui.kit.keymap import NO_CHANGE, Changed, shown
from dataimp_gui.ui.kit.keys_overlay import HeldKeys, KeysOverlay
from dataimp_gui.ui.kit.palette import CommandPalette

TIP: Final = "tipAtFirst"  # the tool tip of a widget before its key became another
Built = tuple[ActionSpec[Any], QWidget, QAction]


class Commands(QObject):
    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._built: list[Built] = []
        self._held: dict[QWidget, Sequence[HeldKeys]] = {}
        self._resting: set[QWidget] = set()
        self._changed: Changed = NO_CHANGE
        self._told = False  # whether some tool tip is another one than at first
        self.palette = CommandPalette(window)
        self._keys = KeysOverlay(window)

    def add(self, specs: Sequence[ActionSpec[Any]], target: QWidget, held: Sequence[HeldKeys] = ()) -> None:
        """Build a table of actions for its widget; their shortcuts work in the whole window.

        ``held`` are keys that the widget itself takes, with what they do: they are shown among the keys.
        """
        self._held[target] = held
        for spec in specs:
            action = spec.build(target)
            self._set_keys(spec, action)
            self._window.addAction(action)
            self._built.append((spec, target, action))
        self._tell_keys()

    def use_keys(self, changed: Changed) -> None:
        """These actions have other keys from now on than those of their rows, wherever keys are shown."""
        if changed == self._changed:
            return
        self._changed = changed
        for spec, _, action in self._built:
            self._set_keys(spec, action)
        self._tell_keys()

    def _set_keys(self, spec: ActionSpec[Any], action: QAction) -> None:
        action.setShortcuts([QKeySequence(keys) for keys in self._changed.get(spec.id, spec.shortcuts)])

    def _tell_keys(self) -> None:
        """Tool tips end with the key of the action that their button stands for: write the key that it has now."""
        if not self._changed and not self._told:
            return
        self._told = bool(self._changed)
        for widget in self._window.findChildren(QAbstractButton):
            if tip := widget.property(TIP):
                widget.setToolTip(tip)
                widget.setProperty(TIP, "")
        for spec, target, _ in self._built if self._changed else ():
            if spec.id not in self._changed or not spec.shortcut:
                continue
            new = shown(self._changed[spec.id][:1])
            for old in {spec.shortcut, spec.shortcut.replace("Return", "Enter")}:
                for widget in target.findChildren(QAbstractButton):
                    tip = widget.toolTip()
                    if tip.endswith(f" ({old})") and not widget.property(TIP):
                        widget.setProperty(TIP, tip)
                        widget.setToolTip(tip.removesuffix(f"({old})") + (f"({new})" if new else ""))

    def remove(self, target: QWidget) -> None:
        for _, owner, action in self._built:
            if owner is target:
                self._window.removeAction(action)
                action.deleteLater()
        self._built = [built for built in self._built if built[1] is not target]
        self._held.pop(target, None)
        self._resting.discard(target)

    def rest(self, target: QWidget) -> None:
        """The actions of a page that is covered by another do not count until `wake`."""
        self._resting.add(target)
        for _, owner, action in self._built:
            if owner is target:
                self._window.removeAction(action)

    def wake(self, target: QWidget) -> None:
        self._resting.discard(target)
        for _, owner, action in self._built:
            if owner is target:
                self._window.addAction(action)

    def _awake(self) -> list[Built]:
        return [built for built in self._built if built[1] not in self._resting]

    def find(self, id_: str) -> QAction:
        return next(action for spec, _, action in self._built if spec.id == id_)

    def show_palette(self) -> None:
        self.palette.open_with([action for spec, target, action in self._awake() if spec.enabled(target)])

    def show_keys(self) -> None:
        self._keys.open_with(
            [action for spec, target, action in self._awake() if spec.enabled(target)],
            [line for target, held in self._held.items() if target not in self._resting for line in held],
        )

    def menu_button(self, title: str, menus: Sequence[str]) -> QToolButton:
        """A button that opens the actions of these menus, a line between them."""
        button = QToolButton()
        button.setIcon(icons.icon("chevron-down"))
        button.setFixedSize(28, 28)
        button.setAccessibleName(title)
        button.setToolTip(title)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        menu.aboutToShow.connect(lambda: self._fill(menu, menus))
        button.setMenu(menu)
        return button

    def popup(self, menus: Sequence[str], at: QPoint) -> None:
        """A context menu of the actions of these menus."""
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._fill(menu, menus)
        menu.popup(at)

    def _fill(self, menu: QMenu, names: Sequence[str]) -> None:
        menu.clear()
        for name in names:
            for spec, target, action in self._awake():
                if spec.menu == name:
                    shown = menu.addAction(action.icon(), action.text(), action.trigger)
                    shown.setShortcut(action.shortcut())
                    shown.setShortcutVisibleInContextMenu(True)
                    shown.setEnabled(spec.enabled(target))
            menu.addSeparator()
