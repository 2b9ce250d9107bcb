"""The end of a queue: what was decided, how far answers agree, and where to go from here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from dataimp_gui.core.model import Rows
from dataimp_gui.core.project import Project
from dataimp_gui.core.reviewing import Agreement, Blind, Review, Verb
from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import Elided, button, clear, sign, text
from dataimp_gui.ui.pages.review.frame import Frame
from dataimp_gui.ui.pages.review.tally import LINES


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """What can be said of a queue at its end. ``unsure`` are the examples that were skipped or flagged."""

    counts: dict[Verb, int]
    unsure: Rows
    blind: Blind | None
    agreements: Sequence[Agreement]
    disagreements: Rows
    others: Sequence[Review]  # further queues that were begun


def result(project: Project, review: Review) -> Result:
    """For a worker."""
    import numpy as np

    reviews = project.reviews
    last = {d.row: d for d in reviews.decisions(review, project.author)}
    counts = {verb: sum(d.verb is verb for d in last.values()) for verb in Verb}
    unsure = [row for row, d in last.items() if d.answer is None]
    rows = reviews.rows(review)
    return Result(
        counts,
        rows[np.isin(rows, unsure)],
        reviews.blind(review),
        reviews.agreement(review),
        reviews.disagreements(review),
        [other for other in reviews.unfinished() if other.number != review.number],
    )


CARD_W: Final = 420
MOST_LISTED: Final = 5
Offer = tuple[str, Callable[[], object]]


class Finish(QFrame):
    """In place of the example when all is decided."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        card = QFrame()
        card.setObjectName("card")
        card.setMaximumWidth(CARD_W)
        self._lines = parts.column(card, gap=8, margins=(24, 22, 24, 22))
        row = parts.row()  # not an alignment: that would take the height for another width
        row.addStretch(1)
        row.addWidget(card, 1000)
        row.addStretch(1)
        outer = parts.column(self, gap=0, margins=(12, 24, 12, 24))
        outer.addStretch(1)
        outer.addLayout(row)
        outer.addStretch(1)
        self._said: list[str] = []
        self._buttons: list[QPushButton] = []

    def buttons(self) -> list[QPushButton]:
        """What is offered, in order."""
        return self._buttons

    def words(self) -> str:
        return "\n".join(self._said)

    def show_result(self, title: str, found: Result, unreadable: Sequence[Frame], offers: Sequence[Offer]) -> None:
        """``offers``: what can be done now, the most likely first."""
        clear(self._lines)
        self._said, self._buttons = [], []
        head = parts.row(gap=8)
        head.addWidget(sign("check", "ok.text", 18))
        head.addWidget(text("Queue done", size="page", strong=True))
        head.addStretch(1)
        self._lines.addLayout(head)
        self._say(theme.one_line(title), colour="secondary")
        for verb, name, icon, colour in LINES:
            if found.counts.get(verb):
                self._count(icon, colour, name, found.counts[verb])
        if unreadable:
            self._count("image-broken", "warn.text", "Could not be read", len(unreadable))
            self._list(unreadable)
        changed = found.counts.get(Verb.ACCEPT, 0) + found.counts.get(Verb.RELABEL, 0)
        if changed:
            self._say("Re-run the model and import its predictions to measure what this changed.", colour="secondary")
        for line in [*blind_words(found.blind), *agreement_words(found.agreements, len(found.disagreements))]:
            self._say(line)
        self._lines.addSpacing(8)
        row = parts.row(gap=8)
        for number, (words, do) in enumerate(offers):
            made = button(words, kind="primary" if number == 0 else "")
            made.clicked.connect(do)
            row.addWidget(made)
            self._buttons.append(made)
            if number % 2:
                row.addStretch(1)
                self._lines.addLayout(row)
                row = parts.row(gap=8)
        row.addStretch(1)
        self._lines.addLayout(row)

    def _say(self, words: str, colour: str = "primary") -> None:
        self._said.append(words)
        line = text(words, size="small", colour=colour)
        line.setWordWrap(True)
        self._lines.addWidget(line)

    def _list(self, unreadable: Sequence[Frame]) -> None:
        """The first of them, each with the reason."""
        for frame in unreadable[:MOST_LISTED]:
            words = f"{frame.id}: {frame.missing}"
            self._said.append(words)
            line = Elided(words, size="small", colour="muted")
            line.setContentsMargins(22, 0, 0, 0)
            self._lines.addWidget(line)

    def _count(self, icon: str, colour: str, name: str, count: int) -> None:
        self._said.append(f"{name} {count:,}")
        row = parts.row(gap=8)
        row.addWidget(sign(icon, colour, 14))
        row.addWidget(text(name))
        row.addStretch(1)
        row.addWidget(text(f"{count:,}", strong=True))
        self._lines.addLayout(row)


def blind_words(blind: Blind | None) -> list[str]:
    """How blind answers agree with what was hidden."""
    if blind is None or not blind.n:
        return []
    asked = (("the given label", blind.label, blind.n), ("the model", blind.predicted, blind.predicted_n))
    said = [f"{what} on {hits:,} of {n:,} ({_share(hits, n)})" for what, hits, n in asked if hits is not None]
    return [f"Blind, you agreed with {', with '.join(said)}."] if said else []


def agreement_words(agreements: Sequence[Agreement], unsettled: int) -> list[str]:
    """A sentence for each two reviewers."""
    lines = []
    for found in agreements:
        kappa = f"Cohen's kappa {found.kappa:.2f}" if found.kappa is not None else "kappa is not defined for one label"
        lines.append(
            f"{theme.one_line(found.first)} and {theme.one_line(found.second)} agree on {found.agreed:,} of "
            f"{found.compared:,} ({_share(found.agreed, found.compared)}), {kappa}."
        )
    if lines and unsettled:
        lines.append(f"{unsettled:,} disagreement{'' if unsettled == 1 else 's'} to settle.")
    return lines


def _share(hits: int, n: int) -> str:
    """A percentage with its 95 % interval."""
    from dataimp_gui.core.metrics import wilson

    low, high = wilson(hits, n) or (0.0, 1.0)
    return f"{hits / n:.1%}, 95% interval {low:.0%} to {high:.0%}".replace("%", "\u00a0%")
