"""The middle of the Augment page: the open policies, the grid, and which examples it shows."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSpinBox, QTabBar, QToolButton, QWidget

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import Elided, button, icon_button, key_button, text
from dataimp_gui.ui.pages.augment.grid import Grid
from dataimp_gui.ui.pages.augment.sweep import Sweep

NARROW: Final = 560
WIDE: Final = 900  # from here on there is room for a key beside the tabs
SEED_W: Final = 108
MOST_SEED: Final = 2**31 - 1
KEYS: Final = "O original · Shift+D difference · X reject · W without a step"


class Middle(QWidget):
    def __init__(self, *, has_examples: bool) -> None:
        super().__init__()
        self._has_examples = has_examples
        self.tabs = QTabBar(expanding=False, drawBase=False)
        self.tabs.setAccessibleName("Policies")
        self.tabs.setElideMode(Qt.TextElideMode.ElideRight)
        self.add = icon_button("plus", "New policy", key="N")
        self.more = icon_button("more", "More to do with the policy")
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.compare = QCheckBox("Compare")
        self.compare.setToolTip("Variants of this policy and the next one, side by side (V)")
        self.seeds = key_button("New seeds", "G")
        self.seed = parts.inset(QSpinBox(maximum=MOST_SEED, prefix="Seed "))
        self.seed.setKeyboardTracking(False)
        self.seed.setAccessibleName("Seed of the policy")
        self.seed.setFixedWidth(theme.grown(SEED_W))
        self.seed.setToolTip("The same seed and steps make the same variants everywhere")
        self.save = button("Save")
        self.save.setToolTip("Save the policy in the project (S)")
        self.write = key_button("Add to draft", "Ctrl+Enter", kind="primary")
        self._write_key = self.write.icon()
        self.write.setToolTip("Make the variants part of the dataset (Ctrl+Enter)")
        self.grid = Grid()
        self.sweep = Sweep()
        self.back = icon_button("chevron-left", "Previous examples", key="[")
        self.on = icon_button("chevron-right", "Next examples", key="]")
        self._place = text(size="small", colour="secondary")
        self.warning = Elided("", size="small", colour="err")
        self._count: int | None = None
        self._unread = self._target_said = self._lost = ""
        self._keys = text(KEYS, size="small", colour="muted")
        column = parts.column(self, gap=0)
        if not has_examples:
            self._hide_all()
            words = text("Augmentation is for images, sounds and texts", colour="secondary")
            words.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(words)
            return
        bar = QWidget()
        bar.setObjectName("toolbar")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        line = parts.row(bar, margins=(12, 6, 12, 6))
        line.addWidget(self.tabs, 1)
        line.addWidget(self.add)
        line.addWidget(self.more)
        buttons: tuple[QWidget, ...] = (self.compare, self.save, self.write)
        for each in buttons:
            line.addWidget(each)
        column.addWidget(bar)
        column.addWidget(self.grid, 1)
        column.addWidget(self.sweep)
        column.addLayout(self._foot())

    def _foot(self) -> QHBoxLayout:
        foot = parts.row(margins=(14, 6, 14, 6))
        line: tuple[QWidget, ...] = (self._place, self.back, self.on)
        for each in line:
            foot.addWidget(each)
        foot.addWidget(self.warning, 1)
        foot.addWidget(self._keys)
        foot.addWidget(self.seed)
        foot.addWidget(self.seeds)
        return foot

    def _hide_all(self) -> None:
        bar: tuple[QWidget, ...] = (
            *(self.tabs, self.add, self.more, self.compare),
            *(self.seed, self.seeds, self.save, self.write),
        )
        rest: tuple[QWidget, ...] = (self.grid, self.sweep, self.back, self.on)
        for each in (*bar, *rest, self._place, self.warning, self._keys):
            each.setParent(self)
            each.hide()

    @property
    def _is_narrow(self) -> bool:
        return self.width() < theme.grown(NARROW)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._has_examples:
            return
        self._keys.setHidden(self.width() < theme.grown(NARROW + 360))
        for each in (self.seed, self.seeds, self.compare):  # their keys stay, and the menu
            each.setHidden(self._is_narrow)
        self.show_save(self.save.isEnabled())
        self._name_write()

    def show_save(self, can_save: bool) -> None:
        """What is saved leaves its room to the tabs."""
        self.save.setEnabled(can_save)
        self.save.setHidden(self._is_narrow or not can_save)

    def show_count(self, count: int | None) -> None:
        """Of variants that would be added, None as long as that is not known."""
        self._count = count
        self._name_write()

    def _name_write(self) -> None:
        many = "" if self._count is None else f" {self._count:,}"
        self.write.setAccessibleName(f"Add{many} to draft")
        self.write.setText(f"Add{many}" if many and self._is_narrow else self.write.accessibleName())
        self.write.setIcon(QIcon() if self.width() < theme.grown(WIDE) else self._write_key)

    def show_seed(self, seed: int) -> None:
        self.seed.blockSignals(True)
        self.seed.setValue(min(max(seed, 0), MOST_SEED))
        self.seed.blockSignals(False)

    def show_place(self, said: str, unread: int, target_said: str) -> None:
        self._place.setText(said)
        self._unread = f"{unread:,} cannot be read" if unread else ""
        self._target_said = f"Match: {target_said}" if target_said else ""
        self._warn()

    def show_lost(self, lost: int, count: int) -> None:
        self._lost = f"{lost} of {count} may lose their label" if lost else ""
        self._warn()

    def _warn(self) -> None:
        self.warning.show_words(" · ".join(filter(None, (self._unread, self._target_said, self._lost))))
