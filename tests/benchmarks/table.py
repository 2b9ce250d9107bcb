"""A figure beside its limit: measured, allowed, ratio, verdict."""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Table:
    missed: int = 0
    lines: list[str] = field(default_factory=list)

    def add(self, name: str, measured: float, limit: float, unit: str, note: str = "") -> None:
        ok = measured <= limit
        self.missed += not ok
        figures = f"{measured:>10,.2f} {limit:>10,.2f} {unit:<4} {measured / limit:>6.2f}"
        line = f"{name:<64} {figures}  {'ok' if ok else 'MISSED'}"
        self.lines.append(line)
        print(line + (f"  {note}" if note else ""), flush=True)

    def heading(self) -> None:
        print(f"{'figure':<64} {'measured':>10} {'limit':>10} {'unit':<4} {'ratio':>6}")


def seconds(work: Callable[[], object], repeat: int = 5) -> list[float]:
    """Wall time of each of ``repeat`` calls after one that warms up."""
    work()
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return times


def median(work: Callable[[], object], repeat: int = 5) -> float:
    return statistics.median(seconds(work, repeat))


def percentile_95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def apart(code: str, *arguments: str) -> tuple[float, float]:
    """Run Python code in a process of its own that prints its seconds; (seconds, peak memory in MiB)."""
    # not ru_maxrss: Linux hands a parent's own peak on to what it starts
    tail = "\nprint(next(int(line.split()[1]) for line in open('/proc/self/status') if 'VmHWM' in line) / 1024)"
    done = subprocess.run([sys.executable, "-c", code + tail, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    took, memory = done.stdout.split()[-2:]
    return float(took), float(memory)
