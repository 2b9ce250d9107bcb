"""What the program has to say about the current example: its issues, and the examples that are most like it."""

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from dataimp_gui.core.model import Change, Issue, IssueKind
from dataimp_gui.ui.clauses import ISSUES, Where
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.jobs_drawer import progress_words
from dataimp_gui.ui.kit.parts import clear, section_title, small_button, text
from dataimp_gui.ui.kit.strip import Strip
from dataimp_gui.ui.pages.triage import kin
from dataimp_gui.ui.pages.triage.inspector.issue_card import IssueCard
from dataimp_gui.ui.pages.triage.kin import Kin
from dataimp_gui.ui.pages.triage.study import TOUCHED, Study, Task
from dataimp_gui.ui.session import Session


class FindingsView(QWidget):
    """Stays as it is until what is known of the next example is here, so that nothing flickers."""

    accepted = Signal()  # the label that is suggested for the selection
    kept = Signal(object)  # IssueKind: of that kind, the selection is fine as it is
    picked = Signal(int)  # a row that is wanted on the screen
    similar_wanted = Signal()

    def __init__(self, session: Session, study: Study, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._study = session, study
        self._shown: Kin | None = None
        self.cards: list[IssueCard] = []
        self._cards = parts.column(gap=8)
        self.similar = Strip("Similar examples")
        self.similar.picked.connect(self._pick_similar)
        self.open_all = small_button("open all", kind="link", key="M")
        self.open_all.clicked.connect(self.similar_wanted)
        self.compute = small_button("Compute embeddings", icon="similar")
        self.compute.clicked.connect(lambda: study.start(Task.EMBED))
        self._state = text(size="small", colour="muted")
        self._state.setWordWrap(True)
        head = parts.row(gap=8, margins=(0, 6, 0, 2))
        head.addWidget(section_title("Similar examples"))
        head.addStretch(1)
        head.addWidget(self.open_all)
        self._below = QWidget()
        below = parts.column(self._below, gap=4)
        below.addLayout(head)
        below.addWidget(self.similar)
        below.addWidget(self.compute, 0, Qt.AlignmentFlag.AlignLeft)
        below.addWidget(self._state)
        column = parts.column(self, gap=4)
        column.addLayout(self._cards)
        column.addWidget(self._below)
        session.moved.connect(self._read)
        session.predicted.connect(self._reread)
        session.answered.connect(self._reread)
        session.changed.connect(self._notice)
        session.selected.connect(self._count)
        study.learned.connect(self._reread)
        study.changed.connect(self._show_state)
        study.progressed.connect(self._show_state)
        self._show_state()

    @property
    def row(self) -> int:
        """What it speaks of by now, -1 for nothing."""
        return self._shown.row if self._shown is not None else -1

    @property
    def kind(self) -> IssueKind | None:
        """What the first issue of the current example is."""
        return self.cards[0].issue.kind if self.cards else None

    # reading

    def _notice(self, change: Change) -> None:
        if change.touches(TOUCHED) and self._session.current in change.rows:
            self._reread()

    def _reread(self) -> None:
        self._read(self._session.current)

    def _read(self, row: int) -> None:
        session = self._session
        if row < 0:
            session.reads.cancel("kin")
            self._show(Kin(-1))
            return
        project, run = session.project, session.predictions
        asked = Where.parse(session.shown).chosen(ISSUES)
        session.reads.start(lambda progress: kin.read(project, row, run, asked, progress), self._show, key="kin")

    def _show(self, found: Kin) -> None:
        if self._shown is None or (found.row, found.issues) != (self._shown.row, self._shown.issues):
            self._show_cards(found)
        self._shown = found
        thumbs = [found.thumbs[row] for row in found.similar.tolist() if row in found.thumbs]
        self.similar.show_thumbs(thumbs)
        self.similar.setHidden(not thumbs)
        self.open_all.setHidden(not thumbs)
        self.open_all.setText(f"open all {len(found.similar)}")
        self._show_state()

    def _show_cards(self, found: Kin) -> None:
        clear(self._cards)
        self.cards = []
        project = self._session.project
        for number, issue in enumerate(found.issues):
            thumbs = kin.named(found, issue.others[: kin.SHOWN], issue.kind, project)
            card = IssueCard(issue, thumbs, first=number == 0, read_only=project.read_only)
            card.accepted.connect(lambda issue=issue: self._accept(issue))
            card.kept.connect(lambda issue=issue: self.kept.emit(issue.kind))
            card.picked.connect(self.picked)
            self._cards.addWidget(card)
            self.cards.append(card)
        self._count()

    def _count(self) -> None:
        amount = len(self._study.standing.suggesting(self._session.selection))
        for card in self.cards:
            if card.issue.kind is IssueKind.LABEL:
                card.show_amount(amount)

    def _show_state(self) -> None:
        study = self._study
        embeds = study.running in (Task.EMBED, Task.SEARCH)
        standing = study.standing
        self.compute.setHidden(standing.is_embedded or not standing.can_embed or study.is_coming(Task.EMBED) or embeds)
        said = ""
        if standing.is_embedded:
            said = ""
        elif study.running is Task.SEARCH:
            said = "They come with the search for issues."
        elif embeds and study.job is not None:
            said = progress_words(study.job)
        elif study.is_coming(Task.EMBED):
            said = "waits for what runs"
        elif standing.can_embed and standing.embed_words:
            said = standing.embed_words
        self._state.setText(said)
        self._state.setHidden(not said)
        shown = self._shown if self._shown is not None and self._shown.row >= 0 else None
        self._below.setHidden(shown is None or not (len(shown.similar) or said or not self.compute.isHidden()))

    # settling

    def _accept(self, issue: Issue) -> None:
        if issue.kind is IssueKind.LABEL and issue.suggested:
            self.accepted.emit()
            return
        row = np.array([issue.row])
        if issue.suggested:
            self._session.edit_guarded(row, lambda project, rows: project.relabel(rows, issue.suggested))
        else:
            self._session.edit_guarded(row, lambda project, rows: project.exclude(rows, why=issue.reason), leaves=True)

    def _pick_similar(self, number: int) -> None:
        if self._shown is not None:
            self.picked.emit(int(self._shown.similar[number]))
