"""What an evaluation says: figures of two versions on the same examples, and the verdict of each gate."""

import msgspec

from dataimp_gui.core.metrics import Interval

PASS, UNSURE, FAIL = "pass", "unsure", "fail"


class Compared(msgspec.Struct, frozen=True):
    """A subset of the evaluation examples: ``kind`` overall, class, slice, cost or calibration; ``where`` selects it.

    ``before`` and ``after`` are accuracies in 0 to 1 (costs a prediction, calibration errors), of the version that is
    compared with and of the one that is judged; None where ``n`` is 0, as are ``change`` and ``ci``.
    """

    name: str
    kind: str
    where: str
    n: int
    before: float | None
    after: float | None
    change: float | None
    ci: Interval | None
    p: float | None = None
    p_adjusted: float | None = None


class GateResult(msgspec.Struct, frozen=True):
    """``subset`` names the line that was judged, empty for a gate on the data; ``ids`` are the first that show why."""

    gate: str
    result: str
    reason: str
    rule: str = ""
    subset: str = ""
    where: str = ""
    ids: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """An unsure one does not block."""
        return self.result != FAIL


class Evaluation(msgspec.Struct, frozen=True):
    """``slices`` holds every line but the overall one; ``notes`` are sentences on what a reader should know."""

    version: str
    against: str
    at: str
    author: str
    trainer: str
    seeds: int
    overall: Compared
    slices: tuple[Compared, ...]
    gates: tuple[GateResult, ...]
    notes: tuple[str, ...] = ()
    edit: int = 0  # the last line of the journal then
    embedding: str = ""  # that the built-in trainer learned from

    @property
    def passed(self) -> bool:
        return all(gate.passed for gate in self.gates)

    @property
    def failed(self) -> tuple[str, ...]:
        return tuple(gate.gate for gate in self.gates if not gate.passed)
