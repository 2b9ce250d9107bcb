"""One finding about the current example: what, how sure, why, and the two ways to settle it."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from dataimp_gui.core.model import Issue
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import Elided, key_button, sign, text
from dataimp_gui.ui.kit.strip import Strip, Thumb
from dataimp_gui.ui.pages.triage import issue_words
from dataimp_gui.ui.pages.triage.issue_words import WORDS


class IssueCard(QFrame):
    """``accept`` does what is suggested, a new label or exclusion; None where nobody can say what that would be."""

    accepted = Signal()
    kept = Signal()
    picked = Signal(int)  # a row among the others

    def __init__(
        self, issue: Issue, thumbs: Sequence[Thumb], *, first: bool, read_only: bool, parent: QWidget | None = None
    ) -> None:
        """Only the ``first`` card answers to the keys."""
        super().__init__(parent)
        self.issue = issue
        self.setObjectName("issueCard")
        self.setProperty("kind", "accent" if issue.suggested else "neutral")
        self.setToolTip(WORDS[issue.kind].about)
        title, chance = issue_words.title(issue), issue_words.chance(issue)
        self.setAccessibleName(f"{title}, {chance}. {issue.reason}")
        self.accept: QPushButton = key_button("Accept", "Space", kind="primary")
        if not issue.suggested:
            self.accept = parts.button("Exclude this one" if issue.others else "Exclude", key="X" if first else "")
        elif not first:
            self.accept = parts.button("Accept", kind="primary")
        words = issue_words.keeping(issue)
        self.keep: QPushButton = key_button(words, "K") if first else parts.button(words)
        self.accept.clicked.connect(self.accepted)
        self.keep.clicked.connect(self.kept)
        for button in (self.accept, self.keep):
            button.setMinimumWidth(60)  # the card is never wider than its panel
            button.setDisabled(read_only)
            if read_only:
                button.setToolTip("This project is open read-only")
        column = parts.column(self, gap=6, margins=(10, 8, 10, 10))
        head = parts.row(gap=6)
        head.addWidget(sign(WORDS[issue.kind].icon, "accent.text" if issue.suggested else "text.secondary"))
        head.addWidget(Elided(title, strong=True), 1)
        column.addLayout(head)
        column.addWidget(Elided(chance, size="small", colour="secondary"))
        reason = text(issue.reason[:600], size="small", colour="secondary")
        reason.setWordWrap(True)
        column.addWidget(reason)
        if thumbs:
            self.others = Strip("The other examples")
            self.others.show_thumbs(thumbs)
            self.others.picked.connect(lambda number: self.picked.emit(issue.others[number]))
            column.addWidget(self.others)
            if (more := len(issue.others) - len(thumbs)) > 0:
                column.addWidget(text(f"and {more:,} more", size="caption", colour="muted"))
        buttons = parts.row(gap=8)
        buttons.addWidget(self.accept, 1)
        buttons.addWidget(self.keep, 1)
        column.addLayout(buttons)

    def show_amount(self, amount: int) -> None:
        """How many examples of the selection have a suggested label, this one among them."""
        if self.issue.suggested:
            self.accept.setText(f"Accept {amount:,}" if amount > 1 else "Accept")
            self.accept.setAccessibleName(f"Accept {amount:,} suggestions" if amount > 1 else "Accept the suggestion")
