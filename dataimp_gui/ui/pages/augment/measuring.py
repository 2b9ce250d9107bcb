"""Measuring policies, as jobs that can be stopped; what was found stays until it is measured again."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, Signal

from dataimp_gui.core.augment.policy import Policy
from dataimp_gui.core.augment.realism.promising import Promise
from dataimp_gui.core.augmenting.measuring import Measured
from dataimp_gui.core.augmenting.trying import Tried
from dataimp_gui.ui.kit.jobs import Job
from dataimp_gui.ui.kit.signed_bars import MINUS
from dataimp_gui.ui.pages.augment.adding import BAD, Added, added
from dataimp_gui.ui.pages.augment.draft import Draft
from dataimp_gui.ui.pages.augment.policies import Policies
from dataimp_gui.ui.pages.augment.realism import FLOOR, Realism
from dataimp_gui.ui.pages.augment.spot_check import SpotCheck
from dataimp_gui.ui.pages.augment.trial import OfPolicy
from dataimp_gui.ui.session import Session

KEYS: Final = ("augment measure", "augment try")
_ORDER: Final = "augment order"


@dataclass(frozen=True, slots=True)
class Asked:
    """``where`` and ``target`` are clauses."""

    policy: Policy
    where: str
    target: str


class Measuring(QObject):
    """Of each policy that is open; the one in sight is shown, and another beside it where they are compared."""

    shown = Signal(object)  # dict: what was measured against steps, in words, by their places

    def __init__(self, session: Session, policies: Policies, panel: Realism) -> None:
        super().__init__(panel)
        self._session, self._policies, self.panel = session, policies, panel
        self._draft: Draft | None = None
        self._target = ""
        self.closed = ""  # the share of the gap, in words, as long as it is true
        self._measured: dict[Draft, tuple[Asked, Measured]] = {}
        self._tried: dict[Draft, tuple[Asked, Tried]] = {}
        self._promised: dict[Draft, tuple[Asked, Promise]] = {}
        self._busy: set[str] = set()
        session.reads.finished.connect(self._end)
        panel.measure_wanted.connect(self.measure)
        panel.trial.wanted.connect(self.try_it)
        panel.trial.other_wanted.connect(self.try_other)
        panel.stop_wanted.connect(self.stop)
        panel.check_wanted.connect(self.check)
        panel.turned_off.connect(lambda place: self._draft and self._draft.turn(place, False))

    @property
    def can_measure(self) -> bool:
        return self._can_measure(self._draft)

    def _can_measure(self, draft: Draft | None) -> bool:
        return bool(draft and self._target and not self._busy and any(step.on for step in draft.policy.steps))

    @property
    def doubt(self) -> str:
        """Why the variants may not be worth having, as far as it was measured for what is in sight."""
        if (draft := self._draft) is None:
            return ""
        now = self._now(draft)
        asked, found = self._measured.get(draft, (now, None))
        share = found.kept.share if found is not None and asked == now else None
        return f"Only {share:.1%} of the labels can still be told." if share is not None and share < FLOOR else ""

    def show_draft(self, draft: Draft | None, target: str) -> None:
        self._draft, self._target = draft, target
        self._show()

    def measure(self) -> None:
        if (draft := self._draft) is None or not self.can_measure:
            return
        asked, augment = self._now(draft), self._session.project.augment
        self._begin(KEYS[0])
        self._session.reads.start(
            lambda progress: augment.measure(asked.policy, asked.where, asked.target, progress),
            lambda found: self._keep(draft, asked, found),
            key=KEYS[0],
            title="Measuring realism",
        )

    def try_it(self) -> None:
        self._try(self._draft)

    def try_other(self) -> None:
        """The policy that the one in sight is compared with."""
        self._try(self._policies.other)

    def can_try_other(self) -> bool:
        return self._can_measure(self._policies.other)

    def _try(self, draft: Draft | None) -> None:
        if draft is None or not self._can_measure(draft):
            return
        asked, augment = self._now(draft), self._session.project.augment
        self._begin(KEYS[1])
        self._session.reads.start(
            lambda progress: augment.try_it(asked.policy, asked.where, asked.target, progress, slice_=asked.where),
            lambda found: self._keep(draft, asked, found),
            key=KEYS[1],
            title=f"Trying “{draft.policy.name}”",
        )

    def _now(self, draft: Draft) -> Asked:
        return Asked(draft.policy, self._session.shown, self._target)

    def check(self) -> None:
        """Ask a person about the variants that the model is least sure of; their verdicts count in what is measured."""
        asked, found = self._measured.get(self._draft, (None, None)) if self._draft else (None, None)
        if asked is None or found is None or not found.to_check:
            return
        dialog = SpotCheck(self._session, asked.policy, found.to_check, self.panel.window())
        dialog.closed.connect(lambda given: self.measure() if given else None)
        dialog.open()

    def stop(self) -> None:
        for key in tuple(self._busy):
            self._session.reads.cancel(key)

    def _end(self, job: Job) -> None:
        """Also of one that was stopped in the list of jobs."""
        if job.key in self._busy:
            self._busy.discard(job.key)
            self._show()

    def _begin(self, key: str) -> None:
        self._busy.add(key)
        self._show()

    def _keep(self, draft: Draft, asked: Asked, found: Measured | Tried) -> None:
        if isinstance(found, Measured):
            self._measured[draft] = (asked, found)
            self._order()
        else:
            self._tried[draft] = (asked, found)
        self._show()

    def _show(self) -> None:
        draft = self._draft
        if draft is None:
            return
        now = self._now(draft)
        asked, found = self._measured.get(draft, (now, None))
        alike = {self._policies.letter(each): known for each, known in self._alike()}
        shares = {letter: known.realism.overall.share for letter, known in alike.items()}
        others = {letter: share for letter, share in shares.items() if letter != self._policies.letter(draft)}
        self.panel.show_measured(found, draft.policy, others, is_stale=asked != now)
        self.panel.show_order(self._ordered())
        lines = added(found) if found is not None and asked == now else []
        self.closed = ""
        if lines and found is not None:
            self.closed = f"{found.realism.overall.share:.0%}".replace("-", MINUS)
        self.shown.emit({line.step.place: _cost(line) for line in lines if line.is_bad})
        self._show_trial(draft)
        self.panel.show_state(can_measure=self.can_measure, is_busy=bool(self._busy), has_target=bool(self._target))

    def _alike(self) -> list[tuple[Draft, Measured]]:
        """The open policies as they stand, as far as they were measured for what is in sight."""
        known = [(draft, *self._measured[draft]) for draft in self._policies.drafts if draft in self._measured]
        return [(draft, found) for draft, asked, found in known if asked == self._now(draft)]

    def _order(self) -> None:
        """Ask what policies promise, once several were measured alike."""
        alike = [(draft, self._now(draft)) for draft, _ in self._alike()]
        unknown = [(draft, asked) for draft, asked in alike if not self._is_promised(draft)]
        if len(alike) < 2 or not unknown:
            return
        promise = self._session.project.augment.promise
        self._session.reads.start(
            lambda progress: [promise(asked.policy, asked.where, asked.target, progress) for _, asked in unknown],
            lambda found: self._keep_order(unknown, found),
            key=_ORDER,
            title="Asking models which policy to try first",
        )

    def _keep_order(self, asked: list[tuple[Draft, Asked]], found: list[Promise]) -> None:
        for (draft, one), promised in zip(asked, found, strict=True):
            self._promised[draft] = (one, promised)
        self._show()

    def _is_promised(self, draft: Draft) -> bool:
        return draft in self._promised and self._promised[draft][0] == self._now(draft)

    def _ordered(self) -> str:
        """Of policies that were measured alike, those that promise most first, of equal ones those that close more of
        the gap; nothing before all were asked about."""
        alike = dict(self._alike())
        if len(alike) < 2 or not all(map(self._is_promised, alike)):
            return ""
        promised = {draft: self._promised[draft][1] for draft in alike}
        if reason := next((each.reason for each in promised.values() if each.value is None), ""):
            return f"Which to try first cannot be told. {reason} Try them."
        most = sorted(alike, key=lambda each: (promised[each].value, alike[each].realism.overall.share), reverse=True)
        letters = ", then ".join(self._policies.letter(each) for each in most)
        return f"To try first, as far as unlabelled examples tell: {letters}."

    def _show_trial(self, draft: Draft) -> None:
        other, trial = self._policies.other, self.panel.trial
        tried = [
            OfPolicy(self._policies.letter(each), found, is_stale=asked != self._now(each))
            for each in (draft, other)
            if each is not None and each in self._tried
            for asked, found in [self._tried[each]]
        ]
        letter = self._policies.letter(other) if other else ""
        trial.show_state(can_try=self.can_measure, other=letter, can_try_other=self.can_try_other())
        trial.show_tried(tried)


def _cost(line: Added) -> str:
    points = round(-100 * line.share)
    verdict = line.step.verdict.value.capitalize() if line.step.verdict in BAD else ""
    costs = f"costs {points} {'point' if points == 1 else 'points'}" if points > 0 else ""
    return ", ".join(filter(None, (verdict, costs))).capitalize()
