"""What a policy does to examples of a project, measured against a target set."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from dataimp_gui.core import edits
from dataimp_gui.core.augment.applying import Applied, apply
from dataimp_gui.core.augment.policy import Policy, checked, unfinished
from dataimp_gui.core.augment.realism import naming
from dataimp_gui.core.augment.realism.angles import Angle, angles
from dataimp_gui.core.augment.realism.closing import FEWEST, Realism, realism
from dataimp_gui.core.augment.realism.densities import Density, densities
from dataimp_gui.core.augment.realism.describing import Described, Floats, content, describe
from dataimp_gui.core.augment.realism.labels import Judge, Kept
from dataimp_gui.core.augment.realism.naming import OfStatistic
from dataimp_gui.core.augment.realism.steps import OfStep, blame
from dataimp_gui.core.augment.values import Value
from dataimp_gui.core.augmenting import checking, examples, seeing, verdicts
from dataimp_gui.core.augmenting.checking import Check
from dataimp_gui.core.augmenting.examples import Examples
from dataimp_gui.core.augmenting.verdicts import Verdicts
from dataimp_gui.core.model import Modality, Rows
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    from dataimp_gui.core.project import Project

MOST: Final = 400  # examples on each side

_BLOCK: Final = 64
_MOST_SAID: Final = 3
_TARGET_SPLITS: Final = ("test", "production", "prod", "validation", "val", "valid", "dev")


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """``n`` examples were varied once each and compared with ``n_target``; ``statistics`` and ``coverage`` (shares of
    the target, before and after) say where. ``summary`` is what a person should take away. ``angles`` show the gap by
    different measures, ``densities`` the statistics that differ most, ``to_check`` the variants whose label the model
    is least sure of; ``kept_by_class`` has the share of labels kept by label."""

    n: int
    n_target: int
    where: str
    target: str
    realism: Realism
    kept: Kept
    statistics: tuple[OfStatistic, ...]
    coverage: tuple[float, float]
    steps: tuple[OfStep, ...]
    summary: str
    angles: tuple[Angle, ...] = ()
    densities: tuple[Density, ...] = ()
    to_check: tuple[Check, ...] = ()
    kept_by_class: Mapping[str, float] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Without a gap there is no share of it that is closed."""
        closed, has_gap = self.realism.overall, not self.realism.is_closed_already
        return {
            "realism": {
                "gap_before": closed.before,
                "gap_after": closed.after,
                "closed": closed.share if has_gap else None,
                "ci": list(closed.interval) if has_gap else None,
                "nothing_to_close": not has_gap,
                "angles": [_plain(each) for each in self.angles],
                "coverage": list(self.coverage),
            },
            "label_preserved": self.kept.share,
            "label_preserved_ci": self.kept.interval,
            "label_preserved_by_class": self.kept_by_class,
            "steps": [
                {
                    "op": each.op,
                    "closed": each.alone.share if has_gap else None,
                    "ci": list(each.alone.interval) if has_gap else None,
                    "added": each.added.share if each.added and has_gap else None,
                    "added_ci": list(each.added.interval) if each.added and has_gap else None,
                    "label_preserved": each.kept.share,
                    "verdict": each.verdict.value,
                }
                for each in self.steps
            ],
            "statistics": [
                {"name": each.name, "before": each.before, "after": each.after, "said": each.said}
                for each in self.statistics
            ],
            "to_check": [
                {"id": each.id, "draw": each.draw, "label": each.label, "score": each.score} for each in self.to_check
            ],
            "summary": self.summary,
            "n": self.n,
            "n_target": self.n_target,
        }


def _plain(angle: Angle) -> dict[str, Any]:
    return {
        "name": angle.name,
        "before": angle.before,
        "after": angle.after,
        "closed": angle.closed,
        "ci": None if angle.closed is None else [angle.low, angle.high],
        "said": angle.sentence,
    }


def measure(
    project: "Project", policy: Policy, where: str, target: str, progress: Progress, *, blames: bool = True
) -> Measured:
    """Raises QueryError, DataimpError when there is no target or too little of either, Cancelled."""
    pair = gather(project, policy, where, target, MOST, progress)
    ours, faced, where, target = pair.ours, pair.faced, pair.where, pair.target
    progress.phase("Comparing with the target")
    original, goal = describe(ours.values, policy.modality), describe(faced.values, policy.modality)
    progress.check()
    judge = Judge(original.content, ours.labels)

    def vary(one: Policy) -> Described:
        return describe(varied(one, ours, progress), one.modality)

    applied = list(_applied(policy, ours, progress, 0))
    made = [each.value for each in applied]
    full = describe(made, policy.modality)
    progress.check()
    found = realism(original, full, goal)
    named = naming.by_statistic(original, full, goal, policy.modality)
    coverage = (naming.covered(original, goal), naming.covered(full, goal))
    said = _said(verdicts.read(project.state, policy), ours)
    kept = judge.kept(full.content, said)
    has_gap = not found.is_closed_already
    steps = blame(policy, full, original, goal, judge, vary, progress, has_gap=has_gap) if blames else ()
    seen = seeing.embedded(project, ours.values, made, faced.values, progress)
    return Measured(
        len(ours),
        len(faced),
        where,
        target,
        found,
        kept,
        named,
        coverage,
        steps,
        " ".join([*_undone(policy, applied), _summary(found, named, kept)]),
        angles(original, full, goal, found, *(seen or ())),
        densities(original, full, goal, policy.modality, named),
        checking.to_check(ours, judge, full.content, said),
        {project.classes[code]: share for code, share in kept.by_class.items()},
    )


@dataclass(frozen=True, slots=True)
class Pair:
    """The examples to vary and those to compare them with, and the clauses that gave them."""

    ours: Examples
    faced: Examples
    where: str
    target: str


def gather(project: "Project", policy: Policy, where: str, target: str, most: int, progress: Progress) -> Pair:
    """At most ``most`` of each, with labels as mixed as those of the target."""
    check(project, policy)
    target = target or default_target(project)
    faced = _known(
        examples.load(project, examples.sampled(rows_of(project, target), most, examples.SEED), progress), "target"
    )
    where = where or default_source(project)
    chosen = rows_of(project, where)
    rows = np.setdiff1d(chosen, rows_of(project, target))
    if len(chosen) and not len(rows):
        raise DataimpError("All examples to vary are of the target.", hint="Choose others, or another target.")
    labels = project.state.codes(edits.LABEL)[rows]
    ours = _known(
        examples.load(project, examples.alike(rows, labels, faced.labels, most, examples.SEED), progress), "source"
    )
    return Pair(ours, faced, where, target)


def _said(known: Verdicts, ours: Examples) -> dict[int, bool]:
    """By place among them, of variants number 0."""
    return {place: known[id_, 0] for place, id_ in enumerate(ours.ids) if (id_, 0) in known}


def varied(policy: Policy, ours: Examples, progress: Progress, draw: int = 0) -> list[Value]:
    """Variant number ``draw`` of each example."""
    return list(_varied(policy, ours, progress, draw))


def varied_content(policy: Policy, ours: Examples, progress: Progress, draw: int = 0) -> Floats:
    """What variant number ``draw`` of each example shows, (n, e); few of them are in memory at a time."""
    variants, found = _varied(policy, ours, progress, draw), []
    while block := list(islice(variants, _BLOCK)):
        found.append(content(block, policy.modality))
    return np.concatenate(found)


def _varied(policy: Policy, ours: Examples, progress: Progress, draw: int) -> Iterator[Value]:
    return (each.value for each in _applied(policy, ours, progress, draw))


def _applied(policy: Policy, ours: Examples, progress: Progress, draw: int) -> Iterator[Applied]:
    for value, id_, name in zip(ours.values, ours.ids, ours.names, strict=True):
        progress.check()
        yield apply(policy, value, id_, draw, name, is_quick=True)


def _undone(policy: Policy, applied: Sequence[Applied]) -> list[str]:
    """Sentences about steps that did nothing though they are on: what is measured is the policy without them."""
    failed = Counter(why for each in applied for why in each.warnings)
    said = [f"{why.rstrip('.')} ({count:,} of {len(applied):,})." for why, count in failed.most_common(_MOST_SAID)]
    return [*unfinished(policy), *said]


def check(project: "Project", policy: Policy) -> None:
    """Raises DataimpError for a policy that cannot be done on the examples of the project."""
    checked(policy)
    if project.modality is Modality.TABLE:
        raise DataimpError("A table alone has nothing to augment.", hint="It takes pictures, sounds or texts.")
    if policy.modality is not project.modality:
        raise DataimpError(f"The policy is for {policy.modality.value}, the project holds {project.modality.value}.")


def default_target(project: "Project") -> str:
    """The split that a model is tested on. Raises DataimpError when there is none."""
    there = _splits(project)
    for name in _TARGET_SPLITS:
        if name in there:
            return f"split = '{name}'"
    raise DataimpError("There is no target set.", hint="Say with a WHERE clause which examples the model will face.")


def default_source(project: "Project") -> str:
    """The training split, or all examples where there is none."""
    return "split = 'train'" if "train" in _splits(project) else ""


def rows_of(project: "Project", where: str, *, variants: bool = False) -> Rows:
    """Those that a clause selects, but for variants of others; excluded ones only when it names them."""
    rows = project.rows(where)
    if not variants:
        rows = rows[~project.state.brought[rows]]
    return rows if "excluded" in where else rows[project.state.codes(edits.EXCLUDED)[rows] == 0]


def _splits(project: "Project") -> set[str]:
    """Those that some example is in today."""
    names = project.splits
    return {names[code] for code in np.unique(project.state.codes(edits.SPLIT)).tolist() if code >= 0}


def _known(found: Examples, what: str) -> Examples:
    if len(found) < FEWEST:
        raise DataimpError(
            f"The {what} has {len(found):,} examples that can be read; it takes {FEWEST} to say anything.",
            hint="Choose more of them.",
        )
    return found


def _summary(found: Realism, named: tuple[OfStatistic, ...], kept: Kept) -> str:
    closed = found.overall
    if found.is_closed_already:
        said = "The originals look like the target already: there is nothing to close."
        if closed.gained_interval[1] < 0:
            said += " The variants are further away from it."
    elif closed.interval[0] > 0:
        said = f"Closes {closed.share:.0%} of the gap to the target."
    elif closed.interval[1] < 0:
        said = "Moves the examples away from the target."
    else:
        said = "Does not bring the examples nearer to the target, as far as can be told."
    if kept.share is not None and kept.interval is not None and kept.interval[1] < 1:
        said += f" {kept.share:.0%} of the labels can still be told."
    return " ".join([said, *[each.said for each in named if each.said][:3]])
