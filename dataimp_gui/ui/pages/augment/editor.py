"""The left panel: the steps of a policy in their order, and what can be done to them."""

from functools import partial
from typing import Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QScrollArea, QWidget

from dataimp_gui.core.augment.operations import operations
from dataimp_gui.core.augment.policy import faults
from dataimp_gui.core.augment.starters import starters
from dataimp_gui.core.model import Modality
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.choice import Choice
from dataimp_gui.ui.kit.parts import button, icon_button, section_title, text
from dataimp_gui.ui.kit.picker import Picker
from dataimp_gui.ui.pages.augment.card import Card
from dataimp_gui.ui.pages.augment.draft import Draft

BEGIN: Final = "Begin with…"


class Editor(QWidget):
    begun = Signal(object)  # Policy to begin with

    def __init__(self, modality: Modality) -> None:
        super().__init__()
        self.setObjectName("filters")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._modality = modality
        self._draft: Draft | None = None
        self.starters = Choice("Begin with", "Policies to begin with", 12)
        self.starters.addItem("…", None)
        for policy in starters(modality):
            self.starters.addItem(policy.name, policy)
        self.starters.activated.connect(self._begin)
        self.name = QLineEdit(placeholderText="Name of the policy")
        self.name.setAccessibleName("Name of the policy")
        self.name.editingFinished.connect(lambda: self._draft and self._draft.rename(self.name.text().strip()))
        self.undo = icon_button("undo", "Undo the change of the policy", key="U")
        self.redo = icon_button("redo", "Redo the change of the policy", key="Shift+U")
        self.undo.clicked.connect(lambda: self._draft and self._draft.undo())
        self.redo.clicked.connect(lambda: self._draft and self._draft.redo())
        self._count = text(size="small", colour="muted")
        self.add = button("Add step", icon="plus", key="+")
        self.add.clicked.connect(self.choose_step)
        self._empty = text("No steps yet. Begin with a policy above, or add a step.", size="small", colour="muted")
        self._empty.setWordWrap(True)
        body = QWidget()
        body.setObjectName("panelBody")
        self._cards = parts.column(gap=8)
        self.cards: list[Card] = []
        column = parts.column(body, gap=10, margins=(12, 4, 12, 12))
        column.addLayout(self._cards)
        column.addWidget(self._empty)
        column.addWidget(self.add)
        column.addStretch(1)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(body)
        named = parts.row(gap=4)
        for each in (self.name, self.undo, self.redo):
            named.addWidget(each)
        head = parts.row()
        head.addWidget(section_title("Steps, in order"))
        head.addStretch(1)
        head.addWidget(self._count)
        top = parts.column(gap=8, margins=(12, 10, 12, 4))
        top.addWidget(self.starters)
        top.addLayout(named)
        top.addLayout(head)
        whole = parts.column(self, gap=0)
        whole.addLayout(top)
        whole.addWidget(scroll, 1)

    def show_draft(self, draft: Draft) -> None:
        if self._draft is not None:
            self._draft.changed.disconnect(self._show)
        self._draft = draft
        draft.changed.connect(self._show)
        self._show()

    def choose_step(self) -> None:
        """By typing a part of its name or of the noise that it models."""
        words = {f"{each.title}: {each.noise}": each.name for each in operations(self._modality)}
        picker = Picker("Type to find a step", "", self)
        picker.setFixedWidth(460)
        picker.chosen.connect(lambda word, _: self._add(words.get(word, "")))
        picker.open_at(self.add.mapTo(self.window(), QPoint(0, -260)), list(words))

    def _add(self, op: str) -> None:
        if self._draft is not None and op:
            self._draft.add(op)

    def _begin(self) -> None:
        policy = self.starters.currentData()
        self.starters.setCurrentIndex(0)
        if policy is not None:
            self.begun.emit(policy)

    def _show(self) -> None:
        if (draft := self._draft) is None:
            return
        policy = draft.policy
        if [card.op for card in self.cards] != [step.op for step in policy.steps]:
            self._lay_out(draft)
        wrong = {fault.place: fault for fault in faults(policy)}
        for place, (card, step) in enumerate(zip(self.cards, policy.steps, strict=True)):
            card.show_step(step, wrong.get(place))
            card.up.setEnabled(place > 0)
            card.down.setEnabled(place < len(self.cards) - 1)
        self.name.setText(policy.name)
        self.undo.setEnabled(draft.can_undo)
        self.redo.setEnabled(draft.can_redo)
        on = sum(step.on for step in policy.steps)
        self._count.setText(f"{on} of {len(policy.steps)} on" if policy.steps else "")
        self._empty.setHidden(bool(policy.steps))

    def _lay_out(self, draft: Draft) -> None:
        parts.clear(self._cards)
        self.cards = [Card(step) for step in draft.policy.steps]
        for place, card in enumerate(self.cards):
            card.turned.connect(partial(draft.turn, place))
            card.chanced.connect(partial(draft.use_chance, place))
            card.ranged.connect(partial(draft.use_range, place))
            card.moved.connect(partial(draft.move, place))
            card.removed.connect(partial(draft.remove, place))
            self._cards.addWidget(card)
