"""The left panel: the steps of a policy in their order, and what can be done to them."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QApplication, QFrame, QLineEdit, QScrollArea, QWidget

from dataimp_gui.core.augment.operations import operations
from dataimp_gui.core.augment.policy import Policy, Step, faults, missing
from dataimp_gui.core.augment.starters import starters
from dataimp_gui.core.model import Modality
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.choice import Choice
from dataimp_gui.ui.kit.parts import button, icon_button, section_title, text
from dataimp_gui.ui.kit.picker import Picker
from dataimp_gui.ui.pages.augment.card import Card
from dataimp_gui.ui.pages.augment.draft import Draft
from dataimp_gui.ui.pages.augment.fitting import Fitting
from dataimp_gui.ui.pages.augment.output import Output
from dataimp_gui.ui.pages.augment.scope import Scope

GAP: Final = 8


class Editor(QWidget):
    begun = Signal(object)  # Policy to begin with
    swept = Signal(int, str)  # a step by its place, and a parameter of it
    ghosted = Signal(int)  # the place of a step that the variants are wanted without, -1 for none

    def __init__(
        self, modality: Modality, labels: Callable[[], Sequence[str]], scope: Scope, fitting: Fitting, output: Output
    ) -> None:
        super().__init__()
        self.setObjectName("filters")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._labels = labels
        self._modality, self.fitting, self._output = modality, fitting, output
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
        self._cards = parts.column(gap=GAP)
        self.cards: list[Card] = []
        self.mark = QFrame()  # where a dragged step comes to lie
        self.mark.setObjectName("dropMark")
        self._goal = -1
        self._costs: Mapping[int, str] = {}
        self._failed: Mapping[int, str] = {}
        self._within = QWidget()
        self._scroll = self._scrolled()
        named = parts.row(gap=4)
        for each in (self.name, self.undo, self.redo):
            named.addWidget(each)
        head = parts.row()
        head.addWidget(section_title("Steps, in order"))
        head.addStretch(1)
        head.addWidget(self._count)
        top = parts.column(gap=8, margins=(12, 10, 12, 4))
        top.addWidget(scope)
        top.addWidget(self.starters)
        top.addLayout(named)
        top.addLayout(head)
        whole = parts.column(self, gap=0)
        whole.addLayout(top)
        whole.addWidget(self._scroll, 1)

    def _scrolled(self) -> QScrollArea:
        body = self._within
        body.setObjectName("panelBody")
        self.mark.setParent(body)
        self.mark.hide()
        column = parts.column(body, gap=10, margins=(12, 4, 12, 12))
        column.addLayout(self._cards)
        column.addWidget(self._empty)
        line = parts.row()
        line.addWidget(self.add, 1)
        line.addWidget(self.fitting.go, 1)
        column.addLayout(line)
        column.addWidget(self.fitting)
        column.addWidget(self._output)
        column.addStretch(1)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(body)
        return scroll

    def show_draft(self, draft: Draft) -> None:
        if self._draft is not None:
            self._draft.changed.disconnect(self._show)
        self._draft = draft
        draft.changed.connect(self._show)
        self._show()

    def show_costs(self, costs: Mapping[int, str]) -> None:
        """What was measured against steps, by their places."""
        if costs != self._costs:
            self._costs = costs
            self._show()

    def show_failed(self, failed: Mapping[int, str]) -> None:
        """Why steps could not be done on the examples in sight."""
        if failed != self._failed:
            self._failed = failed
            self._show()

    def choose_step(self) -> None:
        """By typing a part of its name or of the noise that it models."""
        words = {f"{each.title}: {each.noise}": each.name for each in operations(self._modality)}
        picker = Picker("Type to find a step", "", self)
        picker.setFixedWidth(460)
        picker.chosen.connect(lambda word, _: self._add(words.get(word, "")))
        picker.open_at(self.add.mapTo(self.window(), QPoint(0, -260)), list(words))

    def place_at_hand(self) -> int:
        """Of the step that the focus or the pointer is in, else of the first; -1 for none."""
        inside = [at for at, card in enumerate(self.cards) if card.underMouse() or _has_focus(card)]
        return inside[0] if inside else min(0, len(self.cards) - 1)

    def parameter_at_hand(self) -> tuple[int, str] | None:
        """The step, and the parameter of it that has the focus, else the first that can be swept from there on."""
        first = max(0, self.place_at_hand())
        places = [*range(first, len(self.cards)), *range(first)]
        lines = [
            (place, name, line)
            for place in places
            for name, line in self.cards[place].inputs.items()
            if line.title.isEnabled()
        ]
        here = [(place, name) for place, name, line in lines if _has_focus(line)]
        return next(iter([*here, *((place, name) for place, name, _ in lines)]), None)

    def track_of(self, place: int, name: str) -> tuple[float, float]:
        slider = self.cards[place].sliders.get(name) if place < len(self.cards) else None
        return slider.track if slider else (0.0, 1.0)

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
            self._lay_out(policy)
        wrong = {fault.place: fault for fault in faults(policy)}
        for place, (card, step) in enumerate(zip(self.cards, policy.steps, strict=True)):
            wanted = f"Choose a {need}: until then nothing is done." if (need := missing(step)) else ""
            card.show_step(step, wrong.get(place), wanted or self._failed.get(place) or self._costs.get(place, ""))
        if not self.name.hasFocus():
            self.name.setText(policy.name)
        self.undo.setEnabled(draft.can_undo)
        self.redo.setEnabled(draft.can_redo)
        on = sum(step.on for step in policy.steps)
        self._count.setText(f"{on} of {len(policy.steps)} on" if policy.steps else "")
        for each in (self._empty, self.starters):
            each.setHidden(bool(policy.steps))

    def _lay_out(self, policy: Policy) -> None:
        """Cards of operations that stay are moved, so that they keep the focus and what is open."""
        there: dict[str, list[Card]] = {}
        for card in self.cards:
            there.setdefault(card.op, []).append(card)
            self._cards.removeWidget(card)
        self.cards = [there[step.op].pop(0) if there.get(step.op) else self._made(step) for step in policy.steps]
        for card in self.cards:
            self._cards.addWidget(card)
        for left in there.values():
            for card in left:
                card.hide()
                card.deleteLater()
        self.ghosted.emit(-1)  # places are others now
        for before, card in pairwise(self.cards):
            QWidget.setTabOrder(before, card)

    def _made(self, step: Step) -> Card:
        card = Card(step, self._labels)
        card.turned.connect(lambda on: self._edit(card, lambda draft, at: draft.turn(at, on)))
        card.chanced.connect(lambda chance: self._edit(card, lambda draft, at: draft.use_chance(at, chance)))
        card.ranged.connect(
            lambda name, low, high: self._edit(card, lambda draft, at: draft.use_range(at, name, low, high))
        )
        card.picked.connect(lambda name, among: self._edit(card, lambda draft, at: draft.use_choice(at, name, among)))
        card.spared.connect(lambda labels: self._edit(card, lambda draft, at: draft.spare(at, labels)))
        card.moved.connect(lambda by: self._edit(card, lambda draft, at: draft.move(at, by)))
        card.removed.connect(lambda: self._edit(card, lambda draft, at: draft.remove(at)))
        card.swept.connect(lambda name: self._edit(card, lambda _, at: self.swept.emit(at, name)))
        card.ghosted.connect(lambda on: self._edit(card, lambda _, at: self.ghosted.emit(at if on else -1)))
        card.dragged.connect(lambda y: self._edit(card, lambda _, at: self._drag(at, y)))
        card.dropped.connect(lambda: self._edit(card, self._drop))
        return card

    def _edit(self, card: Card, do: Callable[[Draft, int], object]) -> None:
        if self._draft is not None and card in self.cards:
            do(self._draft, self.cards.index(card))

    # dragging

    def _drag(self, at: int, y: int) -> None:
        """``y`` on the screen. The goal counts the places between cards, as they are before the move."""
        within = self._within
        inside = within.mapFromGlobal(QPoint(0, y)).y()
        self._goal = sum(card.geometry().center().y() < inside for card in self.cards)
        last = self.cards[-1].geometry().bottom() + GAP // 2
        edge = self.cards[self._goal].y() - GAP // 2 if self._goal < len(self.cards) else last
        self.mark.setGeometry(12, edge - 1, within.width() - 24, 2)
        self.mark.setHidden(self._goal in {at, at + 1})
        self.mark.raise_()
        self._scroll.ensureVisible(0, inside, 0, 24)

    def _drop(self, draft: Draft, at: int) -> None:
        goal, self._goal = self._goal, -1
        self.mark.hide()
        if goal >= 0:
            draft.move(at, goal - at - (goal > at))


def _has_focus(part: QWidget) -> bool:
    focused = QApplication.focusWidget()
    return focused is not None and part.isAncestorOf(focused)
