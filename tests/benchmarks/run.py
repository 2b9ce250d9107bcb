"""Run the benchmarks and print one table; exit 1 when a limit is missed."""

import importlib
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from table import Table  # noqa: E402


def main(names: list[str]) -> int:
    table = Table()
    table.heading()
    for file in sorted(HERE.glob("bench_*.py")):
        if names and not any(name in file.stem for name in names):
            continue
        bench = importlib.import_module(file.stem)
        if not names and getattr(bench, "ONLY_BY_NAME", False):
            continue
        with tempfile.TemporaryDirectory(prefix="dataimp-bench-") as folder:
            bench.run(table, Path(folder))
    print(f"{len(table.lines)} figures, {table.missed} missed")
    return 1 if table.missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
