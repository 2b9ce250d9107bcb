"""The middle of the Augment page: the open policies, the grid, and which examples it shows."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QLineEdit, QTabBar, QWidget

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import icon_button, key_button, text
from dataimp_gui.ui.pages.augment.grid import Grid

NARROW: Final = 560


class Middle(QWidget):
    def __init__(self, *, has_examples: bool) -> None:
        super().__init__()
        self._has_examples = has_examples
        self.tabs = QTabBar(expanding=False, drawBase=False)
        self.tabs.setAccessibleName("Policies")
        self.tabs.setElideMode(Qt.TextElideMode.ElideRight)
        self.add = icon_button("plus", "New policy", key="N")
        self.compare = QCheckBox("Compare")
        self.compare.setToolTip("Variants of this policy and the next one, side by side (V)")
        self.seeds = key_button("New seeds", "G")
        self.save = key_button("Save policy", "S", kind="primary")
        self.target = QLineEdit(placeholderText="No target, e.g. split = 'test'")
        self.target.setAccessibleName("Target: which examples the variants should be like")
        self.target.setToolTip("Which examples the variants should be like: a clause as in the query bar")
        self.target.setMaximumWidth(260)
        self.grid = Grid()
        self.back = icon_button("chevron-left", "Previous examples", key="[")
        self.on = icon_button("chevron-right", "Next examples", key="]")
        self._place = text(size="small", colour="secondary")
        self._unread = text(size="small", colour="warn")
        self._hold = text("Hold O for the original", size="small", colour="muted")
        column = parts.column(self, gap=0)
        if not has_examples:
            kept: tuple[QWidget, ...] = (self.tabs, self.add, self.compare, self.seeds, self.save, self.target)
            for each in (*kept, self.grid, self.back, self.on, self._place, self._unread, self._hold):
                each.setParent(self)
                each.hide()
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
        line.addStretch(0)
        for each in (self.compare, self.seeds, self.save):
            line.addWidget(each)
        foot = parts.row(margins=(14, 6, 14, 6))
        foot.addWidget(self._place)
        foot.addWidget(self.back)
        foot.addWidget(self.on)
        foot.addWidget(self._unread)
        foot.addStretch(1)
        foot.addWidget(self._hold)
        foot.addWidget(text("Match", size="small", colour="muted"))
        foot.addWidget(self.target, 1)
        column.addWidget(bar)
        column.addWidget(self.grid, 1)
        column.addLayout(foot)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._has_examples:
            return
        is_narrow = self.width() < theme.grown(NARROW)
        self._hold.setHidden(is_narrow)
        self.seeds.setHidden(is_narrow)  # its key stays

    def show_place(self, said: str, unread: int, target_said: str) -> None:
        self._place.setText(said)
        warnings = [f"{unread:,} cannot be read"] if unread else []
        if target_said:
            warnings.append(f"Match: {target_said}")
        self._unread.setText(" · ".join(warnings))
