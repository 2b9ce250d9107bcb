"""Augment: a policy is edited while its variants are looked at, beside the originals and what they should be like."""

from pathlib import Path
from typing import Final

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from dataimp_gui.core.augment.policy import Policy
from dataimp_gui.core.augment.values import Sound
from dataimp_gui.core.model import Modality
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress
from dataimp_gui.ui.kit.player import Player
from dataimp_gui.ui.pages.augment import files
from dataimp_gui.ui.pages.augment.draft import Draft
from dataimp_gui.ui.pages.augment.editor import Editor
from dataimp_gui.ui.pages.augment.measuring import Measuring
from dataimp_gui.ui.pages.augment.middle import Middle
from dataimp_gui.ui.pages.augment.reading import Asked, Shown, read
from dataimp_gui.ui.pages.augment.realism import Realism
from dataimp_gui.ui.pages.page import Page
from dataimp_gui.ui.session import Session

VARIANTS: Final = 4
TEXT_VARIANTS: Final = 2  # texts need room
LEFT_W: Final = 320
RIGHT_W: Final = 300
LETTERS: Final = "ABCDEFGH"


class AugmentPage(Page):
    told = Signal(str)
    done = Signal(str)  # what was done, in words

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        self._session = session
        self.modality = session.project.modality
        self.has_examples = self.modality is not Modality.TABLE
        self.editor = Editor(self.modality)
        self.content = Middle(has_examples=self.has_examples)
        self.drafts: list[Draft] = []
        self._variants = TEXT_VARIANTS if self.modality is Modality.TEXT else VARIANTS
        self.realism = Realism()
        self.measuring = Measuring(session, self.realism)
        self.player = Player()
        self._at, self._first, self._draw = -1, 0, 0
        self._target = ""
        self.is_reading = self._wants_more = False  # whether an answer is being made
        panels = (self.editor, self.realism) if self.has_examples else (None, None)
        super().__init__("augment", panels[0], self.content, panels[1], parent)
        if not self.has_examples:
            for panel in (self.editor, self.realism):
                panel.setParent(self.content)
                panel.hide()
            return
        self.player.setParent(self)
        self.setSizes([LEFT_W, 1000, RIGHT_W])
        session.answered.connect(self._begin_again)
        self.editor.begun.connect(self.begin)
        content = self.content
        content.tabs.currentChanged.connect(self.turn_to)
        content.add.clicked.connect(self.new)
        content.compare.toggled.connect(lambda _: self._read())
        content.seeds.clicked.connect(self.new_seeds)
        content.save.clicked.connect(self.save)
        content.back.clicked.connect(lambda: self.turn(-1))
        content.on.clicked.connect(lambda: self.turn(1))
        content.target.editingFinished.connect(self._take_target)
        content.grid.resized.connect(self._read)
        content.grid.pressed.connect(self._play)
        self._open_first()

    def _open_first(self) -> None:
        augment = self._session.project.augment
        try:
            self._target = augment.target
        except DataimpError:
            self._target = ""
        self.content.target.setText(self._target)
        for policy in [each for each in augment.saved() if each.modality is self.modality][: len(LETTERS)]:
            self._open(Draft(policy, is_saved=True, parent=self))
        if not self.drafts:
            self.new()
        self.turn_to(0)

    def focus_view(self) -> None:
        self.content.grid.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._read()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.content.grid.show_original(False)
        self._session.reads.cancel("augment play")
        self.player.stop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_O and not event.modifiers():
            self.content.grid.show_original(True)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_O and not event.isAutoRepeat():
            self.content.grid.show_original(False)
        else:
            super().keyReleaseEvent(event)

    # policies

    @property
    def draft(self) -> Draft | None:
        return self.drafts[self._at] if 0 <= self._at < len(self.drafts) else None

    def can_edit(self) -> bool:
        return self.draft is not None

    def can_open_more(self) -> bool:
        return self.has_examples and len(self.drafts) < len(LETTERS)

    def new(self) -> None:
        if self.can_open_more():
            taken = {draft.policy.name for draft in self.drafts}
            name = next(name for number in range(1, 99) if (name := f"Policy {number}") not in taken)
            self._open(Draft(Policy(name, self.modality), parent=self))
            self.content.tabs.setCurrentIndex(len(self.drafts) - 1)

    def begin(self, policy: Policy) -> None:
        """In an empty policy, or as another one beside those that are open."""
        if self.draft is None or self.draft.policy.steps:
            if not self.can_open_more():
                return
            self.new()
        assert self.draft is not None
        self.draft.put(policy)

    def turn_to(self, at: int) -> None:
        if 0 <= at < len(self.drafts):
            self._at = at
            self.editor.show_draft(self.drafts[at])
            self._read()

    def add_step(self) -> None:
        self.editor.choose_step()

    def undo(self) -> None:
        if self.draft:
            self.draft.undo()

    def redo(self) -> None:
        if self.draft:
            self.draft.redo()

    def can_save(self) -> bool:
        return self.draft is not None and not self.draft.is_saved and bool(self.draft.policy.steps)

    def save(self) -> None:
        """In the project, in the place of the one of its name."""
        if (draft := self.draft) is None or not self.can_save():
            return
        policy = draft.policy
        self._session.write(
            lambda project: project.augment.save(policy),
            lambda _: draft.mark_saved(policy),
            self._session.writes.failed.emit,
        )

    def export(self) -> None:
        """To a file that is asked for."""
        if self.draft is not None:
            files.ask_save(self.draft.policy, self.export_to, self)

    def export_to(self, file: Path) -> None:
        if (draft := self.draft) is not None:
            policy = draft.policy
            self._session.reads.start(
                lambda _: files.write(policy, file), lambda _: self.done.emit(f"Exported “{policy.name}”")
            )

    def open_file(self) -> None:
        files.ask_open(self.open_from, self)

    def open_from(self, file: Path) -> None:
        self._session.reads.start(lambda _: files.read(file, self.modality), self._take_file)

    def _take_file(self, found: tuple[Policy, tuple[str, ...]]) -> None:
        policy, left_out = found
        self.begin(policy)
        said = f"Opened “{policy.name}”"
        self.done.emit(f"{said}; left out: {' '.join(left_out[:3])}" if left_out else said)

    def _open(self, draft: Draft) -> None:
        self.drafts.append(draft)
        self.content.tabs.addTab("")
        draft.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        for at, draft in enumerate(self.drafts):
            name = f"{LETTERS[at]}  {draft.policy.name[:40]}{'' if draft.is_saved else ' *'}"
            self.content.tabs.setTabText(at, name.replace("&", "&&"))
        self.content.add.setEnabled(self.can_open_more())
        self.content.compare.setEnabled(self.can_compare())
        self.content.save.setEnabled(self.can_save())
        self._read()

    # variants

    def can_compare(self) -> bool:
        return len(self.drafts) > 1

    def toggle_compare(self) -> None:
        self.content.compare.toggle()

    def new_seeds(self) -> None:
        self._draw += self._variants
        self._read()

    def turn(self, pages: int) -> None:
        by = pages * self.content.grid.fits
        last = max(0, len(self._session.rows) - 1)
        if 0 <= self._first + by <= last or by < 0:
            self._first = max(0, self._first + by)
            self._read()

    def _play(self, sound: Sound) -> None:
        def load(progress: Progress) -> None:
            self.player.load(sound.samples, sound.rate)
            if progress.cancelled:
                self.player.silence()

        self.player.stop()
        self._session.reads.start(load, lambda _: self.player.follow(), key="augment play")

    def _begin_again(self) -> None:
        self._first = 0
        self._read()

    def _take_target(self) -> None:
        if self.content.target.text().strip() != self._target:
            self._target = self.content.target.text().strip()
            self._read()

    def _compared(self) -> tuple[int, ...]:
        if not (self.content.compare.isChecked() and self.can_compare()):
            return (self._at,)
        other = self._at + 1 if self._at + 1 < len(self.drafts) else self._at - 1
        return tuple(sorted((self._at, other)))

    def _read(self) -> None:
        """What is asked while the last answer is being made waits for it, so that a dragged slider is followed."""
        if not self.isVisible() or self.draft is None:
            return
        self.measuring.show_draft(self.draft, self._target)
        if self.is_reading:
            self._wants_more = True
            return
        compared = self._compared()
        draws = tuple(range(self._draw, self._draw + self._variants // len(compared)))
        grid, rows = self.content.grid, self._session.rows
        columns = 1 + self._variants + bool(self._target)
        grid.expect(columns, is_text=self.modality is Modality.TEXT)
        shown = np.asarray(rows[self._first : self._first + grid.fits], np.int64)
        self.content.save.setEnabled(self.can_save())
        asked = Asked(shown, tuple(self.drafts[at].policy for at in compared), draws, self._target)
        heads = [f"{LETTERS[at]} · variant {draw + 1}" for draw in draws for at in compared]
        self.is_reading, self._wants_more = True, False
        project = self._session.project
        self._session.reads.start(
            lambda progress: read(project, asked, progress),
            lambda found: self._show(found, ("Original", *heads)),
            key="augment",
            failed=self._fail,
        )

    def _show(self, found: Shown, heads: tuple[str, ...]) -> None:
        self.is_reading = False
        if found.targets:
            heads = (*heads, "Real target")
        self.content.grid.show_read(found, heads)
        total, count = len(self._session.rows), len(found.asked.rows)
        said = f"Examples {self._first + 1:,} – {self._first + count:,} of {total:,}" if count else "No examples"
        self.content.show_place(said, found.unread, found.target_said)
        self.content.back.setEnabled(self._first > 0)
        self.content.on.setEnabled(self._first + count < total)
        self.told.emit(said)
        if self._wants_more:
            self._read()

    def _fail(self, error: Exception) -> None:
        self.is_reading = False
        self._session.reads.failed.emit(error)
