"""What a version must meet to be promoted: limits on its figures, and conditions on its data.

A limit is passed when the estimate meets it, failed when the whole interval breaks it, and unsure in between. A
slice or a class that may not get worse fails only if its adjusted p is below 0.05 as well: of twenty that did not
change, one interval is off zero by chance.
"""

import math
from collections.abc import Sequence
from typing import Final

import msgspec
import numpy as np

from dataimp_gui.core.contract import PROVENANCE
from dataimp_gui.core.evaluate.frozen import Content, Frozen
from dataimp_gui.core.evaluate.judgement import FAIL, PASS, UNSURE, Compared, GateResult
from dataimp_gui.core.model import Rows
from dataimp_gui.errors import DataimpError

SURE: Final = 0.05
OWN_ORIGINS: Final = ("imported", "collected")
MOST_UNANSWERED: Final = 0.01
"""Of the evaluation examples. What has no prediction is wrong for both versions, so that many hide any change."""
_MANY: Final = ("slice", "class")


class Gates(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Which gates there are; None or False switches one off.

    ``overall``, ``slices`` and ``classes`` are the least change of accuracy (0 is no drop, 0.03 a gain of 3 points);
    ``least`` says another one for a slice of that name. ``cost`` is the most that a prediction may cost more, and
    ``calibration`` the most that the calibration error may rise.
    ``balance`` is how many times as large as the smallest class the largest may be among the training examples.
    """

    overall: float | None = 0.0
    slices: float | None = 0.0
    least: dict[str, float] = {}
    classes: float | None = None
    cost: float | None = None
    calibration: float | None = None
    leak: bool = True
    own: bool = True
    contract: bool = True
    balance: float | None = None
    reviewed: bool = False


def from_json(text: str) -> Gates:
    try:
        return msgspec.json.decode(text, type=Gates) if text else Gates()
    except msgspec.DecodeError as error:
        raise DataimpError(f"The gates cannot be read: {error}.", hint="Set them again.") from error


def to_json(gates: Gates) -> str:
    """Raises DataimpError for a limit that is none."""
    numbers = {"overall": gates.overall, "slices": gates.slices, "classes": gates.classes, **gates.least}
    for name, limit in numbers.items():
        if limit is not None and not -1 <= limit <= 1:
            raise DataimpError(
                f"{name} cannot change by {limit:g}.", hint="A limit lies between -1 and 1: 0.01 is a point."
            )
    if gates.calibration is not None and not 0 <= gates.calibration <= 1:
        raise DataimpError(
            f"A calibration error cannot rise by {gates.calibration:g} at most.", hint="It is a number from 0 to 1."
        )
    if gates.cost is not None and not 0 <= gates.cost < math.inf:
        raise DataimpError(f"A cost cannot rise by {gates.cost:g} at most.", hint="It is a number from 0 up.")
    if gates.balance is not None and not 1 <= gates.balance < math.inf:
        raise DataimpError(
            f"The largest class cannot be {gates.balance:g} times the smallest.", hint="It is a number from 1 up."
        )
    return msgspec.json.encode(gates, order="sorted").decode()


def judge(
    gates: Gates, lines: Sequence[Compared], content: Content, frozen: Frozen, near: Rows | None = None
) -> tuple[GateResult, ...]:
    """The verdicts on figures, then those on the data of the version. ``near`` are examples that are known to have a
    near copy, or others of their group, in another split; None when nobody looked."""
    found = [_of_line(line, least) for line in lines if (least := _least(gates, line)) is not None]
    data = content
    if gates.leak:
        found.append(_leak(data, frozen.rows, near))
    if gates.own:
        found.append(_own(data))
    if gates.contract:
        found.append(_contract(data))
    if gates.balance is not None:
        found.append(_balance(data, gates.balance))
    if gates.reviewed:
        found.append(_reviewed(data))
    return tuple(found)


def unanswered(missing: int, count: int) -> tuple[GateResult, ...]:
    """The verdict on ``missing`` of ``count`` predictions; none where all are there."""
    if not missing:
        return ()
    said = f"{missing:,} of {count:,} evaluation examples have no prediction and count as errors."
    result = UNSURE if missing <= MOST_UNANSWERED * count else FAIL
    return (GateResult("Predictions complete", result, said, f"at most {MOST_UNANSWERED:.0%} without"),)


def rule(least: float) -> str:
    """ "no drop", "+3.0" or "drop of at most 1.0", in points."""
    if not least:
        return "no drop"
    return f"{100 * least:+.1f}" if least > 0 else f"drop of at most {-100 * least:.1f}"


def rule_of_cost(most: float) -> str:
    return f"rise of at most {most:.2f}" if most else "no rise"


def rule_of_calibration(most: float) -> str:
    """In points."""
    return f"rise of at most {100 * most:.1f}" if most else "no rise"


def _least(gates: Gates, line: Compared) -> float | None:
    match line.kind:
        case "overall":
            return gates.overall
        case "slice":
            return gates.least.get(line.name, gates.slices)
        case "class":
            return gates.classes
        case "cost":
            return gates.cost
        case "calibration":
            return gates.calibration
    return None


_RULES: Final = {"cost": rule_of_cost, "calibration": rule_of_calibration}
"""Of what is the better the less it is."""


def _of_line(line: Compared, least: float) -> GateResult:
    gate = f"{line.kind.capitalize()}: {line.name}" if line.kind in _MANY else line.name.capitalize()
    is_cost, less_is_better = line.kind == "cost", line.kind in _RULES
    says = _RULES.get(line.kind, rule)(least)
    if line.change is None or line.ci is None:
        return GateResult(gate, UNSURE, "No evaluation example is in it.", says, line.name, line.where)
    change, best = (line.change, line.ci[0]) if less_is_better else (line.change, line.ci[1])
    meets = change <= least if less_is_better else change >= least
    breaks = best > least if less_is_better else best < least
    told_apart = ""
    if breaks and not least and line.kind in _MANY and line.p_adjusted is not None and line.p_adjusted >= SURE:
        breaks, told_apart = (
            False,
            f" Of so many subsets one may come out so by chance (adjusted p {line.p_adjusted:.2f}).",
        )
    told = f"{change:+.2f}" if is_cost else f"{100 * change:+.1f} points"
    low, high = ((each if is_cost else 100 * each) for each in line.ci)
    ends = f"{low:+.2f} to {high:+.2f}" if is_cost else f"{low:+.1f} to {high:+.1f}"
    result = PASS if meets else FAIL if breaks else UNSURE
    wanted = f"at most a {says.replace(' of at most', ' of')}" if " of at most" in says else says
    reason = f"Changed by {told} (95 % interval {ends}); wanted is {wanted}.{told_apart}"
    return GateResult(gate, result, reason.replace("-", "−"), says, line.name, line.where)


def _leak(data: Content, rows: Rows, near: Rows | None) -> GateResult:
    """Equal bytes in training and evaluation fail; what takes a judgement, near copies and equal rows, is unsure."""
    gate, wanted = "No leak", "no copies"
    copies, is_table = _copies(data, rows)
    if len(copies):
        counted = f"{len(copies):,} training example{' is' if len(copies) == 1 else 's are'}"
        if is_table:
            said = f"{counted} equal to an evaluation example in every column."
            return GateResult(gate, UNSURE, said, wanted, ids=data.some(copies))
        said = f"{counted} an exact copy of an evaluation example."
        return GateResult(gate, FAIL, said, wanted, ids=data.some(copies))
    variants = _variants(data, rows)
    if len(variants):
        counted = f"{len(variants):,} training example{' is a variant' if len(variants) == 1 else 's are variants'}"
        said = f"{counted} of an evaluation example."
        return GateResult(gate, FAIL, said, wanted, where=f"{PROVENANCE[0]} is not null", ids=data.some(variants))
    if near is None:
        said = "No training example is an exact copy of an evaluation example; near copies were not searched."
        return GateResult(gate, PASS, said, wanted)
    trained = near[near < len(data.trains)]
    trained = trained[data.trains[trained]]
    if len(trained):
        have = "example has" if len(trained) == 1 else "examples have"
        said = f"{len(trained):,} training {have} a near copy or a group in another split."
        return GateResult(gate, UNSURE, said, wanted, where="issue_leak is not null", ids=data.some(trained))
    return GateResult(gate, PASS, "No training example is a copy or a near copy of an evaluation example.", wanted)


def _copies(data: Content, rows: Rows) -> tuple[Rows, bool]:
    """Training examples that are equal to one of ``rows``, by their bytes; those of a table by all their columns."""
    is_table = not data.sha256.any()
    hashes = data.metadata if is_table else data.sha256
    judged = hashes[rows[rows < len(hashes)]].astype(str)
    trained = np.flatnonzero(data.trains)
    return trained[np.isin(hashes[trained].astype(str), judged[judged != ""])].astype(np.int64), is_table


def _variants(data: Content, rows: Rows) -> Rows:
    """Training examples that were made of one of ``rows``."""
    judged = data.ids[rows[rows < len(data.ids)]].astype(str)
    made = np.flatnonzero(data.trains & (data.made_from != ""))
    return made[np.isin(data.made_from[made].astype(str), judged)].astype(np.int64)


def _own(data: Content) -> GateResult:
    made = (data.held_out > 0) & ~data.excluded & ~np.isin(data.origin.astype(str), OWN_ORIGINS)
    rows = np.flatnonzero(made).astype(np.int64)
    gate, wanted = "Real evaluation data", "none made"
    if len(rows):
        said = f"{len(rows):,} evaluation examples were augmented or synthesized."
        return GateResult(gate, FAIL, said, wanted, ids=data.some(rows))
    return GateResult(gate, PASS, "No evaluation example was augmented or synthesized.", wanted)


def _contract(data: Content) -> GateResult:
    """Every example that counts has a label, one of the classes if the contract is closed."""
    contract = data.committed.contract
    missing = ~data.excluded & (data.labels < 0)
    gate, wanted = "Contract", "labels of the contract"
    rows = np.flatnonzero(missing).astype(np.int64)
    if len(rows):
        return GateResult(gate, FAIL, f"{len(rows):,} examples have no label.", wanted, ids=data.some(rows))
    if contract.closed:
        strange = np.flatnonzero(~data.excluded & (data.labels >= len(contract.classes))).astype(np.int64)
        if len(strange):
            said = f"{len(strange):,} labels are none of the {len(contract.classes):,} classes of the contract."
            return GateResult(gate, FAIL, said, wanted, ids=data.some(strange))
    return GateResult(gate, PASS, "Every example has a label of the contract.", wanted)


def _balance(data: Content, most: float) -> GateResult:
    counts = np.bincount(data.labels[data.trains])
    counts = counts[counts > 0]
    ratio = counts.max() / counts.min() if len(counts) else math.inf
    said = (
        f"The largest class has {ratio:.1f} times the training examples of the smallest; at most {most:g} are allowed."
    )
    return GateResult("Balance", PASS if ratio <= most else FAIL, said, f"at most {most:g} times")


def _reviewed(data: Content) -> GateResult:
    rows = np.flatnonzero((data.labels != data.given) & ~data.excluded & ~data.reviewed).astype(np.int64)
    gate, wanted = "Relabels reviewed", "all"
    if len(rows):
        said = f"{len(rows):,} relabelled examples were not reviewed."
        return GateResult(gate, FAIL, said, wanted, ids=data.some(rows))
    return GateResult(gate, PASS, "Every relabelled example was reviewed.", wanted)
