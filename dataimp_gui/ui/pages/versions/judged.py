"""An evaluation as the page shows it: a line for each subset, a line for each gate."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dataimp_gui.core.evaluate.judgement import FAIL, PASS, UNSURE, Compared, Evaluation, GateResult
from dataimp_gui.ui.kit.change_bar import Moved

BADGES: Final = {PASS: ("ok", "check"), UNSURE: ("warn", "warning"), FAIL: ("err", "cross")}
GRAVITY: Final = (PASS, UNSURE, FAIL)
MOST_IDS: Final = 500  # of the examples that a gate shows
NONE: Final = "–"
MINUS: Final = "−"


@dataclass(frozen=True, slots=True)
class Line:
    """Figures in percent, but for a ``kind`` of "cost"; None where the subset is empty. ``where`` selects its examples.

    ``allowed`` are the words of its gate ("no drop"), ``result`` pass, unsure or fail; both empty without a gate.
    """

    name: str
    kind: str
    where: str
    n: int
    before: float | None
    after: float | None
    change: float | None
    low: float | None
    high: float | None
    p_adjusted: float | None = None
    allowed: str = ""
    result: str = ""

    @property
    def less_is_better(self) -> bool:
        return self.kind in ("cost", "calibration")

    @property
    def moved(self) -> Moved | None:
        """Turned so that more is better."""
        if self.change is None or self.low is None or self.high is None:
            return None
        kind = BADGES[self.result][0] if self.result else ""
        if self.less_is_better:
            return Moved(-self.change, -self.high, -self.low, kind)
        return Moved(self.change, self.low, self.high, kind)


@dataclass(frozen=True, slots=True)
class Gated:
    """A gate with its verdict; ``ids`` are examples that show why, ``where`` a clause that selects them."""

    title: str  # what it is about
    result: str
    reason: str
    ids: tuple[str, ...] = ()
    where: str = ""
    is_figure: bool = False  # a line of the table shows it too


@dataclass(frozen=True, slots=True)
class Judged:
    """Of one version ``against`` another; ``notes`` are sentences on what a reader should know."""

    version: str
    against: str
    at: str
    seeds: int
    lines: Sequence[Line]
    gates: Sequence[Gated]
    notes: Sequence[str] = ()

    def count(self, result: str) -> int:
        return sum(gate.result == result for gate in self.gates)

    @property
    def passed(self) -> bool:
        return not self.count(FAIL)


def figure(line: Line, value: float | None) -> str:
    if value is None:
        return NONE
    return f"{value:,.2f}" if line.kind == "cost" else f"{value:.1f}"


def allowed_words(line: Line) -> str:
    """ "no drop", or the least or the largest change in points: "+3.0", "−2.0"."""
    return line.allowed.replace("drop of at most ", MINUS).replace("rise of at most ", "+")


def change_words(line: Line) -> str:
    """ "+1.6 ± 0.3", half the width of the interval after the sign."""
    if line.change is None:
        return NONE
    digits = 2 if line.kind == "cost" else 1
    said = f"{abs(line.change):.{digits}f}"
    sign = "" if float(said) == 0 else "+" if line.change > 0 else MINUS
    if line.low is None or line.high is None:
        return f"{sign}{said}"
    return f"{sign}{said} ± {(line.high - line.low) / 2:.{digits}f}"


def told(line: Line) -> str:
    """A line as a sentence, for tool tips and screen readers."""
    if line.change is None or line.low is None or line.high is None:
        return f"{line.name}: none of the {line.n:,} examples could be judged."
    unit = "" if line.kind == "cost" else " points"
    ends = [f"{end:+.2f}".replace("-", MINUS) for end in (line.low, line.high)]
    said = f"{line.name}: from {figure(line, line.before)} to {figure(line, line.after)} on {line.n:,} examples, "
    said += f"{change_words(line).split(' ±')[0]}{unit} (95 % interval {ends[0]} to {ends[1]})"
    if line.p_adjusted is not None:
        said += f", adjusted p {'< 0.0001' if line.p_adjusted < 0.0001 else f'{line.p_adjusted:.3f}'}"
    verdict = f". {line.allowed.capitalize()}: {line.result}." if line.result else "."
    return said + verdict


def judge(found: Evaluation) -> Judged:
    """An evaluation of the core in the words and units of the page."""
    gates = [
        Gated(each.gate, each.result, each.reason, each.ids[:MOST_IDS], each.where, bool(each.subset))
        for each in found.gates
    ]
    worst = {each.subset: each for each in sorted(found.gates, key=lambda each: GRAVITY.index(each.result))}
    lines = [_line(each, worst.get(each.name)) for each in (found.overall, *found.slices)]
    return Judged(found.version, found.against, found.at, found.seeds, lines, gates, found.notes)


def _line(found: Compared, gate: GateResult | None) -> Line:
    scale = 1.0 if found.kind == "cost" else 100.0

    def scaled(value: float | None) -> float | None:
        return None if value is None else scale * value

    low, high = found.ci if found.ci is not None else (None, None)
    rule, result = (gate.rule, gate.result) if gate is not None else ("", "")
    return Line(
        found.name,
        found.kind,
        found.where,
        found.n,
        scaled(found.before),
        scaled(found.after),
        scaled(found.change),
        scaled(low),
        scaled(high),
        found.p_adjusted,
        rule,
        result,
    )
