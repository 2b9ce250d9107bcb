"""Augment: a policy is edited while its variants are looked at, beside the originals and what they should be like."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QMenu, QWidget

from dataimp_gui.core.augment.policy import Policy
from dataimp_gui.core.augment.values import Sound
from dataimp_gui.core.model import Modality
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress
from dataimp_gui.ui.kit.player import Player
from dataimp_gui.ui.pages.augment.draft import Draft
from dataimp_gui.ui.pages.augment.editor import Editor
from dataimp_gui.ui.pages.augment.fitting import Fitting
from dataimp_gui.ui.pages.augment.into_draft import IntoDraft
from dataimp_gui.ui.pages.augment.measuring import Measuring
from dataimp_gui.ui.pages.augment.middle import Middle
from dataimp_gui.ui.pages.augment.output import Output
from dataimp_gui.ui.pages.augment.policies import Policies
from dataimp_gui.ui.pages.augment.previewing import Previewing
from dataimp_gui.ui.pages.augment.realism import Realism
from dataimp_gui.ui.pages.augment.scope import Scope
from dataimp_gui.ui.pages.page import Page
from dataimp_gui.ui.session import Session

LEFT_W: Final = 336
RIGHT_W: Final = 300
MOST_REMEMBERED: Final = 20  # projects


class AugmentPage(Page):
    told = Signal(str)
    done = Signal(str)  # what was done, in words
    opened = Signal(str, int)  # show these examples in Triage: a clause, and the row to look at, -1 for none

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        self._session = session
        modality = session.project.modality
        self._is_quiet = False  # when it is left to show what was just made
        self._written = ("", "")  # the clause of that, and what was asked before
        self._others: dict[str, list[str]] = {}  # what was not saved in other projects
        self.has_examples = modality is not Modality.TABLE
        self.fitting = Fitting(session)
        self.scope, self.output = Scope(session), Output(session)
        self.editor = Editor(modality, lambda: session.project.classes, self.scope, self.fitting, self.output)
        self.content = Middle(has_examples=self.has_examples)
        self.policies = Policies(session, self.content.tabs, self.content)
        self.previewing = Previewing(session, self.policies, self.content, self.editor.track_of)
        self.realism = Realism()
        self.measuring = Measuring(session, self.policies, self.realism)
        self.into_draft = IntoDraft(session, self.output, self.content)
        self.player = Player()
        panels = (self.editor, self.realism) if self.has_examples else (None, None)
        super().__init__("augment", panels[0], self.content, panels[1], parent)
        self.player.setParent(self)
        if not self.has_examples:
            for panel in (self.editor, self.realism):
                panel.setParent(self.content)
                panel.hide()
            return
        self.setSizes([LEFT_W, 1000, RIGHT_W])
        self._connect()
        with suppress(DataimpError):  # no split that says what a model will face
            self.previewing.target = session.project.augment.target
        self.scope.begin(self.previewing.target)
        self.policies.begin()

    def _connect(self) -> None:
        content, editor, policies, previewing = self.content, self.editor, self.policies, self.previewing
        self._session.answered.connect(previewing.begin_again)
        self._session.answered.connect(self.output.forget)
        self._session.edited.connect(self._count)
        policies.turned.connect(editor.show_draft)
        policies.changed.connect(self._follow)
        policies.done.connect(self.done)
        previewing.told.connect(self.told)
        previewing.failed.connect(editor.show_failed)
        self.fitting.found.connect(self._put_beside)
        self.measuring.shown.connect(self._show_costs)
        self.measuring.shown.connect(lambda _: policies.note(self.measuring.closed))
        editor.begun.connect(policies.put)
        editor.swept.connect(previewing.open_sweep)
        editor.ghosted.connect(previewing.show_ghost)
        content.add.clicked.connect(policies.new)
        content.compare.toggled.connect(lambda _: previewing.read())
        content.seeds.clicked.connect(previewing.new_seeds)
        content.seed.valueChanged.connect(self._use_seed)
        content.save.clicked.connect(policies.save)
        content.write.clicked.connect(self.write)
        self.into_draft.told.connect(self.done)
        self.into_draft.written.connect(self._show_written)
        content.back.clicked.connect(lambda: previewing.turn(-1))
        content.on.clicked.connect(lambda: previewing.turn(1))
        self.scope.matched.connect(self._take_target)
        self.output.changed.connect(self._show_count)
        content.grid.resized.connect(previewing.read)
        content.grid.pressed.connect(self._play)
        content.sweep.taken.connect(previewing.take)
        content.sweep.pressed.connect(self._play)
        content.sweep.closed.connect(previewing.close_sweep)
        menu = QMenu(content.more)
        menu.aboutToShow.connect(lambda: self._fill(menu))
        content.more.setMenu(menu)

    def _fill(self, menu: QMenu) -> None:
        menu.clear()
        policies = self.policies
        menu.addAction("Save\tS", policies.save).setEnabled(policies.can_save())
        menu.addAction("Open a policy file…", policies.open_file).setEnabled(policies.can_open_more())
        menu.addAction("Export the policy…", policies.export)
        menu.addSeparator()
        menu.addAction("Close the policy\tCtrl+Shift+W", policies.close)
        menu.addAction("Open the closed one again\tCtrl+Shift+T", policies.reopen).setEnabled(policies.can_reopen())
        menu.addAction("Remove from the project", policies.remove).setEnabled(policies.is_in_project())

    # as it is seen

    @property
    def draft(self) -> Draft | None:
        return self.policies.draft

    @property
    def drafts(self) -> list[Draft]:
        return self.policies.drafts

    def remembered(self) -> str:
        """What is not saved, by project."""
        mine = {str(self._session.project.path): self.policies.left()}
        return json.dumps(dict([*(self._others | mine).items()][-MOST_REMEMBERED:]))

    def recall(self, remembered: str) -> None:
        try:
            known = msgspec.json.decode(remembered, type=dict[str, list[str]])
        except msgspec.DecodeError:
            return
        mine = known.pop(str(self._session.project.path), [])
        self._others = known
        if self.has_examples:
            self.policies.take_up(mine)

    def take_file(self, path: Path) -> bool:
        """A policy, of Dataimp or of albumentations."""
        if path.suffix.lower() != ".json" or not self.policies.can_open_more():
            return False
        self.policies.open_from(path)
        return True

    def focus_view(self) -> None:
        self.content.grid.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        made, before = self._written
        self._written = ("", "")
        if made and self._session.query == made:  # variants are not varied again
            self._session.ask(before)
        self._follow()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.content.grid.show_original(False)
        self.previewing.ghost = -1
        self._session.reads.cancel("augment play")
        self.player.stop()
        if self._is_quiet or event.spontaneous() or not (unsaved := self.policies.unsaved()):
            return
        many = f" and {len(unsaved) - 1} more" if len(unsaved) > 1 else ""
        self.done.emit(f"“{unsaved[0]}”{many} has changes that are not saved (S saves them)")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_O and not event.modifiers():
            self.content.grid.show_original(True)
        elif event.key() == Qt.Key.Key_W and not event.modifiers() and not event.isAutoRepeat():
            self.previewing.show_ghost(self.editor.place_at_hand())
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_O and not event.isAutoRepeat():
            self.content.grid.show_original(False)
        elif event.key() == Qt.Key.Key_W and not event.isAutoRepeat():
            self.previewing.show_ghost(-1)
        else:
            super().keyReleaseEvent(event)

    def can_edit(self) -> bool:
        return self.policies.has_any()

    def can_compare(self) -> bool:
        return len(self.drafts) > 1

    def toggle_compare(self) -> None:
        self.content.compare.toggle()

    def toggle_difference(self) -> None:
        self.previewing.show_difference(not self.previewing.is_difference)

    def can_write(self) -> bool:
        draft = self.draft
        is_on = draft is not None and any(step.on for step in draft.policy.steps)
        return is_on and self.output.count != 0 and not self.into_draft.is_busy

    def write(self) -> None:
        """Make variants part of the dataset."""
        if self.draft is not None and self.can_write():
            self.into_draft.add(self.draft.policy, self.measuring.doubt)

    def has_variants(self) -> bool:
        return bool(self._session.project.state.brought.any())

    def relabel_variants(self) -> None:
        """As their examples are labelled today."""
        self._session.edit(lambda project: project.augment.follow(project.rows()))

    def _show_written(self, where: str) -> None:
        """In Triage, unless the person has gone elsewhere meanwhile."""
        if self.isVisible():
            self._is_quiet, self._written = True, (where, self._session.shown)
            self.opened.emit(where, -1)
            self._is_quiet = False

    def sweep(self) -> None:
        """The parameter that has the focus, or the first one; a second time closes the strip."""
        if self.content.sweep.isVisible():
            self.previewing.close_sweep()
        elif (found := self.editor.parameter_at_hand()) is not None:
            self.previewing.open_sweep(*found)

    def _follow(self) -> None:
        if self.draft is None:
            return
        content = self.content
        content.add.setEnabled(self.policies.can_open_more())
        content.compare.setEnabled(self.can_compare())
        if not self.can_compare():
            content.compare.setChecked(False)
        content.show_save(self.policies.can_save())
        content.show_seed(self.draft.policy.seed)
        content.write.setEnabled(self.can_write())
        if self.isVisible():
            self.measuring.show_draft(self.draft, self.previewing.target)
            self.fitting.show_policy(self.draft.policy, self.previewing.target)
            self._count()
            self.previewing.read()

    def _put_beside(self, policy: Policy) -> None:
        """What was fitted becomes a policy of its own, seen beside the one that it came from."""
        self.policies.put(policy, beside=True)
        self.content.compare.setChecked(self.can_compare())

    def _use_seed(self, seed: int) -> None:
        if self.draft is not None:
            self.draft.use_seed(seed)

    def _show_costs(self, costs: dict[int, str]) -> None:
        self.editor.show_costs(costs)
        if self.draft is not None:
            self.content.grid.show_costly(self.draft.policy, costs)

    def _count(self, _outcome: object = None) -> None:
        if self.isVisible() and self.draft is not None:
            self.output.show_policy(self.draft.policy)

    def _show_count(self) -> None:
        self.content.show_count(self.output.count)
        self.content.write.setEnabled(self.can_write())

    def _take_target(self, clause: str) -> None:
        self.previewing.target = clause
        self._follow()

    def _play(self, sound: Sound) -> None:
        def load(progress: Progress) -> None:
            self.player.load(sound.samples, sound.rate)
            if progress.cancelled:
                self.player.silence()

        self.player.stop()
        self._session.reads.start(load, lambda _: self.player.follow(), key="augment play")
