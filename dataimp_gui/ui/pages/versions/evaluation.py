"""What training on a version brought against another one: its gates, its figures, or the way to them."""

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from dataimp_gui.core.evaluate.judgement import FAIL, PASS, UNSURE
from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.jobs_drawer import progress_words, show_progress
from dataimp_gui.ui.kit.parts import Elided, button, section_title, small_button, text
from dataimp_gui.ui.pages.versions.evaluating import Evaluating
from dataimp_gui.ui.pages.versions.figures import Figures
from dataimp_gui.ui.pages.versions.judged import BADGES, Judged
from dataimp_gui.ui.pages.versions.standing import Entry

TRAINS: Final = (
    "Trains on {version} and on {parent} with the same seeds, and judges both on the same examples, which neither saw."
)


class Evaluation(QWidget):
    evaluate_wanted = Signal()
    stop_wanted = Signal()
    opened = Signal(str)  # a clause

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.about = Elided(size="small", colour="muted")
        self.chips = parts.row(gap=6)
        self.again = small_button("Evaluate…", icon="play", key="E")
        self.again.clicked.connect(self.evaluate_wanted)
        head = parts.row(gap=8)
        head.addWidget(section_title("Evaluation"))
        head.addWidget(self.about, 1)
        head.addLayout(self.chips)
        head.addWidget(self.again)
        self.figures = Figures()
        self.figures.opened.connect(self.opened)
        self.words = text(colour="secondary")
        self.wrong = text(colour="err")
        self.notes = text(size="small", colour="warn")
        for label in (self.words, self.wrong, self.notes):
            label.setWordWrap(True)
        self.go = button("Evaluate…", kind="primary", icon="play", key="E")
        self.go.clicked.connect(self.evaluate_wanted)
        offer = parts.row()
        offer.addWidget(self.go)
        offer.addStretch(1)
        self._running = QWidget()
        running = parts.row(self._running, gap=12)
        self.bar = QProgressBar(textVisible=False)
        self.bar.setAccessibleName("Progress of the evaluation")
        self.left = Elided(size="small", colour="muted")
        self.stop = small_button("Stop evaluating")
        self.stop.clicked.connect(self.stop_wanted)
        running.addWidget(self.bar, 1)
        running.addWidget(self.left)
        running.addWidget(self.stop)
        column = parts.column(self, gap=8)
        column.addLayout(head)
        for widget in (self._running, self.wrong, self.notes, self.figures, self.words):
            column.addWidget(widget)
        column.addLayout(offer)

    def show_judged(self, entry: Entry, judged: Judged | None, evaluating: Evaluating) -> None:
        job, mine = evaluating.job, evaluating.last is not None and evaluating.last.version == entry.name
        is_running = job is not None and mine
        self._running.setVisible(is_running)
        if job is not None and mine:
            show_progress(self.bar, job)
            self.left.show_words(progress_words(job))
        self.wrong.setText(theme.one_line(evaluating.failure) if mine else "")
        self.wrong.setVisible(bool(self.wrong.text()))
        self._show_chips(judged)
        self.figures.setVisible(judged is not None)
        if judged is not self.figures.table.judged:
            self.figures.show_judged(judged)
        self.about.show_words(_about(judged) if judged else "")
        self.notes.setText(" ".join(judged.notes) if judged else "")
        self.notes.setVisible(bool(self.notes.text()))
        can = not entry.is_draft and bool(entry.parent)
        self.words.setVisible(judged is None and not is_running)
        self.words.setText(_why_not(entry) or TRAINS.format(version=entry.name, parent=entry.parent))
        self.go.setVisible(judged is None and can and job is None)
        self.again.setVisible(judged is not None)
        self.again.setEnabled(job is None)

    def _show_chips(self, judged: Judged | None) -> None:
        parts.clear(self.chips)
        for result in (PASS, UNSURE, FAIL) if judged else ():
            if judged and (many := judged.count(result)):
                self.chips.addWidget(parts.chip(f"{many:,} {result}", *BADGES[result]))


def _about(judged: Judged) -> str:
    seeds = "1 seed" if judged.seeds == 1 else f"{judged.seeds:,} seeds"
    return f"{judged.against} to {judged.version}, {seeds}, 95 % interval"


def _why_not(entry: Entry) -> str:
    if entry.is_draft:
        return "A draft is evaluated once it is committed."
    return "" if entry.parent else "The first version has none before it to be compared with."
