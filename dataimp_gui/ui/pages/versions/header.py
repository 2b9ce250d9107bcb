"""What stands at the top of a version: its name and marks, message, where it came from, and what to do with it."""

from datetime import datetime
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import Elided, button, key_button, text
from dataimp_gui.ui.pages.versions import history
from dataimp_gui.ui.pages.versions.standing import Entry

SHORT: Final = 12  # characters of a content id


class Header(QWidget):
    commit_wanted = Signal()
    restore_wanted = Signal()
    export_wanted = Signal()
    promote_wanted = Signal()
    rollback_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = text(size="page", strong=True)
        self._badges = parts.row(gap=6)
        self.commit = key_button("Commit…", "Ctrl+S", kind="primary")
        self.commit.clicked.connect(self.commit_wanted)
        self.restore = button("Restore…", icon="clock")
        self.restore.clicked.connect(self.restore_wanted)
        self.export = key_button("Export…", "Ctrl+E")
        self.export.clicked.connect(self.export_wanted)
        self.promote = key_button("Promote…", "P")
        self.promote.clicked.connect(self.promote_wanted)
        self.rollback = button("Roll back…", icon="undo")
        self.rollback.clicked.connect(self.rollback_wanted)
        top = parts.row(gap=8)
        top.addWidget(self.title)
        top.addLayout(self._badges)
        top.addStretch(1)
        for made in (self.commit, self.restore, self.export, self.promote, self.rollback):
            top.addWidget(made)
        self.message = Elided(strong=True)
        self.facts, self._facts = Elided(size="small", colour="secondary"), ""
        column = parts.column(self, gap=6)
        column.addLayout(top)
        column.addWidget(self.message)
        column.addWidget(self.facts)

    def show_entry(self, entry: Entry, examples: int, *, can_roll_back: bool) -> None:
        self.title.setText(entry.title)
        parts.clear(self._badges)
        for words, kind, icon in history.badges(entry):
            self._badges.addWidget(parts.chip(words, kind, icon))
        self.commit.setVisible(entry.is_draft)
        for made in (self.restore, self.export):
            made.setHidden(entry.is_draft)
        self.promote.setHidden(entry.is_draft or entry.is_production)
        self.rollback.setVisible(entry.is_production and can_roll_back)
        self.message.show_words(history.message(entry))
        self._facts = facts(entry, examples)
        self.facts.show_words(self._facts)

    def show_test(self, changed: int | None) -> None:
        """How many examples of the test split changed, None where there is no such split."""
        if changed is not None:
            told = f"{changed:,} changed in the test split" if changed else "test split untouched"
            self.facts.show_words(f"{self._facts}  ·  {told}")


def facts(entry: Entry, examples: int) -> str:
    info = entry.info
    said = [f"from {entry.parent}" if entry.parent else "the first version", f"{examples:,} examples"]
    if info is not None:
        moment = datetime.fromisoformat(info.at).astimezone()
        said += [info.content[:SHORT], theme.one_line(info.author), f"{moment.day} {moment:%b %Y %H:%M}"]
    return "  ·  ".join(said)
