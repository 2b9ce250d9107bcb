"""Text operations: what a step and a shipped policy take a message, and that none changes when asked elsewhere."""

import hashlib
import json
import subprocess
import sys
import time
from pathlib import Path

from table import Table

COUNT = 1000
MESSAGE = (
    "The parcel was delivered on Monday, but nobody was at home. I called your service twice — naïve of me? — and did "
    "not get an answer; please tell me what to do."
)
FROZEN = """
import json, sys
sys.path.insert(0, sys.argv[1])
from bench_augment_text import digests
print(json.dumps(digests()))
"""


def run(table: Table, folder: Path) -> None:
    from dataimp_gui.core.augment.starters import starters
    from dataimp_gui.core.model import Modality

    for what, some in (("step", steps()), ("shipped policy", {each.name: each for each in starters(Modality.TEXT)})):
        took = {name: _microseconds(policy) for name, policy in some.items()}
        slowest = max(took, key=took.__getitem__)
        name = f"text: slowest {what} of {len(took)}, a message of {len(MESSAGE)} characters"
        table.add(name, took[slowest], 1000, "us", slowest)
    command = [sys.executable, "-c", FROZEN, str(Path(__file__).parent)]
    there = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    changed = [name for name, digest in digests().items() if there[name] != digest]
    table.add(f"text: of {len(there)} steps changed in another process", len(changed), 0.5, "", ", ".join(changed))


def steps():
    """A policy of each operation alone, over all that it can draw."""
    from dataimp_gui.core.augment.operations import operations
    from dataimp_gui.core.augment.policy import Policy, Step
    from dataimp_gui.core.model import Modality

    made = {}
    for each in operations(Modality.TEXT):
        choices = {parameter.name: parameter.choices for parameter in each.parameters if parameter.choices}
        made[each.name] = Policy(each.name, Modality.TEXT, steps=(Step(each.name, choices=choices),))
    return made


def digests() -> dict[str, str]:
    from dataimp_gui.core.augment.applying import apply

    def digest(policy) -> str:
        made = "\0".join(apply(policy, MESSAGE, "message", draw).value for draw in range(100))
        return hashlib.sha256(made.encode()).hexdigest()

    return {name: digest(policy) for name, policy in steps().items()}


def _microseconds(policy) -> float:
    from dataimp_gui.core.augment.applying import apply

    start = time.perf_counter()
    for number in range(COUNT):
        apply(policy, MESSAGE, str(number), 0)
    return (time.perf_counter() - start) / COUNT * 1e6
