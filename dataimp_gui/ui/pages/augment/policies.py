"""The policies that are open, a tab each: begun, closed, saved in the project, and kept in files."""

from contextlib import suppress
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QTabBar, QWidget

from dataimp_gui.core.augment.files import Kind, read, write
from dataimp_gui.core.augment.policy import Policy, from_json, to_json
from dataimp_gui.core.model import Modality
from dataimp_gui.errors import DataimpError
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.pages.augment import files
from dataimp_gui.ui.pages.augment.draft import Draft
from dataimp_gui.ui.session import Session

LETTERS: Final = "ABCDEFGH"
LONG, SHORT = 40, 20  # letters of a name on its tab, alone and beside others


class Policies(QObject):
    changed = Signal()  # one of them, or which one is in sight
    turned = Signal(object)  # the Draft in sight, another than before
    done = Signal(str)  # what was done, in words

    def __init__(self, session: Session, tabs: QTabBar, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._tabs, self._window = session, tabs, parent
        self.modality: Modality = session.project.modality
        self.drafts: list[Draft] = []
        self._closed: list[Draft] = []
        self._notes: dict[Draft, str] = {}
        self._at = -1
        tabs.currentChanged.connect(self._turn)
        session.edited.connect(self._look)

    def begin(self) -> None:
        """With those that the project has."""
        for policy in [each for each in self._session.project.augment.saved() if each.modality is self.modality]:
            if self.can_open_more():
                self._open(Draft(policy, is_saved=True, parent=self))
        if not self.drafts:
            self.new()
        self._tabs.setCurrentIndex(0)
        self._turn(0)

    @property
    def draft(self) -> Draft | None:
        return self.drafts[self._at] if 0 <= self._at < len(self.drafts) else None

    @property
    def pair(self) -> tuple[int, ...]:
        """The places of the one in sight and the one that it is compared with."""
        if len(self.drafts) < 2:
            return (self._at,)
        return tuple(sorted((self._at, self._at + 1 if self._at + 1 < len(self.drafts) else self._at - 1)))

    @property
    def other(self) -> Draft | None:
        """The one that the one in sight is compared with."""
        return next((self.drafts[at] for at in self.pair if at != self._at), None)

    def letter(self, draft: Draft) -> str:
        """Of its tab, "" once that is closed."""
        return LETTERS[self.drafts.index(draft)] if draft in self.drafts else ""

    @property
    def at(self) -> int:
        return self._at

    def has_any(self) -> bool:
        return self.draft is not None

    def can_open_more(self) -> bool:
        return self.modality is not Modality.TABLE and len(self.drafts) < len(LETTERS)

    def new(self) -> None:
        if self.can_open_more():
            taken = {draft.policy.name for draft in self.drafts}
            name = next(name for number in range(1, 99) if (name := f"Policy {number}") not in taken)
            self._add(Draft(Policy(name, self.modality), parent=self))

    def put(self, policy: Policy, *, beside: bool = False) -> None:
        """In an empty policy, or as another one beside those that are open; always so with ``beside``."""
        if beside or self.draft is None or self.draft.policy.steps:
            if self.can_open_more():
                self._add(Draft(policy, parent=self))
        else:
            self.draft.put(policy)

    def close(self, at: int = -1) -> None:
        """A tab; its policy is opened again by `reopen` as it was."""
        at = self._at if at < 0 else at
        if not 0 <= at < len(self.drafts):
            return
        draft = self.drafts.pop(at)
        draft.changed.disconnect(self._follow)
        self._closed.append(draft)
        self._tabs.blockSignals(True)
        self._tabs.removeTab(at)
        self._tabs.blockSignals(False)
        left = "" if draft.is_kept else "; its changes are not saved"
        self.done.emit(f"Closed “{draft.policy.name}”{left}. Ctrl+Shift+T opens it again.")
        if self.drafts:
            self._turn(self._tabs.currentIndex())
        else:
            self.new()

    def can_reopen(self) -> bool:
        return bool(self._closed) and self.can_open_more()

    def reopen(self) -> None:
        if self.can_reopen():
            self._add(self._closed.pop())

    def undo(self) -> None:
        if self.draft:
            self.draft.undo()

    def redo(self) -> None:
        if self.draft:
            self.draft.redo()

    # in the project

    def can_save(self) -> bool:
        return self.draft is not None and not self.draft.is_saved and bool(self.draft.policy.steps)

    def save(self) -> None:
        """In the place of the one of its name."""
        if (draft := self.draft) is None or not self.can_save():
            return
        policy = draft.policy
        self._session.write(
            lambda project: project.augment.save(policy),
            lambda _: draft.mark_saved(policy),
            self._session.writes.failed.emit,
        )

    def is_in_project(self) -> bool:
        draft = self.draft
        return bool(draft and any(each.name == draft.policy.name for each in self._session.project.augment.saved()))

    def remove(self) -> None:
        """From the project, which undo takes back; it stays open."""
        if (draft := self.draft) is None or not self.is_in_project():
            return
        name = draft.policy.name
        self._session.write(
            lambda project: project.augment.remove(name),
            lambda _: self.done.emit(f"Removed “{name}” from the project"),
            self._session.writes.failed.emit,
        )

    def unsaved(self) -> list[str]:
        return [draft.policy.name for draft in self.drafts if not draft.is_kept]

    def left(self) -> list[str]:
        """What is not saved, as documents."""
        return [to_json(draft.policy) for draft in self.drafts if not draft.is_kept]

    def take_up(self, documents: list[str]) -> None:
        """What was `left`, each in the place of the one of its name. Any text may come."""
        for document in documents:
            with suppress(DataimpError):
                policy = from_json(document)
                same = next((draft for draft in self.drafts if draft.policy.name == policy.name), None)
                if policy.modality is not self.modality:
                    continue
                if same is None:
                    self.put(policy)
                else:
                    same.put(policy)

    def _look(self, _outcome: object) -> None:
        """Which of them are in the project as they are: any edit or undo may have changed that."""
        saved = {each.name: each for each in self._session.project.augment.saved()}
        for draft in self.drafts:
            draft.mark_saved(saved.get(draft.policy.name))

    # in files

    def export(self) -> None:
        """To a file that is asked for."""
        if self.draft is not None:
            files.ask_save(self.draft.policy, self.export_to, self._window)

    def export_to(self, file: Path, kind: Kind = "dataimp") -> None:
        if (draft := self.draft) is not None:
            policy = draft.policy
            self._session.reads.start(
                lambda _: write(policy, file, kind),
                lambda left_out: self.done.emit(_with(f"Exported “{policy.name}”", left_out)),
            )

    def open_file(self) -> None:
        files.ask_open(self.open_from, self._window)

    def open_from(self, file: Path) -> None:
        self._session.reads.start(lambda _: read(file, self.modality), self._take_file)

    def _take_file(self, found: tuple[Policy, tuple[str, ...]]) -> None:
        policy, left_out = found
        self.put(policy)
        self.done.emit(_with(f"Opened “{policy.name}”", left_out))

    # tabs

    def _add(self, draft: Draft) -> None:
        self._open(draft)
        self._tabs.setCurrentIndex(len(self.drafts) - 1)
        self._turn(len(self.drafts) - 1)

    def _open(self, draft: Draft) -> None:
        self.drafts.append(draft)
        draft.changed.connect(self._follow)
        self._tabs.blockSignals(True)
        self._tabs.addTab("")
        self._tabs.blockSignals(False)
        self._follow()

    def _turn(self, at: int) -> None:
        if 0 <= at < len(self.drafts):
            self._at = at
            self.turned.emit(self.drafts[at])
            self._follow()

    def note(self, words: str) -> None:
        """Beside the name of the one in sight."""
        if self.draft is not None:
            self._notes[self.draft] = words
            self._name_tabs()

    def _follow(self) -> None:
        self._name_tabs()
        self.changed.emit()

    def _name_tabs(self) -> None:
        most = LONG if len(self.drafts) == 1 else SHORT
        for at, draft in enumerate(self.drafts):
            full = draft.policy.name
            name = (
                f"{LETTERS[at]}  {full if len(full) <= most else full[: most - 1] + '…'}{'' if draft.is_kept else ' *'}"
            )
            shown = "  ".join(filter(None, (name, self._notes.get(draft, ""))))
            self._tabs.setTabText(at, shown.replace("&", "&&"))
            self._tabs.setTabToolTip(at, parts.plain_tip(shown))


def _with(said: str, left_out: tuple[str, ...]) -> str:
    return f"{said}; left out: {' '.join(left_out[:3])}" if left_out else said
