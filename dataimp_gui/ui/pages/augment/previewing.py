"""What the grid is asked for and gets: variants at once, then whether their labels are kept; a sweep beside it."""

from collections.abc import Callable
from functools import partial
from typing import Final

import numpy as np
from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from dataimp_gui.core.augment.operations import find, table
from dataimp_gui.core.augment.policy import Policy, chosen, limits
from dataimp_gui.core.augmenting.keeping import LabelsKept
from dataimp_gui.core.model import Modality
from dataimp_gui.progress import Progress
from dataimp_gui.ui.pages.augment.draft import Draft
from dataimp_gui.ui.pages.augment.faces import Score
from dataimp_gui.ui.pages.augment.middle import Middle
from dataimp_gui.ui.pages.augment.policies import LETTERS, Policies
from dataimp_gui.ui.pages.augment.reading import Asked, Reader, Shown, Variant
from dataimp_gui.ui.pages.augment.sweep import Swept, Value, stops, sweep
from dataimp_gui.ui.session import Session

VARIANTS: Final = 4
SURE: Final = 0.5  # agreement from which on a model knows what it sees
KEPT: Final = "augment kept"
NARROW: Final = {Modality.TEXT: (900, 520), Modality.AUDIO: (520, 400), Modality.IMAGE: (520, 300)}
"""Below these widths of the grid there are two variants, and one."""


class Previewing(QObject):
    """What is asked while an answer is being made waits for it, so that a dragged slider is followed."""

    told = Signal(str)
    failed = Signal(object)  # dict: why steps of the policy in sight could not be done, by their places

    def __init__(
        self,
        session: Session,
        policies: Policies,
        content: Middle,
        track_of: Callable[[int, str], tuple[float, float]],
    ) -> None:
        """``track_of`` the slider of a step and parameter: what is swept."""
        super().__init__(content)
        self._track_of = track_of
        self._session, self._policies, self._content = session, policies, content
        self._reader = Reader(session.project)
        self.first = self._draw = 0
        self.target = ""
        self.ghost = -1  # the place of the step that is left out for the moment
        self.is_difference = False
        self.is_reading = self._wants_more = False
        self._swept: tuple[Draft, int, str] | None = None
        session.edited.connect(self._score_again)

    # what to show

    def begin_again(self) -> None:
        self.first = 0
        self.read()

    def new_seeds(self) -> None:
        self._draw += VARIANTS
        self.read()

    def turn(self, pages: int) -> None:
        by = pages * self._content.grid.fits
        last = max(0, len(self._session.rows) - 1)
        if 0 <= self.first + by <= last or by < 0:
            self.first = max(0, self.first + by)
            self.read()

    def show_ghost(self, place: int) -> None:
        if place != self.ghost:
            self.ghost = place
            self.read()

    def show_difference(self, on: bool) -> None:
        self.is_difference = on
        self.read()

    def _count(self) -> int:
        narrow, narrower = NARROW.get(self._policies.modality, (0, 0))
        width = self._content.grid.width()
        return 1 if width < narrower else 2 if width < narrow else VARIANTS

    def read(self) -> None:
        content, draft = self._content, self._policies.draft
        if not content.isVisible() or draft is None:
            return
        if self.is_reading:
            self._wants_more = True
            return
        compared = self._policies.pair if content.compare.isChecked() else (self._policies.at,)
        count = max(self._count(), len(compared))
        draws = tuple(range(self._draw, self._draw + count // len(compared)))
        grid, rows = content.grid, self._session.rows
        grid.expect(1 + len(draws) * len(compared) + bool(self.target), self._policies.modality)
        shown = np.asarray(rows[self.first : self.first + grid.fits], np.int64)
        drafts = self._policies.drafts
        used = tuple(self._without(drafts[at], at == self._policies.at) for at in compared)
        asked = Asked(shown, used, draws, self.target, self.is_difference)
        heads = tuple(self._head(at, draw) for draw in draws for at in compared)
        self.is_reading, self._wants_more = True, False
        self._session.reads.cancel(KEPT)
        self._session.reads.start(
            partial(self._reader.read, asked), partial(self._show, heads), key="augment", failed=self._fail
        )
        self._sweep()

    def _without(self, draft: Draft, is_in_sight: bool) -> Policy:
        policy, place = draft.policy, self.ghost
        if not is_in_sight or not 0 <= place < len(policy.steps):
            return policy
        steps = policy.steps
        return replace(policy, steps=(*steps[:place], replace(steps[place], on=False), *steps[place + 1 :]))

    def _head(self, at: int, draw: int) -> str:
        steps = self._policies.drafts[at].policy.steps
        if at == self._policies.at and 0 <= self.ghost < len(steps):
            op = steps[self.ghost].op
            return f"{LETTERS[at]} · without {table()[op].title if op in table() else op}"
        return f"{LETTERS[at]} · variant {draw + 1}"

    def _show(self, heads: tuple[str, ...], found: Shown) -> None:
        self.is_reading = False
        grid = self._content.grid
        heads = ("Original", *heads, *(["Real target"] if found.targets else []))
        if grid.shown is None or grid.shown.asked.policies != found.asked.policies:
            grid.show_scores({})
        grid.show_read(found, heads)
        draft = self._policies.draft
        known = zip(found.asked.policies, found.failed, strict=True)
        self.failed.emit(next((why for policy, why in known if draft and policy == draft.policy), {}))
        total, count = len(self._session.rows), len(found.asked.rows)
        said = f"Examples {self.first + 1:,} – {self.first + count:,} of {total:,}" if count else "No examples"
        self._content.show_place(said, found.unread, found.target_said)
        self._content.back.setEnabled(self.first > 0)
        self._content.on.setEnabled(self.first + count < total)
        self.told.emit(said)
        if self._wants_more:
            self.read()
        else:
            self._score(found)

    def _fail(self, error: Exception) -> None:
        self.is_reading = False
        self._session.reads.failed.emit(error)

    # labels

    def _score(self, shown: Shown) -> None:
        """Beside the variants that are in sight already, once nothing newer is asked for."""
        asked, augment = shown.asked, self._session.project.augment
        if not len(asked.rows) or not any(step.on for policy in asked.policies for step in policy.steps):
            self._content.show_lost(0, 0)
            return

        def score(progress: Progress) -> list[LabelsKept]:
            return [augment.kept(policy, asked.rows, asked.draws, progress) for policy in asked.policies]

        self._session.reads.start(score, partial(self._show_scores, shown), key=KEPT, failed=lambda _: None)

    def _score_again(self, _outcome: object) -> None:
        if self._content.isVisible() and self._content.grid.shown is not None and not self.is_reading:
            self._score(self._content.grid.shown)

    def _show_scores(self, shown: Shown, found: list[LabelsKept]) -> None:
        if self._content.grid.shown is not shown:
            return
        scores = {}
        for number, kept in enumerate(found):
            for line, row in enumerate(kept.rows.tolist()):
                for column, draw in enumerate(kept.draws):
                    score, said = float(kept.score[line, column]), int(kept.said[line, column])
                    known = None if np.isnan(score) else score
                    is_lost = bool(kept.is_lost[line, column]) and said < 0  # what a person said needs no warning
                    is_sure = max(score, float(kept.original[line])) >= SURE
                    verdict = None if said < 0 else bool(said)
                    scores[Variant(row, draw, number)] = Score(known, is_lost, verdict, is_sure)
        self._content.grid.show_scores(scores)
        self._content.show_lost(sum(each.is_lost for each in scores.values()), len(scores))

    def say(self, keeps: bool) -> None:
        """Whether the current variant keeps its label; the same once more takes it back. One that does not is left
        out when the variants are written."""
        grid = self._content.grid
        if (variant := grid.current) is None or grid.shown is None or self.ghost >= 0:
            return
        policy = grid.shown.asked.policies[variant.policy]
        before = grid.scores.get(variant)
        verdict = None if before is not None and before.said is keeps else keeps
        self._session.edit(lambda project: project.augment.give_verdict(policy, variant.row, variant.draw, verdict))

    # one parameter from low to high

    def open_sweep(self, place: int, name: str) -> None:
        if (draft := self._policies.draft) is not None:
            self._swept = (draft, place, name)
            self._sweep()

    def close_sweep(self) -> None:
        self._swept = None
        self._content.sweep.hide()
        self._content.grid.setFocus()

    def _sweep(self) -> None:
        if self._swept is None or (draft := self._policies.draft) is None:
            return
        known, place, name = self._swept
        steps = draft.policy.steps
        parameter = find(steps[place].op).parameter(name) if known is draft and place < len(steps) else None
        rows = self._session.rows[self.first : self.first + 1]
        if parameter is None or not len(rows):
            self.close_sweep()
            return
        current = self._content.grid.current
        where = (current.row, current.draw) if current else (int(rows[0]), self._draw)
        values = stops(parameter, self._track_of(place, name), self._content.sweep.count)
        policy = draft.policy
        now = limits(steps[place], parameter) if parameter.is_number else chosen(steps[place], parameter)
        self._session.reads.start(
            lambda progress: sweep(self._reader, policy, place, name, values, where, progress),
            lambda found: self._show_sweep(found, now),
            key="augment sweep",
        )

    def _show_sweep(self, found: Swept, now: tuple[Value, ...]) -> None:
        if self._swept is not None and self._swept[1:] == (found.place, found.name):
            self._content.sweep.show_swept(found, now)

    def take(self, value: Value, grows: bool) -> None:
        """Of the strip into the policy."""
        if self._swept is None or (draft := self._policies.draft) is None:
            return
        _, place, name = self._swept
        step = draft.policy.steps[place]
        parameter = find(step.op).parameter(name)
        assert parameter is not None
        if isinstance(value, str):
            before = chosen(step, parameter)
            draft.use_choice(place, name, tuple(dict.fromkeys((*before, value))) if grows else (value,))
        else:
            low, high = limits(step, parameter) if grows else (value, value)
            draft.use_range(place, name, min(low, value), max(high, value))
