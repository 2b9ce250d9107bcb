"""Review: one example after the other, one key each, until the queue is done."""

from collections.abc import Callable
from functools import partial
from typing import Final

import numpy as np
from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from dataimp_gui.core.model import EditInfo, Modality, Rows
from dataimp_gui.core.project import Project
from dataimp_gui.core.reviewing import Verb
from dataimp_gui.ui import theme
from dataimp_gui.ui.clauses import Where
from dataimp_gui.ui.kit.hearing import Hearing
from dataimp_gui.ui.kit.number_keys import NumberKeys
from dataimp_gui.ui.kit.picker import Picker
from dataimp_gui.ui.kit.player import Player
from dataimp_gui.ui.pages.page import Page
from dataimp_gui.ui.pages.review import frame as frames
from dataimp_gui.ui.pages.review.bar import ReviewBar
from dataimp_gui.ui.pages.review.deciding import Deciding
from dataimp_gui.ui.pages.review.finish import Finish, Offer, Result, result
from dataimp_gui.ui.pages.review.frame import Aside, Frame
from dataimp_gui.ui.pages.review.labels import choices_for
from dataimp_gui.ui.pages.review.middle import Middle
from dataimp_gui.ui.pages.review.queue_cells import LAST, cells, label_of
from dataimp_gui.ui.pages.review.suggestion import Suggestion
from dataimp_gui.ui.pages.review.walk import Opened, Walk
from dataimp_gui.ui.session import Queue, Session

LEFT_W: Final = 304
SOUND: Final = "review sound"


class ReviewPage(Page):
    """``bar`` belongs above it; ``left_wanted`` asks for the page that was there before."""

    left_wanted = Signal()
    told = Signal(str, str)  # a notice and its icon
    progressed = Signal(str, str)  # "36 done, 214 to go", and what was decided last

    def __init__(self, session: Session, opened: Opened, parent: QWidget | None = None) -> None:
        self._session = session
        self.walk = Walk(session, opened)
        self.keys = NumberKeys(session.project.classes)
        self.picker: Picker | None = None  # the one that was opened last
        self.home = "Triage"  # the page that was there before
        self.bar = ReviewBar(opened.review.title)
        self.suggestion = Suggestion(session)
        self.viewing = Middle(session.project.modality)
        self.deciding = Deciding()
        self.finish = Finish()
        self._shown: Frame | None = None
        self._stack = QStackedWidget()
        self._stack.addWidget(self.viewing)
        self._stack.addWidget(self.finish)
        super().__init__("review", self.suggestion, self._stack, self.deciding, parent)
        self.hearing = Hearing(session.reads, SOUND, Player(), self.viewing.sound, self.viewing.play, self)
        self.walk.setParent(self)
        self.setSizes([theme.grown(LEFT_W), 1000, theme.grown(320)])
        self._connect()
        session.hold()

    def _connect(self) -> None:
        walk, deciding = self.walk, self.deciding
        walk.moved.connect(self._show)
        walk.arrived.connect(self._notice)
        walk.aside_arrived.connect(self._show_aside)
        walk.changed.connect(self._count)
        walk.passed.connect(self._tell_passed)
        self.bar.left.connect(self.left_wanted)
        self.bar.undo_wanted.connect(self.step_back)
        self.bar.redo_wanted.connect(self.redo)
        self.bar.blind.toggled.connect(self._set_blind)
        self.suggestion.accepted.connect(self.accept)
        self.suggestion.kept.connect(self.keep)
        self.viewing.stepped.connect(self.step)
        self.viewing.picked.connect(walk.go)
        self.viewing.resized.connect(self._show_strip)
        self.viewing.stage.detail_wanted.connect(self._read_detail)
        deciding.chosen.connect(self.give)
        deciding.listing.connect(self.list_labels)
        deciding.excluded.connect(self.exclude)
        deciding.flagged.connect(self.flag)
        deciding.skipped.connect(self.skip)
        deciding.tagging.connect(self.list_tags)
        deciding.noted.connect(self._write_note)
        self._session.edited.connect(self._show_redo)

    def _show_redo(self, _outcome: object = None) -> None:
        self.bar.redo.setEnabled(bool(self._session.last.redo_title))

    def start(self) -> None:
        """Show the first example that is undecided."""
        self._show_redo()
        self._count()
        self.walk.start()

    def leave(self) -> None:
        """Answers that are still on their way are for nobody; the other pages hear of what was decided."""
        self.walk.close()
        self.hearing.stop()
        for key in ("review detail", "review result"):
            self._session.reads.cancel(key)
        self._session.edited.disconnect(self._show_redo)
        self._session.release()

    # what is shown

    def _show(self) -> None:
        walk, frame = self.walk, self.walk.frame
        is_new = frame is None or self._shown is None or self._shown.row != frame.row
        self._shown = frame
        self._stack.setCurrentIndex(1 if walk.is_done else 0)
        self.bar.show_place(walk.place, len(walk.rows), len(walk.rows) - walk.left)
        self.deciding.show_enabled(not walk.is_done)
        if walk.is_done:
            self.hearing.stop()
            self.suggestion.show_done()
            self._finish()
            return
        state = self._session.project.state
        label = state.word("label", walk.label)
        given = state.word("label", int(state.given_labels[walk.row]))
        if is_new:  # what plays goes on through an edit
            self._show_medium(frame)
        self.viewing.show_frame(frame, given=given, label=label, blind=walk.blind)
        self.suggestion.show_frame(
            frame, label, blind=walk.blind, is_searched=self._session.project.analysis.is_searched
        )
        self._show_aside(walk.aside)
        self._show_choices(frame, label, given)
        tags = [tag for tag, mask in state.tags.items() if mask[walk.row]]
        self.deciding.show_example(tags, state.word("note", int(state.notes[walk.row])))
        self._show_strip()

    def _show_medium(self, frame: Frame | None) -> None:
        self.viewing.show_medium(frame)
        project = self._session.project
        load = (lambda _: frames.sound(project, frame.row)) if frame is not None and frame.rate else None
        self.hearing.show_sound(frame.seconds if frame else 0.0, frame.rate if frame else 0, load)

    def _show_choices(self, frame: Frame | None, label: str, given: str) -> None:
        classes = self._session.project.classes
        self.keys.refresh(classes)
        blind = self.walk.blind
        suggested = frame.issue.suggested if frame and frame.issue else ""
        choices = choices_for(
            self.keys.held,
            frame.probabilities if frame and not blind else {},
            label="" if blind else label,
            given=given,
            suggested="" if blind else suggested,
            predicted=frame.predicted if frame and not blind else "",
        )
        self.deciding.show_choices(choices, more=len(classes) > len(self.keys.held))

    def _show_aside(self, aside: Aside | None) -> None:
        if aside is None or aside.row == self.walk.row:
            self.suggestion.show_aside(aside, blind=self.walk.blind)

    def _show_strip(self) -> None:
        walk, strip = self.walk, self.viewing.strip
        strip.show_cells(cells(walk, strip.places(walk.place, len(walk.rows)), self._word), walk.place)

    def _word(self, code: int) -> str:
        return self._session.project.state.word("label", code)

    def _notice(self, frame: Frame) -> None:
        if frame.row == self.walk.row and self._shown is None:
            self._show()
        else:
            self._show_strip()

    def _count(self) -> None:
        walk = self.walk
        self.deciding.show_tally(walk.tally, len(walk.unreadable))
        self.bar.pace.setText(walk.pace.words(walk.left))
        self.bar.undo.setEnabled(walk.can_step_back)
        last = next(reversed(walk.decided.values()), None)
        said = f"{LAST[last.verb]} {label_of(last, self._word)}".rstrip() if last else ""
        self.progressed.emit(f"{len(walk.rows) - walk.left:,} done, {walk.left:,} to go", said)

    def _tell_passed(self, frame: Frame) -> None:
        self._count()
        self.told.emit(f"{frame.id} cannot be shown and was left out: {frame.missing}", "image-broken")

    def _read_detail(self) -> None:
        project, row = self._session.project, self.walk.row
        self._session.reads.start(
            lambda _: frames.full_picture(project, row),
            lambda picture: self.viewing.stage.show_detail(picture) if row == self.walk.row else None,
            key="review detail",
        )

    # the end

    def _finish(self) -> None:
        project, review = self._session.project, self.walk.review
        self._session.reads.start(lambda _: result(project, review), self._show_result, key="review result")

    def _show_result(self, found: Result) -> None:
        session, review = self._session, self.walk.review
        offers: list[Offer] = [(f"Back to {self.home}", self.left_wanted.emit)]
        if len(found.disagreements):
            queue = Queue(f"To settle: {review.title}", found.disagreements, review.kind, settles=review.number)
            offers.append((f"Settle {len(queue.rows):,}", partial(session.review_wanted.emit, queue)))
        if len(found.unsure) and not review.settles:
            queue = Queue(f"Again: {review.title}", found.unsure, review.kind)
            if len(found.unsure) < len(self.walk.rows):
                words = f"Review {len(found.unsure):,} skipped or flagged"
                offers.append((words, partial(session.review_wanted.emit, queue)))
        if found.others:
            offers.append(("Next queue", partial(session.review_wanted.emit, found.others[0])))
        unreadable = tuple(self.walk.unreadable.values())
        if unreadable:
            offers.append((f"Show {len(unreadable):,} that could not be read", self.show_unreadable))
        self.finish.show_result(review.title, found, unreadable, offers)

    def show_unreadable(self) -> None:
        """On the page that was there before, where their files can be located, or they are tagged or excluded."""
        wanted = Where(()).choose("id", [frame.id for frame in self.walk.unreadable.values()])
        self.left_wanted.emit()
        self._session.ask(str(wanted))

    # what can be done

    def is_deciding(self) -> bool:
        return self.walk.can_decide

    def is_seeing(self) -> bool:
        """What was found and predicted is shown, so that it can be agreed with."""
        return self.is_deciding() and not self.walk.blind

    def accept(self) -> None:
        """What is suggested: another label, or that the example goes."""
        issue = self.walk.frame.issue if self.walk.frame else None
        if not self.is_seeing() or issue is None:
            return
        if issue.suggested:
            self.give(issue.suggested)
        elif issue.fix == "exclude":
            self.exclude()

    def keep(self) -> None:
        if self.is_seeing():
            self.walk.decide(Verb.KEEP)

    def give(self, label: str, *, fresh: bool = False) -> None:
        if label and self.is_deciding():
            self.walk.give(label, fresh=fresh)
            self.keys.use(label)

    def give_by_key(self, key: str) -> None:
        self.give(self.keys.label(key))

    def exclude(self) -> None:
        self.walk.decide(Verb.EXCLUDE)

    def flag(self) -> None:
        self.walk.decide(Verb.FLAG)

    def skip(self) -> None:
        self.walk.decide(Verb.SKIP)

    def step_back(self) -> None:
        self.walk.step_back()

    def redo(self) -> None:
        self._session.redo()
        self.walk.sync()

    def step(self, by: int) -> None:
        """Look at the one before or after, without deciding; from the end, at the last."""
        self.walk.go(self.walk.place + by)

    def toggle_blind(self) -> None:
        self.bar.blind.toggle()

    def _set_blind(self, on: bool) -> None:
        self.walk.blind = on
        self._show()

    def list_labels(self) -> None:
        if self.is_deciding():
            recent = [name for name in self.keys.recent if name in self._session.project.classes]
            others = [name for name in self._session.project.classes if name not in recent]
            self._pick("Label", "New class", recent + others, lambda word, fresh: self.give(word, fresh=fresh))

    def list_tags(self) -> None:
        if self.is_deciding():
            tags = list(self._session.project.state.tags)
            self._pick("Tag with", "New tag", tags, lambda word, _: self._tag(word))

    def _pick(self, title: str, make: str, words: list[str], take: Callable[[str, bool], None]) -> None:
        picker = self.picker = Picker(title, make, self)
        picker.chosen.connect(take)
        corner = self.deciding.mapTo(self.window(), QPoint(0, 0))
        picker.open_at(corner + QPoint(-300, 48), words)

    def _tag(self, tag: str) -> None:
        mask = self._session.project.state.tags.get(tag)
        untag = mask is not None and bool(mask[self.walk.row])
        self._edit(lambda project, rows: (project.untag if untag else project.tag)(rows, tag))

    def write_note(self) -> None:
        if self.is_deciding():
            self.show_right(True)
            self.deciding.note.setFocus()
            self.deciding.note.selectAll()

    def _write_note(self, words: str) -> None:
        self._edit(lambda project, rows: project.note(rows, words))

    def _edit(self, work: Callable[[Project, Rows], EditInfo | None]) -> None:
        """Something beside the decision: one does not move on."""
        row = self.walk.row
        if row < 0:
            return

        def done(edit: EditInfo | None) -> None:
            if edit is not None:
                self.walk.note_edit(row)
                self._count()
            if row == self.walk.row:
                self._show()

        rows = np.array([row])
        self.walk.write(lambda project: work(project, rows), done)

    def zoom(self) -> None:
        self.viewing.zoom()

    def toggle_contrast(self) -> None:
        self.viewing.toggle_contrast()

    def has_sound(self) -> bool:
        return self._session.project.modality is Modality.AUDIO and not self.walk.is_done

    def play(self) -> None:
        self.hearing.toggle()

    def edit_guide(self) -> None:
        self.show_left(True)
        self.suggestion.guide.edit()
